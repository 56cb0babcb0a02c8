package indicator

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/analysis/question"
)

func TestAnalysisForms(t *testing.T) {
	results := compute(t, newRegion(1, 40).of("L2", "C4", "P1").research(t), "L2", "C4", "P1")
	var table, asJSON, asCSV bytes.Buffer
	for format, b := range map[string]*bytes.Buffer{"table": &table, "json": &asJSON, "csv": &asCSV} {
		if err := WriteAnalysis(b, results, format); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.HasPrefix(table.String(), "NOT RELEASED") {
		t.Errorf("the table does not begin with a warning:\n%s", table.String())
	}
	for _, want := range []string{"non mesurable", "Combien de parents ne se sont jamais connectés ?"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
	var back struct {
		Released bool
		Results  []Result
	}
	if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Released {
		t.Error("json: an analysis says it is released")
	}
	if len(back.Results) != len(results) {
		t.Errorf("json: %d results, want %d", len(back.Results), len(results))
	}
	records, err := csv.NewReader(&asCSV).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != len(results)+1 {
		t.Fatalf("csv: %d lines for %d results", len(records), len(results))
	}
	lines := tableLines(table.String())
	if len(lines) != len(results) {
		t.Fatalf("table: %d lines for %d results", len(lines), len(results))
	}
	for i, r := range back.Results {
		got := append([]string{records[i+1][4], records[i+1][14]}, records[i+1][5:8]...)
		want := []string{r.Measure, "false", number(r.Estimate), number(r.Low), number(r.High)}
		if !slices.Equal(got, want) {
			t.Errorf("line %d: CSV %v, JSON %v", i+1, got, want)
		}
		ind, _ := question.Lookup(r.Indicator)
		m, _ := ind.Measure(r.Measure)
		for _, text := range []string{r.Measure, r.Population, valueText(r, m), intervalText(r, m), countText(r)} {
			if !strings.Contains(lines[i], text) {
				t.Errorf("line %d of the table lacks %q: %q", i+1, text, lines[i])
			}
		}
	}
	var asParquet bytes.Buffer
	if err := WriteAnalysis(&asParquet, results, "parquet"); err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.Read[parquetRow](bytes.NewReader(asParquet.Bytes()), int64(asParquet.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range back.Results {
		if got := rows[i]; got.Measure != r.Measure || number(got.Estimate) != number(r.Estimate) || got.Released {
			t.Errorf("row %d of parquet: %+v, want %+v", i, got, r)
		}
	}
	if err := WriteAnalysis(&table, results, "xml"); err == nil {
		t.Error("an unknown format was accepted")
	}
}

// tableLines are the lines of the table that hold a result.
func tableLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		first := strings.TrimLeft(line, " ")
		if len(line)-len(first) == 2 && !strings.HasPrefix(first, "measure ") && !(first[0] >= '0' && first[0] <= '9') {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestAnalyze(t *testing.T) {
	r := newRegion(1, 40)
	r.ids = []string{"L1", "L2", "N2"}
	ed := r.research(t)
	ask := func(q Request) []Result {
		t.Helper()
		results, err := Analyze(context.Background(), ed, q)
		if err != nil {
			t.Fatal(err)
		}
		return results
	}
	count := func(results []Result, measure string) (n int) {
		for _, r := range results {
			if r.Measure == measure {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		q       Request
		measure string
		want    int
	}{
		{Request{IDs: []string{"L2"}}, "never", 2 * (1 + 3 + 5 + 3)},                // the groupings of the report
		{Request{IDs: []string{"L2"}, By: []string{"level"}}, "never", 2 * (1 + 3)}, // 2 populations
		{Request{IDs: []string{"L2"}, By: []string{"grade"}}, "never", 2 * (1 + 9)},
		{Request{IDs: []string{"L2"}, By: []string{"sector", "territory", "device"}}, "never", 2 * (1 + 2 + 2 + 2)},
		{Request{IDs: []string{"L2"}, By: []string{"month"}}, "never", 2 * (1 + 2)},
		{Request{IDs: []string{"L2"}, Filters: []Filter{{"ep", "!=", "HEP"}}}, "never", 2 * 2},
		{Request{IDs: []string{"L1"}, Period: Period{"2025-11", "2026-01"}}, "visits_per_week", 2},
		{Request{IDs: []string{"N2"}}, "two_a_day_15", 2}, // a sensitivity: the whole population alone
		{Request{IDs: []string{"N2"}, By: []string{"level"}}, "two_a_day_15", 2 * (1 + 3)},
	} {
		if got := count(ask(c.q), c.measure); got != c.want {
			t.Errorf("%+v: %d results of %s, want %d", c.q, got, c.measure, c.want)
		}
	}
	for _, q := range []Request{
		{By: []string{"uai"}}, {By: []string{"children"}},
		{Filters: []Filter{{"ep", "=", "REP"}, {"level", "=", "lycee"}}},
		{By: []string{"level"}, Period: Period{"2025-10", "2025-10"}},
		{IDs: []string{"L2", "L4"}, By: []string{"grade"}}, // which L4 is not given by
	} {
		if _, err := Analyze(context.Background(), ed, q); !errors.Is(err, ErrRequest) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

func TestParse(t *testing.T) {
	if f, err := ParseFilter(" ep != HEP "); err != nil || f != (Filter{"ep", "!=", "HEP"}) {
		t.Errorf("%+v, %v", f, err)
	}
	for _, text := range []string{"", "level", "uai = 0750001A", "level =", "1=1; DROP TABLE sums"} {
		if _, err := ParseFilter(text); err == nil {
			t.Errorf("accepted filter %q", text)
		}
	}
	if p, err := ParsePeriod("2025-10..2026-01"); err != nil || p != (Period{"2025-10", "2026-01"}) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, text := range []string{"", "2025", "2025-13", "2025-10..", "2025-10..2025-09", "2025-10-01"} {
		if _, err := ParsePeriod(text); err == nil {
			t.Errorf("accepted period %q", text)
		}
	}
}

func TestExplain(t *testing.T) {
	for _, lang := range []string{"fr", "en"} {
		for _, q := range question.All() {
			text, err := Explain(q.ID, lang)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []question.Text{q.Question, q.Definition, q.Caveat, q.Denominator, q.Reference} {
				if !strings.Contains(text, subjects.Replace(want.In(lang))) {
					t.Errorf("%s: %q is missing", q.ID, want.In(lang))
				}
			}
			if len(q.SQL) > 0 && !strings.Contains(text, "SELECT") {
				t.Errorf("%s: no SQL", q.ID)
			}
		}
		book, err := Codebook(lang)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(book, []byte("\n## ")); n != len(question.All()) {
			t.Errorf("%d questions in the codebook, want %d", n, len(question.All()))
		}
	}
	if _, err := Explain("Z1", "fr"); err == nil {
		t.Error("explained an unknown id")
	}
}
