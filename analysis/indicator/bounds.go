package indicator

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// bounds is a share known between a strict and a loose rule, with the interval of
// Imbens and Manski for the share itself.
func (c *computation) bounds(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	low, high, err := c.two(ctx, m, population, population, g)
	if err != nil {
		return r, err
	}
	if low == nil || high == nil {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	a, b, err := c.bothShares(ctx, low, high)
	if err != nil {
		return r, err
	}
	if math.IsNaN(a.Value) || math.IsNaN(b.Value) {
		return r.unmeasured(CodeZero, "Non mesurable : aucun compte au dénominateur."), nil
	}
	heads := perHead(m.Sources[0])
	r.N, r.counts = low.persons, low.counts(heads)
	r.counts.parts = []counts{*low.counts(heads), *high.counts(heads)}
	return r.between(a, b, low.schools).beyondNoise(c.noiseIn(low, heads), c.noiseIn(high, heads)), nil
}

// noiseIn is the standard deviation that noise gives to a ratio of all of a cell.
func (c *computation) noiseIn(cell *cell, perHead bool) float64 {
	return noiseOf(c.ed.Manifest.Perturbation, cell.clusters(perHead)...)
}

// nonresponse bounds a share of all pupils when some did not answer: at least
// those who said so, at most those and all who did not answer.
func (c *computation) nonresponse(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	said, answered, err := c.two(ctx, m, population, edition.PopAllPupils, g)
	if err != nil {
		return r, err
	}
	if said == nil || answered == nil {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	a := align([]*cell{said, answered})
	low, high := a[0].num, slices.Clone(a[0].num)
	for i := range high {
		low[i] = math.Min(low[i], a[1].den[i])
		high[i] = math.Min(low[i]+a[1].den[i]-a[1].num[i], a[1].den[i])
	}
	r.N, r.counts = answered.persons, said.counts(true)
	r.counts.parts = []counts{*said.counts(true), *answered.counts(true)}
	least, most := stats.ClusterHeads(low, a[1].den, level), stats.ClusterHeads(high, a[1].den, level)
	noise := c.noiseIn(answered, true)
	return r.between(least, most, said.schools).beyondNoise(noise, noise), nil
}

// neverBounds is the share of parents who never came by any account: at most
// those whose own account was never used; at least those minus two guardians for
// each pupil account that the loose rule of P1 gives to a parent.
func (c *computation) neverBounds(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	none, child, err := c.two(ctx, m, population, edition.PopPupils, g)
	if err != nil {
		return r, err
	}
	if none == nil || child == nil {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	a, b, err := c.bothShares(ctx, none, child)
	if err != nil {
		return r, err
	}
	r = r.estimated(a, none.schools)
	if r.Status != Published || math.IsNaN(b.Value) {
		return r.unmeasured(CodeZero, "Non mesurable : aucun compte au dénominateur."), nil
	}
	r.N, r.counts = none.persons, none.counts(true)
	r.counts.parts = []counts{*none.counts(true), *child.counts(true)}
	const guardians = 2
	lower, upper, hidden := a.Value, a.Value, b.Value
	if r.Level > 0 && b.HasInterval() {
		lower, upper, hidden = a.Low, a.High, b.High
	} else {
		r.Level = 0
	}
	lower = math.Max(0, lower-guardians*hidden*float64(child.y)/float64(none.y))
	r.Estimate, r.Low, r.High, r.Target = nil, &lower, &upper, targetBounds
	part := guardians * float64(child.y) / float64(none.y)
	return r.beyondNoise(math.Hypot(c.noiseIn(none, true), part*c.noiseIn(child, true)), c.noiseIn(none, true)), nil
}

// quantile bounds a quantile of x over persons: the bin of the histogram that
// holds it, widened by sampling as Woodruff does. With F the share of persons up
// to that bin and [l, u] its cluster-robust interval, the bounds are the lower end
// of the bin of p − (F − l) and the upper end of the bin of p + (u − F).
//
// Source: Woodruff 1952 (JASA 47).
func (c *computation) quantile(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	r, cell, err := c.own(ctx, r, m, population, g)
	if cell == nil {
		return r, err
	}
	p := m.Quantile
	at := cell.bin(p)
	r.N, r.counts = cell.persons, cell.counts(false)
	below := cell.upTo(at.High)
	persons := make([]float64, len(cell.rows))
	for i, row := range cell.rows {
		persons[i] = float64(row.Persons)
	}
	share := stats.ClusterHeads(below, persons, level)
	if r = r.estimated(share, cell.schools); r.Status != Published {
		return r, nil
	}
	if r.Level > 0 {
		at.Low = cell.bin(math.Max(0, p-(share.Value-*r.Low))).Low
		at.High = cell.bin(math.Min(1, p+(*r.High-share.Value))).High
	}
	if math.IsNaN(at.Low) || math.IsInf(at.High, 1) {
		return r.unmeasured(CodeZero, "Non mesurable : l’histogramme ne borne pas ce quantile."), nil
	}
	scale := cmp.Or(m.Scale, 1)
	at.Low, at.High = at.Low*scale+m.Shift, at.High*scale+m.Shift
	if m.Top > 0 {
		at.High = math.Min(at.High, m.Top)
	}
	r.Estimate, r.Low, r.High, r.Target = nil, &at.Low, &at.High, targetBounds
	// of F, at 1 in the last bin
	r.Warnings = slices.DeleteFunc(r.Warnings, func(w Warning) bool { return w.Code == CodeBoundary })
	r.Warnings = append(r.Warnings, warning(CodeBin, "Connu à la tranche de l’histogramme près."))
	return r, nil
}

// bin is the bin of the histogram that holds a quantile.
func (c *cell) bin(p float64) stats.Interval {
	var edges, count [16]float64
	for i, n := range c.histogram {
		edges[i], count[i] = float64(edition.HistogramEdges[i]), float64(n)
	}
	return stats.HistogramQuantile(edges[:], count[:], p)
}

// upTo counts, by cluster, the persons in the bins that end at high or before.
func (c *cell) upTo(high float64) []float64 {
	out := make([]float64, len(c.rows))
	for i, row := range c.rows {
		for k, n := range row.Histogram {
			if float64(edition.HistogramEdges[k]) <= high {
				out[i] += float64(n)
			}
		}
	}
	return out
}
