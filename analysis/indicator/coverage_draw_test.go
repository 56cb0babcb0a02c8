package indicator

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/analysis/query"
)

// The superpopulation of schools that the coverage draws come from. Sizes are
// log-normal (SD 0.6), as in the region that is simulated. The units of a school
// are alike through a Gaussian copula of correlation alike: a unit has the uniform
// number Φ(√alike·z + √(1−alike)·e), with z the school's and e its own. So what
// happens to a share p of all units happens to exactly p of them, whatever the
// correlation, and every truth below is known without simulation. Visits are a
// log-normal effect of the school of mean 1 times Poisson counts mixed by gamma
// variables.
const (
	alike     = 0.06
	effectSD  = 0.45
	ownSD     = 0.2
	regionOf  = 60 // schools of a region
	meanUnits = 120
)

// drawn is one region drawn: a computation to fill, and its schools.
type drawn struct {
	*computation
	rng     *rand.Rand
	schools []drawnSchool
}

type drawnSchool struct {
	units int64
	z     float64 // standard normal: how this school differs
}

// drawSchools begins a region: number is that of the draw, seed that of the figure.
func drawSchools(ed *query.Edition, seed, number uint64, schools int) *drawn {
	d := &drawn{rng: rand.New(rand.NewPCG(number, seed)), computation: &computation{ctx: context.Background(), ed: ed,
		sums: map[sumsKey]map[cellKey][]query.Sum{}, times: map[string]map[query.Group][]query.Time{}, weeks: map[int8][]query.Week{}}}
	d.fits = newFits()
	for range schools {
		units := math.Max(30, math.Round(meanUnits*math.Exp(0.6*d.rng.NormFloat64()-0.18)))
		d.schools = append(d.schools, drawnSchool{int64(units), d.rng.NormFloat64()})
	}
	return d
}

// add adds one cluster to a cell.
func (d *drawn) add(source, population string, g query.Group, row query.Sum) {
	row.Grouping, row.Group, row.Population, row.Schools, row.Families = g.Grouping, g.Value, population, 1, row.Persons
	row.XX, row.YY = 4*row.X, row.Y
	at, key := sumsKey{source, g.Grouping}, cellKey{source, population, g.Grouping, g.Value}
	if d.sums[at] == nil {
		d.sums[at] = map[cellKey][]query.Sum{}
	}
	d.sums[at][key] = append(d.sums[at][key], row)
}

func quantileOf(p float64) float64 { return distuv.UnitNormal.Quantile(p) }

func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// within is the share in a school of what has share p of all units.
func (s drawnSchool) within(p float64) float64 {
	return normalCDF((quantileOf(p) - math.Sqrt(alike)*s.z) / math.Sqrt(1-alike))
}

// unit is the uniform number of one unit of a school.
func (d *drawn) unit(s drawnSchool) float64 {
	return normalCDF(math.Sqrt(alike)*s.z + math.Sqrt(1-alike)*d.rng.NormFloat64())
}

// effect is the school's factor on counts, of mean 1.
func (s drawnSchool) effect() float64 { return math.Exp(effectSD*s.z - effectSD*effectSD/2) }

// own is a factor of mean 1 of one cell of one school.
func (d *drawn) own() float64 { return math.Exp(ownSD*d.rng.NormFloat64() - ownSD*ownSD/2) }

func (d *drawn) binomial(n int64, p float64) int64 {
	return int64(distuv.Binomial{N: float64(n), P: math.Min(1, math.Max(0, p)), Src: d.rng}.Rand())
}

// visits are the counts of n persons of some mean: Poisson, mixed by a gamma
// variable of shape 1 for each person.
func (d *drawn) visits(n int64, mean float64) int64 {
	rate := distuv.Gamma{Alpha: float64(n), Beta: 1 / mean, Src: d.rng}.Rand()
	return int64(distuv.Poisson{Lambda: rate, Src: d.rng}.Rand())
}

// events splits y events of the persons of a school: p of them in the mean, more
// alike than chance within a person.
func (d *drawn) events(s drawnSchool, y int64, p float64) int64 {
	n := float64(s.units)
	p = math.Min(1-1e-9, math.Max(1e-9, p))
	return d.binomial(y, distuv.Beta{Alpha: n * p, Beta: n * (1 - p), Src: d.rng}.Rand())
}

// geometric is the count of the unit of uniform number u, of mean mu and variance
// mu + mu²: NB2 of size 1.
func geometric(u, mu float64) int64 {
	return int64(math.Log1p(-u) / math.Log(mu/(1+mu)))
}

// plan is how the cells of a figure are drawn, and its true value.
type plan struct {
	truth float64
	draw  func(d *drawn, m Measure)
}

// heads are shares of persons, one for each source.
func heads(of func(p []float64) float64, p ...float64) plan {
	return plan{of(p), func(d *drawn, m Measure) {
		for i, s := range d.schools {
			for j, source := range m.Sources {
				q := distuv.UnitNormal.CDF((quantileOf(s.within(p[j])) + ownSD*d.rng.NormFloat64()) / 1)
				d.add(source, m.Populations[0], wholePopulation, query.Sum{Cluster: int32(i), Persons: s.units, X: d.binomial(s.units, q), Y: s.units})
			}
		}
	}}
}
