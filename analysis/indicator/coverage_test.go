package indicator

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

var coverageDraws = flag.Int("coverage-draws", 100,
	"regions drawn for each figure of the coverage table; COVERAGE.md has 2000")

// The rules of the coverage test.
const (
	coverageAlpha = 0.001 // of the exact binomial test of 95 %, Holm over figures
	mostCovered   = 0.995
	longDraws     = 2000
	costlyDraws   = 10 // a costly figure is drawn once in so many below longDraws
	coverageFile  = "COVERAGE.md"
)

// covered is what the draws of a figure gave.
type covered struct {
	figure
	draws, held int
	share, p    float64
}

func (f figure) measured(t *testing.T) question.Measure {
	t.Helper()
	ind, err := question.Lookup(f.id)
	m, ok := ind.Measure(f.measure)
	if err != nil || !ok {
		t.Fatalf("no measure %s %s", f.id, f.measure)
	}
	return m
}

func (f figure) name() string {
	name := f.id + " " + f.measure
	if f.group != "" {
		name += " " + f.group
	}
	if f.schools != 0 {
		name += fmt.Sprintf(" (%d schools)", f.schools)
	}
	return name
}

// The truth comes back: over regions drawn from one superpopulation of schools,
// 95 % intervals hold its true value in 95 % of them. A figure fails that covers
// less by the exact binomial test at α = 0.001 (Holm over figures), or more than
// 99.5 % without a reason. Draws are made of cells by school, without logs.
//
// COVERAGE.md has 2000 draws of each: see TestLaws.
func TestCoverage(t *testing.T) {
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	var table []covered
	var p []float64 // of the figures that -run leaves
	for _, f := range figures(t) {
		t.Run(f.name(), func(t *testing.T) {
			c := f.cover(t, ed)
			table, p = append(table, c), append(p, c.p)
		})
	}
	for i, adjusted := range stats.Holm(p) {
		table[i].p = adjusted
		c := table[i]
		switch {
		case c.share < level && adjusted < coverageAlpha:
			t.Errorf("%s: covers the truth in %.1f %% of %d draws (p %.1g)", c.name(), 100*c.share, c.draws, adjusted)
		case c.share > mostCovered && adjusted < coverageAlpha && c.over == "":
			t.Errorf("%s: covers the truth in %.1f %% of %d draws: say why", c.name(), 100*c.share, c.draws)
		}
	}
	text := markdown(t, table)
	t.Log("\n" + text)
	if *update && len(table) == len(figures(t)) {
		writeTable(t, "table", text)
	}
}

// cover draws a figure and counts the intervals that hold the truth.
func (f figure) cover(t *testing.T, ed *query.Edition) covered {
	t.Helper()
	c := covered{figure: f}
	draws := *coverageDraws
	if f.costly && draws < longDraws {
		draws = max(20, draws/costlyDraws)
	}
	ind, _ := question.Lookup(f.id)
	m := f.measured(t)
	none := 0
	for number := range uint64(draws) {
		schools := f.schools
		if schools == 0 {
			schools = regionSchools
		}
		d := drawRegion(ed, f.name(), number, schools)
		f.plan.draw(d, m)
		r := f.answer(t, d, ind, m)
		if r.Low == nil {
			none++
			if none > 1+draws/100 {
				t.Fatalf("%s: no interval: %v", f.name(), r.Warnings)
			}
			continue
		}
		c.draws++
		if *r.Low <= f.plan.truth && f.plan.truth <= *r.High {
			c.held++
		}
	}
	c.share, c.p = float64(c.held)/float64(c.draws), binomialTest(c.held, c.draws, level)
	return c
}

// binomialTest is the p-value of the exact two-sided test that x of n come from a
// share p: the probability of all outcomes no likelier than x (binom.test of R).
func binomialTest(x, n int, p float64) float64 {
	law := distuv.Binomial{N: float64(n), P: p}
	limit, total := law.Prob(float64(x))*(1+1e-7), 0.0
	for k := range n + 1 {
		if q := law.Prob(float64(k)); q <= limit {
			total += q
		}
	}
	return math.Min(1, total)
}

// answer runs what Compute runs.
func (f figure) answer(t *testing.T, d *drawn, ind question.Question, m question.Measure) Result {
	t.Helper()
	if f.group == "" && tables[m.Estimator] == nil {
		r, err := d.figure(context.Background(), ind, m, m.Populations[0], wholePopulation)
		if err != nil {
			t.Fatalf("%s: %v", f.name(), err)
		}
		return r
	}
	results, err := d.table(context.Background(), tables[m.Estimator], ind, m)
	if err != nil {
		t.Fatalf("%s: %v", f.name(), err)
	}
	for _, r := range results {
		for _, value := range r.Group {
			if value == f.group {
				return r
			}
		}
		if f.group == "" {
			return r
		}
	}
	t.Fatalf("%s: no such group", f.name())
	return Result{}
}

// markdown is the table, one line a figure.
func markdown(t *testing.T, table []covered) string {
	var b strings.Builder
	b.WriteString("| Figure | Computed as | Schools | Truth | Draws | Held | Covered | p (Holm) | |\n" +
		"|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range table {
		name := c.id + " " + c.measure
		if c.group != "" {
			name += ", " + c.group
		}
		schools := c.schools
		if schools == 0 {
			schools = regionSchools
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %d | %d | %.1f %% | %s | %s |\n",
			name, kindOf(c.measured(t)), schools, digits(c.plan.truth), c.draws, c.held, 100*c.share, pValue(c.p),
			c.over)
	}
	return b.String()
}

func digits(x float64) string { return fmt.Sprintf("%.4g", x) }

func pValue(p float64) string {
	if p < coverageAlpha {
		return "< 0.001"
	}
	return fmt.Sprintf("%.3f", math.Min(1, p))
}

// cutTable parts COVERAGE.md into what stands before a table, the table and what follows.
func cutTable(t *testing.T, mark string) (before, table, after string) {
	t.Helper()
	page, err := os.ReadFile(coverageFile)
	if err != nil {
		t.Fatal(err)
	}
	begin, end := "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->"
	before, rest, ok := strings.Cut(string(page), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table of %s", coverageFile, mark)
	}
	return before + begin, table, end + after
}

// coveredLines are the lines of a table by the name of their figure.
func coveredLines(t *testing.T, mark string) map[string]string {
	t.Helper()
	_, table, _ := cutTable(t, mark)
	lines := map[string]string{}
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 1 {
			lines[strings.TrimSpace(cells[1])] = line
		}
	}
	return lines
}

// writeTable puts a table in the place that COVERAGE.md marks for it.
func writeTable(t *testing.T, mark, text string) {
	t.Helper()
	before, _, after := cutTable(t, mark)
	if err := os.WriteFile(coverageFile, []byte(before+"\n"+text+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
