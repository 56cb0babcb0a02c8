// Package random draws the numbers of a simulation from keyed streams.
//
// A stream is opened by keys: the seed of the region, one of the purposes below,
// the number of a school, a basin or a person, and where a purpose has several
// streams for the same one, a number more. The same keys give the same numbers,
// whatever else was drawn: a basin can be drawn without the others, and a purpose
// added without moving those that exist. Mix gives one number of the same keys, for
// what needs no stream.
package random

import (
	"math"
	"math/rand/v2"
)

// Purposes: the second key of a stream, after the seed. Their numbers are part of what
// a seed draws.
const (
	Plan         = iota + 1 // the schools of a region
	People                  // of a school; with 2, what they do
	Publications            // of grades, of a school
	Records                 // duplicates and broken records, of a basin and system
	Names                   // names and account ids, of a person
	Truth                   // what the oracle draws
	Customs                 // of a school
	Contents                // of a school
	Occasions               // of a school, or a basin with a number of its own
	Messages                // of a school
	Registers               // of a basin, a school or a publication
	App                     // the application's log, of a school
)

// Mix makes one number of some keys: SplitMix64's finaliser over a running state.
func Mix(parts ...uint64) uint64 {
	h := uint64(0x9e3779b97f4a7c15)
	for _, p := range parts {
		h += p + 0x9e3779b97f4a7c15
		h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>27) * 0x94d049bb133111eb
		h ^= h >> 31
	}
	return h
}

// Stream is a seeded source with the distributions the generator needs.
type Stream struct{ *rand.Rand }

// New opens the stream of some keys.
func New(parts ...uint64) Stream {
	h := Mix(parts...)
	return Stream{rand.New(rand.NewPCG(h, Mix(h, 1)))}
}

// Chance is true with probability p.
func (d Stream) Chance(p float64) bool { return d.Float64() < p }

// Exp draws an exponential variate of a mean.
func (d Stream) Exp(mean float64) float64 { return d.ExpFloat64() * mean }

// Poisson draws by inversion, in slices of mean 16 so that exp(-mean) stays exact.
func (d Stream) Poisson(mean float64) int {
	n := 0
	for mean > 16 {
		n += d.poissonSmall(16)
		mean -= 16
	}
	return n + d.poissonSmall(mean)
}

func (d Stream) poissonSmall(mean float64) int {
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

// Gamma draws a gamma variate of the given shape and mean 1 (Marsaglia and
// Tsang 2000, with the boost of shape below 1).
func (d Stream) Gamma(shape float64) float64 {
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

// Logistic is 1/(1+exp(-x)).
func Logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Logit is the inverse of Logistic, for p in (0, 1).
func Logit(p float64) float64 { return math.Log(p / (1 - p)) }

// NormalQuantile is the inverse of the standard normal distribution function.
func NormalQuantile(u float64) float64 { return math.Sqrt2 * math.Erfinv(2*u-1) }
