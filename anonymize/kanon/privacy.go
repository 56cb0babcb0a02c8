package kanon

import (
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/privacy"
)

// Tolerance is the slack, absolute, that every comparison of a computed
// distance, entropy or share with its bound allows for rounding: an entropy of
// exactly ln l passes. Counts are compared exactly.
const Tolerance = 1e-9

// model is a Sensitive made ready: what it is asked of and against which
// distribution.
type model struct {
	*Sensitive
	rule     privacy.Rule
	compares bool // with what leaves, too
	attr     int  // in problem.sensitive
	// rank[v] is the place of value v in Order, for TOrdered.
	rank []int32
	// rare is the value of Rare, -1 when no row bears it.
	rare int32
	// tree[l][v] is the node of value v at level l, of nodes[l], for THierarchical.
	tree  [][]int32
	nodes []int
}

func newModel(s *Sensitive, attr int, v attributeValues) model {
	rule, _ := privacy.Of(s.Model)
	m := model{Sensitive: s, rule: rule, compares: s.ComparesReleased(), attr: attr, rare: -1}
	if i, ok := slices.BinarySearch(v.values, s.Rare); ok && s.Rare != "" {
		m.rare = int32(i)
	}
	switch s.Model {
	case privacy.TOrdered:
		for _, value := range v.values {
			m.rank = append(m.rank, int32(slices.Index(s.Order, value)))
		}
	case privacy.THierarchical:
		for l := 0; l <= s.Hierarchy.MaxLevel(); l++ {
			nodes, number := make([]int32, len(v.values)), map[int32]int32{}
			for i, value := range v.values {
				leaf, _ := s.Hierarchy.Leaf(value)
				code := s.Hierarchy.Code(l, leaf)
				if _, known := number[code]; !known {
					number[code] = int32(len(number))
				}
				nodes[i] = number[code]
			}
			m.tree, m.nodes = append(m.tree, nodes), append(m.nodes, len(number))
		}
	}
	return m
}

// reference is the distribution of a sensitive attribute over the whole table.
type reference struct {
	total   []int64 // distinct persons by value
	sum     int64   // of total
	persons int64
}

func newReference(total []int64, persons int64) reference {
	r := reference{total: total, persons: persons}
	for _, n := range total {
		r.sum += n
	}
	return r
}

// class is the distribution in one class: count[v] distinct persons for the
// values listed in values, ascending; n distinct persons in all.
type class struct {
	values []int32
	count  []int32
	sum    int64
	n      int64
}

// holds compares an achieved value with the bound.
func (m *model) holds(achieved float64) bool {
	switch m.Model {
	case privacy.DistinctL:
		return achieved >= m.Bound
	case privacy.EntropyL:
		return math.Log(achieved) >= math.Log(m.Bound)-Tolerance
	case privacy.RecursiveCL:
		return achieved < m.C-Tolerance
	}
	return achieved <= m.Bound+Tolerance
}

// measure gives what the class achieves: l, exp of the entropy, the least C,
// the distance, the gain or the share.
func (m *model) measure(c *class, ref *reference) float64 {
	switch m.Model {
	case privacy.DistinctL:
		return float64(len(c.values))
	case privacy.EntropyL:
		return math.Exp(entropy(c))
	case privacy.RecursiveCL:
		return recursiveC(c, int(m.Bound))
	case privacy.TEqual:
		return equalDistance(c, ref)
	case privacy.TOrdered:
		return m.orderedDistance(c, ref)
	case privacy.THierarchical:
		return m.treeDistance(c, ref)
	case privacy.Beta, privacy.BetaRare:
		return m.gain(c, ref)
	case privacy.BetaEnhanced:
		return m.enhancedGain(c, ref)
	case privacy.Delta:
		least, most := 1.0, 1.0
		for i, v := range c.values {
			ratio := c.share(i) / ref.share(v)
			least, most = min(least, ratio), max(most, ratio)
		}
		return max(-math.Log(least), math.Log(most))
	case privacy.Alpha:
		worst := 0.0
		for i, v := range c.values {
			if m.Rare == "" || v == m.rare {
				worst = max(worst, c.share(i))
			}
		}
		return worst
	}
	return math.NaN()
}

func (c *class) share(i int) float64        { return float64(c.count[i]) / float64(c.n) }
func (r *reference) share(v int32) float64  { return float64(r.total[v]) / float64(r.persons) }
func (c *class) weight(i int) float64       { return float64(c.count[i]) / float64(c.sum) }
func (r *reference) weight(v int32) float64 { return float64(r.total[v]) / float64(r.sum) }

func entropy(c *class) float64 {
	h := 0.0
	for i := range c.values {
		p := c.weight(i)
		h -= p * math.Log(p)
	}
	return h
}

// recursiveC is r1 ÷ (r_l + …), infinite when there are fewer than l values.
func recursiveC(c *class, l int) float64 {
	counts := slices.Clone(c.count)
	slices.Sort(counts)
	var tail int64
	for i := 0; i <= len(counts)-l; i++ {
		tail += int64(counts[i])
	}
	if tail == 0 {
		return math.Inf(1)
	}
	return float64(counts[len(counts)-1]) / float64(tail)
}

func equalDistance(c *class, ref *reference) float64 {
	d, absent := 0.0, 1.0
	for i, v := range c.values {
		q := ref.weight(v)
		d += math.Abs(c.weight(i) - q)
		absent -= q
	}
	return (d + max(absent, 0)) / 2
}

// orderedDistance is Σ|Σ(p−q)| ÷ (m−1) over the values in their order.
func (m *model) orderedDistance(c *class, ref *reference) float64 {
	if len(m.Order) < 2 {
		return 0
	}
	var memory [64]float64
	diff := floats(memory[:], len(m.Order))
	for v := range ref.total {
		diff[m.rank[v]] -= ref.weight(int32(v))
	}
	for i, v := range c.values {
		diff[m.rank[v]] += c.weight(i)
	}
	sum, cumulated := 0.0, 0.0
	for _, d := range diff[:len(diff)-1] {
		cumulated += d
		sum += math.Abs(cumulated)
	}
	return sum / float64(len(diff)-1)
}

// treeDistance is the EMD on a tree (Li 2007, §5.3), where moving across a node of height h
// costs h ÷ height: each level adds what moves between its nodes, which is the equal distance
// of their shares, ÷ height.
func (m *model) treeDistance(c *class, ref *reference) float64 {
	var memory [64]float64
	moved := 0.0
	for l := range m.levels() {
		diff := floats(memory[:], m.nodes[l])
		for v := range ref.total {
			diff[m.tree[l][v]] -= ref.weight(int32(v))
		}
		for i, v := range c.values {
			diff[m.tree[l][v]] += c.weight(i)
		}
		for _, d := range diff {
			moved += math.Abs(d)
		}
	}
	return moved / 2 / float64(m.levels())
}

// levels is how many levels of a tree values move at; at its top all are one.
func (m *model) levels() int { return max(len(m.tree)-1, 1) }

// floats are n zeros, in the memory if it is large enough.
func floats(memory []float64, n int) []float64 {
	if n > len(memory) {
		return make([]float64, n)
	}
	clear(memory[:n])
	return memory[:n]
}

// gain is the largest share ÷ Share − 1 over the values that m speaks of.
func (m *model) gain(c *class, ref *reference) float64 {
	worst := 0.0
	for i, v := range c.values {
		if m.Model == privacy.BetaRare && v != m.rare {
			continue
		}
		worst = max(worst, c.share(i)/ref.share(v)-1)
	}
	return worst
}

// enhancedGain scales each gain so that it may be compared with Bound: a value
// whose own bound −ln Share is smaller counts in proportion.
func (m *model) enhancedGain(c *class, ref *reference) float64 {
	worst := 0.0
	for i, v := range c.values {
		gain := c.share(i)/ref.share(v) - 1
		if gain <= Tolerance {
			continue
		}
		own := -math.Log(ref.share(v))
		switch {
		case own < m.Bound && own <= 0:
			worst = math.Inf(1)
		case own < m.Bound:
			worst = max(worst, gain*m.Bound/own)
		default:
			worst = max(worst, gain)
		}
	}
	return worst
}
