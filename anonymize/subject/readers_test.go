package subject

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest/register"
)

// Readers of a register are the questions with a measure or a curve whose tables are
// made of it.
func TestReaders(t *testing.T) {
	c, err := readMeasures()
	if err != nil {
		t.Fatal(err)
	}
	reads := map[string][]string{}
	for _, s := range parsed(t) {
		for _, out := range s.Outputs {
			reads[out.Name] = append(reads[out.Name], s.Reads...)
		}
		reads[s.Name] = append(reads[s.Name], s.Reads...)
	}
	for _, s := range steps(c) {
		if s.Makes != "" && s.Makes != "event" {
			reads[s.Makes] = append(reads[s.Makes], s.Reads...)
		}
	}
	asked := map[string][]string{}
	var follow func(table, question string, seen map[string]bool)
	follow = func(table, question string, seen map[string]bool) {
		if seen[table] {
			return
		}
		seen[table] = true
		asked[table] = append(asked[table], question)
		for _, t := range reads[table] {
			follow(t, question, seen)
		}
	}
	for _, f := range c.From {
		for _, row := range f.Rows {
			question, _, _ := strings.Cut(row.Measure, ".")
			follow(f.Table, question, map[string]bool{})
		}
	}
	named := regexp.MustCompile(`'([A-Z][0-9])\.`)
	for _, s := range parsed(t) {
		for _, m := range named.FindAllStringSubmatch(s.SQL, -1) {
			follow(s.Name, m[1], map[string]bool{})
		}
	}
	groupings := []string{"settings", "accompaniment"} // every question may be asked by them
	for _, r := range register.All() {
		got := slices.Compact(slices.Sorted(slices.Values(asked[r.Name])))
		for _, question := range r.Readers {
			if !slices.Contains(got, question) {
				t.Errorf("%s does not read %s", question, r.Name)
			}
		}
		if len(got) != len(r.Readers) && !slices.Contains(groupings, r.Name) {
			t.Errorf("%s is read by %q, not %q", r.Name, got, r.Readers)
		}
	}
}
