package audit

import (
	"bytes"
	"math"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// valued is the publication of some figures of a small edition: two arms before and after in
// a dozen clusters, a life table, and a share by level and band.
func valued(t *testing.T, results ...result) *publication {
	t.Helper()
	var sums []edition.SumRow
	add := func(measure, group string, cluster int32, x, y int64) {
		grouping := "all"
		if group != "" {
			grouping = "stratum"
		}
		sums = append(sums, edition.SumRow{Grouping: grouping, Group: group, Cluster: cluster, Schools: 1,
			Measure: measure, Population: "all_accounts", Persons: y, Families: y, Numerator: x, Denom: y})
	}
	for g := range int32(12) {
		add("A.after.treated", "", g, 60, 40)
		add("A.before.treated", "", g, 40, 40)
		add("A.after.control", "", g, 44, 40)
		add("A.before.control", "", g, 40, 40)
		level, x := "college 1", int64(30)
		if g%2 == 1 {
			level, x = "ecole 1", 50
		}
		add("L2.never", level, g, x, 100)
	}
	var times []edition.TimeRow
	for g := range int32(4) {
		for bin := range int32(3) {
			times = append(times, edition.TimeRow{Curve: "D3.first_login", Grouping: "all", Cluster: g, Schools: 1,
				Bin:     bin,
				Persons: 100, AtRisk: int64(100 - 20*bin), Events: 20})
		}
	}
	f := &folder{manifest: &edition.Manifest{Kind: edition.KindResearch}, content: map[string][]byte{}}
	var b bytes.Buffer
	if err := edition.Encode(&b, sums, nil); err != nil {
		t.Fatal(err)
	}
	f.content[edition.TableSums+".parquet"] = bytes.Clone(b.Bytes())
	b.Reset()
	if err := edition.Encode(&b, times, nil); err != nil {
		t.Fatal(err)
	}
	f.content[edition.TableTimes+".parquet"] = bytes.Clone(b.Bytes())
	b.Reset()
	if err := edition.Encode(&b, []edition.CoverageRow{
		{Feed: "neo", Level: "college", Expected: 60, Reporting: 57}, {Feed: "neo", Level: "ecole", Expected: 40,
			Reporting: 33},
		{Feed: "neo", Level: "ecole", Service: 3, Expected: 40, Reporting: 20}, {Feed: "(observed)", Expected: 9},
		{Feed: "cas", Level: "ecole", Service: 3, Expected: 10, Reporting: 10},
		{Feed: "pronote", Level: "ecole", Expected: 540, Reporting: 539},
	}, nil); err != nil {
		t.Fatal(err)
	}
	f.content[edition.TableCoverage+".parquet"] = b.Bytes()
	p := &publication{report: newReport(), editions: []*folder{f}, results: results}
	p.rules.Rounding.Base, p.rules.Rounding.Digits = 5, 2
	p.recipes = byMeasure([]Recipe{
		{Question: "A", Measure: "effect", Kind: "ratio", Estimator: "ratio_of_ratios", Sources: []string{
			"A.after.treated", "A.before.treated", "A.after.control", "A.before.control"}},
		{Question: "A", Measure: "weeks", Kind: "ratio", Estimator: "matched_effect", Sources: []string{
			"A.before.treated", "A.before.control", "A.after.treated", "A.after.control"}},
		{Question: "A", Measure: "rate", Kind: "rate", Sources: []string{"A.after.treated"}},
		{Question: "D3", Measure: "by_two", Kind: "share", Estimator: "life", Curve: "D3.first_login", At: 2},
		{Question: "D3", Measure: "median", Kind: "duration", Estimator: "life_quantile", Curve: "D3.first_login",
			Quantile: 0.5},
		{Question: "L2", Measure: "odds", Kind: "ratio", Estimator: "logit", Sources: []string{"L2.never"}},
		{Question: "Q1", Measure: "reporting_share", Kind: "coverage", Estimator: "feeds"},
		{Question: "A", Measure: "gini", Kind: "index", Estimator: "gini", Sources: []string{"A.after.treated"}},
	})
	p.checkValues()
	return p
}

func said(id, measure string, estimate float64, group map[string]string) result {
	return result{Indicator: id, Measure: measure, Edition: edition.KindResearch, Population: "all_accounts", N: 480,
		Group: group, Status: "published", Estimate: &estimate}
}

func resultsOf(p *publication) map[string]Result {
	out := map[string]Result{}
	for _, c := range p.report.Claims {
		out[c.ID] = c.Result
	}
	return out
}

// Effects, life tables and models are made again: 60/40 over 44/40; 1 − 0.8·0.75; half of the
// 100 at the middle of the third bin; the odds 3/7 over 5/5; 90 of 100 weeks, 30 of 50 with grades.
func TestValuesAreMadeAgain(t *testing.T) {
	college := map[string]string{"level": "college"}
	right := []result{said("A", "effect", 1.36, nil), said("A", "weeks", 1.36, nil), said("A", "rate", 1.5, nil),
		said("D3", "by_two", 0.4, nil),
		said("D3", "median", 2.5, nil), said("L2", "odds", 0.43, college), said("A", "gini", 0.3, nil),
		said("Q1", "reporting_share", 0.9, map[string]string{"feed": "neo"}),
		said("Q1", "reporting_share", 0.6, map[string]string{"service": "grades"}),
		said("Q1", "reporting_share", 0.99, map[string]string{"feed": "pronote"})}
	got := resultsOf(valued(t, right...))
	for _, id := range []string{"sums", "lives", "models", "weeks"} {
		if got["publication.values."+id] != Holds {
			t.Errorf("%s: %s", id, got["publication.values."+id])
		}
	}
	if got["publication.values.others"] != NotVerified {
		t.Errorf("a form without a second arithmetic: %s", got["publication.values.others"])
	}
	if got := resultsOf(valued(t, said("Q1", "reporting_share", 1,
		map[string]string{"feed": "pronote"}))); got["publication.values.weeks"] != Fails {
		t.Errorf("a feed that lacks a week is said to be whole: %s", got["publication.values.weeks"])
	}
	for id, wrong := range map[string]result{
		"sums": said("A", "effect", 1.5, nil), "lives": said("D3", "median", 2.0, nil),
		"models": said("L2", "odds", 0.6, college),
		"weeks":  said("Q1", "reporting_share", 0.93, map[string]string{"feed": "neo"}),
	} {
		if got := resultsOf(valued(t, wrong)); got["publication.values."+id] != Fails {
			t.Errorf("%s: a wrong figure: %s", id, got["publication.values."+id])
		}
	}
	outside := said("A", "effect", 1.36, nil)
	low, high := 1.37, 1.6
	outside.Low, outside.High, outside.Level = &low, &high, 0.95
	if got := resultsOf(valued(t, outside)); got["publication.values.sums"] != Fails {
		t.Error("a value outside its interval holds")
	}
}

// Nothing tried holds nothing.
func TestNoValueHoldsNothing(t *testing.T) {
	got := resultsOf(valued(t))
	for _, id := range []string{"sums", "lives", "models", "weeks", "others"} {
		if got["publication.values."+id] != NotVerified {
			t.Errorf("%s: %s", id, got["publication.values."+id])
		}
	}
}

func TestLogisticHasNoMaximum(t *testing.T) {
	if b, ok := logistic([][]float64{{1, 0}, {1, 1}}, []float64{3, 0}, []float64{10, 10}); ok {
		t.Errorf("of a group without an event: %v", b)
	}
	b, ok := logistic([][]float64{{1, 0}, {1, 1}}, []float64{3, 5}, []float64{10, 10})
	if !ok || math.Abs(b[1]-math.Log(7.0/3)) > 1e-9 {
		t.Errorf("%v, %v", b, ok)
	}
}

// The totals hold what a life table tells: who is at risk at its beginning, and the events before a time, or all of them.
func TestTotalsOfLifeTables(t *testing.T) {
	totals, err := valued(t).totals()
	must(t, err)
	for measure, want := range map[string]total{
		"D3.by_two": {persons: 400, numerator: 160, denominator: 400, schools: 4},
		"D3.median": {persons: 400, numerator: 240, denominator: 400, schools: 4},
	} {
		if got := totals[figure{measure, "", "all", ""}]; got != want {
			t.Errorf("%s: %+v, and not %+v", measure, got, want)
		}
	}
}

// The totals hold how many have so much, where a recipe reads it.
func TestTotalsOfSpreads(t *testing.T) {
	var b bytes.Buffer
	must(t, edition.Encode(&b, []edition.SumRow{
		{Grouping: "all", Cluster: 1, Schools: 2, Measure: "M4.tools.grades", Population: "all_accounts", Persons: 60, H00: 10,
			H01: 20, H02: 25, H15: 5},
		{Grouping: "all", Cluster: 2, Schools: 1, Measure: "M4.tools.grades", Population: "all_accounts", Persons: 40, H03: 40},
	}, nil))
	totals := totals{}
	must(t, totals.addSums(b.Bytes(), byMeasure([]Recipe{
		{Question: "M4", Measure: "two_grades", Estimator: "at_least", Sources: []string{"M4.tools.grades"}, At: 2}})))
	want := total{persons: 100, numerator: 70, denominator: 100, schools: 3}
	if got := totals[figure{"M4.tools.grades >= 2", "all_accounts", "all", ""}]; got != want {
		t.Errorf("%+v, and not %+v", got, want)
	}
}
