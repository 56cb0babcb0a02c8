package kanon

import (
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/privacy"
)

// A class that fails a model may have parts that meet it, which a finer node keeps. But each
// model that compares with a given distribution holds of a union of classes where it holds of
// each: a distance is convex, a share of the union lies between theirs, an entropy is concave.
// So all that a finer node keeps of the class is itself a part that meets the model. How large
// such a part can be follows from the class alone, and what is beyond it is suppressed in
// every finer node. Of δ-disclosure only the upper side holds of unions, and only it is asked.

// parts says how large a part of a class may meet a model, each person bearing one value.
type parts struct {
	model *model
	// shares is what the bound allows each value, nil where it does not speak of single values.
	shares *shares
	// needs are shares that a class lacks to some extent, which together the bound limits to
	// slack: of each value (equal distance), of the values up to each and beyond it (ordered),
	// of the nodes of each level of a tree. has are the persons of a class for each.
	needs, has []float64
	slack      float64
}

func newParts(m *model, ref *reference) *parts {
	p := &parts{model: m, slack: m.Bound + 2*Tolerance}
	switch m.Model {
	case privacy.TEqual:
		for v := range ref.total {
			p.needs = append(p.needs, ref.weight(int32(v)))
		}
	case privacy.TOrdered:
		share := make([]float64, len(m.Order))
		for v := range ref.total {
			share[m.rank[v]] += ref.weight(int32(v))
		}
		low := 0.0
		for _, q := range share[:max(len(share)-1, 0)] {
			low += q
			p.needs = append(p.needs, low, 1-low)
		}
		p.slack *= float64(max(len(m.Order)-1, 0))
	case privacy.THierarchical:
		for l := range m.levels() {
			at := len(p.needs)
			p.needs = append(p.needs, make([]float64, m.nodes[l])...)
			for v := range ref.total {
				p.needs[at+int(m.tree[l][v])] += ref.weight(int32(v))
			}
		}
		p.slack *= float64(m.levels())
	case privacy.Beta, privacy.BetaEnhanced, privacy.BetaRare, privacy.Delta, privacy.Alpha:
		p.shares = newShares(m, ref)
	}
	p.has = make([]float64, len(p.needs))
	return p
}

// largest is the most persons of a part of the class that may meet the model.
func (p *parts) largest(c *class) int64 {
	m := p.model
	switch m.Model {
	case privacy.DistinctL:
		return 0 // a part has no more values
	case privacy.EntropyL:
		return evenest(c, func(part *class) bool { return entropy(part) >= math.Log(m.Bound)-2*Tolerance })
	case privacy.RecursiveCL:
		return evenest(c, func(part *class) bool { return recursiveC(part, int(m.Bound)) < m.C })
	case privacy.TEqual, privacy.TOrdered, privacy.THierarchical:
		p.count(c)
		return p.near(c.n)
	}
	return p.shares.largest(c)
}

// count fills what the class has for each need.
func (p *parts) count(c *class) {
	m := p.model
	clear(p.has)
	switch m.Model {
	case privacy.TEqual:
		for i, v := range c.values {
			p.has[v] = float64(c.count[i])
		}
	case privacy.TOrdered:
		for i, v := range c.values {
			for step := range len(p.has) / 2 {
				side := 0
				if int(m.rank[v]) > step {
					side = 1
				}
				p.has[2*step+side] += float64(c.count[i])
			}
		}
	case privacy.THierarchical:
		at := 0
		for l := range m.levels() {
			for i, v := range c.values {
				p.has[at+int(m.tree[l][v])] += float64(c.count[i])
			}
			at += m.nodes[l]
		}
	}
}

// near is the size of the largest part of n persons with Σ max(0, need·size − has) ≤ slack·size.
// The sum is convex and 0 at 0, so that where a tangent says so the sum does no later (Newton's
// method, from above).
func (p *parts) near(n int64) int64 {
	size := float64(n)
	for range 64 {
		slope, constant := -p.slack, 0.0
		for i, need := range p.needs {
			if need*size > p.has[i] {
				slope, constant = slope+need, constant+p.has[i]
			}
		}
		if slope*size <= constant {
			break
		}
		size = constant / slope
	}
	return int64(math.Floor(size + 1e-6))
}

// evenest is the size of the largest part that holds, where an evener part of as many persons
// holds if any does: the counts are cut at one height, as of all parts of a size that one is
// majorized by the others, and lower cuts are majorized by higher ones (Marshall, Olkin &
// Arnold 2011).
func evenest(c *class, holds func(*class) bool) int64 {
	part := class{values: c.values, count: make([]int32, len(c.count))}
	cut := func(height int32) bool {
		part.sum = 0
		for i, n := range c.count {
			part.count[i] = min(n, height)
			part.sum += int64(part.count[i])
		}
		part.n = part.sum
		return holds(&part)
	}
	low, high := int32(0), slices.Max(c.count)
	if cut(high) {
		return c.n // by less than the tolerance
	}
	for high-low > 1 { // low holds, high does not
		if middle := low + (high-low)/2; cut(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	if low == 0 {
		return 0 // one of each value is as even as parts are
	}
	cut(high)
	return part.sum - 1 // the part of this size does not hold
}
