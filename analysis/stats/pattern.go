package stats

import "math"

// Burstiness is B = (σ−μ)/(σ+μ) of inter-event times: −1 regular, 0 Poisson, 1
// extremely bursty. σ is the population standard deviation. Source: Goh & Barabási
// 2008 (EPL 81, 48002). It is biased for few events: see [BurstinessFinite].
func Burstiness(intervals []float64) float64 {
	n, s, ss := moments(intervals)
	return BurstinessSums(n, s, ss)
}

// BurstinessSums is [Burstiness] from n intervals, their sum and sum of squares.
func BurstinessSums(n, sum, sumSquares float64) float64 {
	r := variation(n, sum, sumSquares)
	return (r - 1) / (r + 1)
}

// BurstinessFinite is A_n, the burstiness corrected for n intervals so that it is
// −1 for regular, 0 for Poisson and 1 for the burstiest sequence of that length:
//
//	A_n = (√(n+1)·r − √(n−1)) / ((√(n+1)−2)·r + √(n−1)),  r = σ/μ
//
// It needs n ≥ 2 (NaN below). Source: Kim & Jo 2016 (Phys. Rev. E 94, 032311), eq. 22.
func BurstinessFinite(intervals []float64) float64 {
	n, s, ss := moments(intervals)
	return BurstinessFiniteSums(n, s, ss)
}

// BurstinessFiniteSums is [BurstinessFinite] from n intervals, their sum and sum
// of squares (integers below 2⁵³ lose nothing).
func BurstinessFiniteSums(n, sum, sumSquares float64) float64 {
	if n < 2 {
		return math.NaN()
	}
	r := variation(n, sum, sumSquares)
	up, down := math.Sqrt(n+1), math.Sqrt(n-1)
	return (up*r - down) / ((up-2)*r + down)
}

func moments(x []float64) (n, sum, sumSquares float64) {
	for _, v := range x {
		sum, sumSquares = sum+v, sumSquares+v*v
	}
	return float64(len(x)), sum, sumSquares
}

// variation is σ/μ, from nΣx² − (Σx)² to keep the digits of large times.
func variation(n, sum, sumSquares float64) float64 {
	return math.Sqrt(math.Max(0, math.FMA(n, sumSquares, -sum*sum))) / sum
}

// Memory is M, the correlation of consecutive inter-event times, each with its
// own mean and population standard deviation; fewer than two pairs or constant
// times give NaN. Source: Goh & Barabási 2008, eq. 3.
func Memory(intervals []float64) float64 {
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

// Intervals returns the differences of rising times.
func Intervals(times []float64) []float64 {
	if len(times) < 2 {
		return nil
	}
	out := make([]float64, len(times)-1)
	for i := range out {
		out[i] = times[i+1] - times[i]
	}
	return out
}

// Entropy is Shannon's entropy of counts over their categories, divided by the
// log of the number of categories: 1 when all are alike (visits spread over the
// seven weekdays), 0 when one holds everything. No counts give NaN.
func Entropy(counts []float64) float64 {
	var n, h float64
	for _, c := range counts {
		n += c
	}
	for _, c := range counts {
		if c > 0 {
			h -= c / n * math.Log(c/n)
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return h / math.Log(float64(len(counts)))
}

// EmptyShare is the share of checks expected to find nothing new when checks fall
// at random (a Poisson process of the given rate) and news come at the given
// rising times within [start, end]: a check at time t is empty when the one before
// it came after the last news a(t) ago, so
//
//	1/(end−start)·∫ (1 − exp(−rate·a(t))) dt = Σ (g − (1−exp(−rate·g))/rate) / (end−start)
//
// over the stretches g between news. What lies before the first news counts as a
// stretch from start. An observed share well above it speaks of checks that do not
// follow the news, one below of checks driven by them.
func EmptyShare(news []float64, rate, start, end float64) float64 {
	if !(rate > 0 && end > start) {
		return math.NaN()
	}
	sum, from := 0.0, start
	stretch := func(to float64) {
		if g := to - from; g > 0 {
			sum += g + math.Expm1(-rate*g)/rate
			from = to
		}
	}
	for _, t := range news {
		if t > start && t < end {
			stretch(t)
		}
	}
	stretch(end)
	return sum / (end - start)
}
