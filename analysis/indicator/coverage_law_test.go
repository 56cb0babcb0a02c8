package indicator

import (
	"flag"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

var lawDraws = flag.Int("law-draws", 0, "regions drawn for each figure, law and number of schools; 0 leaves TestLaws "+
	"out, COVERAGE.md has 1000")

const (
	truthSchools = 40000 // of the region whose values are the truths of the second law
	worstCovered = 0.90  // at any number of schools
	fallErrors   = 3     // standard errors by which coverage may fall from the fewest to the most schools
)

// lawSchools are the numbers of schools of the tables by law.
var lawSchools = []int{12, 20, 50, 150}

// Intervals hold the truth whatever the number of schools, also where the schools follow
// no model of ours, and not less often the more there are: an interval that is wrong by
// a bias is the surer of it the narrower it gets.
//
//	go test ./analysis/indicator -run 'TestCoverage$|TestLaws' -count 1 -coverage-draws 2000 -law-draws 1000 -update
//
// rebuilds COVERAGE.md.
func TestLaws(t *testing.T) {
	if *lawDraws == 0 {
		t.Skip("hours of draws: see .ci/long")
	}
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	for of, mark := range map[law]string{firstLaw: "first law", secondLaw: "second law"} {
		t.Run(mark, func(t *testing.T) {
			const head = "| Figure | Truth | 12 schools | 20 | 50 | 150 |\n|---|---|---|---|---|---|\n"
			old := coveredLines(t, mark) // those that -run leaves out stay
			var b strings.Builder
			b.WriteString(head)
			for _, f := range figures(t) {
				if f.schools != 0 || f.costly || f.measured(t).Estimator == "schools" {
					continue // of one number of schools, a model, or schools counted once each: see the page
				}
				line := old[f.name()]
				t.Run(f.name(), func(t *testing.T) { line = f.underLaw(t, ed, of) })
				b.WriteString(line)
			}
			t.Log("\n" + b.String())
			if *update {
				writeTable(t, mark, b.String())
			}
		})
	}
}

// underLaw is the line of a figure, "" where its truth is not known.
func (f figure) underLaw(t *testing.T, ed *query.Edition, of law) string {
	t.Helper()
	ind, _ := question.Lookup(f.id)
	m := f.measured(t)
	truth := f.plan.truth
	if of == secondLaw {
		whole := drawRegionOf(of, ed, f.name(), 1<<40, truthSchools)
		f.plan.draw(whole, m)
		r := f.answer(t, whole, ind, m)
		if r.Estimate == nil {
			return "" // bounds: the truth lies anywhere between them
		}
		truth = *r.Estimate
	}
	held, drawn := make([]int, len(lawSchools)), make([]int, len(lawSchools))
	for k, schools := range lawSchools {
		for number := range uint64(*lawDraws) {
			d := drawRegionOf(of, ed, f.name(), number, schools)
			f.plan.draw(d, m)
			r := f.answer(t, d, ind, m)
			if r.Low == nil || r.High == nil {
				continue
			}
			drawn[k]++
			if *r.Low <= truth && truth <= *r.High {
				held[k]++
			}
		}
	}
	return fmt.Sprintf("| %s | %s |%s\n", f.name(), digits(truth), f.lawCells(t, held, drawn))
}

// lawCells are the cells of one line; what covers too little, or ever less, fails.
func (f figure) lawCells(t *testing.T, held, drawn []int) string {
	t.Helper()
	var cells strings.Builder
	var first, last float64
	for k, n := range drawn {
		if n < *lawDraws/2 { // most of these regions have no interval
			cells.WriteString(" – |")
			continue
		}
		share := float64(held[k]) / float64(n)
		if first == 0 {
			first = share
		}
		last = share
		fmt.Fprintf(&cells, " %.1f %% |", 100*share)
		if share < worstCovered && binomialTest(held[k], n, level) < coverageAlpha {
			t.Errorf("%s: %d schools: covers the truth in %.1f %% of %d draws", f.name(), lawSchools[k], 100*share, n)
		}
	}
	// what holds more than it must with few schools may hold as much as it must with many
	fall := fallErrors * math.Sqrt(2*level*(1-level)/float64(*lawDraws))
	if last < math.Min(first, level)-fall {
		t.Errorf("%s: covers the truth in %.1f %% with the fewest schools and %.1f %% with the most",
			f.name(), 100*first, 100*last)
	}
	return cells.String()
}
