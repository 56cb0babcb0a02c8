package subject

import (
	"math"
)

// burstiness is A_n, the burstiness of the intervals between events corrected for
// their number n, so that it is −1 for regular events, 0 for a Poisson process and
// 1 for the burstiest sequence of that length: with r = σ/μ (σ of the population),
//
//	A_n = (√(n+1)·r − √(n−1)) / ((√(n+1)−2)·r + √(n−1)).
//
// It is NaN with fewer than two intervals or when all are zero. Source: Kim & Jo
// 2016 (Phys. Rev. E 94, 032311), eq. 22.
func burstiness(intervals []float64) float64 {
	n := float64(len(intervals))
	if n < 2 {
		return math.NaN()
	}
	var sum, squares float64
	for _, v := range intervals {
		sum, squares = sum+v, squares+v*v
	}
	// σ/μ from nΣx² − (Σx)², to keep the digits of large times
	r := math.Sqrt(math.Max(0, math.FMA(n, squares, -sum*sum))) / sum
	up, down := math.Sqrt(n+1), math.Sqrt(n-1)
	return (up*r - down) / ((up-2)*r + down)
}

// memory is the memory coefficient of Goh & Barabási 2008 (EPL 81, 48002), eq. 3:
// the correlation of each interval with the next, each side with its own mean and
// population standard deviation. Fewer than three intervals, or a side that does
// not vary, give NaN.
func memory(intervals []float64) float64 {
	if len(intervals) < 3 {
		return math.NaN()
	}
	a, b := intervals[:len(intervals)-1], intervals[1:]
	n := float64(len(a))
	var ma, mb, sab, saa, sbb float64
	for i := range a {
		ma, mb = ma+a[i]/n, mb+b[i]/n
	}
	for i := range a {
		da, db := a[i]-ma, b[i]-mb
		sab, saa, sbb = sab+da*db, saa+da*da, sbb+db*db
	}
	return sab / math.Sqrt(saa*sbb)
}

// entropy is Shannon's entropy of counts over their categories, divided by the log
// of the number of categories: 1 when all are alike (visits spread over the seven
// weekdays), 0 when one holds everything. No counts give NaN.
func entropy(counts []int64) float64 {
	var n, h float64
	for _, c := range counts {
		n += float64(c)
	}
	for _, c := range counts {
		if p := float64(c) / n; p > 0 {
			h -= p * math.Log(p)
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return h / math.Log(float64(len(counts)))
}

// intervals are the times between successive instants.
func intervals(times []int64) []float64 {
	gaps := make([]float64, 0, len(times))
	for i := 1; i < len(times); i++ {
		gaps = append(gaps, float64(times[i]-times[i-1]))
	}
	return gaps
}
