package indicator

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

var nine = edition.Perturbation{Variance: 9, Maximum: 8, Least: 5, Step: 0.5}

// The spread that is said is the one that noise of this design has.
func TestNoiseOf(t *testing.T) {
	d := rand.New(rand.NewPCG(1, 2))
	const draws = 20_000
	sd := func(draw func() float64, truth float64) float64 {
		var sum float64
		for range draws {
			off := draw() - truth
			sum += off * off
		}
		return math.Sqrt(sum / draws)
	}
	share := &counts{x: 30, y: 200, perHead: true}
	got := noiseOf(nine, share)
	want := sd(func() float64 { return (30 + 3*d.NormFloat64()) / (200 + 3*d.NormFloat64()) }, 0.15)
	if !(math.Abs(got/want-1) < 0.1) {
		t.Errorf("a share of 30 in 200: %.4f, drawn %.4f", got, want)
	}
	most := &counts{x: 170, y: 200, perHead: true}
	if noiseOf(nine, most) != got {
		t.Error("a share and its complement differ")
	}
	rate := &counts{persons: 400, bearers: 300, x: 6000, y: 2000, largestX: math.Sqrt(6000 * 100), largestY: math.Sqrt(2000 * 10)}
	of := func(c *counts) func() float64 { // as sums leave: with the largest, and with those who bring something
		topX := query.LargestOf(c.persons, c.x, c.largestX)
		topY := query.LargestOf(c.persons, c.y, c.largestY)
		return func() float64 {
			x := (float64(c.x) + 1.5*topX*d.NormFloat64()) * (1 + 3*d.NormFloat64()/float64(c.bearers))
			y := (float64(c.y) + 1.5*topY*d.NormFloat64()) * (1 + 3*d.NormFloat64()/float64(c.persons))
			return x / y
		}
	}
	want = sd(of(rate), 3)
	if got := noiseOf(nine, rate); !(math.Abs(got/want-1) < 0.1) {
		t.Errorf("a rate: %.4f, drawn %.4f", got, want)
	}
	weeks := &counts{persons: 400, bearers: 300, x: 900, y: 4800, largestX: math.Sqrt(900 * 3), largestY: math.Sqrt(4800 * 12)}
	want = sd(of(weeks), 0.1875)
	if got := noiseOf(nine, weeks); !(math.Abs(got/want-1) < 0.1) {
		t.Errorf("three each in twelve weeks: %.4f, drawn %.4f", got, want)
	}
	if got, one := noiseOf(nine, share, share, share, share), noiseOf(nine, share); math.Abs(got-one/2) > 1e-12 {
		t.Errorf("four clusters: %.4f, one %.4f", got, one)
	}
	if noiseOf(edition.Perturbation{}, share) != 0 {
		t.Error("exact cells have noise")
	}
}

// A figure says that it is noisy where nothing else says how far off it may be, or
// where its interval is mostly noise.
func TestNoisy(t *testing.T) {
	value := 0.2
	published := Result{Status: Published, Estimate: &value}
	interval := published
	interval.Level = 0.95
	for name, c := range map[string]struct {
		r     Result
		noise float64
		e     stats.Estimate
		share bool
		want  bool
	}{
		"no noise":               {published, 0, stats.Estimate{}, true, false},
		"a share, sharp":         {published, 0.02, stats.Estimate{}, true, false},
		"a share, vague":         {published, 0.03, stats.Estimate{}, true, true},
		"a rate, sharp":          {published, 0.005, stats.Estimate{}, false, false},
		"a rate, vague":          {published, 0.02, stats.Estimate{}, false, true},
		"an interval of schools": {interval, 0.03, stats.Estimate{SE: 0.1}, true, false},
		"an interval of noise":   {interval, 0.03, stats.Estimate{SE: 0.04}, true, true},
		"hidden":                 {Result{Status: Suppressed}, 0.5, stats.Estimate{}, true, false},
	} {
		got := c.r.noisy(c.noise, c.e, c.share)
		if found := len(got.Warnings) == 1 && got.Warnings[0].Code == CodeNoise; found != c.want {
			t.Errorf("%s: warned %v, want %v", name, found, c.want)
		}
	}
}

// Bounds without a sampling error hold what exact cells give, whatever the noise.
func TestBoundsBeyondNoise(t *testing.T) {
	low, high := 0.05, 0.9
	bounds := Result{Status: Published, Low: &low, High: &high, Target: targetBounds}
	sampled := bounds
	sampled.Level = 0.95
	for name, c := range map[string]struct {
		r               Result
		below, above    float64
		lowest, highest float64
	}{
		"no noise":        {bounds, 0, 0, 0.05, 0.9},
		"noise":           {bounds, 0.01, 0.02, 0.05 - 0.0196, 0.9 + 0.0392},
		"much noise":      {bounds, 0.1, 0.1, 0, 1},
		"sampling errors": {sampled, 0.01, 0.02, 0.05, 0.9},
	} {
		got := c.r.beyondNoise(c.below, c.above)
		if math.Abs(*got.Low-c.lowest) > 1e-9 || math.Abs(*got.High-c.highest) > 1e-9 {
			t.Errorf("%s: [%v, %v]", name, *got.Low, *got.High)
		}
	}
	if low != 0.05 {
		t.Error("the bounds of another result moved")
	}
}
