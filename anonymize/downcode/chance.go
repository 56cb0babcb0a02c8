package downcode

import (
	"fmt"
	"math"
)

// law is how rows beneath each node would be spread over the nodes below it by the shares that these have among the
// rows of a column.
type law struct {
	tree  *tree
	share []float64 // of a node among its siblings
	known map[string]float64
}

// newLaw counts the rows that a column has at or beneath each node. Half a row more for each, since none is impossible.
func newLaw(t *tree, nodes []int32) *law {
	l := &law{tree: t, share: make([]float64, len(t.parent)), known: map[string]float64{}}
	for _, n := range nodes {
		for ; n >= 0; n = t.parent[n] {
			l.share[n]++
		}
	}
	for _, below := range t.below {
		all := 0.0
		for _, child := range below {
			l.share[child] += 0.5
			all += l.share[child]
		}
		for _, child := range below {
			l.share[child] /= all
		}
	}
	return l
}

// likeliest is the place of the node below that most rows have.
func (l *law) likeliest(node int32) int {
	best := 0
	for i, child := range l.tree.below[node] {
		if l.share[child] > l.share[l.tree.below[node][best]] {
			best = i
		}
	}
	return best
}

// spread is how many standard deviations of a count are looked at.
const spread = 10

// chance is the probability that n rows drawn by the law have counts within the bounds of a claim.
func (l *law) chance(c *claim) float64 {
	key := fmt.Sprint(c.node, c.n, c.low, c.high)
	if p, ok := l.known[key]; ok {
		return p
	}
	// The count beneath each node, given those before it, is binomial.
	reached, left := make([]float64, c.n+1), 1.0 // reached[n]: n rows are left
	reached[c.n] = 1
	for i, child := range l.tree.below[c.node] {
		q := 1.0
		if i < len(c.low)-1 {
			q = min(1, l.share[child]/left)
		}
		next := make([]float64, c.n+1)
		for n, p := range reached {
			if p < 1e-18 {
				continue
			}
			mean, sd := float64(n)*q, math.Sqrt(float64(n)*q*(1-q))
			from := max(c.low[i], int(mean-spread*sd)-1)
			for k := from; k <= min(c.high[i], n, int(mean+spread*sd)+1); k++ {
				next[n-k] += p * binomial(n, k, q)
			}
		}
		reached, left = next, left-l.share[child]
	}
	p := min(1, reached[0])
	l.known[key] = p
	return p
}

func binomial(n, k int, q float64) float64 {
	switch {
	case q <= 0:
		return float64(1 - min(k, 1))
	case q >= 1:
		return float64(1 - min(n-k, 1))
	}
	of := func(x int) float64 {
		v, _ := math.Lgamma(float64(x + 1))
		return v
	}
	return math.Exp(of(n) - of(k) - of(n-k) + float64(k)*math.Log(q) + float64(n-k)*math.Log1p(-q))
}
