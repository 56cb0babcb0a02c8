package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/stats"
)

// Report is a fitted formula and how it fits. It is not released: see the package.
type Report struct {
	Released   bool   `json:"released"` // always false
	Formula    string `json:"formula"`
	Edition    string `json:"edition"`
	Response   string `json:"response"`
	Source     string `json:"source"`
	Population string `json:"population,omitempty"`
	Family     string `json:"family"`
	Method     string `json:"method"`
	Persons    int64  `json:"persons"`
	Schools    int64  `json:"schools"`
	Clusters   int    `json:"clusters"`
	Rows       int    `json:"rows"`
	// Ratio names what exp(coefficient) is, "" where the coefficient is read as it is.
	Ratio        string            `json:"ratio,omitempty"`
	References   map[string]string `json:"references"`
	Coefficients []Coefficient     `json:"coefficients"`
	Tests        []TermTest        `json:"tests"`
	Means        []Mean            `json:"means"`
	Contrasts    []Contrast        `json:"contrasts"`
	LogRank      []LogRank         `json:"log_rank,omitempty"`
	LogRankTests []Check           `json:"log_rank_tests,omitempty"`
	Checks       []Check           `json:"checks"`
	Rootogram    []Bar             `json:"rootogram,omitempty"`
	Notes        []string          `json:"notes"`
}

// Interval is a number with its doubt; what does not exist is null.
type Interval struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	SE    *float64 `json:"se"`
	DF    *float64 `json:"df"`
	P     *float64 `json:"p"`
}

// Coefficient is one column of the design: on the scale of the link, and its ratio.
type Coefficient struct {
	Term string `json:"term"`
	Interval
	Ratio *Interval `json:"ratio,omitempty"`
	// Noise is the part of the variance that the noise of the cells makes.
	Noise *float64 `json:"noise"`
}

// TermTest is the joint Wald test of the columns of a term.
type TermTest struct {
	Term string   `json:"term"`
	F    *float64 `json:"f"`
	DF1  int      `json:"df1"`
	DF2  *float64 `json:"df2"`
	P    *float64 `json:"p"`
}

// Mean is the mean of the response, were every unit of this value, all else as observed.
type Mean struct {
	Factor string `json:"factor"`
	Value  string `json:"of"`
	Interval
}

// Contrast is the difference of two means; Adjusted is p of Holm among the contrasts.
type Contrast struct {
	Factor string `json:"factor"`
	Value  string `json:"of"`
	From   string `json:"from"`
	Interval
	Adjusted *float64 `json:"p_holm"`
}

// LogRank is the events of a group and those expected if all groups had one curve.
type LogRank struct {
	Value    string  `json:"of"`
	Observed float64 `json:"observed"`
	Expected float64 `json:"expected"`
}

// Check is a number that says how the model fits, and how to read it.
type Check struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value"`
	Read  string   `json:"read"`
}

// Bar is a bin of counts, observed and expected.
type Bar struct {
	Bin      string  `json:"bin"`
	Observed float64 `json:"observed"`
	Expected float64 `json:"expected"`
	Hanging  float64 `json:"hanging"`
}

// value is v, or nil where it is none.
func value(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// interval is e against null on its own scale; few takes the interval and the test.
func interval(e stats.Estimate, null float64, few bool) Interval {
	i := Interval{Value: value(e.Value), SE: value(e.SE), DF: value(e.DF)}
	if few || !e.HasInterval() {
		return i
	}
	i.Low, i.High = value(e.Low), value(e.High)
	i.P = value(stats.WaldTest(e, null, stats.Identity).P)
	return i
}

// report says what was fitted.
func (m *fitted) report(f Formula) *Report {
	t := m.table
	r := &Report{Formula: f.Text, Response: t.source.name(), Source: t.where, Population: t.population,
		Family: m.options.Family, Method: m.fit.Method, Persons: t.persons(), Schools: t.schools(),
		Clusters: m.fit.Clusters, Rows: len(t.rows), References: map[string]string{}, Notes: t.notes,
		Ratio: map[string]string{Binomial: "odds ratio", NB: "rate ratio", Poisson: "rate ratio",
			Cox: "hazard ratio"}[m.options.Family]}
	few := r.Schools < minSchools
	if few {
		r.Notes = append(r.Notes, fmt.Sprintf("%d schools: no interval below %d", r.Schools, minSchools))
	}
	for _, w := range m.fit.Warnings {
		r.Notes = append(r.Notes, w.String()+" ["+string(w.Code)+"]")
	}
	for _, label := range m.design.empty {
		r.Notes = append(r.Notes, "no row has "+label+": it has no coefficient")
	}
	for _, label := range m.design.repeated {
		r.Notes = append(r.Notes, label+" is a sum of other columns over these schools: it has no coefficient")
	}
	if len(m.design.empty)+len(m.design.repeated) > 0 {
		r.Notes = append(r.Notes, "standardised means and their contrasts reach beyond the schools there are: what has "+
			"no coefficient counts as no effect there")
	}
	for _, factor := range t.factors {
		if !factor.Trend {
			r.References[factor.Word] = m.design.levels[factor.Word][0]
		}
	}
	r.coefficients(m, few)
	r.terms(m, f, few)
	r.means(m, few)
	r.logRank(m)
	r.checks(m)
	return r
}

func (r *Report) coefficients(m *fitted, few bool) {
	noise := m.noise()
	for j, c := range m.design.columns {
		if m.options.Family == Cox && c.term < 0 {
			continue
		}
		at := m.place(j)
		out := Coefficient{Term: c.label, Interval: interval(m.fit.Coefficient(at, level), 0, few)}
		if out.SE != nil && noise != nil {
			out.Noise = value(math.Min(1, noise[at]/(*out.SE**out.SE)))
		}
		if r.Ratio != "" && out.Value != nil {
			ratio := interval(m.fit.Ratio(at, level), 1, few)
			ratio.P, ratio.DF = out.P, out.DF
			out.Ratio = &ratio
		}
		r.Coefficients = append(r.Coefficients, out)
	}
}

// noise is the variance that the noise of the cells alone gives to each coefficient,
// B(Σ xxᵀ·v)B with v the variance of x − r·y of a row and B the inverse information.
func (m *fitted) noise() []float64 {
	if m.options.Family == NB || m.options.Family == Poisson || m.options.Schools != Schools[0] {
		return nil
	}
	v := make([]float64, len(m.table.rows))
	any := false
	for i, r := range m.table.rows {
		v[i] = r.noise
		any = any || r.noise > 0
	}
	if !any {
		return nil
	}
	return stats.NoiseVariance(m.fit, m.link, m.x, m.weight, v)
}

func (r *Report) terms(m *fitted, f Formula, few bool) {
	for k, term := range f.Terms {
		var at []int
		for _, j := range m.design.of(k) {
			at = append(at, m.place(j))
		}
		if len(at) == 0 {
			continue
		}
		out := TermTest{Term: term.String(), DF1: len(at)}
		if test := m.fit.Joint(at); !few {
			out.F, out.DF2, out.P = value(test.Statistic), value(test.DF), value(test.P)
		}
		r.Tests = append(r.Tests, out)
	}
}

// means standardises the response at each value of each factor, and compares it with that
// of the reference. A trend is compared one rank up.
func (r *Report) means(m *fitted, few bool) {
	if m.options.Family == Cox || m.options.Schools == Random {
		return // neither a mean hazard of a bin nor one of the middle school is a mean of persons
	}
	for i, factor := range m.table.factors {
		values := m.design.levels[factor.Word]
		at := func(v string) [][]float64 {
			return m.matrix(func(values []string) { values[i] = v })
		}
		for k, v := range values {
			e := stats.Standardised(m.fit, m.link, at(v), nil, m.weight, nil, level)
			r.Means = append(r.Means, Mean{factor.Word, v, interval(e, math.NaN(), few)})
			from := values[0]
			if factor.Trend && k > 0 {
				from = values[k-1]
			}
			if v == from {
				continue
			}
			d := stats.Standardised(m.fit, m.link, at(v), at(from), m.weight, nil, level)
			r.Contrasts = append(r.Contrasts, Contrast{Factor: factor.Word, Value: v, From: from,
				Interval: interval(d, 0, few)})
		}
	}
	p := make([]float64, len(r.Contrasts))
	for i, c := range r.Contrasts {
		if p[i] = math.NaN(); c.P != nil {
			p[i] = *c.P
		}
	}
	for i, v := range stats.Holm(p) {
		r.Contrasts[i].Adjusted = value(v)
	}
}

// logRank compares the curves of the groups of one factor.
func (r *Report) logRank(m *fitted) {
	if m.options.Family != Cox || len(m.table.factors) != 1 {
		return
	}
	values := m.design.levels[m.table.factors[0].Word]
	tables := make([]stats.LifeTable, len(values))
	clusters := make([]map[int]*stats.LifeTable, len(values))
	empty := func() stats.LifeTable {
		t := stats.LifeTable{Time: make([]float64, m.table.bins), AtRisk: make([]float64, m.table.bins),
			Events: make([]float64, m.table.bins)}
		for b := range t.Time {
			t.Time[b] = float64(b + 1)
		}
		return t
	}
	for g := range tables {
		tables[g], clusters[g] = empty(), map[int]*stats.LifeTable{}
	}
	var order []int
	for _, w := range m.table.rows {
		g := slices.Index(values, w.values[0])
		own, ok := clusters[g][w.cluster]
		if !ok {
			t := empty()
			own = &t
			clusters[g][w.cluster] = own
		}
		if !slices.Contains(order, w.cluster) {
			order = append(order, w.cluster)
		}
		for _, t := range []*stats.LifeTable{&tables[g], own} {
			t.AtRisk[w.bin] += w.y
			t.Events[w.bin] += w.x
		}
	}
	test := stats.LogRank(tables)
	for g, v := range values {
		if g < len(test.Observed) {
			r.LogRank = append(r.LogRank, LogRank{v, test.Observed[g], test.Expected[g]})
		}
	}
	r.LogRankTests = append(r.LogRankTests, Check{"log-rank, units independent", value(test.P),
		fmt.Sprintf("p of %.2f on %.0f df; too small where a school is alike",
			test.Statistic, test.DF)})
	for g := 1; g < len(values); g++ {
		var a, b []stats.LifeTable
		for _, c := range order {
			pair := [2]stats.LifeTable{empty(), empty()}
			for k, of := range []int{0, g} {
				if t := clusters[of][c]; t != nil {
					pair[k] = *t
				}
			}
			if clusters[0][c] != nil || clusters[g][c] != nil {
				a, b = append(a, pair[0]), append(b, pair[1])
			}
		}
		pair := stats.LogRankClusters(a, b)
		r.LogRankTests = append(r.LogRankTests, Check{"log-rank by clusters, " + values[0] + " against " + values[g],
			value(pair.P), "p by the jackknife over clusters"})
	}
}

// checks say how the model fits.
func (r *Report) checks(m *fitted) {
	if v := value(m.fit.Dispersion); v != nil && *v > 0 {
		r.Checks = append(r.Checks, Check{"dispersion", v, "above 1 clusters differ by more than chance; the " +
			"errors hold it"})
	}
	switch m.options.Schools {
	case Exchangeable:
		r.Checks = append(r.Checks, Check{"correlation", value(m.exchangeable.Alpha),
			"of two persons of one school, all else equal"},
			Check{"scale", value(m.exchangeable.Phi), "1 where persons vary as a binomial does"})
	case Random:
		r.Checks = append(r.Checks, Check{"sigma", value(m.mixed.Sigma),
			"standard deviation of the schools' intercepts, " +
				"in logits; the odds ratios are those within a school"},
			Check{"error of sigma", value(m.mixed.SigmaSE), "inverse information"},
			Check{"latent ICC", value(m.mixed.ICC), "sigma² / (sigma² + pi²/3)"})
	}
	if len(m.data.Low) == 0 {
		return
	}
	fit := m.counts.Fitness(m.data, m.law)
	if m.options.Family == NB {
		r.Checks = append(r.Checks, Check{"theta", value(m.counts.Theta), "the variance is mean + mean²/theta"})
	}
	r.Checks = append(r.Checks,
		Check{"chi-square of the bins", value(fit.ChiSquare), fmt.Sprintf(
			"over %d bins; no p, as persons of a school are no independent draws", fit.Used)},
		Check{"misplaced", value(fit.Misplaced), "part of the persons that would have to change bin for a perfect fit"})
	for _, b := range fit.Bins {
		name := fmt.Sprintf("%.0f-%.0f", b.Low, b.High)
		switch {
		case math.IsInf(b.High, 1):
			name = fmt.Sprintf("%.0f+", b.Low)
		case b.High == b.Low:
			name = fmt.Sprintf("%.0f", b.Low)
		}
		r.Rootogram = append(r.Rootogram, Bar{name, b.Observed, b.Expected, b.Hanging()})
	}
	if fit.Misplaced > largestMisplaced {
		r.Notes = append(r.Notes, "the law does not fit: read the rootogram before any ratio [poor_fit]")
	}
}

// largestMisplaced is the part of misplaced persons above which a count law does not fit.
const largestMisplaced = 0.05

func (i Interval) bounded() bool { return i.Low != nil && i.High != nil }
