package indicator

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

var secondLawDraws = flag.Int("second-law-draws", 0, "regions drawn for each figure and number of schools under the "+
	"second law; 0 leaves TestSecondLaw out, COVERAGE.md has 1000")

const (
	lawBegin, lawEnd = "<!-- second law -->\n", "<!-- /second law -->"
	truthSchools     = 40000 // of the region whose values are the truths of the second law
	worstCovered     = 0.90  // at any number of schools
	fallErrors       = 3     // standard errors by which coverage may fall from the fewest to the most schools
)

// lawSchools are the numbers of schools under the second law.
var lawSchools = []int{12, 20, 50, 150}

// Intervals hold the truth also where the schools follow no model of ours, and not less
// often the more schools there are: an interval that is wrong by a bias is the surer of
// it the narrower it gets.
//
//	go test ./analysis/indicator -run TestSecondLaw -count 1 -second-law-draws 1000 -update
//
// rebuilds the second table of COVERAGE.md.
func TestSecondLaw(t *testing.T) {
	if *secondLawDraws == 0 {
		t.Skip("hours of draws: see .ci/long")
	}
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	var b strings.Builder
	b.WriteString("| Figure | Truth | 12 schools | 20 | 50 | 150 | |\n|---|---|---|---|---|---|---|\n")
	for _, f := range figures(t) {
		if f.schools != 0 || f.costly {
			continue // of one number of schools, or a model: see the page
		}
		if f.measured(t).Estimator == "schools" {
			continue // schools counted, each once: the laws are of persons
		}
		t.Run(f.name(), func(t *testing.T) {
			ind, _ := question.Lookup(f.id)
			m := f.measured(t)
			whole := drawRegionOf(secondLaw, ed, f.name(), 1<<40, truthSchools)
			f.plan.draw(whole, m)
			truth := f.answer(t, whole, ind, m).Estimate
			if truth == nil {
				t.Skip("bounds: the truth lies anywhere between them")
			}
			held, drawn := make([]int, len(lawSchools)), make([]int, len(lawSchools))
			for k, schools := range lawSchools {
				for number := range uint64(*secondLawDraws) {
					d := drawRegionOf(secondLaw, ed, f.name(), number, schools)
					f.plan.draw(d, m)
					r := f.answer(t, d, ind, m)
					if r.Low == nil {
						continue
					}
					drawn[k]++
					if *r.Low <= *truth && *truth <= *r.High {
						held[k]++
					}
				}
			}
			fmt.Fprintf(&b, "| %s | %s |%s %s |\n", f.name(), digits(*truth), lawCells(t, f, held, drawn), f.falls)
		})
	}
	t.Log("\n" + b.String())
	if *update {
		writeLaw(t, b.String())
	}
}

// lawCells are the cells of one line; what covers too little, or ever less, fails.
func lawCells(t *testing.T, f figure, held, drawn []int) string {
	t.Helper()
	var cells strings.Builder
	var first, last float64
	for k, n := range drawn {
		if n < *secondLawDraws/2 { // most of these regions have no interval
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
	fall := fallErrors * math.Sqrt(2*level*(1-level)/float64(*secondLawDraws))
	if last < level && last < first-fall && f.falls == "" {
		t.Errorf("%s: covers the truth in %.1f %% with the fewest schools and %.1f %% with the most",
			f.name(), 100*first, 100*last)
	}
	return cells.String()
}

func writeLaw(t *testing.T, text string) {
	t.Helper()
	old, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(old), lawBegin)
	_, after, ok2 := strings.Cut(rest, lawEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the second law", coverageFile)
	}
	if err := os.WriteFile(coverageFile, []byte(before+lawBegin+"\n"+text+lawEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
