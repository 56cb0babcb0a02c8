package downcode

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

// adult is a draw of n rows of Adult with a person for each, which is its row, and a policy of nine
// quasi-identifiers.
func adult(t testing.TB, n, k int) (*kanon.Table, *kanon.Policy) {
	t.Helper()
	dir := filepath.Join("..", "kanon", "testdata", "adult")
	f, err := os.Open(filepath.Join(dir, "adult.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(z)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head, rows := rows[0], rows[1:]
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	rows = rows[:min(n, len(rows))]
	table, p := &kanon.Table{}, &kanon.Policy{K: k, Metric: kanon.LossArithmetic, Search: kanon.SearchOptions{Threads: 2}}
	for j, name := range head {
		var texts []string
		for _, row := range rows {
			texts = append(texts, row[j])
		}
		table.Columns = append(table.Columns, kanon.NewColumn(name, texts))
		f, err := os.Open(filepath.Join(dir, "adult_hierarchy_"+name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		h, err := hierarchy.ReadCSV(f, ';')
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		p.QuasiIdentifiers = append(p.QuasiIdentifiers, kanon.QuasiIdentifier{Name: name, Hierarchy: h, MaxLevel: -1})
	}
	return table, p
}

// columnsOf are the quasi-identifiers of a policy, with the marginals of a table where there is one.
func columnsOf(p *kanon.Policy, table *kanon.Table) []Column {
	var out []Column
	for _, q := range p.QuasiIdentifiers {
		c := Column{Name: q.Name, Hierarchy: q.Hierarchy}
		if table != nil {
			c.Marginals = map[string]int{}
			column := table.Column(q.Name)
			for row := range column.Codes {
				c.Marginals[column.Text(row)]++
			}
		}
		out = append(out, c)
	}
	return out
}

func drawBy(seed uint64) func(parts ...int64) uint64 {
	return func(parts ...int64) uint64 {
		h := seed
		for _, p := range parts {
			h = rand.NewPCG(h, uint64(p)).Uint64()
		}
		return h
	}
}

var (
	rowsFlag  = flag.Int("downcode-rows", 2000, "rows of Adult that are released")
	drawsFlag = flag.Int("downcode-draws", 1, "non-minimal releases for each k")
)

// smallest counts the rows of the smallest class of a released table, by their texts.
func smallest(t *kanon.Table, p *kanon.Policy) int {
	classes := map[string]int{}
	for row := range t.Rows() {
		key := ""
		for _, q := range p.QuasiIdentifiers {
			key += strconv.Quote(t.Column(q.Name).Text(row))
		}
		classes[key]++
	}
	least := t.Rows()
	for _, n := range classes {
		least = min(least, n)
	}
	return least
}

// TestNonMinimalRecodingIsUndoneByChance: of a minimal recoding all that the attack claims is right, more
// than by chance; of a non-minimal one no more than by chance, and of what it claims to know as many. Both hold k.
func TestNonMinimalRecodingIsUndoneByChance(t *testing.T) {
	for _, k := range []int{2, 5, 10} {
		table, p := adult(t, *rowsFlag, k)
		release := func(draw func(...int64) uint64) (*Report, float64) {
			p.NonMinimal = draw
			s, out, err := kanon.Recode(context.Background(), table, p)
			if err != nil {
				t.Fatal(err)
			}
			if n := smallest(out, p); n < k || out.Rows() != table.Rows() {
				t.Errorf("k = %d: a class of %d rows; %d rows of %d", k, n, out.Rows(), table.Rows())
			}
			r, err := Downcode(out, Known{Columns: columnsOf(p, nil), Minimal: true}, &Truth{table, out.From})
			if err != nil {
				t.Fatal(err)
			}
			return r, s.CellShare
		}
		show := func(of string, r *Report, share float64) {
			t.Logf("k = %d, %s: mean share %.4f, %d of %d cells generalised; narrowed %d %+v, known %d %+v, undone %d %+v",
				k, of, share, r.Generalised, r.Cells, r.Narrowed.Cells, r.Narrowed.Judged, r.Known.Cells, r.Known.Judged,
				r.Undone.Cells, r.Undone.Judged)
		}
		r, share := release(nil)
		show("minimal", r, share)
		if n := r.Narrowed; n.Judged == nil || n.Judged.Right != n.Cells ||
			k <= 5 && float64(n.Cells) <= n.Judged.High { // from 10 rows on chance finds nearly as many
			t.Errorf("k = %d: of %d cells of a minimal recoding %+v are narrowed rightly", k, n.Cells, n.Judged)
		}
		if n := r.Known; k == 2 && (n.Judged == nil || n.Judged.Right != n.Cells || float64(n.Cells) <= n.Judged.High) {
			t.Errorf("k = %d: of %d cells of a minimal recoding %+v are known rightly", k, n.Cells, n.Judged)
		}
		for draw := range *drawsFlag {
			r, share := release(drawBy(uint64(draw)))
			show("non-minimal", r, share)
			// In a sparse table more cells are raised than chance asks for: fewer claims are right.
			if n := r.Narrowed.Judged; float64(n.Right) > n.High || float64(n.Right) < 0.9*n.Chance {
				t.Errorf("k = %d: of a non-minimal recoding %+v are narrowed rightly", k, n)
			}
			if n := r.Known.Judged; k == 2 && (float64(n.Right) > n.High || float64(n.Right) < n.Low) {
				t.Errorf("k = %d: of a non-minimal recoding %+v are known rightly", k, n)
			}
		}
	}
}
