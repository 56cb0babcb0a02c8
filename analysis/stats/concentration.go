package stats

import "math"

// ConcentrationAllowance multiplies the half width of the intervals of
// [GiniClusters] and [TopShareClusters]. From skewed clusters a concentration is
// biased towards 0 and its error is small when it is, so that the plain interval
// covers 0.88 to 0.94 instead of 0.95; with the factor, calibrated by simulation
// (testdata/coverage.txt), it covers 0.92 to 0.98.
const ConcentrationAllowance = 1.2

// linearised gives the measure of a concentration its error from the influence of each cluster on it, less the
// cluster's own part (CR3), and the interval of that on scale t; false where there is none.
func (e *Estimate) linearised(influence, part []float64, t Transform, level float64) bool {
	e.Clusters = len(part)
	if !e.enough() {
		return false
	}
	var v, v4 float64
	for _, z := range influence {
		v, v4 = v+z*z, v4+z*z*z*z
	}
	e.SE, e.DF = math.Sqrt(v), math.Min(freedom(part, CR3, SatterthwaiteEffect), 3*v*v/v4)
	if v > 0 && e.carried(influence, part) {
		return false
	}
	e.widened(ConcentrationAllowance, level, t)
	return true
}
