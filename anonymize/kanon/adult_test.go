package kanon

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/privacy"
)

var adultOrder = []string{"sex", "age", "race", "marital-status", "education", "native-country", "workclass",
	"occupation", "salary-class"}

func adult(t testing.TB) (*Table, map[string]*hierarchy.Hierarchy) {
	t.Helper()
	dir := filepath.Join("testdata", "adult")
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

// adultPolicy is k = 5 with Loss over all attributes but the sensitive one.
func adultPolicy(hs map[string]*hierarchy.Hierarchy, limit float64, sensitive ...Sensitive) *Policy {
	p := &Policy{K: 5, SuppressionLimit: limit, Metric: Loss, Sensitive: sensitive, Search: SearchOptions{Threads: 2}}
	for _, name := range adultOrder {
		if len(sensitive) == 0 || sensitive[0].Name != name {
			p.QuasiIdentifiers = append(p.QuasiIdentifiers,
				QuasiIdentifier{Name: name, Hierarchy: hs[name], MaxLevel: -1})
		}
	}
	return p
}

// The scores, suppressions and classes are those of ARX 3.9.2
// (facts/anonymisation.md); an exhaustive search agrees with them.
func TestAdultReproducesARX(t *testing.T) {
	table, hs := adult(t)
	for name, c := range map[string]struct {
		limit               float64
		score               float64
		suppressed, classes int
		sensitive           []Sensitive
	}{
		"k5 0 %":   {0, 0.573150966, 0, 24, nil},
		"k5 1 %":   {0.01, 0.362406723, 294, 263, nil},
		"k5 5 %":   {0.05, 0.241932365, 1346, 397, nil},
		"k5 100 %": {1, 0.220411928, 2553, 602, nil},
		"distinct l 3": {0.01, 0.299294948, 251, 144,
			[]Sensitive{{Name: "occupation", Model: privacy.DistinctL, Bound: 3}}},
		"equal t 0.2": {0.01, 0.815003186, 235, 6,
			[]Sensitive{{Name: "occupation", Model: privacy.TEqual, Bound: 0.2}}},
		"tree t 0.3": {0.01, 0.463620449, 280, 32, []Sensitive{
			{Name: "occupation", Model: privacy.THierarchical, Bound: 0.3, Hierarchy: hs["occupation"]}}},
	} {
		s, err := Search(context.Background(), table, adultPolicy(hs, c.limit, c.sensitive...))
		if err != nil {
			t.Fatal(err)
		}
		t.Log(name, s)
		if math.Abs(s.Score-c.score) > 1e-9 || s.SuppressedRows != c.suppressed || s.Classes != c.classes {
			t.Errorf("%s: score %.10f, want %.9f; %d suppressed, want %d; %d classes, want %d",
				name, s.Score, c.score, s.SuppressedRows, c.suppressed, s.Classes, c.classes)
		}
		if !s.ProvedOptimal {
			t.Errorf("%s: not proved", name)
		}
	}
}
