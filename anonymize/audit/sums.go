package audit

import (
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// largestSpread bounds a sum of squares by the square of the sum: of contributions >= 0 it is no larger, and noise of
// one that brings nearly all may leave little of the sum, but never so little.
const largestSpread = 1e9

// noisySums counts the rows of a cell table whose columns are not those that the writer of editions leaves of the
// measure and the population under noise; of exact cells none.
func (a *auditor) noisySums(table string) (faults int64, err error) {
	noise := int64(a.manifest.Perturbation.Maximum)
	if a.manifest.Perturbation.Variance == 0 {
		return 0, nil
	}
	data := a.content[table+".parquet"]
	if table == edition.TableSchoolMeasures {
		err = eachRowOf(data, func(r edition.SchoolRow) {
			row := edition.SumRow{Measure: r.Measure, Population: r.Population, Persons: r.Persons, Families: r.Families,
				Numerator: r.Numerator, Denom: r.Denom, SumXX: r.SumXX, SumYY: r.SumYY}
			if !soundSums(row, noise) {
				faults++
			}
		})
	} else {
		err = eachRowOf(data, func(r edition.SumRow) {
			if !soundSums(r, noise) || !soundSpread(r) {
				faults++
			}
		})
	}
	if err != nil {
		return 0, fmt.Errorf("audit: %s: %w", table, err)
	}
	return faults, nil
}

// soundSums reports whether the sums of a row agree with its measure; noise is the largest of a count. What is no
// approved measure is said elsewhere.
func soundSums(r edition.SumRow, noise int64) bool {
	m, ok := edition.FindMeasure(r.Measure)
	if !ok {
		return true
	}
	if r.Population != edition.PopFamilies && r.Families != r.Persons {
		return false
	}
	most := r.Persons + 2*noise // of whom a share tells, by two draws
	if slices.Contains(edition.OfPairs, r.Population) {
		most = math.MaxInt64 // a parent of two schools is two
	}
	share := m.Kind == edition.KindShare
	switch {
	case perHead(m, r.Population):
		return r.Numerator <= r.Denom && r.SumXX == r.Numerator && r.Denom == r.Persons && r.SumYY == r.Persons
	case share && (r.Numerator > most || !squared(r.SumXX, r.Numerator, r.Numerator, r.Persons)):
		return false
	case m.Each > 0 && (r.Denom != m.Each*r.Persons || !squared(r.SumYY, m.Each*r.Denom, r.Denom, r.Persons)):
		return false
	case share && m.Each == 0 && (r.Denom > most || r.Numerator > r.Denom+2*noise ||
		!squared(r.SumYY, r.Denom, r.Denom, r.Persons)):
		return false
	}
	within := func(squares, sum int64) bool { return float64(squares) <= largestSpread*float64(sum)*float64(sum) }
	return within(r.SumXX, r.Numerator) && within(r.SumYY, r.Denom)
}

// soundSpread reports whether the products and the bins of a row agree with its measure.
func soundSpread(r edition.SumRow) bool {
	m, ok := edition.FindMeasure(r.Measure)
	switch {
	case !ok:
		return true
	case perHead(m, r.Population):
		return r.SumXY == r.Numerator && r.H00 == r.Persons-r.Numerator && r.H01 == r.Numerator
	case m.Each > 0 && r.Numerator > 0 && (r.SumXY > m.Each*r.Numerator || r.SumXY < m.Each*r.Numerator-1):
		return false
	}
	return r.Numerator == 0 || m.Bins || r.H01 == r.Persons // who brings nothing is told by no question
}

// perHead reports whether a row is a share of the persons that it counts.
func perHead(m edition.Measure, population string) bool {
	return m.PerHead && !slices.Contains(edition.OfPairs, population)
}

// squared reports whether a sum of squares is what it says or, where that is more, the least that n numbers of a sum
// can have, rounded up.
func squared(squares, says, sum, n int64) bool {
	square := new(big.Int).Mul(big.NewInt(sum), big.NewInt(sum))
	mean, rest := new(big.Int).QuoRem(square, big.NewInt(max(n, 1)), new(big.Int))
	least := mean.Add(mean, big.NewInt(int64(rest.Sign())+1))
	return squares == says || squares > says && big.NewInt(squares).Cmp(least) <= 0
}
