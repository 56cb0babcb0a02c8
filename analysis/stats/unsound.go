package stats

import "math"

// Data come from files. What no statistic takes is refused here, before it can pass for
// a number: NaN compares as false, so that a test such as den > 0 drops it in silence.

// A number above largest cannot be squared, and a size below least divides nothing.
const (
	least   = 1e-100
	largest = 1e100
)

func fit(v float64) bool { return math.Abs(v) <= largest }

// unfit counts the values that are no usable number.
func unfit(columns ...[]float64) (n int) {
	for _, c := range columns {
		for _, v := range c {
			if !fit(v) {
				n++
			}
		}
	}
	return n
}

// tiny counts the sizes that are above 0 and too small to divide by.
func tiny(sizes ...[]float64) (n int) {
	for _, c := range sizes {
		for _, v := range c {
			if v > 0 && v < least {
				n++
			}
		}
	}
	return n
}

// negative counts the values below 0.
func negative(columns ...[]float64) (n int) {
	for _, c := range columns {
		for _, v := range c {
			if v < 0 {
				n++
			}
		}
	}
	return n
}

// unsound says why data are no data: values that are no number, or sizes below 0.
func unsound(sizes [][]float64, values ...[]float64) []Warning {
	if n := unfit(sizes...) + unfit(values...) + tiny(sizes...); n > 0 {
		return []Warning{warning(NotANumber, n)}
	}
	if n := negative(sizes...); n > 0 {
		return []Warning{warning(Negative, n)}
	}
	return nil
}

// sound reports whether e may be computed from sizes, which are not below 0, and
// values. If not, e does not exist and says why.
func (e *Estimate) sound(sizes [][]float64, values ...[]float64) bool {
	faults := unsound(sizes, values...)
	if faults == nil {
		return true
	}
	e.Warnings = append(e.Warnings, faults...)
	e.none()
	return false
}

// none takes the number of e away.
func (e *Estimate) none() {
	e.Value, e.SE, e.DF = math.NaN(), math.NaN(), math.NaN()
	e.noInterval()
}

// number is v, or NaN where it is infinite: what does not exist is NaN.
func number(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// of lists columns, as [unsound] takes sizes.
func of(columns ...[]float64) [][]float64 { return columns }

// lives are the columns of life tables.
func lives(tables []LifeTable) (out [][]float64) {
	for _, t := range tables {
		out = append(out, t.AtRisk, t.Events)
	}
	return out
}
