package indicator

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

var lawDraws = flag.Int("law-draws", 0, "regions drawn for each figure, law and number of schools; 0 draws a few, "+
	"COVERAGE.md has 2000")

const (
	worstCovered = 0.90 // at any number of schools
	// A line holds asked or it says why: leastHeld to mostHeld, by a one-sided exact binomial
	// test at heldAlpha, so that the chance of the draws is no reason.
	leastHeld   = 0.94
	mostHeld    = 0.96
	heldAlpha   = 0.01
	leastAtMost = 0.93 // with the most schools, and of all lines together in a short run
	fallAlpha   = 0.01 // of the tests of a fall and of what lies beyond, Holm over lines
	// beyondFall is the number of schools with which a line that falls is drawn too: what a
	// bias takes grows with the square root of it.
	beyondFall = 600
)

// lawRun is how many regions are drawn for each figure, law and number of schools.
type lawRun struct {
	draws        int
	schools      []int
	truthSchools int // of the region whose values are the truths of the second law
}

// shortRun takes seconds, and sees intervals that are grossly wrong.
var shortRun = lawRun{draws: 30, schools: []int{12, 50}, truthSchools: 4000}

func longRun(draws int) lawRun {
	return lawRun{draws: draws, schools: []int{12, 20, 50, 150}, truthSchools: 40000}
}

// lawLine is a figure under a law: how many of the drawn intervals hold the truth, by
// number of schools.
type lawLine struct {
	figure
	run         lawRun
	of          law
	truth       float64
	held, drawn []int
	falls       string // what lies beyond, of a line that falls
}

// lawRow is a row of a table of COVERAGE.md: of a line that was drawn, or as it stood.
type lawRow struct {
	line *lawLine
	old  string
}

// lawMarks are the tables of COVERAGE.md.
var lawMarks = []string{firstLaw: "first law", secondLaw: "second law"}

// Intervals hold the truth whatever the number of schools, also where the schools follow
// no model of ours, and not less often the more there are: an interval that is wrong by
// a bias is the surer of it the narrower it gets. A line that falls from above, since few
// schools make it wide, comes to 95 % and stays there; a biased one falls further: those
// that fall are drawn with many more schools, and fail where they hold less than 95 %.
// Without -law-draws a few regions of every line are drawn, which must not be far off.
//
//	go test ./analysis/indicator -run 'TestCoverage$|TestLaws' -count 1 -coverage-draws 2000 -law-draws 2000 -update
//
// rebuilds COVERAGE.md.
func TestLaws(t *testing.T) {
	run, long := shortRun, *lawDraws > 0
	if long {
		run = longRun(*lawDraws)
	}
	ed := commit(t, &edition.Manifest{Kind: "research"}, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableCoverage, []edition.CoverageRow{{Feed: "none"}}, nil)
	})
	var lines []*lawLine
	tables := make([][]lawRow, len(lawMarks))
	for of, mark := range lawMarks {
		t.Run(mark, func(t *testing.T) {
			old := coveredLines(t, mark) // those that -run leaves out stay
			for _, f := range figures(t) {
				if f.schools != 0 || f.costly || f.measured(t).Estimator == "schools" {
					continue // of one number of schools, a model, or schools counted once each: see the page
				}
				row := lawRow{old: old[f.name()]}
				t.Run(f.name(), func(t *testing.T) {
					l, ok := f.underLaw(t, ed, law(of), run)
					if row.old = ""; ok {
						row.line, lines = &l, append(lines, &l)
						if long {
							l.coversEnough(t)
							l.saysWhy(t)
						}
					}
				})
				tables[of] = append(tables[of], row)
			}
		})
	}
	if !long {
		for _, fault := range farOff(lines) {
			t.Error(fault)
		}
		return
	}
	noFall(t, ed, lines)
	for of, rows := range tables {
		writeLaw(t, lawMarks[of], rows)
	}
}

const lawHead = "| Figure | Truth | 12 schools | 20 | 50 | 150 | |\n|---|---|---|---|---|---|---|\n"

// writeLaw prints the table of a law, and with -update writes it into COVERAGE.md.
func writeLaw(t *testing.T, mark string, rows []lawRow) {
	t.Helper()
	var b strings.Builder
	b.WriteString(lawHead)
	for _, r := range rows {
		if r.line != nil {
			b.WriteString(r.line.row())
			continue
		}
		b.WriteString(r.old)
	}
	t.Log(mark + "\n" + b.String())
	if *update {
		writeTable(t, mark, b.String())
	}
}

// farOff says which lines of a short run hold the truth too seldom for 95 % (exact binomial
// test, Holm over lines and numbers of schools), and whether all of them together do.
func farOff(lines []*lawLine) (faults []string) {
	var p []float64
	var named []string
	held, drawn := 0, 0
	for _, l := range lines {
		for k, schools := range l.run.schools {
			if !l.counts(k) {
				continue
			}
			held, drawn = held+l.held[k], drawn+l.drawn[k]
			one := 1.0
			if l.share(k) < level {
				one = binomialTest(l.held[k], l.drawn[k], level)
			}
			p = append(p, one)
			named = append(named, fmt.Sprintf("%s, %s, %d schools: %d of %d hold the truth", lawMarks[l.of], l.name(), schools,
				l.held[k], l.drawn[k]))
		}
	}
	for i, adjusted := range stats.Holm(p) {
		if adjusted < coverageAlpha {
			faults = append(faults, named[i])
		}
	}
	if float64(held) < leastAtMost*float64(drawn) || drawn == 0 {
		faults = append(faults, fmt.Sprintf("%d of all %d hold the truth", held, drawn))
	}
	return faults
}

// A short run sees a line that holds the truth in two thirds, and lines that hold it in 91 %.
func TestFarOff(t *testing.T) {
	many := func(held ...int) (lines []*lawLine) {
		for i := range 100 {
			l := &lawLine{run: shortRun, held: slices.Clone(held), drawn: []int{30, 30}}
			if i == 0 {
				l.held[0] = held[len(held)-1]
			}
			lines = append(lines, l)
		}
		return lines
	}
	for name, c := range map[string]struct {
		lines  []*lawLine
		faults int
	}{
		"true":             {many(29, 28, 28), 0},
		"one far off":      {many(29, 28, 20), 1},
		"all somewhat off": {many(28, 26, 28), 1},
		"nothing drawn":    {nil, 1},
	} {
		if faults := farOff(c.lines); len(faults) != c.faults {
			t.Errorf("%s: %v", name, faults)
		}
	}
}

// underLaw draws a figure under a law; false where its truth is not known.
func (f figure) underLaw(t *testing.T, ed *query.Edition, of law, run lawRun) (lawLine, bool) {
	t.Helper()
	ind, _ := question.Lookup(f.id)
	m := f.measured(t)
	l := lawLine{figure: f, run: run, of: of, truth: f.plan.truth, held: make([]int, len(run.schools)),
		drawn: make([]int, len(run.schools))}
	if of == secondLaw {
		whole := drawRegionOf(of, ed, f.name(), 1<<40, run.truthSchools)
		f.plan.draw(whole, m)
		r := f.answer(t, whole, ind, m)
		if r.Estimate == nil {
			return l, false // bounds: the truth lies anywhere between them
		}
		l.truth = *r.Estimate
	}
	for k, schools := range run.schools {
		l.held[k], l.drawn[k] = l.hold(t, ed, schools)
	}
	return l, true
}

// hold counts, of the regions of a number of schools that have an interval, those whose
// interval holds the truth. None says that there is no effect where the test finds one.
func (l *lawLine) hold(t *testing.T, ed *query.Edition, schools int) (held, drawn int) {
	t.Helper()
	ind, _ := question.Lookup(l.id)
	m := l.measured(t)
	for number := range uint64(l.run.draws) {
		d := drawRegionOf(l.of, ed, l.name(), number, schools)
		l.plan.draw(d, m)
		r := l.answer(t, d, ind, m)
		if r.Low == nil || r.High == nil {
			continue
		}
		if null, tested := nullOf(m); tested && null.test(r) <= 1-level && *r.Low <= null.at && null.at <= *r.High {
			t.Errorf("%d schools, region %d: a difference (p = %.3f) that [%.4g, %.4g] does not leave out", schools,
				number, null.test(r), *r.Low, *r.High)
		}
		drawn++
		if *r.Low <= l.truth && l.truth <= *r.High {
			held++
		}
	}
	return held, drawn
}

// counts says whether most regions of the k-th number of schools have an interval.
func (l lawLine) counts(k int) bool { return l.drawn[k] >= l.run.draws/2 }

func (l lawLine) share(k int) float64 { return float64(l.held[k]) / float64(l.drawn[k]) }

func (l lawLine) row() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |", l.name(), digits(l.truth))
	for k := range l.drawn {
		if l.counts(k) {
			fmt.Fprintf(&b, " %.1f %% |", 100*l.share(k))
		} else {
			b.WriteString(" – |")
		}
	}
	why, _ := l.why()
	notes := slices.DeleteFunc([]string{l.falls, why}, func(note string) bool { return note == "" })
	fmt.Fprintf(&b, " %s |\n", strings.Join(notes, "; "))
	return b.String()
}

func (l lawLine) coversEnough(t *testing.T) {
	t.Helper()
	most := len(l.drawn) - 1
	for k := range l.drawn {
		if !l.counts(k) {
			continue
		}
		if l.share(k) < worstCovered && binomialTest(l.held[k], l.drawn[k], level) < coverageAlpha {
			t.Errorf("%d schools: covers the truth in %.1f %% of %d draws", l.run.schools[k], 100*l.share(k), l.drawn[k])
		}
		if k == most && l.run.draws >= longDraws && l.share(k) < leastAtMost {
			t.Errorf("%d schools: covers the truth in %.1f %% only", l.run.schools[k], 100*l.share(k))
		}
	}
}

// noFall asks of every line that falls as schools grow, by a one-sided test of trend, that
// with many more of them it still holds 95 %.
func noFall(t *testing.T, ed *query.Edition, lines []*lawLine) {
	t.Helper()
	p := make([]float64, len(lines))
	for i, l := range lines {
		p[i] = l.fall()
	}
	var falling []*lawLine
	for i, adjusted := range stats.Holm(p) {
		if adjusted < fallAlpha {
			falling = append(falling, lines[i])
		}
	}
	p = p[:0]
	for _, l := range falling {
		held, drawn := l.hold(t, ed, beyondFall)
		l.falls = fmt.Sprintf("falls; with %d %.1f %%", beyondFall, 100*float64(held)/float64(drawn))
		one := 1.0
		if float64(held) < level*float64(drawn) {
			one = binomialTest(held, drawn, level)
		}
		p = append(p, one)
	}
	for i, adjusted := range stats.Holm(p) {
		if adjusted < fallAlpha {
			t.Errorf("%s, %s: falls as schools grow, and below 95 %%: %s", lawMarks[falling[i].of], falling[i].name(),
				falling[i].row())
		}
	}
}

// fall is the p-value of the test of Cochran and Armitage, one-sided, that coverage falls
// with the logarithm of the number of schools; NaN of fewer than two numbers. Source:
// Armitage 1955 (Biometrics 11).
func (l lawLine) fall() float64 {
	var n, held, at float64
	for k, schools := range l.run.schools {
		if l.counts(k) {
			n, held = n+float64(l.drawn[k]), held+float64(l.held[k])
			at += float64(l.drawn[k]) * math.Log(float64(schools))
		}
	}
	var slope, spread float64
	for k, schools := range l.run.schools {
		if l.counts(k) {
			x := math.Log(float64(schools)) - at/n
			slope += x * float64(l.held[k])
			spread += x * x * float64(l.drawn[k])
		}
	}
	if spread == 0 {
		return math.NaN()
	}
	if held == n || held == 0 {
		return 1
	}
	return normalCDF(slope / math.Sqrt(spread*held/n*(1-held/n)))
}

// The test of a fall finds one where there is one. The second value is that of R:
// prop.trend.test(c(1915, 1910, 1900, 1890), rep(2000, 4), log(c(12, 20, 50, 150))), halved.
func TestFall(t *testing.T) {
	all := []int{2000, 2000, 2000, 2000}
	for name, c := range map[string]struct {
		held, drawn []int
		p           float64
	}{
		"level":       {[]int{1900, 1900, 1900, 1900}, all, 0.5},
		"falls":       {[]int{1915, 1910, 1900, 1890}, all, 0.0225006364518},
		"rises":       {[]int{1860, 1890, 1920, 1940}, all, 1},
		"all":         {all, all, 1},
		"one number":  {[]int{0, 0, 0, 1900}, []int{0, 0, 0, 2000}, math.NaN()},
		"few at once": {[]int{500, 1900, 1900, 1900}, []int{500, 2000, 2000, 2000}, 0.5},
	} {
		p := lawLine{run: longRun(2000), held: c.held, drawn: c.drawn}.fall()
		if math.Abs(p-c.p) > 1e-6 && !(math.IsNaN(p) && math.IsNaN(c.p)) {
			t.Errorf("%s: %v", name, p)
		}
	}
}
