package indicator

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
)

// The superpopulation of schools that the coverage draws come from. Sizes are
// log-normal (SD 0.6), as in the simulated region. The units of a school are alike
// through a Gaussian copula: the uniform number of a unit is
// Φ(√alike·z + √apart·w + √(1−alike−apart)·e), with z the school's, w that of the
// cell of the school and e the unit's own. So what has share p of all units has
// exactly share p, whatever the correlation, and truths are known without
// simulation. Counts are a log-normal factor of the school, of mean 1, times
// Poisson counts that differ between persons.
const (
	alikeness = 0.06 // ICC on the probit scale: about that of the never connected
	ownness   = 0.01
	effectSD  = 0.45
	ownSD     = 0.2
	meanUnits = 120
)

// drawn is one region drawn: a computation to fill, and its schools.
type drawn struct {
	*computation
	rng     *rand.Rand
	schools []drawnSchool
	law     law
}

// law is a superpopulation of schools.
type law int

// The laws. The second is that of no model: large schools differ from small ones as their
// factor (SD 0.45) does, a third of the persons are two of one family and answer alike, and
// three in ten never come. Its truths are those of one region of very many schools.
const (
	firstLaw law = iota
	secondLaw
)

const (
	sizeSlope = 0.2     // of the log size on how a school differs
	inPairs   = 1.0 / 3 // part of the persons who are two of one family, alike
	neverCome = 0.3
)

type drawnSchool struct {
	units int64
	z     float64 // standard normal: how this school differs
}

// drawRegion begins the region of a number for a figure of a name.
func drawRegion(ed *query.Edition, figure string, number uint64, schools int) *drawn {
	return drawRegionOf(firstLaw, ed, figure, number, schools)
}

// drawRegionOf is drawRegion under a law.
func drawRegionOf(of law, ed *query.Edition, figure string, number uint64, schools int) *drawn {
	h := fnv.New64a()
	h.Write([]byte(figure))
	d := &drawn{law: of, rng: rand.New(rand.NewPCG(number, h.Sum64())),
		computation: &computation{ed: ed,
			sums: map[sumsKey]map[cellKey][]query.Sum{}, times: map[string]map[query.Group][]query.Time{},
			fits: map[string]stats.CountFit{}, weeks: map[int8][]query.Week{}}}
	for range schools {
		if of == secondLaw {
			z := d.rng.NormFloat64()
			units := math.Max(30, math.Round(meanUnits*math.Exp(0.6*d.rng.NormFloat64()+sizeSlope*z-0.2)))
			d.schools = append(d.schools, drawnSchool{int64(units), z})
			continue
		}
		units := math.Max(30, math.Round(meanUnits*math.Exp(0.6*d.rng.NormFloat64()-0.18)))
		d.schools = append(d.schools, drawnSchool{int64(units), d.rng.NormFloat64()})
	}
	return d
}

// add adds what a school brings to one cell.
func (d *drawn) add(source, population string, g query.Group, row query.Sum) {
	row.Grouping, row.Group, row.Population, row.Schools, row.Families = g.Grouping, g.Value, population, 1, row.Persons
	row.XX, row.YY = 4*row.X, row.Y
	at, key := sumsKey{source, g.Grouping}, cellKey{source, population, g.Grouping, g.Value}
	if d.sums[at] == nil {
		d.sums[at] = map[cellKey][]query.Sum{}
	}
	d.sums[at][key] = append(d.sums[at][key], row)
}

func normalQuantile(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// within is the share in one cell of a school of what has share p of all units.
func (d *drawn) within(s drawnSchool, p float64) float64 {
	common := math.Sqrt(alikeness)*s.z + math.Sqrt(ownness)*d.rng.NormFloat64()
	return normalCDF((normalQuantile(p) - common) / math.Sqrt(1-alikeness-ownness))
}

// unit is the uniform number of one unit of a school.
func (d *drawn) unit(s drawnSchool) float64 {
	return normalCDF(math.Sqrt(alikeness)*s.z + math.Sqrt(1-alikeness)*d.rng.NormFloat64())
}

// effect is the factor of a school on counts.
func (s drawnSchool) effect() float64 { return math.Exp(effectSD*s.z - effectSD*effectSD/2) }

// own is the factor of one cell of a school on counts.
func (d *drawn) own() float64 { return math.Exp(ownSD*d.rng.NormFloat64() - ownSD*ownSD/2) }

func (d *drawn) binomial(n int64, p float64) int64 {
	if n == 0 || p <= 0 {
		return 0
	}
	draw := func(n int64) int64 {
		if n == 0 {
			return 0
		}
		return int64(distuv.Binomial{N: float64(n), P: math.Min(1, p), Src: d.rng}.Rand())
	}
	if d.law == firstLaw {
		return draw(n)
	}
	pairs := int64(float64(n) * inPairs / 2)
	return 2*draw(pairs) + draw(n-2*pairs)
}

// visits is the count of n persons together, of some mean each: Poisson, mixed
// by a gamma variable of shape 1 a person.
func (d *drawn) visits(n int64, mean float64) int64 {
	if d.law == secondLaw {
		come := max(1, int64(distuv.Binomial{N: float64(n), P: 1 - neverCome, Src: d.rng}.Rand()))
		n, mean = come, mean/(1-neverCome)
	}
	rate := distuv.Gamma{Alpha: float64(n), Beta: 1 / mean, Src: d.rng}.Rand()
	return int64(distuv.Poisson{Lambda: rate, Src: d.rng}.Rand())
}

// events is how many of y events of the persons of a school are of a kind that
// has share p: events of one person are alike.
func (d *drawn) events(s drawnSchool, y int64, p float64) int64 {
	n := float64(s.units)
	p = math.Min(1-1e-6, math.Max(1e-6, p))
	return d.binomial(y, distuv.Beta{Alpha: n * p, Beta: n * (1 - p), Src: d.rng}.Rand())
}

// geometric is the count of the unit of uniform number u: of mean mu and variance
// mu + mu², which is NB2 of size 1.
func geometric(u, mu float64) int64 { return int64(math.Log1p(-u) / math.Log(mu/(1+mu))) }
