package subject

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

// Visits on three Mondays and what is between, in hours from the first Monday of 1970.
func TestExpectedEmpty(t *testing.T) {
	hours := func(list ...int64) []int64 {
		for i, h := range list {
			list[i] = 4*dayMs + h*3600_000
		}
		return list
	}
	const week = 168
	visits := hours(0, 10, week+20, 2*week+30, 3*week+40)
	all := map[int64]bool{weekOf(4 * dayMs): true, weekOf(11 * dayMs): true, weekOf(18 * dayMs): true,
		weekOf(25 * dayMs): true}
	free := map[int64]bool{weekOf(4 * dayMs): true, weekOf(18 * dayMs): true, weekOf(25 * dayMs): true}
	for name, c := range map[string]struct {
		visits, news []int64
		term         map[int64]bool
		want         float64
	}{
		"nothing published":     {visits, nil, all, 4},
		"published once":        {visits, hours(week), all, 3},
		"only before and after": {visits, hours(-5, 0, 4*week), all, 4},
		"with the last visit":   {visits, hours(3*week + 40), all, 3},
		// Each of the three falls in the second week, of four, with chance 1/4.
		"a week between two":   {visits, hours(week, 2*week), all, 2 + 27./64},
		"twice at one instant": {visits, hours(week, week, 2*week), all, 2 + 27./64},
		"with the hour of one": {visits, hours(week+20, week+25), all, 2 + 3./4},
		// The second week is a holiday: only the visit of that week can fall in it.
		"a week of holidays": {visits, hours(week, 2*week), free, 2},
		"two visits":         {hours(0, 10), hours(2, 7), all, 0},
		"all at one instant": {hours(4, 4, 4), hours(4), all, 2},
	} {
		if got := expectedEmpty(c.visits, c.news, c.term); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// People who come by a rhythm of the day and of the week, whatever is published in the
// hours of school, find nothing as often as is expected: once a week as ten times.
func TestExpectedEmptyKnowsTheRhythm(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	const weeks, draws = 14, 6000
	monday := weekOf(400 * dayMs)
	start := monday*weekMs - 3*dayMs
	term := map[int64]bool{}
	for w := range int64(weeks) {
		term[monday+w] = w != 6 && w != 7
	}
	evening := func() int64 { return int64(17*3600_000 + d.IntN(5*3600_000)) }
	for _, aWeek := range []float64{1, 3, 10} {
		expected, found, checks := 0.0, 0, 0
		for range draws {
			var news, visits []int64
			for w := range int64(weeks) {
				day := func(n int) int64 { return start + w*weekMs + int64(d.IntN(n))*dayMs }
				for term[monday+w] && d.Float64() < 0.75 {
					news = append(news, day(5)+int64(8*3600_000+d.IntN(10*3600_000)))
				}
				rate := aWeek
				if !term[monday+w] {
					rate /= 4
				}
				for t := d.ExpFloat64(); t < rate; t += d.ExpFloat64() {
					visits = append(visits, day(6)+evening())
				}
			}
			if len(visits) < 10 {
				continue
			}
			slices.Sort(news)
			slices.Sort(visits)
			expected += expectedEmpty(visits, news, term)
			checks += len(visits) - 1
			for i := 1; i < len(visits); i++ {
				if !slices.ContainsFunc(news, func(t int64) bool { return t > visits[i-1] && t <= visits[i] }) {
					found++
				}
			}
		}
		gap := 100 * (float64(found) - expected) / float64(checks)
		t.Logf("%v checks a week: %.1f %% found nothing, %.2f points beyond chance", aWeek,
			100*float64(found)/float64(checks), gap)
		if math.Abs(gap) > 0.3 {
			t.Errorf("%v checks a week: %.2f points beyond chance", aWeek, gap)
		}
	}
}

// Somebody who looks ten times a day, whatever comes, finds nothing as often as
// chance has it; the cell says so beside what was found.
func TestEmptyVisitsBesideChance(t *testing.T) {
	x := gradesFixture()
	for day := range 5 {
		x.publish(at(day, 9, 30, 0))
		for hour := 8; hour < 18; hour++ {
			x.check(day, hour, 0)
		}
	}
	sum := sumOf(t, x.open(t, Research))
	empty, expected := sum("all", "", "N3.empty", edition.PopViewers), sum("all", "", "N3.expected", edition.PopViewers)
	if empty[2] != 49 || expected[2] != 4900 || expected[0] != 1 {
		t.Fatalf("empty %v, expected %v", empty, expected)
	}
	if found, chance := float64(empty[1])/49, float64(expected[1])/4900; found != 44./49 ||
		math.Abs(chance-found) > 0.02 {
		t.Errorf("%.3f empty, %.3f expected", found, chance)
	}
}
