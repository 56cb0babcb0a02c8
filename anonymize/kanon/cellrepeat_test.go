package kanon

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestRepeatedOptimumKeepsMore holds the other start of a recoding on Adult at k = 25: by
// blocks the mean share is 0.3052, and ARX 3.9.2 (optimizeIterativeFast) reaches 0.2927.
func TestRepeatedOptimumKeepsMore(t *testing.T) {
	table, hs := adult(t)
	p := adultPolicy(hs, 0)
	p.Metric, p.K, p.Search.Threads = LossArithmetic, 25, 2
	s, out, err := Recode(context.Background(), table, p)
	if err != nil {
		t.Fatal(err)
	}
	if s.CellShare > 0.2897 {
		t.Errorf("share %v", s.CellShare)
	}
	if s.AchievedK < 25 || out.Rows() != table.Rows() {
		t.Errorf("k = %d, %d rows", s.AchievedK, out.Rows())
	}
}

// TestRepeatedGroupsHoldEveryTuple: the groups of the other start part the tuples, whatever
// the units, models and k.
func TestRepeatedGroupsHoldEveryTuple(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		pr, err := compile(table, p)
		if err != nil {
			t.Fatal(err)
		}
		r := newRecoder(pr)
		groups, err := r.repeated(context.Background(), table)
		if err != nil {
			t.Fatal(err)
		}
		var all []int32
		for _, g := range groups {
			all = append(all, g.members...)
			again := &group{members: slices.Clone(g.members)}
			(&clusterer{recoder: r}).fill(again)
			if again.ok != g.ok || again.share != g.share || again.rows != g.rows {
				t.Fatalf("a group says %v, %v rows, share %v; its members %v, %v, %v", g.ok, g.rows, g.share, again.ok,
					again.rows, again.share)
			}
		}
		slices.Sort(all)
		if len(all) != r.base.n || len(slices.Compact(all)) != r.base.n {
			t.Fatalf("%d tuples in groups, of %d", len(all), r.base.n)
		}
	})
}

// TestCellsMeetWhatColumnsMeet: recoding by cell refuses no policy that a recoding of whole
// columns meets.
func TestCellsMeetWhatColumnsMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, p := drawTable(t)
		if p.Metric == Entropy || p.Metric == Height {
			return
		}
		columns, err := Search(context.Background(), table, p)
		if err != nil && !errors.Is(err, ErrUnsatisfiable) {
			t.Fatal(err)
		}
		cells, out, cellErr := Recode(context.Background(), table, p)
		if err == nil && cellErr != nil {
			t.Fatalf("columns: %v; cells: %v", columns, cellErr)
		}
		if cellErr == nil && len(cells.Levels) > 0 && cells.Kept != out.Rows() {
			t.Fatalf("%d rows kept, %d there", cells.Kept, out.Rows())
		}
	})
}
