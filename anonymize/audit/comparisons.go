package audit

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/anonymize/edition"
)

// comparison is what a publication says of a test: of two groups, of a ratio or a gap
// against « no effect », or on a page of a school against the similar ones.
type comparison struct {
	Family     string            `json:"family"`
	Tests      int               `json:"tests"`
	Primary    bool              `json:"primary"`
	Indicator  string            `json:"indicator"`
	Measure    string            `json:"measure"`
	Population string            `json:"population"`
	Source     string            `json:"source"`
	Grouping   string            `json:"grouping"`
	Lowest     string            `json:"lowest"`
	Highest    string            `json:"highest"`
	Group      map[string]string `json:"group"`
	Outcome    string            `json:"outcome"`
}

func (c comparison) String() string {
	return strings.Join([]string{c.Indicator + "." + c.Measure, c.Population, c.Grouping, c.Lowest, c.Highest}, " ")
}

// leastClusters is how many clusters each group needs for a test; a difference is told
// where at most one in twenty of a family would be false.
const (
	leastClusters = 10
	falseShare    = 0.05
)

// sides are the numerator and the denominator of one cluster in each of two groups.
type sides struct{ x, y [2]float64 }

const comparisonsTitle = "Chaque phrase qui compare deux groupes dit ce que donne le test refait " +
	"sur les grappes exactes de l’édition, corrigé dans sa famille."

// checkComparisons tests every two groups again: a jackknife over clusters, Student's t, and
// the correction of Holm for a primary family or of Benjamini and Hochberg for another.
func (p *publication) checkComparisons() {
	var wrong []string
	families := map[string][]comparison{}
	for _, c := range p.comparisons {
		if c.Lowest == "" {
			wrong = append(wrong, p.againstNull(c)...)
			continue
		}
		families[c.Family] = append(families[c.Family], c)
	}
	if len(p.comparisons) == 0 {
		return // no sentence compares: there is no such promise
	}
	cells, err := p.clusters()
	if err != nil {
		p.claim("comparisons", comparisonsTitle, 0, false,
			"Les tables de l’édition de recherche ne peuvent pas être lues.")
		return
	}
	if cells == nil {
		p.report.open("L’édition de recherche n’a pas été donnée à l’audit : les phrases qui comparent n’ont pas été " +
			"refaites.")
		return
	}
	tried := int64(0)
	for _, name := range sortedKeys(families) {
		tried += int64(len(families[name]))
		wrong = append(wrong, p.testAgain(families[name], cells)...)
	}
	p.claim("comparisons", comparisonsTitle, tried, len(wrong) == 0,
		outcome("Toutes.", named("autrement", wrong)), num("comparaisons de groupes", tried),
		num("autres comparaisons", int64(len(p.comparisons))-tried), num("autrement", int64(len(wrong))))
}

// cellOf names the clusters of one group of a source.
type cellOf struct{ source, population, grouping, group string }

// clusters are those of the sums of the research edition; nil when it was not given.
func (p *publication) clusters() (map[cellOf]map[int32][2]float64, error) {
	asked := map[string]bool{}
	for _, c := range p.comparisons {
		asked[c.Source] = true
	}
	for _, f := range p.editions {
		data := f.content[edition.TableSums+".parquet"]
		if f.manifest.Kind != edition.KindResearch || data == nil {
			continue
		}
		out := map[cellOf]map[int32][2]float64{}
		err := eachRowOf(data, func(r edition.SumRow) {
			if !asked[r.Measure] || r.Grouping == "all" {
				return
			}
			at := cellOf{r.Measure, r.Population, r.Grouping, r.Group}
			if out[at] == nil {
				out[at] = map[int32][2]float64{}
			}
			sum := out[at][r.Cluster]
			out[at][r.Cluster] = [2]float64{sum[0] + float64(r.Numerator), sum[1] + float64(r.Denom)}
		})
		if err != nil {
			return nil, fmt.Errorf("audit: sums: %w", err)
		}
		return out, nil
	}
	return nil, nil
}

// testAgain tests a family again and names what the publication says otherwise.
func (p *publication) testAgain(family []comparison, cells map[cellOf]map[int32][2]float64) (wrong []string) {
	var values []float64
	at := make([]int, len(family))
	for i, c := range family {
		groups, low, high := p.publishedGroups(c)
		if low != c.Lowest || high != c.Highest {
			return append(wrong, c.String())
		}
		at[i] = -1
		for a := range groups {
			for b := a + 1; b < len(groups); b++ {
				if pair := []string{groups[a], groups[b]}; slices.Contains(pair, low) && slices.Contains(pair, high) {
					at[i] = len(values)
				}
				one := cells[cellOf{c.Source, c.Population, c.Grouping, groups[a]}]
				other := cells[cellOf{c.Source, c.Population, c.Grouping, groups[b]}]
				values = append(values, chance(one, other))
			}
		}
		if at[i] < 0 {
			return append(wrong, c.String())
		}
	}
	adjusted, tests := corrected(values, family[0].Primary)
	for i, c := range family {
		want := "no_difference_shown"
		switch p := adjusted[at[i]]; {
		case math.IsNaN(p):
			want = "not_tested"
		case p <= falseShare:
			want = "differs"
		}
		if c.Outcome != want || c.Tests != tests || c.Primary != family[0].Primary {
			wrong = append(wrong, c.String())
		}
	}
	return wrong
}

// publishedGroups are the groups of a comparison that are published as a number, in the
// order of the publication, and the lowest and the highest of them.
func (p *publication) publishedGroups(c comparison) (groups []string, low, high string) {
	least, most := math.Inf(1), math.Inf(-1)
	for _, r := range p.results {
		group, ok := r.Group[c.Grouping]
		if !ok || len(r.Group) != 1 || r.Indicator != c.Indicator || r.Measure != c.Measure ||
			r.Population != c.Population || r.Status != "published" || r.Estimate == nil {
			continue
		}
		groups = append(groups, group)
		if *r.Estimate < least {
			least, low = *r.Estimate, group
		}
		if *r.Estimate > most {
			most, high = *r.Estimate, group
		}
	}
	return groups, low, high
}

// chance is the p-value of two groups being alike: their difference over its standard error
// by leaving out one cluster after the other, against Student's t with the smaller of G − 1
// and 3(Σu²)²/Σu⁴ degrees of freedom. NaN where a group has too few clusters.
func chance(one, other map[int32][2]float64) float64 {
	all := map[int32]sides{}
	var sum sides
	for k, group := range []map[int32][2]float64{one, other} {
		filled := 0
		for cluster, c := range group {
			if c[1] > 0 {
				filled++
			}
			s := all[cluster]
			s.x[k], s.y[k] = c[0], c[1]
			all[cluster] = s
			sum.x[k], sum.y[k] = sum.x[k]+c[0], sum.y[k]+c[1]
		}
		if filled < leastClusters {
			return math.NaN()
		}
	}
	gap := func(s sides) float64 { return s.x[0]/s.y[0] - s.x[1]/s.y[1] }
	d := gap(sum)
	var squares, fourths, g float64
	for _, s := range all {
		if s.y[0] <= 0 && s.y[1] <= 0 {
			continue
		}
		left := sides{
			[2]float64{sum.x[0] - s.x[0], sum.x[1] - s.x[1]},
			[2]float64{sum.y[0] - s.y[0], sum.y[1] - s.y[1]},
		}
		u := gap(left) - d
		squares, fourths, g = squares+u*u, fourths+u*u*u*u, g+1
	}
	return student(d, math.Sqrt(squares), math.Min(g-1, 3*squares*squares/fourths))
}

// student is the two-sided p-value of a value over its standard error; NaN without one.
func student(value, se, freedom float64) float64 {
	if !(se > 0) || !(freedom > 0) {
		return math.NaN()
	}
	return 2 * distuv.StudentsT{Sigma: 1, Nu: freedom}.Survival(math.Abs(value/se))
}

// corrected are p-values corrected together, and how many tests they are of.
func corrected(p []float64, holm bool) ([]float64, int) {
	var order []int
	out := slices.Clone(p)
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] < p[order[b]] })
	m := len(order)
	worst, best := 0.0, 1.0
	for rank, i := range order {
		if holm {
			worst = math.Max(worst, math.Min(1, p[i]*float64(m-rank)))
			out[i] = worst
		}
	}
	for rank := m - 1; rank >= 0 && !holm; rank-- {
		best = math.Min(best, p[order[rank]]*float64(m)/float64(rank+1))
		out[order[rank]] = best
	}
	return out, m
}

// againstNull holds the outcome of a test against « no effect » to the published figure: the
// figure lies on the side that the outcome says.
func (p *publication) againstNull(c comparison) []string {
	for _, r := range p.results {
		if r.Indicator != c.Indicator || r.Measure != c.Measure || r.Population != c.Population ||
			len(r.Group) != len(c.Group) || r.String() != (result{Indicator: c.Indicator, Measure: c.Measure,
			Population: c.Population, Group: c.Group}).String() {
			continue
		}
		if r.Status != "published" || r.Estimate == nil {
			return []string{c.String()}
		}
		sided := r.Low != nil && r.High != nil && r.Level > 0
		switch c.Outcome {
		case "not_tested", "no_difference_shown":
			return nil
		case "above", "below":
			if sided {
				return nil
			}
		}
		return []string{c.String()}
	}
	return []string{c.String()}
}

const likenessTitle = "Chaque phrase qui compare un établissement à ses semblables dit ce que donne le test refait " +
	"sur l’édition."

// checkLikeness compares each school again with the similar ones that are published: its
// distance from their mean, as a new draw from them (Crawford & Howell 1998).
func (p *publication) checkLikeness(pages []schoolFile, rows []edition.SchoolRow) {
	term := p.term()
	exact := map[cellOf]float64{}
	set := map[string]string{}
	for _, r := range rows {
		set[r.UAI] = r.Level + " " + r.IPSBand
		if r.Period == term && r.Denom > 0 {
			exact[cellOf{r.Measure, r.Population, "uai", r.UAI}] = float64(r.Numerator) / float64(r.Denom)
		}
	}
	members := map[cellOf][]string{} // of a set
	for _, f := range pages {
		for _, r := range f.Results {
			if r.Status == "published" && r.Estimate != nil && r.Group["month"] == "" {
				at := cellOf{r.Indicator + "." + r.Measure, r.Population, "similar", set[f.UAI]}
				members[at] = append(members[at], f.UAI)
			}
		}
	}
	var wrong []string
	tried := int64(0)
	for _, f := range pages {
		var values []float64
		for _, c := range f.Comparisons {
			tried++
			measure := c.Indicator + "." + c.Measure
			var others []float64
			for _, uai := range members[cellOf{measure, c.Population, "similar", set[f.UAI]}] {
				if uai != f.UAI {
					others = append(others, exact[cellOf{measure, c.Population, "uai", uai}])
				}
			}
			values = append(values, stranger(exact[cellOf{measure, c.Population, "uai", f.UAI}], others))
		}
		adjusted, tests := corrected(values, false)
		for i, c := range f.Comparisons {
			want := "no_difference_shown"
			switch p := adjusted[i]; {
			case math.IsNaN(p):
				want = "not_tested"
			case p <= falseShare:
				want = "differs"
			}
			if c.Outcome != want || c.Tests != tests {
				wrong = append(wrong, f.UAI+" "+c.String())
			}
		}
	}
	if tried > 0 {
		p.claim("schools.comparisons", likenessTitle, tried, len(wrong) == 0,
			outcome("Toutes.", named("autrement", wrong)), num("comparaisons", tried))
	}
}

// stranger is the p-value of a value being a new draw of others; NaN of fewer than nine.
func stranger(value float64, others []float64) float64 {
	n := float64(len(others))
	if len(others) < leastClusters-1 {
		return math.NaN()
	}
	sum, squares := 0.0, 0.0
	for _, v := range others {
		sum += v
	}
	for _, v := range others {
		squares += (v - sum/n) * (v - sum/n)
	}
	return student(value-sum/n, math.Sqrt(squares/(n-1)*(1+1/n)), n-1)
}
