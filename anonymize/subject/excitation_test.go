package subject

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// drawn are the times of testdata/hawkes.R.
var drawn = []float64{
	0.000, 0.075, 0.109, 0.143, 0.472, 0.740, 1.247, 1.309, 1.823, 2.580, 8.852, 9.503, 10.006, 10.252, 10.556,
	11.673, 12.161, 13.353, 13.543, 14.009, 35.810, 41.043, 45.117, 56.920, 57.609, 58.244, 58.622, 59.178,
	59.285, 61.460, 63.754, 71.930, 79.268, 80.680, 82.497, 82.521, 82.703, 83.214, 83.262, 83.318, 83.740,
	87.167, 87.196, 87.387, 89.176, 89.812, 90.294, 90.478, 91.772, 98.182, 98.685, 98.806, 108.179, 109.687,
	111.736, 111.843, 113.339, 113.817, 115.967, 116.006, 133.671, 133.882, 134.582, 134.610, 135.664, 137.090,
	137.538, 137.768, 137.885, 138.508, 138.749, 138.852, 139.410, 139.467, 139.549, 139.636, 139.826, 139.856,
	140.296, 140.302, 140.337, 140.386, 140.415, 141.307, 141.627, 143.300, 144.028, 145.644, 145.744, 148.471,
	149.196, 151.170, 153.224, 153.386, 154.423, 154.430, 154.992, 155.088, 155.506, 156.011, 156.685, 156.785,
	157.497, 158.423, 167.177, 180.500, 180.742, 185.527, 187.177, 191.899,
}

func TestHawkesIsThatOfR(t *testing.T) {
	end := drawn[len(drawn)-1]
	h := &hawkes{at: drawn, answer: make([]float64, len(drawn)), rhythm: make([]float64, len(drawn))}
	for i := range drawn {
		h.rhythm[i] = 1 / end
	}
	close := func(name string, got, want, by float64) {
		if math.Abs(got-want) > by {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	_, likelihood := h.step(hawkesFit{mu: 40, alpha: 0.5, beta: 1})
	close("likelihood", likelihood, -129.165183932, 1e-9)
	close("Poisson", h.fit(0, 1).likelihood, -170.65272276, 1e-8)
	best := h.fit(0.3, math.Ln2)
	close("maximum", best.likelihood, -126.9894507, 0.01)
	close("μ", best.mu, 34.39223608, 0.5)
	close("α", best.alpha, 0.68453751, 0.01)
	close("β", best.beta, 1.01246122, 0.02)
}

// checking draws the visits of somebody over some weeks, by the local clock: visits in the
// evening, more on weekdays, answers to publications, and after each visit others with
// chance branching, in exponential times of a mean in hours.
type checking struct {
	weeks            int
	aWeek, answers   float64 // visits a week, chance to answer a publication
	branching, hours float64
	monday           int64
	news, visits     []int64
	term             map[int64]bool
}

func (c *checking) draw(d *rand.Rand) {
	start := c.monday*weekMs - 3*dayMs
	c.news, c.visits, c.term = nil, nil, map[int64]bool{}
	evening := func() int64 { return int64((17 + 5*d.Float64()) * 3600_000) }
	var queue []int64
	for w := range int64(c.weeks) {
		c.term[c.monday+w] = w != 6 && w != 7
		rate := c.aWeek
		if !c.term[c.monday+w] {
			rate /= 4
		}
		for s := d.ExpFloat64(); s < rate; s += d.ExpFloat64() {
			queue = append(queue, start+w*weekMs+int64(d.IntN(6))*dayMs+evening())
		}
		for c.term[c.monday+w] && d.Float64() < 0.6 {
			t := start + w*weekMs + int64(d.IntN(5))*dayMs + int64((8+10*d.Float64())*3600_000)
			c.news = append(c.news, t)
			if d.Float64() < c.answers {
				queue = append(queue, t+int64(20*3600_000*d.ExpFloat64()))
			}
		}
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		c.visits = append(c.visits, t)
		if d.Float64() < c.branching {
			queue = append(queue, t+int64((0.5+c.hours*d.ExpFloat64())*3600_000))
		}
	}
	slices.Sort(c.news)
	slices.Sort(c.visits)
	pause := c.visits[:0] // as visits are half an hour apart at least
	for _, t := range c.visits {
		if len(pause) == 0 || t-pause[len(pause)-1] > 1800_000 {
			pause = append(pause, t)
		}
	}
	c.visits = pause
}

// People who come by the hour, the day and the publications are seldom called
// self-exciting; people whose visits bring others are. Their branching ratio is that of
// visits, a little less than planted: what comes within the half hour that ends a visit is
// the same visit.
func TestExcitation(t *testing.T) {
	d := rand.New(rand.NewPCG(9, 9))
	const draws = 100
	for _, c := range []struct {
		checking
		low, high   float64 // of the branching ratio, in the mean
		least, most float64 // of those called self-exciting
	}{
		{checking{weeks: 14, aWeek: 3, answers: 0.5}, 0, 0.15, 0, 0.08},
		{checking{weeks: 14, aWeek: 10, answers: 0.5}, 0, 0.15, 0, 0.08},
		{checking{weeks: 14, aWeek: 6, answers: 0.3, branching: 0.5, hours: 1}, 0.3, 0.5, 0.95, 1.01},
	} {
		c.monday = weekOf(400 * dayMs)
		var branching, called, half float64
		for range draws {
			c.draw(d)
			e, ok := excite(c.visits, c.news, c.term)
			if !ok {
				t.Fatalf("%d visits say nothing", len(c.visits))
			}
			branching += e.branching / draws
			if e.ratio > excitingRatio {
				called, half = called+1./draws, half+e.halfLife
			}
		}
		t.Logf("%v a week, branching %v: %.3f found, %.3f called self-exciting, half-life %.2f h", c.aWeek,
			c.checking.branching, branching, called, half/math.Max(1, called*draws))
		if branching < c.low || branching > c.high {
			t.Errorf("%v a week, branching %v: %.3f found", c.aWeek, c.checking.branching, branching)
		}
		if called < c.least || called > c.most {
			t.Errorf("%v a week, branching %v: %.3f called self-exciting", c.aWeek, c.checking.branching, called)
		}
	}
}

// A rhythm integrates to 1 over the time between the first visit and the last.
func TestRhythm(t *testing.T) {
	c := checking{weeks: 14, aWeek: 5, monday: weekOf(400 * dayMs)}
	c.draw(rand.New(rand.NewPCG(3, 1)))
	last := len(c.visits) - 1
	grid := slices.Clone(c.visits[:1])
	sum := 0.0
	for at := c.visits[0]; at < c.visits[last]; at += 3600_000 {
		s := slotOf(at, c.term)
		if s.from > at || s.to <= at {
			t.Fatalf("the slot of %d is %v", at, s)
		}
		grid = append(grid, at)
	}
	density := map[slot]float64{}
	for i, v := range rhythm(c.visits, c.term) {
		s := slotOf(c.visits[i], c.term)
		s.from, s.to = 0, 0
		density[s] = v
	}
	for _, at := range grid[1:] {
		s := slotOf(at, c.term)
		s.from, s.to = 0, 0
		sum += density[s]
	}
	if sum > 1.01 || sum < 0.5 { // slots without a visit are not known here
		t.Errorf("the slots with a visit sum to %v", sum)
	}
}
