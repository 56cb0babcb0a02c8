package microdata

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/kanon"
)

// TestExplorationShowsNobody: no value of a column is shown that fewer than Shown persons
// bear, and what is shown gives no such count by subtraction.
func TestExplorationShowsNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 80).Draw(t, "rows")
		texts, persons := make([]string, rows), make([]int64, rows)
		for i := range rows {
			texts[i] = fmt.Sprint(rapid.IntRange(0, 6).Draw(t, "value"))
			persons[i] = int64(rapid.IntRange(0, 60).Draw(t, "person"))
		}
		table := &kanon.Table{Columns: []kanon.Column{kanon.NewColumn("c", texts)},
			Units: []kanon.Unit{{Name: "person", IDs: persons}}}
		bear := map[string]map[int64]bool{}
		all := map[int64]bool{}
		for i, text := range texts {
			if bear[text] == nil {
				bear[text] = map[int64]bool{}
			}
			bear[text][persons[i]], all[persons[i]] = true, true
		}
		for _, s := range shares(table, "c") {
			switch {
			case s.Rest > 0 && s.Persons != Fewer && s.Persons < Shown:
				t.Fatalf("%d values together: %d persons", s.Rest, s.Persons)
			case s.Rest > 0 && s.Persons == Fewer && len(all) >= Shown && s.Rest < len(bear):
				t.Fatalf("%d values of few persons stand beside others", s.Rest)
			case s.Rest == 0 && s.Persons < Shown:
				t.Fatalf("a value of %d persons is shown", s.Persons)
			case s.Rest == 0 && s.Persons != len(bear[s.Value]):
				t.Fatalf("%d persons, not %d", s.Persons, len(bear[s.Value]))
			}
		}
	})
}

// TestExplorationAgreesWithSearch: the first of the solutions near the best is what the
// command would release, and each choice is what a policy of its k and limit would find.
func TestExplorationAgreesWithSearch(t *testing.T) {
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("age,sex,job\n")
	for i := range 300 {
		fmt.Fprintf(&b, "%d,%c,j%d\n", 20+i*7%50, 'f'+i%2, i%4)
	}
	const rules = `
k = 4
suppression_limit = 0.05
[[quasi_identifier]]
name = "age"
hierarchy = { intervals = [5, 10, 20] }
[[quasi_identifier]]
name = "sex"
[[sensitive]]
name = "job"
distinct_l = 2
`
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	job := Job{Input: write("t.csv", b.String()), Policy: write("p.toml", rules)}
	e, err := Explore(t.Context(), job)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, c := range e.Choices {
		job.Policy = write("q.toml", strings.NewReplacer("k = 4", fmt.Sprintf("k = %d", c.K), "limit = 0.05",
			fmt.Sprintf("limit = %g", c.Limit)).Replace(rules))
		job.Out = filepath.Join(dir, fmt.Sprintf("out-%d-%g", c.K, c.Limit))
		r, err := Anonymize(t.Context(), job)
		if (err == nil) != c.Met {
			t.Fatalf("k = %d, limit %g: met: %v, and the command says %v", c.K, c.Limit, c.Met, err)
		}
		if err != nil {
			continue
		}
		checked++
		if r.Score != c.Loss {
			t.Errorf("k = %d, limit %g: loss %v, the command finds %v", c.K, c.Limit, c.Loss, r.Score)
		}
		if c.K == 4 && c.Limit == 0.05 && e.Near[0].Loss != r.Score {
			t.Errorf("the best: loss %v, the command finds %v", e.Near[0].Loss, r.Score)
		}
	}
	if checked < 10 {
		t.Errorf("only %d choices could be met", checked)
	}
}
