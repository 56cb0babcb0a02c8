package subject

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

func TestExpectedEmpty(t *testing.T) {
	visits := []int64{0, 1, 3, 4, 5, 6, 8, 9, 10}
	for name, c := range map[string]struct {
		visits, news []int64
		want         float64
	}{
		"nothing published":     {visits, nil, 8},
		"published at 2":        {visits, []int64{2}, 7},
		"published at 2 and 7":  {visits, []int64{2, 7}, 7 - (1 - math.Pow(0.5, 7))},
		"twice at one instant":  {visits, []int64{2, 2, 7}, 7 - (1 - math.Pow(0.5, 7))},
		"only before and after": {visits, []int64{-5, 0, 11}, 8},
		"with the last visit":   {visits, []int64{10}, 7},
		"all at one instant":    {[]int64{4, 4, 4}, []int64{4}, 2},
		"two visits":            {[]int64{0, 10}, []int64{2, 7}, 0},
	} {
		if got := expectedEmpty(c.visits, c.news); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Visits drawn at random are as often empty as is expected.
func TestExpectedEmptyIsThatOfRandomVisits(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	const span, n, draws = 1_000_000_000, 30, 4000
	news := []int64{span / 10, span / 4, span / 2, span/2 + 1000, span - span/20}
	expected, found := 0.0, 0
	for range draws {
		visits := []int64{0}
		for range n - 2 {
			visits = append(visits, d.Int64N(span))
		}
		visits = append(visits, span)
		slices.Sort(visits)
		expected += expectedEmpty(visits, news)
		for i := 1; i < n; i++ {
			fresh := slices.ContainsFunc(news, func(t int64) bool { return t > visits[i-1] && t <= visits[i] })
			if !fresh {
				found++
			}
		}
	}
	if gap := math.Abs(expected-float64(found)) / draws; gap > 0.03 { // its standard error is 0.01
		t.Errorf("expected %.3f empty visits, %.3f were", expected/draws, float64(found)/draws)
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
