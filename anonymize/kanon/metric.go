package kanon

import (
	"math"
	"sort"
)

// scorer computes the metric of a node and lower bounds of it.
type scorer struct {
	pr     *problem
	weight float64 // sum of the attributes' weights
	// base[j][l] is the cost of attribute j at level l with nothing suppressed,
	// extra[j][l][s] the least that suppressing s of its rows adds.
	base  [][]float64
	extra [][]extraCost
	// finest[j][l], when set, is the least mean cost of the rows that a node must keep: the score
	// is then the mean share of what is kept, whatever is suppressed.
	finest [][]float64
}

// extraCost is the least cost of suppressing rows: each row of a step costs cost.
type extraCost struct {
	cost []float64 // ascending
	upTo []int64   // cumulated rows
	sum  []float64 // cumulated cost
}

// unitCost is the cost of one row of attribute j whose value at level l is code,
// and full the cost when the row is suppressed, for the metrics that add up.
func (s *scorer) unitCost(j, l int, code int32) (cost, full float64) {
	a := &s.pr.attrs[j]
	switch s.pr.policy.Metric {
	case Loss, LossArithmetic:
		return float64(a.under[l][code]) / float64(a.hierarchy.Leaves()), 1
	case Precision:
		if a.maxLevel == 0 {
			return 0, 1
		}
		return float64(l) / float64(a.maxLevel), 1
	}
	return 0, 0
}

func newScorer(pr *problem) *scorer {
	s := &scorer{pr: pr}
	for j := range pr.attrs {
		a := &pr.attrs[j]
		s.weight += a.weight
		var base []float64
		var extra []extraCost
		for l := 0; l <= a.maxLevel; l++ {
			b, e := s.level(j, l)
			base, extra = append(base, b), append(extra, e)
		}
		s.base, s.extra = append(s.base, base), append(s.extra, extra)
	}
	return s
}

// level sums the cost of attribute j at level l over all rows.
func (s *scorer) level(j, l int) (float64, extraCost) {
	a := &s.pr.attrs[j]
	type step struct {
		cost float64
		rows int64
	}
	var steps []step
	base := 0.0
	switch s.pr.policy.Metric {
	case Entropy:
		for leaf := range a.leaves {
			value, general := a.freq[0][a.at[0][leaf]], a.freq[l][a.at[l][leaf]]
			if value == 0 { // of the population alone
				continue
			}
			base += float64(value) * math.Log2(float64(general)/float64(value))
			steps = append(steps, step{math.Log2(float64(s.pr.rows) / float64(general)), value})
		}
	case Loss, LossArithmetic, Precision:
		for code := range a.size[l] {
			cost, full := s.unitCost(j, l, int32(code))
			base += float64(a.freq[l][code]) * cost
			steps = append(steps, step{full - cost, a.freq[l][code]})
		}
	}
	sort.Slice(steps, func(x, y int) bool { return steps[x].cost < steps[y].cost })
	var e extraCost
	rows, sum := int64(0), 0.0
	for _, st := range steps {
		rows += st.rows
		sum += st.cost * float64(st.rows)
		e.cost, e.upTo, e.sum = append(e.cost, st.cost), append(e.upTo, rows), append(e.sum, sum)
	}
	return base, e
}

// least is the least that suppressing n rows adds.
func (e *extraCost) least(n int64) float64 {
	if n == 0 || len(e.cost) == 0 {
		return 0
	}
	i := sort.Search(len(e.upTo), func(i int) bool { return e.upTo[i] >= n })
	if i == len(e.upTo) {
		return e.sum[i-1]
	}
	return e.sum[i] - e.cost[i]*float64(e.upTo[i]-n)
}

// term is what attribute j at level l adds to the score, before finish: a
// function that grows with the attribute's sum.
func (s *scorer) term(j, l int, sum float64) float64 {
	a, n := &s.pr.attrs[j], float64(s.pr.rows)
	switch s.pr.policy.Metric {
	case Loss, LossArithmetic:
		v := 0.0
		if d := float64(a.hierarchy.Leaves()); d > 1 {
			v = (sum - n/d) / (n - n/d)
		}
		v = max(v, 1e-10)
		if s.pr.policy.Metric == Loss {
			v = math.Log1p(v)
		}
		return a.weight * v / s.weight
	case Precision:
		return a.weight * sum / n / s.weight
	case Entropy:
		return a.weight * sum
	case Height:
		return a.weight * float64(l)
	}
	return 0
}

// finish makes the score of the sum of the terms.
func (s *scorer) finish(terms float64) float64 {
	if s.pr.policy.Metric == Loss {
		return math.Expm1(terms)
	}
	return terms
}

// terms is what finish was given.
func (s *scorer) terms(score float64) float64 {
	if s.pr.policy.Metric == Loss {
		return math.Log1p(score)
	}
	return score
}

// combine makes one score of the attributes' sums.
func (s *scorer) combine(levels []int, sums []float64) float64 {
	total := 0.0
	for j, l := range levels {
		total += s.term(j, l, sums[j])
	}
	return s.finish(total)
}

// keptShare is the mean share of the cells of the rows that are kept.
func (s *scorer) keptShare(sums []float64, suppressed int64) float64 {
	total := 0.0
	for j, sum := range sums {
		total += s.pr.attrs[j].weight * (sum - float64(suppressed))
	}
	return total / s.weight / float64(int64(s.pr.rows)-suppressed)
}

// keepFinest makes the mean share of what is kept the score.
func (s *scorer) keepFinest() {
	limit, _ := s.pr.limits()
	kept := int64(s.pr.rows) - limit
	s.finest = make([][]float64, len(s.extra))
	for j := range s.extra {
		for l := range s.extra[j] {
			e, left, cost := &s.extra[j][l], kept, 0.0
			for i := len(e.cost) - 1; i >= 0 && left > 0; i-- {
				rows := e.upTo[i]
				if i > 0 {
					rows -= e.upTo[i-1]
				}
				rows = min(rows, left)
				cost, left = cost+float64(rows)*(1-e.cost[i]), left-rows
			}
			s.finest[j] = append(s.finest[j], cost/float64(max(kept, 1)))
		}
	}
}

// memo remembers the last bound of each attribute and level; one for each
// goroutine.
type memo struct {
	suppressed [][]int64
	term       [][]float64
}

func (s *scorer) newMemo() *memo {
	m := &memo{}
	for j := range s.base {
		suppressed := make([]int64, len(s.base[j]))
		for l := range suppressed {
			suppressed[l] = -1
		}
		m.suppressed, m.term = append(m.suppressed, suppressed), append(m.term, make([]float64, len(s.base[j])))
	}
	return m
}

// bound is at most the score of the node when at least suppressed rows are
// suppressed there.
func (s *scorer) bound(levels []int, suppressed int64, m *memo) float64 {
	n := float64(s.pr.rows)
	if s.finest != nil {
		total := 0.0
		for j, l := range levels {
			total += s.pr.attrs[j].weight * s.finest[j][l] / s.weight
		}
		return total
	}
	switch s.pr.policy.Metric {
	case AECS:
		return n / float64(s.pr.mostClasses(levels))
	case Discernibility:
		// Σ size² over at most c classes is at least n²/c.
		return n * n / float64(s.pr.mostClasses(levels))
	}
	total := 0.0
	for j, l := range levels {
		if m.suppressed[j][l] != suppressed {
			m.suppressed[j][l] = suppressed
			m.term[j][l] = s.term(j, l, s.base[j][l]+s.extra[j][l].least(suppressed))
		}
		total += m.term[j][l]
	}
	return s.finish(total)
}

// mostClasses bounds the number of classes of a node by the number of cells.
func (pr *problem) mostClasses(levels []int) int64 {
	cells := int64(1)
	for j, l := range levels {
		cells *= int64(pr.attrs[j].size[l])
		if cells >= int64(pr.rows) {
			return int64(pr.rows)
		}
	}
	return cells + 1
}

// score is the metric of a checked node.
func (s *scorer) score(g *grouping, keep []bool, suppressed int64, sums []float64) float64 {
	n := float64(s.pr.rows)
	if s.finest != nil {
		s.lossSums(g, keep, suppressed, sums)
		return s.keptShare(sums, suppressed)
	}
	switch s.pr.policy.Metric {
	case AECS:
		classes := 0
		for _, k := range keep {
			if k {
				classes++
			}
		}
		if suppressed > 0 {
			classes++
		}
		return n / float64(classes)
	case Discernibility:
		total := float64(suppressed) * n
		for c, k := range keep {
			if k {
				total += float64(g.rows[c]) * float64(g.rows[c])
			}
		}
		return total
	case Height:
		return s.combine(g.levels, sums)
	case Entropy:
		s.entropySums(g, keep, sums)
	case Precision:
		for j, l := range g.levels {
			cost, full := s.unitCost(j, l, 0)
			sums[j] = cost*(n-float64(suppressed)) + full*float64(suppressed)
		}
	default:
		s.lossSums(g, keep, suppressed, sums)
	}
	return s.combine(g.levels, sums)
}

// lossSums fills S of each attribute, from whole numbers of leaves.
func (s *scorer) lossSums(g *grouping, keep []bool, suppressed int64, sums []float64) {
	words := s.pr.words
	for j, l := range g.levels {
		a := &s.pr.attrs[j]
		leaves := int64(0)
		for c, k := range keep {
			if k {
				code := g.keys[c*words+a.word] >> a.shift & a.mask
				leaves += int64(g.rows[c]) * int64(a.under[l][code])
			}
		}
		sums[j] = float64(leaves)/float64(a.hierarchy.Leaves()) + float64(suppressed)
	}
}

// entropySums adds to the base what the suppressed rows lose.
func (s *scorer) entropySums(g *grouping, keep []bool, sums []float64) {
	words := s.pr.words
	for j, l := range g.levels {
		a := &s.pr.attrs[j]
		gone := make([]int64, a.size[l])
		for c, k := range keep {
			if !k {
				gone[g.keys[c*words+a.word]>>a.shift&a.mask] += int64(g.rows[c])
			}
		}
		sums[j] = s.base[j][l]
		for code, rows := range gone {
			if rows > 0 {
				sums[j] += float64(rows) * math.Log2(float64(s.pr.rows)/float64(a.freq[l][code]))
			}
		}
	}
}
