package national

import (
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// Break is a change between two school years that is one of method.
type Break struct {
	From, To string // school years
	Pairs    []Divergence
	// Profiles are those that diverge from every other: what is counted of them changed.
	Profiles []string
}

// Divergence is how two profiles of the same schools moved against each other.
type Divergence struct {
	A, B string
	// Ratio is (visits of A after ÷ before) ÷ (visits of B after ÷ before).
	Ratio stats.Estimate
	// Weeks is the share of the weeks of term that show it, each against the same week of
	// the year before.
	Weeks float64
}

const (
	// breakRatio is how far profiles must move against each other, the whole interval.
	breakRatio = 1.25
	// breakWeeks is the share of weeks in which they must. A change of use has a start
	// inside the year and an end; a change of method is there from its first week to its
	// last.
	breakWeeks = 0.9
)

// Mark says that a figure crosses the break.
func (b *Break) Mark() indicator.Warning { return breakMark.with(b.From, b.To) }

// refused says that a comparison crosses a break.
func (b *Break) refused() indicator.Warning { return breakRefused.with(b.From, b.To) }

// across says that a comparison crosses a break because it was asked for.
func (b *Break) across() indicator.Warning { return acrossBreak.with(b.From, b.To) }

// pairSums are the weeks of the schools measured in two adjacent years.
type pairSums struct {
	years   [2]Year
	numbers []string // départements
	// visits are the sums by département, year (0 before, 1 after) and profile.
	visits map[string]*[2][5]int64
	// weeks are those of both years by Monday of the later one.
	weeks map[int]*[2][5]int64
}

// pairOf adds up the weeks of a pair of years; use is false for a profile of a
// département whose feed stood still.
func (e *Edition) pairOf(position int, use func(number string, profile int) bool) pairSums {
	s := pairSums{visits: map[string]*[2][5]int64{}, weeks: map[int]*[2][5]int64{}}
	for _, y := range e.Years {
		if y.Position == position-1 || y.Position == position {
			s.years[y.Position-position+1] = y
		}
	}
	for _, r := range e.pairs {
		if r.position != position {
			continue
		}
		side, monday := 1, r.day
		if r.day < s.years[1].First {
			side, monday = 0, r.day+52*7
		}
		if s.visits[r.number] == nil {
			s.visits[r.number] = new([2][5]int64)
			s.numbers = append(s.numbers, r.number)
		}
		if s.weeks[monday] == nil {
			s.weeks[monday] = new([2][5]int64)
		}
		for p, v := range r.visits {
			if use(r.number, p) {
				s.visits[r.number][side][p] += v
				s.weeks[monday][side][p] += v
			}
		}
	}
	slices.Sort(s.numbers)
	return s
}

// findBreaks looks at each pair of adjacent compared years: where two profiles jump
// against each other in the same schools in nearly every week of the year, what is
// counted changed, not what is done.
func (e *Edition) findBreaks() {
	for i := range e.Years {
		y := &e.Years[i]
		if y.Position < 1 {
			continue
		}
		sums := e.pairOf(y.Position, e.speaking(y.Position))
		var pairs []Divergence
		for _, ab := range [][2]int{{pupil, parent}, {pupil, teacher}, {parent, teacher}} {
			if d := sums.diverge(ab[0], ab[1]); d.isBreak() {
				pairs = append(pairs, d)
			}
		}
		if len(pairs) > 0 {
			y.Break = &Break{From: sums.years[0].Label, To: y.Label, Pairs: pairs, Profiles: diverging(pairs)}
		}
	}
}

// speaking gives the profiles of each département whose feeds ran in both years of a
// pair: what a stopped feed does is no break.
func (e *Edition) speaking(position int) func(number string, profile int) bool {
	from, to := 0, 0
	for _, y := range e.Years {
		if y.Position == position-1 {
			from = y.First
		}
		if y.Position == position {
			to = y.Last
		}
	}
	academies := map[string]string{}
	for _, s := range e.Schools {
		academies[s.Number] = s.Academie
	}
	silent := map[string]bool{}
	return func(number string, profile int) bool {
		key := number + "/" + Profiles[profile]
		quiet, known := silent[key]
		if !known {
			quiet = e.silentIn(academies[number], "visites_"+Profiles[profile], from, to)
			silent[key] = quiet
		}
		return !quiet
	}
}

// diverging are the profiles that are in every pair, or all of them.
func diverging(pairs []Divergence) []string {
	var all, out []string
	count := map[string]int{}
	for _, d := range pairs {
		for _, p := range []string{d.A, d.B} {
			if count[p] == 0 {
				all = append(all, p)
			}
			count[p]++
		}
	}
	for _, p := range all {
		if count[p] == len(pairs) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// diverge measures how profile a moved against profile b.
func (s pairSums) diverge(a, b int) Divergence {
	d := Divergence{A: Profiles[a], B: Profiles[b]}
	var columns [4][]float64
	for _, number := range s.numbers {
		v := s.visits[number]
		if v[0][a] == 0 || v[0][b] == 0 || v[1][a] == 0 || v[1][b] == 0 {
			continue // a feed that is not there in one of the years
		}
		for k, x := range []int64{v[1][a], v[0][a], v[1][b], v[0][b]} {
			columns[k] = append(columns[k], float64(x))
		}
	}
	d.Ratio = stats.ClusterRatioOfRatios(columns[0], columns[1], columns[2], columns[3], level)
	var with, all float64
	most := int64(0)
	for _, v := range s.weeks {
		most = max(most, min(v[0][b], v[1][b]))
	}
	for _, v := range s.weeks {
		if min(v[0][b], v[1][b])*5 < most || v[0][a] == 0 || v[1][a] == 0 {
			continue // holidays in one of the years
		}
		all++
		jump := math.Log(float64(v[1][a]) / float64(v[0][a]) / (float64(v[1][b]) / float64(v[0][b])))
		if jump*math.Log(d.Ratio.Value) > 0 && math.Abs(jump) > math.Log(breakRatio) {
			with++
		}
	}
	d.Weeks = with / all
	return d
}

func (d Divergence) isBreak() bool {
	if !d.Ratio.HasInterval() || !(d.Weeks >= breakWeeks) {
		return false
	}
	return d.Ratio.Low > breakRatio || d.Ratio.High < 1/breakRatio
}
