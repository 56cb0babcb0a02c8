package report

import (
	"math"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

func p(x float64) *float64 { return &x }

// whole rounds a share to whole percents, as protected results are.
func whole(x float64) float64 { return math.Round(x*100) / 100 }

func published(id, measure, population string, group map[string]string, est, half float64, n int64) indicator.Result {
	r := indicator.Result{
		Indicator: id, Edition: "research", Population: population, Group: group, Measure: measure,
		Estimate: p(est), Level: 0.95, Target: "superpopulation of schools", N: n, Status: indicator.Published,
		Method: "ratio of totals, clustered",
	}
	if half > 0 {
		r.Low, r.High = p(math.Max(0, math.Round((est-half)*1000)/1000)), p(math.Round((est+half)*1000)/1000)
	} else {
		r.Level, r.Target = 0, "none"
	}
	return r
}

func pct(id, measure, population string, group map[string]string, est, half float64, n int64) indicator.Result {
	r := published(id, measure, population, group, whole(est), 0, n)
	if half > 0 {
		r.Low, r.High = p(whole(math.Max(0, est-half))), p(whole(est+half))
		r.Level, r.Target = 0.95, "superpopulation of schools"
	}
	return r
}

var sampleGroups = []map[string]string{
	{}, {"level": "ecole"}, {"level": "college"}, {"level": "lycee"},
	{"ips_band": "1"}, {"ips_band": "2"}, {"ips_band": "3"}, {"ips_band": "4"}, {"ips_band": "5"},
	{"ep": "HEP"}, {"ep": "REP"}, {"ep": "REP+"},
}

// tilt makes groups differ in a fixed way.
var tilt = []float64{1, 1.12, 0.98, 0.86, 1.45, 1.2, 1, 0.85, 0.66, 0.92, 1.2, 1.38}

// measuresOf are the measures of a figure of the catalogue.
func measuresOf(figure string) []string {
	for _, q := range question.All() {
		for _, f := range q.Figures {
			if f.ID == figure {
				return f.Measures
			}
		}
	}
	return nil
}

// byHour are the shares of visits by hour band of the samples.
var byHour = []float64{0.07, 0.08, 0.1, 0.12, 0.18, 0.22, 0.17, 0.06}

func sampleFacts() Facts {
	return Facts{
		Study: "demo", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Subject: "parent", Synthetic: true,
		Persons: 39874, Families: 28311, Schools: 151, K: 11, CellPersons: 20, SchoolPersons: 20,
		Software: "entscope 0.1",
		Joins: []Join{{"feed", "neo", "", 95}, {"feed", "neo", "parent", 90}, {"feed", "neo", "pupil", 100},
			{"links", "", "", 100}, {"registers", "", "", -1}},
		Notes: []string{edition.NoteNoCalendar},
	}
}

// sample is a whole report with every kind of figure and status.
func sample() Input {
	var rs []indicator.Result
	add := func(r indicator.Result) { rs = append(rs, r) }
	for i, g := range sampleGroups {
		n := int64(40000 / (i + 1) / 5 * 5)
		add(pct("L2", "never", "all_accounts", g, 0.23*tilt[i], 0.02+0.004*float64(i), n))
		add(pct("L2", "never", "opened_accounts", g, 0.11*tilt[i], 0.02, n))
		add(published("L1", "visits_per_week", "all_accounts", g, 1.7/tilt[i], 0.2, n))
		add(published("L1", "visits_per_week", "active_accounts", g, 2.3/tilt[i], 0.2, n))
		add(pct("L1", "weekly", "all_accounts", g, 0.44/tilt[i], 0.03, n))
		add(pct("L1", "weekly", "active_accounts", g, 0.58/tilt[i], 0.03, n))
		add(pct("L5", "phone_only", "active_accounts", g, 0.41*tilt[i], 0.03, n))
		add(pct("A1", "accompanied", "all_accounts", g, 0.118*tilt[i], 0.02, n))
		add(pct("A1", "accompanied", "active_accounts", g, 0.09*tilt[i], 0.02, n))
		add(pct("R1", "ready", "all_accounts", g, 0.66/tilt[i], 0.03, n))
		add(pct("F5", "top_tenth_share", "all_accounts", g, 0.41*tilt[i], 0.03, n))
		if len(g) == 0 {
			add(pct("F5", "top_20_share", "all_accounts", g, 0.62, 0.02, n))
			add(pct("F5", "top_30_share", "all_accounts", g, 0.78, 0.02, n))
			add(pct("F5", "top_50_share", "all_accounts", g, 0.95, 0.02, n))
		}
		add(published("F5", "gini", "all_accounts", g, 0.61, 0.02, n))
		if g["level"] == "ecole" {
			for _, m := range [][2]string{{"N1", "views_per_day"}, {"N3", "empty"}, {"N5", "very_frequent"}} {
				for _, pop := range []string{"pairs", "active_pairs"} {
					if m[0] == "N3" && pop == "pairs" {
						continue
					}
					add(indicator.Result{Indicator: m[0], Edition: "research", Population: pop, Group: g, Measure: m[1],
						Target:   "none",
						Status:   indicator.NotMeasurable,
						Warnings: []indicator.Warning{{French: "pas de flux de notes à ce niveau"}}})
				}
			}
			continue
		}
		add(published("N1", "views_per_day", "pairs", g, 0.31/tilt[i], 0.05, n))
		add(published("N1", "views_per_day", "active_pairs", g, 0.52/tilt[i], 0.05, n))
		add(pct("N3", "empty", "active_pairs", g, 0.47, 0.04, n))
		add(pct("N5", "very_frequent", "pairs", g, 0.03*tilt[i], 0.01, n))
		if g["ep"] == "REP+" {
			add(indicator.Result{Indicator: "N5", Edition: "research", Population: "active_pairs", Group: g,
				Measure: "very_frequent", Status: indicator.Suppressed})
			continue
		}
		add(pct("N5", "very_frequent", "active_pairs", g, 0.05*tilt[i], 0.01, n))
	}
	for i, class := range measuresOf("L1-repartition") {
		add(pct("L1", class, "all_accounts", nil, []float64{0.22, 0.12, 0.21, 0.27, 0.14, 0.04}[i], 0, 39000))
	}
	for i, band := range measuresOf("L4-heures") {
		add(pct("L4", band, "active_accounts", nil, byHour[i], 0.02, 31000))
	}
	for i, m := range []string{"weekend", "wednesday", "holiday", "known", "phone", "computer", "tablet"} {
		id := "L4"
		if i > 2 {
			id = "L5"
		}
		add(pct(id, m, "active_accounts", nil, []float64{0.19, 0.16, 0.06, 0.88, 0.81, 0.18, 0.01}[i], 0.01, 31000))
	}
	for i, m := range []string{"activated", "connected", "active_month", "first_login_8w"} {
		add(pct("D3", m, "all_accounts", nil, []float64{0.86, 0.77, 0.61, 0.73}[i], 0.02, 39500))
	}
	for i, m := range []string{"two_a_day", "three_a_day", "five_a_day"} {
		add(pct("N2", m, "pairs", nil, []float64{0.06, 0.02, 0.01}[i], 0.005, 20000))
		add(pct("N2", m, "active_pairs", nil, []float64{0.21, 0.08, 0.03}[i], 0.01, 12000))
	}
	add(pct("A1", "accompanied", "families", nil, 0.14, 0.02, 28000))
	add(published("A2", "rate_ratio", "matched", nil, 1.43, 0.14, 3000))
	add(published("A2", "naive_rate_ratio", "all_accounts", nil, 0.78, 0.08, 39500))
	add(published("F2", "never_ratio", "all_accounts", nil, 2.2, 0.3, 15000))
	add(published("F2", "visits_ratio", "all_accounts", nil, 0.46, 0.08, 15000))
	add(published("F2", "never_gap", "all_accounts", nil, 0.18, 0.03, 15000))
	add(published("F2", "never_sii", "all_accounts", nil, 0.21, 0.03, 39500))
	add(published("F2", "never_erreygers", "all_accounts", nil, 0.14, 0.03, 39500))
	low := published("P1", "child_account", "pupils", nil, 0.06, 0, 30000)
	low.Estimate, low.Low, low.High, low.Target = nil, p(0.04), p(0.09), "bounds"
	add(low)
	for i, f := range []string{"neo", "netocentre", "cas", "pronote"} {
		r := pct("Q1", "reporting_share", "schools", map[string]string{"feed": f}, []float64{0.97, 1, 0.99, 0.71}[i], 0,
			60)
		if f == "pronote" {
			stopped := "Attention : la source « pronote » s’est arrêtée pendant trois semaines."
			r.Warnings = []indicator.Warning{{Code: indicator.CodeFeedStopped, French: stopped}}
		}
		add(r)
	}
	add(published("X9", "=unknown", "all_accounts", nil, 1.5, 0, 100))
	least, most := 0.17, 0.43
	add(indicator.Result{Indicator: "L2", Edition: "research", Population: "all_accounts", Measure: "never_bounds",
		Low: &least, High: &most, Level: 0.95, Target: "bounds", Status: indicator.Published, N: 40000,
		Warnings: []indicator.Warning{
			{Code: indicator.CodeWindow, French: "Sur %d semaines de classe.", Params: []any{14}}}})
	return Input{Results: rs, Comparisons: sampleComparisons(), Facts: sampleFacts()}
}

// sampleComparisons has every outcome of a test.
func sampleComparisons() []indicator.Comparison {
	never := indicator.Comparison{Family: "L2-jamais between groups", Tests: 16, Primary: true, Indicator: "L2",
		Measure: "never", Population: "all_accounts", Source: "L2.never"}
	level, band := never, never
	level.Grouping, level.Lowest, level.Highest, level.Outcome = "level", "lycee", "ecole", indicator.NotShown
	band.Grouping, band.Lowest, band.Highest, band.Outcome = "ips_band", "5", "1", indicator.Differs
	effect := indicator.Comparison{Family: "A2-effet", Tests: 2, Primary: true, Indicator: "A2", Measure: "rate_ratio",
		Population: "matched", Outcome: indicator.Above}
	return []indicator.Comparison{level, band, effect}
}

// sampleSchools is three dashboards: a plain one, one with a hostile name and
// small numbers, one whose feed stopped.
func sampleSchools() SchoolsInput {
	full := func(never float64) []indicator.Result {
		rs := []indicator.Result{
			pct("L2", "never", "all_accounts", nil, never, 0, 640),
			pct("L2", "never", "opened_accounts", nil, never/2, 0, 560),
			published("L1", "visits_per_week", "all_accounts", nil, 1.6, 0.4, 640),
			pct("L1", "weekly", "all_accounts", nil, 0.43, 0, 640),
			pct("L4", "weekend", "active_accounts", nil, 0.18, 0, 500),
			pct("L5", "phone_only", "active_accounts", nil, 0.44, 0, 480), pct("D3", "activated", "all_accounts", nil,
				0.87, 0, 640), pct("D3", "connected", "all_accounts", nil, 0.78, 0, 640),
			pct("D3", "active_month", "all_accounts", nil, 0.6, 0, 640),
			pct("R1", "ready", "all_accounts", nil, 0.66, 0, 640),
			pct("N5", "very_frequent", "pairs", nil, 0.31, 0, 640),
		}
		for i, band := range measuresOf("L4-heures") {
			rs = append(rs, pct("L4", band, "active_accounts", nil, byHour[i], 0, 500))
		}
		return rs
	}
	hidden := full(0.2)
	for i := range hidden {
		r := hidden[i]
		hidden[i] = indicator.Result{Indicator: r.Indicator, Measure: r.Measure, Population: r.Population,
			Status: indicator.Suppressed}
	}
	stopped := full(0.2)
	for i := range stopped {
		r := stopped[i]
		stopped[i] = indicator.Result{Indicator: r.Indicator, Measure: r.Measure, Population: r.Population,
			Status:   indicator.NotMeasurable,
			Warnings: []indicator.Warning{{Code: indicator.CodeFeedStopped, French: "la source s’est arrêtée le 10 octobre"}}}
	}
	return SchoolsInput{Facts: sampleFacts(), Schools: []indicator.School{
		{
			UAI: "0541234A", Name: "Collège Émilie du Châtelet", Level: "college", IPSBand: "2", EP: "REP",
			CoveredWeeks: 12, ExpectedWeeks: 12, Feeds: []string{"neo", "cas"},
			Results: full(0.23), Similar: full(0.29), PeerLabel: "collèges d’IPS voisin", PeerSchools: 14,
			Comparisons: []indicator.Comparison{{Family: "page", Tests: 1, Indicator: "L2", Measure: "never",
				Population: "all_accounts", Outcome: indicator.NotShown}},
		},
		{
			UAI: "0541235B", Name: `École <script>alert("x")</script> & "fils"`, Level: "ecole", EP: "HEP",
			CoveredWeeks: 12, ExpectedWeeks: 12, Results: hidden,
		},
		{
			UAI: "0541236C", Name: "Lycée Jean Moulin", Level: "lycee", EP: "HEP",
			CoveredWeeks: 5, ExpectedWeeks: 12, Results: stopped, Similar: full(0.3), PeerSchools: 9,
		},
	}}
}
