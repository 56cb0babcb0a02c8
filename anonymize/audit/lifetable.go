package audit

import (
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// life is the share of units with their event by a time, or the time by which a share of
// them has it: one minus the product of the shares without it, bin after bin (Kaplan & Meier
// 1958). A cluster without a row in a bin has nobody leave in it.
func (t *tablesAgain) life(recipe Recipe, at cellOf) float64 {
	rows := t.times[cellOf{recipe.Curve, "", at.grouping, at.group}]
	curve, known := edition.FindCurve(recipe.Curve)
	if len(rows) == 0 || !known {
		return math.NaN()
	}
	last := int32(0)
	clusters := map[int32][]edition.TimeRow{}
	for _, r := range rows {
		last = max(last, r.Bin)
		clusters[r.Cluster] = append(clusters[r.Cluster], r)
	}
	bins := int(last) + 1
	if recipe.Estimator == "life" {
		bins = recipe.bins(curve)
	}
	if bins < 1 {
		return math.NaN()
	}
	atRisk, events := make([]float64, bins), make([]float64, bins)
	for _, of := range clusters {
		slices.SortFunc(of, func(a, b edition.TimeRow) int { return int(a.Bin - b.Bin) })
		left, next := of[0].AtRisk, 0
		for k := range bins {
			if next < len(of) && int(of[next].Bin) == k {
				r := of[next]
				atRisk[k], events[k] = atRisk[k]+float64(r.AtRisk), events[k]+float64(r.Events)
				left, next = r.AtRisk-r.Events-r.Censored, next+1
				continue
			}
			atRisk[k] += float64(left)
		}
	}
	without, before := 1.0, 0.0
	for k := range bins {
		if atRisk[k] > 0 {
			without *= 1 - math.Min(1, events[k]/atRisk[k])
		}
		with := 1 - without
		if recipe.Estimator == "life_quantile" && with >= recipe.Quantile {
			from, to := binEnds(curve.Edges, k)
			return from + (recipe.Quantile-before)/(with-before)*(to-from)
		}
		before = with
	}
	if recipe.Estimator == "life_quantile" {
		return math.NaN()
	}
	return before
}

// bins is how many bins of its curve end at or before the time that a recipe reads it at.
func (r Recipe) bins(curve edition.Curve) int {
	if curve.Edges != nil {
		return slices.Index(curve.Edges, int32(r.At))
	}
	return int(r.At)
}

// binEnds are the ends of a bin; without edges a bin is a step.
func binEnds(edges []int32, k int) (from, to float64) {
	if edges == nil {
		return float64(k), float64(k + 1)
	}
	return float64(edges[k]), float64(edges[min(k+1, len(edges)-1)])
}
