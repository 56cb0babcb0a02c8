package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Test is a test statistic with its degrees of freedom and p-value.
type Test struct {
	Statistic, DF, P float64
	Method           string
	Warnings         []Warning
}

func chiSquared(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return distuv.ChiSquared{K: df}.Survival(x)
}

// WaldTest tests that the truth behind e is null: z = (t(v) − t(null)) / (SE·|t′(v)|)
// on the scale of t (the log for a ratio whose null is 1), against Student's t with
// the degrees of freedom of e, two-sided. Where the interval of e takes its skewness away
// (Hall 1992) the test does too: it finds a difference where the interval leaves null out.
// P is NaN, with a warning, without a standard error.
func WaldTest(e Estimate, null float64, t Transform) Test {
	test := Test{DF: e.DF, P: math.NaN(), Statistic: math.NaN(), Method: "Wald, " + t.String() + " scale"}
	if !t.inside(e.Value) || !(e.SE > 1e-13*math.Abs(e.Value)) || !(e.DF > 0) {
		test.Warnings = append(append(test.Warnings, e.Warnings...), warning(NoScale, e.Value, e.SE, t))
		return test
	}
	test.Statistic = e.unskewed((t.forward(e.Value)-t.forward(null))/(e.SE*math.Abs(t.slope(e.Value))), t)
	test.P = 2 * tSurvival(math.Abs(test.Statistic), e.DF)
	return test
}
