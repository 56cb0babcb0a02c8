package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// A likelihood has no maximum where some rows can be fitted better and better by moving
// a coefficient to infinity (Albert & Anderson 1984, Biometrika 71): a group without a
// single event. The climb stops where nothing is gained, at a number that depends on
// when it stopped. Two signs on the fitted probabilities, neither of which depends on the
// units of a column, tell such a row:
//
//   - of its units fewer than farFromOne are expected to differ from what it shows;
//   - the standard error of its linear predictor is above unbounded: its information
//     has vanished, while a row that others hold in place keeps an error of about 1.
const (
	farFromOne = 1e-3
	unbounded  = 30
)

// separated counts the rows that nothing holds in place and says which coefficients go
// to infinity with them. contrary is the expected number of units of each row that
// differ from what it shows, +Inf for a row that shows both; cov is the inverse of the
// information.
func separated(x [][]float64, contrary []float64, cov *mat.SymDense) (rows int, infinite []bool) {
	p := len(x[0])
	infinite = make([]bool, p)
	scale := make([]float64, p)
	for i, row := range x {
		for j, v := range row {
			scale[j] += v * v
		}
		if contrary[i] < farFromOne && errorAt(row, cov) > unbounded {
			rows++
		}
	}
	if rows == 0 {
		return 0, infinite
	}
	for j := range infinite {
		se := math.Sqrt(cov.At(j, j) * scale[j] / float64(len(x)))
		infinite[j] = !(se < unbounded)
	}
	return rows, infinite
}

// errorAt is the standard error of the linear predictor of a row.
func errorAt(row []float64, cov *mat.SymDense) float64 {
	v := 0.0
	for i, a := range row {
		for j, b := range row {
			if a != 0 && b != 0 {
				v += a * b * cov.At(i, j)
			}
		}
	}
	return math.Sqrt(v)
}
