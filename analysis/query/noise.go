package query

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/anonymize/edition"
)

// Contributions are what the persons of a cell bring to Σx and to Σy.
type Contributions struct {
	Persons int64
	Bearers int64 // of the persons, those who bring something to x; 0 is unknown
	X, Y    int64
	// No contribution to x is above BoundX = √Σx², none to y above BoundY.
	BoundX, BoundY float64
	PerHead        bool // y counts persons (or pairs), x some of them
	Ranked         bool // how many bring something to x is no secret (edition.Measure.Ranked)
	Others         bool // the noise of Σx is of whole contributions (edition.Measure.Others)
}

// Bearers are the persons of a sum of a measure who bring something to x; 0 where it does not tell.
func (s Sum) Bearers(m edition.Measure) int64 {
	if !m.Bins && !m.PerHead {
		return 0
	}
	return s.Persons - s.Histogram[0]
}

// Contributions are those of a sum of a measure.
func (s Sum) Contributions(m edition.Measure, perHead bool) Contributions {
	return Contributions{Ranked: m.Ranked, Others: m.Others, Persons: s.Persons, Bearers: s.Bearers(m),
		X: s.X, Y: s.Y, BoundX: math.Sqrt(float64(s.XX)), BoundY: math.Sqrt(float64(s.YY)), PerHead: perHead}
}

// Noise is the variance that the noise of an edition (package subject adds it) gives to x − r·y of a cell. A share has
// that of the fewer, and of the persons; a magnitude that of its largest contribution, which the cell does not tell
// (see LargestOf), and that of the number of those who bring something. Where all persons do, to x and to y, that
// number moves both, and their quotient not at all.
func (c Contributions) Noise(p edition.Perturbation, r float64) float64 {
	if c.PerHead {
		few := math.Min(r, 1-r)
		return p.Variance * (1 + few*few)
	}
	x := p.Step * LargestOf(c.Persons, c.X, c.BoundX)
	if c.Others {
		x = LargestOf(c.Persons, c.X, c.BoundX)
	}
	y := p.Step * LargestOf(c.Persons, c.Y, c.BoundY)
	v := x*x + r*r*y*y
	if c.Bearers == c.Persons {
		return p.Variance * v
	}
	if eachX := c.eachX(); !c.Ranked {
		v += eachX * eachX
	}
	eachY := r * float64(c.Y) / math.Max(1, float64(c.Persons))
	return p.Variance * (v + eachY*eachY)
}

// eachX is the mean of what those bring who bring something to x, or no less: n contributions of this sum have no
// smaller sum of squares than the square of the sum by n.
func (c Contributions) eachX() float64 {
	if c.Bearers > 0 {
		return float64(c.X) / float64(c.Bearers)
	}
	return c.BoundX * c.BoundX / math.Max(1, float64(c.X))
}

// LargestOf is about the largest of n contributions of a sum, none of which is above bound
// = √Σx²: that which n log-normal ones of their mean and variance are expected to have
// (Blom 1958), and no less than Σx²/Σx, which it never is below. Whole numbers that are
// their own squares, nearly, are ones.
func LargestOf(n, sum int64, bound float64) float64 {
	squares := bound * bound
	least := math.Max(1, squares/math.Max(1, float64(sum)))
	const ones = 1.5
	if n < 2 || sum <= 0 || least < ones {
		return least
	}
	mean := float64(sum) / float64(n)
	spread := math.Log(math.Max(1, squares/float64(n)/(mean*mean))) // σ² of the logarithm
	z := distuv.UnitNormal.Quantile((float64(n) - 0.375) / (float64(n) + 0.25))
	return math.Max(least, math.Min(bound, mean*math.Exp(math.Sqrt(spread)*z-spread/2)))
}
