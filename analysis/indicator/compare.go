package indicator

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
)

// accompaniment compares accompanied parents with others: the matched rate
// ratio (after/before of the accompanied over after/before of their controls)
// and the naive one (rate of the accompanied over rate of the others).
func (c *computation) accompaniment(r Result, m Measure) (Result, error) {
	population := "matched"
	if m.Name == "naive_rate_ratio" {
		population = "all_accounts"
	}
	cells := make([]*cell, len(m.Sources))
	for i, source := range m.Sources {
		var err error
		if cells[i], err = c.cell(source, population, wholePopulation); err != nil {
			return r, err
		}
		if cells[i] == nil {
			return r.unmeasured(CodeNoRows, "Non mesurable : aucun accompagnement daté au-dessus du seuil de l’édition, ou registre absent."), nil
		}
	}
	a := align(cells)
	parts := make([]counts, len(cells))
	for i, cell := range cells {
		parts[i] = *cell.counts(false)
	}
	r.counts = &counts{cell: parts[0].cell, persons: parts[0].persons, schools: parts[0].schools, parts: parts}
	schools := slices.MinFunc(cells, func(a, b *cell) int { return int(a.schools - b.schools) }).schools
	var e stats.Estimate
	if m.Name == "naive_rate_ratio" {
		r.N = cells[0].persons + cells[1].persons
		e = stats.ClusterRatioOfRatios(a[0].num, a[0].den, a[1].num, a[1].den, level)
		r = r.estimated(e, schools)
		if r.Status == Published {
			r.Warnings = append(r.Warnings, warning(CodeSelection, "Comparaison trompeuse : les accompagnés venaient moins avant de l’être."))
		}
		return r, nil
	}
	r.N = cells[0].persons + cells[2].persons
	e = stats.ClusterRatioOfRatios(a[0].num, a[1].num, a[2].num, a[3].num, level)
	if m.Name == "e_value" {
		// Its lower limit is that of the interval of the ratio; it has no upper one.
		v := stats.EValue(e)
		r = r.estimated(stats.Estimate{Value: v.Value, Clusters: e.Clusters, Low: math.NaN(), High: math.NaN()}, schools)
		if r.Status == Published && !math.IsNaN(v.Low) {
			r.Warnings = []string{warning(CodeEValue, "Une force de %d,%d suffirait pour ramener l’intervalle à « aucun effet ».", int(v.Low), int(10*v.Low)%10)}
		}
		return r, nil
	}
	return r.estimated(e, schools), nil
}

// aligned is Σx and Σy of one cell over a common list of clusters.
type aligned struct{ num, den []float64 }

// align puts cells of one grouping on the union of their clusters, with zeros
// where a cell has none, so that shared clusters are recognised as shared.
func align(cells []*cell) []aligned {
	var ids []int32
	for _, cell := range cells {
		for _, row := range cell.rows {
			ids = append(ids, row.Cluster)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out := make([]aligned, len(cells))
	for i, cell := range cells {
		out[i] = aligned{make([]float64, len(ids)), make([]float64, len(ids))}
		for j, row := range cell.rows {
			at, _ := slices.BinarySearch(ids, row.Cluster)
			out[i].num[at] += cell.num[j]
			out[i].den[at] += cell.den[j]
		}
	}
	return out
}

var ipsBands = []string{"1", "2", "3", "4", "5"}

// divide compares the IPS bands of schools: the two ends (ratio, gap), or the
// gradient over all five (sii, rii, erreygers, concentration), as the end of the
// measure's name says. A school lies in one band, so the clusters of two bands
// differ.
func (c *computation) divide(r Result, m Measure, population string) (Result, error) {
	cells := make([]*cell, len(ipsBands))
	for i, band := range ipsBands {
		var err error
		if cells[i], err = c.cell(m.Sources[0], population, query.Group{Grouping: "ips_band", Value: band}); err != nil {
			return r, err
		}
	}
	_, form, _ := strings.Cut(m.Name, "_")
	used := cells
	if form == "ratio" || form == "gap" {
		used = []*cell{cells[0], cells[len(cells)-1]}
	}
	share := m.Sources[0] != "L1.visits_per_week"
	k := &counts{cell: cellKey{m.Sources[0], population, "composite", m.Name}, schools: math.MaxInt64}
	var schools int64
	for _, cell := range used {
		if cell == nil {
			return r.unmeasured(CodeNoRows, "Non mesurable : une tranche d’IPS nécessaire n’a pas de données au-dessus du seuil de l’édition."), nil
		}
		k.persons, k.schools, schools = k.persons+cell.persons, min(k.schools, cell.schools), schools+cell.schools
		k.parts = append(k.parts, *cell.counts(share))
	}
	r.N, r.counts = k.persons, k
	switch form {
	case "ratio":
		return r.estimated(apart(used[0], used[1], stats.ClusterRatioOfRatios), k.schools), nil
	case "gap":
		return r.estimated(apart(used[0], used[1], stats.ClusterShareDifference), k.schools), nil
	}
	f, ok := gradients[form]
	if !ok {
		return r, fmt.Errorf("no gradient %q", form)
	}
	var group []int
	var num, den []float64
	for band, cell := range cells {
		for i := range cell.num {
			group, num, den = append(group, band), append(num, cell.num[i]), append(den, cell.den[i])
		}
	}
	return r.estimated(stats.GradientClusters(group, nil, num, den, len(cells), f.functional, level, f.scale), schools), nil
}

// gradients are the summaries of a mean along the bands, from low to high.
var gradients = map[string]struct {
	functional func(stats.Gradient) float64
	scale      stats.Transform
}{
	"sii":           {func(g stats.Gradient) float64 { return g.Slope }, stats.Identity},
	"rii":           {func(g stats.Gradient) float64 { return 1 / g.RelativeIndex() }, stats.Log},
	"erreygers":     {func(g stats.Gradient) float64 { return g.Erreygers(1) }, stats.Identity},
	"concentration": {func(g stats.Gradient) float64 { return g.Concentration }, stats.Identity},
}

// apart compares two cells that share no cluster.
func apart(a, b *cell, compare func(num1, den1, num2, den2 []float64, level float64) stats.Estimate) stats.Estimate {
	none, more := make([]float64, len(a.num)), make([]float64, len(b.num))
	return compare(slices.Concat(a.num, more), slices.Concat(a.den, more),
		slices.Concat(none, b.num), slices.Concat(none, b.den), level)
}
