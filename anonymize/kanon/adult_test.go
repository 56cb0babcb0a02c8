package kanon

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/hierarchy"
)

var adultOrder = []string{"sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class"}

func adult(t testing.TB) (*Table, map[string]*hierarchy.Hierarchy) {
	t.Helper()
	dir := "/work/shared/data/adult"
	f, err := os.Open(filepath.Join(dir, "adult.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	table := &Table{}
	hs := map[string]*hierarchy.Hierarchy{}
	for j, name := range rows[0] {
		texts := make([]string, 0, len(rows))
		for _, row := range rows[1:] {
			texts = append(texts, row[j])
		}
		table.Columns = append(table.Columns, NewColumn(name, texts))
		hf, err := os.Open(filepath.Join(dir, "adult_hierarchy_"+name+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		h, err := hierarchy.ReadCSV(hf, ';')
		hf.Close()
		if err != nil {
			t.Fatal(err)
		}
		hs[name] = h
	}
	return table, hs
}

func TestAdult(t *testing.T) {
	table, hs := adult(t)
	for _, c := range []struct {
		limit float64
		score float64
		supp  int
		s     *Sensitive
	}{
		{0, 0.573150966, 0, nil}, {0.01, 0.362406723, 294, nil}, {0.05, 0.241932365, 1346, nil}, {1, 0.220411928, 2553, nil},
		{0.01, 0.299294948, 251, &Sensitive{Name: "occupation", Model: DistinctL, Bound: 3}},
		{0.01, 0.815003186, -1, &Sensitive{Name: "occupation", Model: TEqual, Bound: 0.2}},
		{0.01, 0.463620449, -1, &Sensitive{Name: "occupation", Model: THierarchical, Bound: 0.3, Hierarchy: hs["occupation"]}},
	} {
		p := &Policy{K: 5, SuppressionLimit: c.limit, Metric: Loss}
		for _, name := range adultOrder {
			if c.s != nil && name == c.s.Name {
				continue
			}
			p.QuasiIdentifiers = append(p.QuasiIdentifiers, QuasiIdentifier{Name: name, Hierarchy: hs[name], MaxLevel: -1})
		}
		if c.s != nil {
			p.Sensitive = []Sensitive{*c.s}
		}
		p.Search.Threads = 2
		s, err := Search(context.Background(), table, p)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(s, s.Levels, s.Achieved)
		if math.Abs(s.Score-c.score) > 1e-9 || c.supp >= 0 && s.SuppressedRows != c.supp {
			t.Errorf("limit %v: score %.9f, want %.9f; %d suppressed, want %d", c.limit, s.Score, c.score, s.SuppressedRows, c.supp)
		}
	}
}
