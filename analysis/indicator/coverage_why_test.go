package indicator

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// ofFewSchools is why an interval holds more or less than it says, where with many schools it
// does not: the variance and the skewness of a dozen schools are guesses. Whatever is said to
// be of few schools is seen to end.
const ofFewSchools = "of few schools"

// outside says whether the k-th number of schools holds less than leastHeld or more than
// mostHeld, and not by the chance of the draws. It takes the share as the page prints it, to the
// tenth of a percent, so that the page can be held to its own numbers.
func (l lawLine) outside(k int) bool {
	held := int(math.Round(math.Round(1000*l.share(k)) / 1000 * float64(l.drawn[k])))
	below := func(x int, p float64) float64 {
		return distuv.Binomial{N: float64(l.drawn[k]), P: p}.CDF(float64(x))
	}
	return l.counts(k) && (below(held, leastHeld) < heldAlpha || 1-below(held-1, mostHeld) < heldAlpha)
}

// why says why a line holds less or more than it should, "" where it does not; false where
// it does with the most schools and has no reason.
func (l lawLine) why() (string, bool) {
	any, most := false, false
	for k := range l.drawn {
		if l.counts(k) {
			most = l.outside(k)
			any = any || most
		}
	}
	switch {
	case !any:
		return "", true
	case l.over != "" || most:
		return l.over, l.over != ""
	}
	return ofFewSchools, true
}

func (l lawLine) saysWhy(t *testing.T) {
	t.Helper()
	if _, ok := l.why(); !ok {
		t.Errorf("holds less than %.0f %% or more than %.0f %%: say why", 100*leastHeld, 100*mostHeld)
	}
}

// lineOfPage is a line of COVERAGE.md as it was drawn, to the tenth of a percent.
func (f figure) lineOfPage(t *testing.T, of law, row string) lawLine {
	t.Helper()
	l := lawLine{figure: f, run: longRun(longDraws), of: of}
	cells := strings.Split(row, "|")
	l.truth = parsed(t, cells[2])
	for _, cell := range cells[3:7] {
		share, ok := strings.CutSuffix(strings.TrimSpace(cell), " %")
		if !ok {
			l.held, l.drawn = append(l.held, 0), append(l.drawn, 0)
			continue
		}
		l.held = append(l.held, int(math.Round(parsed(t, share)/100*longDraws)))
		l.drawn = append(l.drawn, longDraws)
	}
	for note := range strings.SplitSeq(strings.TrimSpace(cells[7]), "; ") {
		switch {
		case note == "falls":
			l.falls = note
		case strings.HasPrefix(note, "with "):
			l.falls += "; " + note
		}
	}
	return l
}

func parsed(t *testing.T, text string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Every line of the page of coverage holds 94 to 96 %, at each number of schools, or says
// why not: since it is of few schools and does with 150, or by the reason of its figure.
// With -update the reasons are written again, of the lines as they were drawn.
func TestPageSaysWhy(t *testing.T) {
	for of, mark := range lawMarks {
		rows := coveredLines(t, mark)
		var table strings.Builder
		table.WriteString(lawHead)
		for _, f := range figures(t) {
			row, ok := rows[f.name()]
			if !ok {
				continue
			}
			l := f.lineOfPage(t, law(of), row)
			if _, ok := l.why(); !ok {
				t.Errorf("%s, %s: no reason: %s", mark, f.name(), row)
			}
			if now := l.row(); now != row && !*update {
				t.Errorf("%s, %s: %sof its numbers: %s", mark, f.name(), row, now)
			}
			table.WriteString(l.row())
		}
		if *update {
			writeTable(t, mark, table.String())
		}
	}
}

// A line that holds too much with few schools says so, one that does with many needs a reason.
func TestWhy(t *testing.T) {
	for name, c := range map[string]struct {
		held []int
		over string
		why  string
		ok   bool
	}{
		"held":          {[]int{1900, 1910, 1890, 1900}, "", "", true},
		"chance":        {[]int{1935, 1870, 1890, 1900}, "", "", true},
		"few":           {[]int{1970, 1910, 1890, 1900}, "", ofFewSchools, true},
		"too little":    {[]int{1840, 1910, 1890, 1900}, "", ofFewSchools, true},
		"many":          {[]int{1900, 1910, 1890, 1970}, "", "", false},
		"bounds":        {[]int{1990, 1990, 1990, 1990}, "bounds", "bounds", true},
		"never too few": {[]int{1900, 1900, 1900, 1800}, "", "", false},
	} {
		l := lawLine{figure: figure{over: c.over}, run: longRun(2000), held: c.held, drawn: []int{2000, 2000, 2000, 2000}}
		if why, ok := l.why(); why != c.why || ok != c.ok {
			t.Errorf("%s: %q %v", name, why, ok)
		}
	}
}
