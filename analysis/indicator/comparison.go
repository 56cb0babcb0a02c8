package indicator

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// A Comparison is what a test says of the lowest and the highest group of a grouping, of a
// ratio or a gap against « no effect », or of a school and the schools like it. The test is
// made on the clusters of the edition before anything is rounded, with a jackknife over
// clusters and its own degrees of freedom; the noise of the cells is in what clusters
// differ by. Only the outcome leaves, and only of figures that are published.
type Comparison struct {
	// Family names the tests that are corrected together: those of a figure. Tests counts
	// them. Primary families were declared before the edition: no false difference in 95 %
	// of them (Holm 1979); of the differences of the others 5 % are false on the average
	// (Benjamini & Hochberg 1995).
	Family     string `json:"family"`
	Tests      int    `json:"tests"`
	Primary    bool   `json:"primary"`
	Indicator  string `json:"indicator"`
	Measure    string `json:"measure"`
	Population string `json:"population"`
	// Source is the measure of the edition that two groups were compared on.
	Source string `json:"source,omitempty"`
	// Grouping, Lowest and Highest name two groups that are compared.
	Grouping string `json:"grouping,omitempty"`
	Lowest   string `json:"lowest,omitempty"`
	Highest  string `json:"highest,omitempty"`
	// Group is that of a figure that is compared with « no effect » or with similar schools.
	Group   map[string]string `json:"group,omitempty"`
	Outcome Outcome           `json:"outcome"`
}

// Outcome is what a test says.
type Outcome string

// Outcomes of tests.
const (
	Differs   Outcome = "differs" // of two groups, or of a school and the similar ones
	Above     Outcome = "above"   // « no effect »
	Below     Outcome = "below"
	NotShown  Outcome = "no_difference_shown"
	NotTested Outcome = "not_tested"
)

// FalseDifferences is the share of false differences among those of a family (q of Benjamini
// and Hochberg), or for a primary family the chance of one.
const FalseDifferences = 0.05

// grouped reports whether the groups of a measure are compared: plain sums of one source
// that a figure lays out by group.
func grouped(q question.Question, m question.Measure) bool {
	plain := m.Kind == question.Share || m.Kind == question.EventShare || m.Kind == question.Rate
	_, drawn := q.FigureOf(m.Name)
	return plain && drawn && m.Estimator == "" && m.Column == "" && m.Service == 0 && len(m.Sources) == 1
}

// contrast tests every two groups of the results of one measure and keeps the p-values
// beside the counts.
func (c *computation) contrast(ctx context.Context, m question.Measure, results []Result) error {
	for i := range results {
		for j := i + 1; j < len(results); j++ {
			a, b := results[i], results[j]
			grouping := groupingOf(a)
			if grouping == "" || crossed(grouping) || grouping != groupingOf(b) || a.Population != b.Population ||
				a.Status != Published || b.Status != Published {
				continue
			}
			var pair [2]*cell
			for k, r := range []Result{a, b} {
				var err error
				at := query.Group{Grouping: grouping, Value: r.Group[grouping]}
				if pair[k], err = c.cell(ctx, m.Sources[0], r.Population, at); err != nil || pair[k] == nil {
					return err
				}
			}
			if a.counts.apart == nil {
				a.counts.apart = map[string]float64{}
			}
			a.counts.apart[b.Group[grouping]] = alike(pair[0], pair[1])
		}
	}
	return nil
}

// alike is the p-value of two groups being alike: of their difference over its standard
// error. Clusters that serve both are recognised where the edition tells.
func alike(a, b *cell) float64 {
	x := align([]*cell{a, b})
	e := stats.ClusterDifference(x[0].num, x[0].den, x[1].num, x[1].den, level)
	return stats.WaldTest(e, 0, stats.Identity).P
}

// groupingOf is the grouping of a result of one group, "" of any other.
func groupingOf(r Result) string {
	if len(r.Group) != 1 {
		return ""
	}
	for grouping := range r.Group {
		return grouping
	}
	return ""
}

// family is the tests of one figure that are corrected together.
type family struct {
	name    string
	primary bool
	p       []float64
	records []Comparison
	at      []int     // the p-value of each record
	sign    []Outcome // what its record says when the test finds a difference
}

// decide corrects the tests and gives the records their outcome.
func (f *family) decide() []Comparison {
	adjusted := stats.BenjaminiHochberg(f.p)
	if f.primary {
		adjusted = stats.Holm(f.p)
	}
	tests := len(f.p) - countNaN(f.p)
	for i := range f.records {
		r := &f.records[i]
		r.Family, r.Primary, r.Tests = f.name, f.primary, tests
		switch p := adjusted[f.at[i]]; {
		case math.IsNaN(p):
			r.Outcome = NotTested
		case p <= FalseDifferences:
			r.Outcome = f.sign[i]
		default:
			r.Outcome = NotShown
		}
	}
	return f.records
}

func countNaN(p []float64) (n int) {
	for _, v := range p {
		if math.IsNaN(v) {
			n++
		}
	}
	return n
}

// add adds a test with the record that shows it.
func (f *family) add(p float64, r Comparison, found Outcome) {
	f.records, f.at, f.sign = append(f.records, r), append(f.at, len(f.p)), append(f.sign, found)
	f.p = append(f.p, p)
}

// Declared are the families that the plan of a study declares primary, by name; nil takes
// what the catalogue says.
type Declared map[string]bool

// comparisons says how the published figures of a release compare: exact are the results
// of Compute, shown the same after protection.
func comparisons(exact, shown []Result, declared Declared) []Comparison {
	var order []*family
	index := map[string]*family{}
	of := func(name string, primary bool) *family {
		if index[name] == nil {
			if declared != nil {
				primary = declared[name]
			}
			index[name] = &family{name: name, primary: primary}
			order = append(order, index[name])
		}
		return index[name]
	}
	for from := 0; from < len(exact); {
		to := from
		for to < len(exact) && sameSet(exact[from], exact[to]) {
			to++
		}
		q, _ := question.Lookup(exact[from].Indicator)
		m, _ := q.Measure(exact[from].Measure)
		figure, drawn := q.FigureOf(m.Name)
		switch null, tested := nullOf(m); {
		case !drawn:
		case tested:
			for i := from; i < to; i++ {
				name := figure.ID
				if len(exact[i].Group) > 0 {
					name += byGroup
				}
				null.add(of(name, figure.Primary), exact[i], shown[i])
			}
		case crossed(groupingOf(exact[from])):
		case grouped(q, m):
			extremes(of(figure.ID+betweenGroups, figure.Primary), m, exact[from:to], shown[from:to])
		}
		from = to
	}
	out := []Comparison{}
	for _, f := range order {
		out = append(out, f.decide()...)
	}
	return out
}

// sameSet reports whether two results are of one measure, population and grouping.
func sameSet(a, b Result) bool {
	return a.Indicator == b.Indicator && a.Measure == b.Measure && a.Population == b.Population &&
		groupingOf(a) == groupingOf(b) && len(a.Group) == len(b.Group)
}

// null is the value of « no effect », and the scale on which it is tested.
type null struct {
	at    float64
	scale stats.Transform
}

var nulls = map[question.Kind]null{
	question.Ratio: {1, stats.Log}, question.Gap: {0, stats.Fisher}, question.Difference: {0, stats.Identity},
}

// untested are estimators of ratios that no test is made of: the strength of a hidden cause,
// and a comparison that is shown because it misleads.
var untested = []string{"e_value", "naive_ratio"}

// nullOf is what a measure is tested against, if it is.
func nullOf(m question.Measure) (null, bool) {
	n, tested := nulls[m.Kind]
	return n, tested && !slices.Contains(untested, m.Estimator)
}

// What the names of families add to that of their figure.
const (
	byGroup       = " by group"
	betweenGroups = " between groups"
)

// Tested is a family of tests that some questions may bring: those of one figure.
type Tested struct {
	Name, Figure, Question string
	// Outcomes are the measures that are tested in it.
	Outcomes []string
	// Primary is what the catalogue says.
	Primary bool
}

// Families lists the families of tests that questions may bring, in order, before any
// edition: which of them hold a test depends on what is published.
func Families(questions []question.Question) []Tested {
	var out []Tested
	add := func(name string, f question.Figure, q question.Question, m question.Measure) {
		i := slices.IndexFunc(out, func(t Tested) bool { return t.Name == name })
		if i < 0 {
			i = len(out)
			out = append(out, Tested{Name: name, Figure: f.ID, Question: q.ID, Primary: f.Primary})
		}
		out[i].Outcomes = append(out[i].Outcomes, m.Name)
	}
	for _, q := range questions {
		for _, m := range q.Measures {
			f, drawn := q.FigureOf(m.Name)
			_, tested := nullOf(m)
			switch {
			case !drawn:
			case tested:
				add(f.ID, f, q, m)
				if byGroups(m) {
					add(f.ID+byGroup, f, q, m)
				}
			case grouped(q, m) && byGroups(m):
				add(f.ID+betweenGroups, f, q, m)
			}
		}
	}
	return out
}

// byGroups reports whether the published report gives a measure by group.
func byGroups(m question.Measure) bool {
	return slices.ContainsFunc(question.Groupings(), func(g question.Grouping) bool {
		return g.Name != "all" && m.Publishes(g.Name)
	})
}

// add tests one published figure against « no effect ».
func (n null) add(f *family, exact, shown Result) {
	if shown.Status != Published || shown.Estimate == nil {
		return
	}
	found := Above
	if *exact.Estimate < n.at {
		found = Below
	}
	f.add(n.test(exact), Comparison{Indicator: exact.Indicator, Measure: exact.Measure, Population: exact.Population,
		Group: exact.Group}, found)
}

// test is the p-value of « no effect », NaN without an interval.
func (n null) test(exact Result) float64 {
	switch {
	case exact.Level == 0:
		return math.NaN()
	case exact.tested != nil:
		return *exact.tested
	}
	return stats.WaldTest(exact.estimate, n.at, n.scale).P
}

// extremes tests every two groups that are published as a number, and keeps a record of
// the lowest and the highest of them as they are published.
func extremes(f *family, m question.Measure, exact, shown []Result) {
	var kept []int
	for i, r := range shown {
		if r.Status == Published && r.Estimate != nil && groupingOf(r) != "" {
			kept = append(kept, i)
		}
	}
	if len(kept) < 2 {
		return
	}
	byValue := func(a, b int) int { return cmp.Compare(*shown[a].Estimate, *shown[b].Estimate) }
	low, high := slices.MinFunc(kept, byValue), slices.MaxFunc(kept, byValue)
	if *shown[low].Estimate == *shown[high].Estimate {
		return
	}
	grouping := groupingOf(exact[0])
	for k, i := range kept {
		for _, j := range kept[k+1:] {
			p, ok := exact[i].counts.apart[exact[j].Group[grouping]]
			if !ok {
				p = math.NaN()
			}
			if min(i, j) != min(low, high) || max(i, j) != max(low, high) {
				f.p = append(f.p, p)
				continue
			}
			f.add(p, Comparison{Indicator: exact[i].Indicator, Measure: exact[i].Measure,
				Population: exact[i].Population, Source: m.Sources[0], Grouping: grouping,
				Lowest: exact[low].Group[grouping], Highest: exact[high].Group[grouping]}, Differs)
		}
	}
}
