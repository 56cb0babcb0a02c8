package indicator

import (
	"math"
	"strings"

	"github.com/entscope/entscope/analysis/query"
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

// noiseOf is the standard deviation that the noise of an edition gives to Σx/Σy of cells.
func noiseOf(p edition.Perturbation, cells ...*counts) float64 {
	var x, y, v float64
	for _, c := range cells {
		x, y = x+float64(c.x), y+float64(c.y)
	}
	if y == 0 {
		return 0
	}
	for _, c := range cells {
		measure, _, _ := strings.Cut(c.cell.source, "@")
		m, _ := edition.FindMeasure(measure)
		v += query.Contributions{Ranked: m.Ranked, Others: m.Others, Persons: c.persons, Bearers: c.bearers, X: c.x,
			Y: c.y, BoundX: c.largestX, BoundY: c.largestY, PerHead: c.perHead}.Noise(p, x/y)
	}
	return math.Sqrt(v) / y
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
