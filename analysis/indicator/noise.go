package indicator

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// An interval over clusters holds the noise of the cells: it is in what the clusters
// differ by. Where there is none, or where the noise is a good part of it, the figure
// says so.

// The noise is said from here on.
const (
	noisyPart  = 0.3   // of the variance of an interval
	noisyShare = 0.05  // of a share without an interval: half the width at 95 %
	noisyRate  = 0.10  // of the value of a rate without one
	normal95   = 1.960 // standard deviations
)

// noiseOf is the standard deviation that the noise of an edition gives to Σx/Σy of
// cells. A share has that of the fewer, and of the persons; a magnitude that of its
// largest contribution, which the cell does not tell (see largestOf), that of the persons
// where all bring nearly alike, and of what one brings where some do.
func noiseOf(p edition.Perturbation, cells ...*counts) float64 {
	var x, y, v float64
	for _, c := range cells {
		x, y = x+float64(c.x), y+float64(c.y)
	}
	if y == 0 {
		return 0
	}
	r := x / y
	for _, c := range cells {
		if c.perHead {
			few := math.Min(r, 1-r)
			v += p.Variance * (1 + few*few)
			continue
		}
		topX, topY := largestOf(c.persons, c.x, c.largestX), largestOf(c.persons, c.y, c.largestY)
		each := float64(c.y) / math.Max(1, float64(c.persons))
		x2, y2 := p.Step*p.Step*topX*topX, p.Step*p.Step*topY*topY
		if c.bearers > 0 && c.bearers < c.persons {
			if each := float64(c.x) / float64(c.bearers); p.Step*topX < each {
				x2 += each * each
			}
		}
		allAlike := c.bearers == c.persons && c.persons > 0 && p.Step*topX < float64(c.x)/float64(c.persons)
		if p.Step*topY < each && !allAlike { // with the noise of the persons, which x has too where all bring alike
			y2 += each * each
		}
		v += p.Variance * (x2 + r*r*y2)
	}
	return math.Sqrt(v) / y
}

// largestOf is about the largest of n contributions of a sum, none of which is above bound
// = √Σx²: that which n log-normal ones of their mean and variance are expected to have
// (Blom 1958), and no less than Σx²/Σx, which it never is below. Whole numbers that are
// their own squares, nearly, are ones.
func largestOf(n, sum int64, bound float64) float64 {
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

// beyondNoise moves the ends of bounds that carry no sampling error by what noise, of these
// standard deviations, may have moved them: of few schools the truth is theirs alone, and
// bounds are said to hold it.
func (r Result) beyondNoise(low, high float64) Result {
	if r.Status != Published || r.Level > 0 || r.Low == nil || r.High == nil {
		return r
	}
	lower, upper := math.Max(0, *r.Low-normal95*low), math.Min(1, *r.High+normal95*high)
	r.Low, r.High = &lower, &upper
	return r
}

// noisy warns of a figure whose doubt is noise for a good part.
func (r Result) noisy(noise float64, e stats.Estimate, share bool) Result {
	if r.Status != Published || r.Estimate == nil || noise == 0 {
		return r
	}
	half := normal95 * noise
	switch {
	case r.Level > 0:
		if noise*noise < noisyPart*e.SE*e.SE || math.IsNaN(e.SE) {
			return r
		}
	case share && half < noisyShare, !share && half < noisyRate*math.Abs(*r.Estimate):
		return r
	}
	r.Warnings = append(r.Warnings, warning(CodeNoise,
		"Le bruit qui protège les personnes fait une bonne part de l’incertitude de ce chiffre."))
	return r
}
