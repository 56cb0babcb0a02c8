package indicator

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

func TestAnalysisForms(t *testing.T) {
	results := compute(t, newRegion(1, 40).research(t), "L2", "C4", "P1")
	var table, asJSON, asCSV bytes.Buffer
	for format, b := range map[string]*bytes.Buffer{"table": &table, "json": &asJSON, "csv": &asCSV} {
		if err := WriteAnalysis(b, results, format); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasPrefix(table.String(), "NOT RELEASED") || !strings.Contains(table.String(), "non mesurable") || !strings.Contains(table.String(), "Combien de parents ne se sont jamais connectés ?") {
		t.Errorf("table:\n%s", table.String())
	}
	var back struct {
		Released bool
		Results  []Result
	}
	if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil || back.Released || len(back.Results) != len(results) {
		t.Errorf("json: %v, %d results", err, len(back.Results))
	}
	records, err := csv.NewReader(&asCSV).ReadAll()
	if err != nil || len(records) != len(results)+1 {
		t.Fatalf("csv: %v, %d lines", err, len(records))
	}
	for i, r := range back.Results {
		if records[i+1][5] != number(r.Estimate) || records[i+1][4] != r.Measure || records[i+1][14] != "false" {
			t.Errorf("line %d: %v against %+v", i+1, records[i+1], r)
		}
	}
	if err := WriteAnalysis(&table, results, "xml"); err == nil {
		t.Error("an unknown format was accepted")
	}
}

func TestSelect(t *testing.T) {
	results := slices.DeleteFunc(compute(t, newRegion(1, 40).research(t), "L2"), func(r Result) bool { return r.Measure != "never" })
	byLevel, err := Select(results, []string{"level"}, nil)
	if err != nil || len(byLevel) != 8 { // (all + 3 levels) × 2 populations
		t.Errorf("by level: %d, %v", len(byLevel), err)
	}
	f, err := ParseFilter(" ep != HEP ")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := Select(results, nil, []Filter{f})
	if err != nil || len(kept) != 4 {
		t.Errorf("ep != HEP: %d, %v", len(kept), err)
	}
	for _, text := range []string{"", "level", "uai = 0750001A", "level =", "1=1; DROP TABLE sums"} {
		if _, err := ParseFilter(text); err == nil {
			t.Errorf("accepted %q", text)
		}
	}
	if _, err := Select(results, []string{"uai"}, nil); err == nil {
		t.Error("accepted by uai")
	}
}

func TestExplain(t *testing.T) {
	for _, id := range IDs() {
		text, err := Explain(id)
		if err != nil {
			t.Fatal(err)
		}
		ind, _ := Lookup(id)
		for _, want := range []string{ind.Question, ind.Definition, ind.Caveat} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is missing", id, want)
			}
		}
		if len(ind.Questions) > 0 && !strings.Contains(text, "SELECT") {
			t.Errorf("%s: no SQL", id)
		}
	}
	if _, err := Explain("Z1"); err == nil {
		t.Error("explained an unknown id")
	}
	book, err := Codebook()
	if err != nil || bytes.Count(book, []byte("\n## ")) != 52 {
		t.Errorf("codebook: %v", err)
	}
}
