package kanon

import (
	"context"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestDollsFindTheLeastTerms goes through every node whose classes of k rows leave enough.
func TestDollsFindTheLeastTerms(t *testing.T) {
	bounded := 0
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		p.Metric, p.Sensitive, p.AverageRisk, table.Units = Loss, nil, 0, nil
		pr, err := compile(table, p)
		if err != nil {
			t.Fatal(err)
		}
		s := newSearch(pr)
		s.prepare()
		var order []int
		for j := range pr.attrs {
			order = append(order, j)
		}
		order = rapid.Permutation(order).Draw(t, "order")
		d := s.newDoll(order)
		if n, err := d.solve(context.Background()); err != nil || n != len(order) {
			t.Fatalf("%d of %d places, %v", n, len(order), err)
		}
		limit, _ := pr.limits()
		least, levels := math.Inf(1), append([]int(nil), s.low...)
		for {
			gone, terms := int64(0), 0.0
			for _, c := range (brute{table, p}).classes(inPolicy(pr, p, levels)) {
				if len(c.rows) < p.K {
					gone += int64(len(c.rows))
				}
			}
			for j, l := range levels {
				terms += s.termAt(j, l, gone)
			}
			if gone <= limit {
				least = min(least, terms)
			}
			j := 0
			for ; j < len(levels) && levels[j] == s.high[j]; j++ {
				levels[j] = s.low[j]
			}
			if j == len(levels) {
				break
			}
			levels[j]++
		}
		if math.IsInf(least, 1) {
			return // whatever they say bounds it
		}
		if math.Abs(d.least[0]-least) > 1e-12 {
			t.Fatalf("the dolls say %v, the least is %v", d.least[0], least)
		}
		if least > 0.01 {
			bounded++
		}
	})
	if bounded == 0 {
		t.Error("no drawn table has a bound: the test shows nothing")
	}
}

// inPolicy gives the levels in the order of the policy.
func inPolicy(pr *problem, p *Policy, levels []int) []int {
	at := map[string]int{}
	for j := range pr.attrs {
		at[pr.attrs[j].name] = levels[j]
	}
	var out []int
	for _, q := range p.QuasiIdentifiers {
		out = append(out, at[q.Name])
	}
	return out
}

// TestDollsBoundManyAttributes holds what is proved of drawn tables of 15 to 20
// quasi-identifiers, counted in checks: without dolls the bounds were a fifth to a third lower.
func TestDollsBoundManyAttributes(t *testing.T) {
	for attrs, gap := range map[int]float64{15: 0.03, 20: 0.04} {
		l := drawn(t, fmt.Sprint(attrs), 1000, attrs, []int{8, 4, 6, 3, 16}, []int{2, 4, 3, 3, 2}, 1)
		p := *l.policy
		p.K, p.SuppressionLimit, p.Metric = 5, 0.05, Loss
		p.Search = SearchOptions{Threads: 2, MaxChecks: 400_000, MaxNodes: 1}
		s, err := Search(context.Background(), l.table, &p)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(attrs, s, s.Bound)
		if s.Bound > s.Score || s.Bound < s.Score*(1-gap) {
			t.Errorf("%d attributes: score %v, bound %v", attrs, s.Score, s.Bound)
		}
	}
}
