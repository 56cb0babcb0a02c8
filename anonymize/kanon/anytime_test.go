package kanon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// A small MaxNodes sends small lattices down the ways of the large ones.
func TestNarrowedAndAnytimeSearchAgreeWithTheSweep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		if rapid.Bool().Draw(t, "among a population") {
			p.Population = drawPopulation(t, table, p)
		}
		s, err := Search(context.Background(), table, p)
		q := *p
		q.Search.MaxNodes = int64(rapid.IntRange(1, 6).Draw(t, "nodes"))
		s2, err2 := Search(context.Background(), table, &q)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("%v, but any-time %v", err, err2)
		}
		if err == nil && math.Abs(s.Score-s2.Score) > 1e-9*math.Max(1, s.Score) {
			t.Fatalf("%v, but any-time, which ran to its end, %v", s, s2)
		}
		q.Search.MaxChecks = rapid.IntRange(1, 10).Draw(t, "checks")
		s3, err := Search(context.Background(), table, &q)
		if err != nil {
			if !errors.Is(err, ErrUnsatisfiable) {
				t.Fatal(err)
			}
			return
		}
		if s3.Score < s.Score-1e-9*math.Max(1, s.Score) || s3.Bound > s.Score+1e-9*math.Max(1, s.Score) {
			t.Fatalf("the optimum is %v; cut short: score %v, bound %v", s.Score, s3.Score, s3.Bound)
		}
	})
}

// large has 20 quasi-identifiers of 5 levels: 5^20 nodes.
func large(t testing.TB, rows int) (*Table, *Policy) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 3))
	table, p := &Table{}, &Policy{K: 5, SuppressionLimit: 0.05, Metric: Loss}
	var leaves [][]string
	for v := range 16 {
		leaves = append(leaves,
			[]string{fmt.Sprint(v), fmt.Sprintf("2:%d", v/2), fmt.Sprintf("4:%d", v/4), fmt.Sprintf("8:%d", v/8), "*"})
	}
	h, err := hierarchy.New(leaves)
	if err != nil {
		t.Fatal(err)
	}
	kind := make([]int, rows)
	for i := range kind {
		kind[i] = r.IntN(16)
	}
	for j := range 20 {
		texts := make([]string, rows)
		for i := range texts {
			v := kind[i]
			if r.IntN(4) == 0 {
				v = r.IntN(16)
			}
			texts[i] = fmt.Sprint(v)
		}
		name := fmt.Sprintf("q%02d", j)
		table.Columns = append(table.Columns, NewColumn(name, texts))
		p.QuasiIdentifiers = append(p.QuasiIdentifiers, QuasiIdentifier{Name: name, Hierarchy: h, MaxLevel: -1})
	}
	return table, p
}

func TestAnytimeOn20QuasiIdentifiers(t *testing.T) {
	table, p := large(t, 2000)
	p.Search.MaxChecks = 600
	s, err := Search(context.Background(), table, p)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(s, "bound", s.Bound)
	if s.ProvedOptimal || s.Bound < 0.1 || s.Bound > s.Score || s.AchievedK < 5 || s.Score > 0.81 {
		t.Errorf("%v, bound %v, proved %v", s, s.Bound, s.ProvedOptimal)
	}
	again, err := Search(context.Background(), table, p)
	if err != nil || fmt.Sprint(again.Levels) != fmt.Sprint(s.Levels) {
		t.Errorf("the same input gives another solution: %v", err)
	}
	p.Search.MaxChecks = 4000
	longer, err := Search(context.Background(), table, p)
	if err != nil || longer.Bound < 0.3 || longer.Score > s.Score {
		t.Errorf("with more checks: %v, bound %v, %v", longer, longer.Bound, err)
	}
	p.Search = SearchOptions{TimeLimit: 200 * time.Millisecond}
	start := time.Now()
	if _, err := Search(context.Background(), table, p); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("a limit of 0.2 s took %v", d)
	}
}

// The bound holds whatever the budget, and on lattices that can be proved the
// local search finds the optimum or comes near it.
func TestBoundNeverExceedsTheOptimum(t *testing.T) {
	for _, l := range lattices(t, 0.05) {
		for _, metric := range Metrics {
			for _, limit := range []float64{0, 0.05} {
				p := *l.policy
				p.Metric, p.SuppressionLimit = metric, limit
				s, err := Search(context.Background(), l.table, &p)
				if err != nil {
					t.Fatal(err)
				}
				p.Search.MaxNodes = 20
				for _, checks := range []int{1, 30, 200, 1000} {
					p.Search.MaxChecks = checks
					cut, err := Search(context.Background(), l.table, &p)
					if err != nil {
						t.Fatalf("%s, %s: %v", l.name, metric, err)
					}
					if cut.Bound > s.Score || cut.Score < s.Score || cut.ProvedOptimal && cut.Score != s.Score {
						t.Errorf("%s, %s, limit %v, %d checks: bound %v, found %v (proved %v), optimum %v",
							l.name, metric, limit, checks, cut.Bound, cut.Score, cut.ProvedOptimal, s.Score)
					}
					if checks == 1000 && metric == Loss && (cut.Score > 1.1*s.Score || cut.Bound < 0.2*s.Score) {
						t.Errorf("%s, limit %v: bound %v, found %v, optimum %v", l.name, limit, cut.Bound, cut.Score,
							s.Score)
					}
				}
			}
		}
	}
}

// The same on random tables, hierarchies and policies, with a budget for every group.
func TestBoundNeverExceedsTheOptimumOfRandomTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		solution, err := Search(context.Background(), table, p)
		pr, fault := compile(table, p)
		if fault != nil {
			t.Fatal(fault)
		}
		s := newSearch(pr)
		s.prepare()
		bound, fault := s.least(context.Background(), budget{})
		if fault != nil {
			t.Fatal(fault)
		}
		if err == nil && bound > solution.Score {
			t.Fatalf("the optimum is %v, its bound %v", solution.Score, bound)
		}
	})
}

// A time limit holds where a proof would take longer, and lets it be when not.
func TestTimeLimitGivesUpTheProof(t *testing.T) {
	l := lattices(t, 1)[1]
	p := *l.policy
	p.SuppressionLimit = 0.05
	p.Search.TimeLimit = 10 * time.Minute
	s, err := Search(context.Background(), l.table, &p)
	if err != nil || !s.ProvedOptimal {
		t.Fatalf("%v, %v", s, err)
	}
	p.Search.TimeLimit = 30 * time.Millisecond
	cut, err := Search(context.Background(), l.table, &p)
	if err != nil {
		t.Fatal(err)
	}
	if cut.ProvedOptimal || cut.Score < s.Score || cut.Bound > s.Score || cut.NodesChecked >= s.NodesChecked {
		t.Errorf("within 30 ms: %v, bound %v, proved %v; the optimum is %v", cut, cut.Bound, cut.ProvedOptimal, s)
	}
}
