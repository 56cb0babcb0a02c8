package simulate

import (
	"math"
	"math/rand/v2"
)

// Streams of random numbers: one for each purpose and each school or basin, so
// that a part of the region can be drawn again without the rest.
const (
	streamPlan = iota + 1
	streamPeople
	streamPublications
	streamRecords
	streamNames
	streamTruth
	streamCustoms
	streamContents
	streamMore
	streamMessages
	streamRegisters
	streamApp
)

// mix is SplitMix64's finaliser over a running state.
func mix(parts ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h += p + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// draw is a seeded source with the distributions the generator needs.
type draw struct{ *rand.Rand }

func newDraw(parts ...uint64) draw {
	h := mix(parts...)
	return draw{rand.New(rand.NewPCG(h, mix(h, 1)))}
}

func (d draw) chance(p float64) bool { return d.Float64() < p }

func (d draw) exp(mean float64) float64 { return d.ExpFloat64() * mean }

// poisson draws by inversion, in slices of mean 16 so that exp(-mean) stays exact.
func (d draw) poisson(mean float64) int {
	n := 0
	for mean > 16 {
		n += d.poissonSmall(16)
		mean -= 16
	}
	return n + d.poissonSmall(mean)
}

func (d draw) poissonSmall(mean float64) int {
	if mean <= 0 {
		return 0
	}
	limit, p, n := math.Exp(-mean), d.Float64(), 0
	for p > limit {
		p *= d.Float64()
		n++
	}
	return n
}

// gamma draws a gamma variate of the given shape and mean 1 (Marsaglia and
// Tsang 2000, with the boost of shape below 1).
func (d draw) gamma(shape float64) float64 {
	a, boost := shape, 1.0
	if a < 1 {
		boost = math.Pow(1-d.Float64(), 1/a)
		a++
	}
	c := a - 1.0/3
	k := 1 / math.Sqrt(9*c)
	for {
		x := d.NormFloat64()
		v := 1 + k*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := 1 - d.Float64()
		if math.Log(u) < 0.5*x*x+c-c*v+c*math.Log(v) {
			return c * v * boost / shape
		}
	}
}

// second draws a second of the day from bands whose shares sum to 1.
func (d draw) second(bands []hourBand) int {
	u := d.Float64()
	for _, b := range bands {
		if u -= b.share; u < 0 {
			return b.from*3600 + d.IntN((b.to-b.from)*3600)
		}
	}
	b := bands[len(bands)-1]
	return b.from*3600 + d.IntN((b.to-b.from)*3600)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// normalQuantile is the inverse of the standard normal distribution function.
func normalQuantile(u float64) float64 { return math.Sqrt2 * math.Erfinv(2*u-1) }
