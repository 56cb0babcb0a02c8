package kanon

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

// lattice is a table with a policy on which the search is measured beside Adult,
// so that what makes it fast is not a property of one table.
type lattice struct {
	name   string
	table  *Table
	policy *Policy
}

// halves is a hierarchy of so many leaves whose levels join each time so many values.
func halves(t testing.TB, leaves, by int) *hierarchy.Hierarchy {
	t.Helper()
	rows := make([][]string, leaves)
	for v := range rows {
		rows[v] = []string{fmt.Sprint(v)}
		for width := by; width < leaves; width *= by {
			rows[v] = append(rows[v], fmt.Sprintf("%d:%d", width, v/width))
		}
		rows[v] = append(rows[v], hierarchy.Top)
	}
	h, err := hierarchy.New(rows)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// drawn makes a table whose attributes follow a hidden kind of person, each
// with its own probability, and are else drawn by their rank (Zipf).
func drawn(t testing.TB, name string, rows, attributes int, sizes, by []int, rowsPerPerson int) lattice {
	t.Helper()
	r := rand.New(rand.NewPCG(7, uint64(attributes)))
	l := lattice{name: name, table: &Table{}, policy: &Policy{K: 5, Metric: Loss, Search: SearchOptions{Threads: 2}}}
	persons := rows / rowsPerPerson
	kind := make([]int, persons)
	for i := range kind {
		kind[i] = int(r.ExpFloat64() * 4)
	}
	ids := make([]int64, rows)
	for i := range ids {
		ids[i] = int64(i % persons)
	}
	for j := range attributes {
		size := sizes[j%len(sizes)]
		texts := make([]string, rows)
		for i := range texts {
			v := kind[ids[i]] * (j + 3) % size
			if r.IntN(4) <= j%3 {
				v = int(math.Exp(r.Float64()*math.Log(float64(size)+0.5))) % size
			}
			texts[i] = fmt.Sprint(v)
		}
		column := fmt.Sprintf("q%02d", j)
		l.table.Columns = append(l.table.Columns, NewColumn(column, texts))
		l.policy.QuasiIdentifiers = append(l.policy.QuasiIdentifiers,
			QuasiIdentifier{Name: column, Hierarchy: halves(t, size, by[j%len(by)]), MaxLevel: -1})
	}
	if rowsPerPerson > 1 {
		l.table.Units = []Unit{{Name: "person", IDs: ids}}
	}
	return l
}

// oulad is the excerpt of the Open University's registrations: real data, with
// students who have several rows.
func oulad(t testing.TB) lattice {
	t.Helper()
	dir := filepath.Join("..", "microdata", "testdata", "oulad")
	f, err := os.Open(filepath.Join(dir, "studentInfo.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	l := lattice{name: "oulad", table: &Table{},
		policy: &Policy{K: 11, Metric: Loss, Search: SearchOptions{Threads: 2}}}
	for j, name := range rows[0] {
		texts := make([]string, 0, len(rows))
		for _, row := range rows[1:] {
			texts = append(texts, row[j])
		}
		column := NewColumn(name, texts)
		if name == "id_student" {
			ids := make([]int64, len(texts))
			for i, c := range column.Codes {
				ids[i] = int64(c)
			}
			l.table.Units = []Unit{{Name: name, IDs: ids}}
			continue
		}
		hf, err := os.Open(filepath.Join(dir, name+".csv"))
		if err != nil {
			continue
		}
		h, err := hierarchy.ReadCSV(hf, ';')
		hf.Close()
		if err != nil {
			t.Fatal(err)
		}
		l.table.Columns = append(l.table.Columns, column)
		l.policy.QuasiIdentifiers = append(l.policy.QuasiIdentifiers,
			QuasiIdentifier{Name: name, Hierarchy: h, MaxLevel: -1})
	}
	return l
}

// lattices are the tables other than Adult; scale multiplies the rows of those drawn.
func lattices(t testing.TB, scale float64) []lattice {
	n := func(rows int) int { return int(float64(rows) * scale) }
	return []lattice{
		oulad(t),
		drawn(t, "twelve", n(20_000), 12, []int{8, 4, 6, 3}, []int{2, 4, 3, 3}, 1),
		drawn(t, "wide", n(50_000), 6, []int{200, 12, 64}, []int{4, 3, 2}, 1),
		drawn(t, "events", n(40_000), 6, []int{32, 5, 12}, []int{2, 5, 3}, 4),
	}
}

// BenchmarkLattices is BenchmarkSearch on other tables:
//
//	go test -run xxx -bench Lattices -benchtime 5x ./anonymize/kanon/
func BenchmarkLattices(b *testing.B) {
	for _, l := range lattices(b, 1) {
		for _, limit := range []float64{0, 0.01, 0.05, 1} {
			b.Run(fmt.Sprintf("%s/limit=%v", l.name, limit), func(b *testing.B) {
				p := *l.policy
				p.SuppressionLimit = limit
				start, least := cpu(), time.Duration(math.MaxInt64)
				var s *Solution
				for b.Loop() {
					began := time.Now()
					var err error
					if s, err = Search(context.Background(), l.table, &p); err != nil {
						b.Fatal(err)
					}
					least = min(least, time.Since(began))
				}
				b.ReportMetric(float64(cpu()-start)/1e6/float64(b.N), "cpu-ms/op")
				b.ReportMetric(least.Seconds()*1e3, "best-ms")
				b.ReportMetric(float64(s.NodesChecked), "checks")
				b.ReportMetric(float64(s.LatticeNodes), "nodes")
				b.ReportMetric(s.Score, "score")
			})
		}
	}
}

// What the search leaves unchecked, it leaves by proof: on tables unlike Adult it
// finds what a check of every node finds, at every limit.
func TestShortcutsProveTheOptimumOnOtherLattices(t *testing.T) {
	limits := []float64{0, 0.01, 0.05, 1}
	for _, l := range append(lattices(t, 0.02), drawn(t, "plain", 600, 5, []int{9, 4, 27}, []int{3, 2}, 1)) {
		p := *l.policy
		p.K = 3
		best, nodes := everyNode(t, l.table, p, limits)
		for i, limit := range limits {
			p.SuppressionLimit = limit
			s, err := Search(context.Background(), l.table, &p)
			if err != nil {
				t.Fatal(l.name, err)
			}
			t.Logf("%s, limit %v: %d of %d nodes checked, score %v", l.name, limit, s.NodesChecked, nodes, s.Score)
			if !s.ProvedOptimal || s.Score != best[i] || s.LatticeNodes != nodes {
				t.Errorf("%s, limit %v: score %v of %d nodes; a check of all %d gives %v", l.name, limit, s.Score,
					s.LatticeNodes, nodes, best[i])
			}
			if s.NodesChecked*3 > nodes {
				t.Errorf("%s, limit %v: %d of %d nodes checked", l.name, limit, s.NodesChecked, nodes)
			}
		}
	}
}

// everyNode checks all nodes from the distinct tuples, with no bound and no ladder,
// and gives the best score within each limit.
func everyNode(t *testing.T, table *Table, p Policy, limits []float64) (best []float64, nodes int64) {
	t.Helper()
	p.SuppressionLimit = 1
	pr, err := compile(table, &p)
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch(pr)
	levels := make([]int, len(s.high))
	for range limits {
		best = append(best, math.Inf(1))
	}
	for {
		nodes++
		o := s.checkers[0].check(s.base, levels, math.Inf(1), &grouping{})
		for i, limit := range limits {
			if o.suppressedRows <= int64(limit*float64(pr.rows)) &&
				o.suppressedPersons <= int64(limit*float64(pr.persons[0])) {
				best[i] = min(best[i], o.score)
			}
		}
		j := 0
		for ; j < len(levels) && levels[j] == s.high[j]; j++ {
			levels[j] = 0
		}
		if j == len(levels) {
			return best, nodes
		}
		levels[j]++
	}
}
