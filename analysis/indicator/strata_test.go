package indicator

import (
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// The levels narrow an interval where they say together what the whole says, and not where
// each of them says that nothing differs: nobody meets two tools within a level.
func TestLevelsAreTheWhole(t *testing.T) {
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	for name, c := range map[string]struct {
		brings func(level int, whole bool) int64 // x of a school of 100
		within bool
	}{
		"levels differ": {func(level int, _ bool) int64 { return int64(100 + 40*level) }, true},
		"only the whole has it": {func(_ int, whole bool) int64 {
			return map[bool]int64{true: 103, false: 100}[whole]
		}, false},
	} {
		const source, population = "M4.tools.messages", "active_accounts"
		d := drawRegion(ed, name, 1, 36)
		for i := range d.schools {
			level := i % 3
			noise := int64(i/3%4) - 1
			row := query.Sum{Cluster: int32(i), Persons: 100, Y: 100 + int64(i/3%5), X: c.brings(level, true) + 4*noise}
			d.add(source, population, wholePopulation, row)
			if row.X = c.brings(level, false); c.within {
				row.X += 4 * noise
			}
			group := query.Group{Grouping: "level", Value: []string{"ecole", "college", "lycee"}[level]}
			d.add(source, population, group, row)
		}
		d.groups = []query.Group{{Grouping: "level", Value: "ecole"}, {Grouping: "level", Value: "college"},
			{Grouping: "level", Value: "lycee"}}
		whole, err := d.cell(t.Context(), source, population, wholePopulation)
		if err != nil {
			t.Fatal(err)
		}
		e, err := d.clustered(t.Context(), whole, ofTwoCounts)
		if err != nil {
			t.Fatal(err)
		}
		plain := stats.ClusterRatio(whole.num, whole.den, level)
		if narrowed := e.SE < plain.SE; narrowed != c.within {
			t.Errorf("%s: standard error %v, of schools at random %v", name, e.SE, plain.SE)
		}
	}
}
