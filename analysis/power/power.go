// Package power says what differences a study can find, before anything is tested.
//
// A [Basis] is a measure with its standard error over so many schools: read from an
// edition ([FromEdition]), whose errors hold the sizes of the schools, what they have in
// common and the noise of the cells; or assumed ([Assumed]) from a share, schools of one
// size and their intraclass correlation. [Basis.Detectable] is the smallest difference
// between two halves of the schools that a test on clusters finds. A difference within
// schools (the same persons in two months, siblings) needs fewer; one between a few schools
// and many needs more.
package power

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// Test is the test that is planned.
type Test struct {
	Alpha float64 // significance, two-sided
	Power float64
}

// Check refuses what is no test.
func (t Test) Check() error {
	if !(t.Alpha > 0 && t.Alpha < 0.5) {
		return fmt.Errorf("power: alpha %v is not between 0 and 0.5", t.Alpha)
	}
	if !(t.Power > t.Alpha && t.Power < 1) {
		return fmt.Errorf("power: power %v is not between alpha and 1", t.Power)
	}
	return nil
}

// Basis is a measure and how surely it is known over some schools.
type Basis struct {
	Measure, Population string
	Share               bool // of persons; else an amount
	Value, SE           float64
	Schools             int64
	Persons             int64
	// ICC is the part of the variance between persons that lies between schools, and
	// DesignEffect the factor by which it multiplies that of the mean; NaN where unknown.
	ICC, DesignEffect float64
}

// MinSchools is the number of schools below which nothing is planned: no figure has an
// interval there.
const MinSchools = 12

// Detectable is the smallest difference between two halves of so many schools that the
// test finds, in the unit of the measure; NaN below MinSchools. A difference is 2 standard
// errors of the mean of all apart, and schools − 2 are free.
func (b Basis) Detectable(schools int64, t Test) float64 {
	if schools < MinSchools {
		return math.NaN()
	}
	se := 2 * b.SE * math.Sqrt(float64(b.Schools)/float64(schools))
	return stats.Detectable(se, float64(schools-2), t.Alpha, t.Power)
}

// Assumed is the basis of a share of persons in schools of one size.
func Assumed(share, icc float64, schools, persons int64) (Basis, error) {
	var faults []error
	if !(share > 0 && share < 1) {
		faults = append(faults, fmt.Errorf("power: share %v is not between 0 and 1", share))
	}
	if !(icc >= 0 && icc < 1) {
		faults = append(faults, fmt.Errorf("power: icc %v is not from 0 to below 1", icc))
	}
	if schools < MinSchools {
		faults = append(faults, fmt.Errorf("power: %d schools: nothing is planned below %d", schools, MinSchools))
	}
	if persons < 1 {
		faults = append(faults, fmt.Errorf("power: %d persons a school", persons))
	}
	if err := errors.Join(faults...); err != nil {
		return Basis{}, err
	}
	effect := stats.DesignEffect([]float64{float64(persons)}, icc)
	n := float64(schools * persons)
	return Basis{Measure: "assumed share", Share: true, Value: share, SE: math.Sqrt(share * (1 - share) * effect / n),
		Schools: schools, Persons: schools * persons, ICC: icc, DesignEffect: effect}, nil
}

// FromEdition reads every measure of the whole population that an edition holds with an
// interval.
func FromEdition(ctx context.Context, ed *query.Edition) ([]Basis, error) {
	var out []Basis
	for _, m := range edition.Measures {
		sums, err := ed.Sums(ctx, m.Name, "all")
		if err != nil {
			return nil, err
		}
		for _, population := range m.Populations {
			var of []query.Sum
			for _, s := range sums {
				if s.Population == population {
					of = append(of, s)
				}
			}
			if b, ok := basis(m, population, of); ok {
				out = append(out, b)
			}
		}
	}
	return out, nil
}

// basis is the measure over the clusters of one population; false without an interval.
func basis(m edition.Measure, population string, sums []query.Sum) (Basis, bool) {
	b := Basis{Measure: m.Name, Population: population, Share: m.Kind == edition.KindShare && m.PerHead,
		ICC: math.NaN(), DesignEffect: math.NaN()}
	var x, y []float64
	for _, s := range sums {
		x, y = append(x, float64(s.X)), append(y, float64(s.Y))
		b.Schools += int64(s.Schools)
		if b.Persons += s.Persons; population == edition.PopFamilies {
			b.Persons += s.Families - s.Persons
		}
	}
	estimate := stats.ClusterRatio
	if b.Share {
		estimate = stats.ClusterShare
	}
	e := estimate(x, y, 0.95)
	if !e.HasInterval() || !(e.SE > 0) || b.Schools < MinSchools {
		return b, false
	}
	b.Value, b.SE = e.Value, e.SE
	if b.Share { // x is 0 or 1: its squares are itself
		b.ICC = stats.ICCOneWay(y, x, x, 0.95).Value
		b.DesignEffect = stats.DesignEffect(y, b.ICC)
	}
	return b, true
}
