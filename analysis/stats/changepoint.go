package stats

import "math"

// CUSUM tests a series for one change of mean and says where it is likeliest:
// the index of the first point after the change, the largest
// |S_k| = |Σ_{i≤k}(y_i − ȳ)|, and its p-value against a Brownian bridge,
// P(sup > x) = 2Σ(−1)^{j+1}exp(−2j²x²) with x = max|S_k|/(σ√n). σ² is the
// half mean square of successive differences, which a change of mean hardly
// moves; points are taken as independent.
//
// Source: Page 1954; Brown, Durbin & Evans 1975 (JRSS B 37).
func CUSUM(y []float64) (at int, test Test) {
	n := float64(len(y))
	var mean, diff float64
	for i, v := range y {
		mean += v / n
		if i > 0 {
			diff += (v - y[i-1]) * (v - y[i-1])
		}
	}
	sigma := math.Sqrt(diff / (2 * (n - 1)))
	var s, top float64
	for i, v := range y[:max(0, len(y)-1)] {
		if s += v - mean; math.Abs(s) > top {
			top, at = math.Abs(s), i+1
		}
	}
	x := top / (sigma * math.Sqrt(n))
	return at, Test{Statistic: x, DF: math.NaN(), P: kolmogorov(x), Method: "CUSUM, Brownian bridge"}
}

// kolmogorov is the tail of the supremum of |Brownian bridge|.
func kolmogorov(x float64) float64 {
	if !(x > 0.2) {
		return 1
	}
	p := 0.0
	for j := 1.0; j < 100; j++ {
		term := 2 * math.Exp(-2*j*j*x*x)
		if int(j)%2 == 0 {
			term = -term
		}
		p += term
		if math.Abs(term) < 1e-16 {
			break
		}
	}
	return math.Min(1, math.Max(0, p))
}

// Stop watches a series that should stay at mean for a fall (a feed that stops):
// Page's one-sided CUSUM C_t = max(0, C_{t−1} + (mean − y_t)/sd − k) alarms at the
// first t with C_t > h. It returns the index where the run that led to the alarm
// began and that of the alarm, or −1, −1. k = 0.5 and h = 5 are usual: about one
// false alarm in 930 points, and a fall of 4 sd is seen in two points.
// Source: Page 1954 (Biometrika 41); Montgomery 2013, §9.1.
func Stop(y []float64, mean, sd, k, h float64) (began, alarm int) {
	c, from := 0.0, 0
	for t, v := range y {
		next := c + (mean-v)/sd - k
		if next <= 0 {
			c, from = 0, t+1
			continue
		}
		if c = next; c > h {
			return from, t
		}
	}
	return -1, -1
}

// SegmentCost is the cost of points from..to−1 as one segment: twice the negative
// log-likelihood at its maximum, less terms common to every segmentation.
type SegmentCost func(from, to int) float64

// MeanCost is the cost of a normal segment of its own mean and known variance:
// Σ(y−ȳ)²/σ².
func MeanCost(y []float64, variance float64) SegmentCost {
	s, ss := cumulative(y)
	return func(from, to int) float64 {
		d := s[to] - s[from]
		return (ss[to] - ss[from] - d*d/float64(to-from)) / variance
	}
}

// PoissonCost is the cost of a Poisson segment of its own rate, for counts y with
// exposure (nil: 1): −2·S·log(S/E). A service that falls silent has S = 0.
func PoissonCost(y, exposure []float64) SegmentCost {
	if exposure == nil {
		exposure = make([]float64, len(y))
		for i := range exposure {
			exposure[i] = 1
		}
	}
	checkLengths(len(y), len(exposure))
	s, _ := cumulative(y)
	e, _ := cumulative(exposure)
	return func(from, to int) float64 {
		d := s[to] - s[from]
		if d <= 0 {
			return 0
		}
		return -2 * d * math.Log(d/(e[to]-e[from]))
	}
}

func cumulative(y []float64) (s, ss []float64) {
	s, ss = make([]float64, len(y)+1), make([]float64, len(y)+1)
	for i, v := range y {
		s[i+1], ss[i+1] = s[i]+v, ss[i]+v*v
	}
	return s, ss
}

// ChangePoints cuts n points into the segments (of at least shortest points) that
// minimise Σcost + penalty·(segments − 1), by PELT, which is exact. It returns the
// index of the first point of each segment but the first. penalty = 2·log n (one
// parameter and one place by change, on the scale of the costs above) is Schwarz's
// choice; a larger one gives fewer changes, and over-dispersed counts need it
// multiplied by their dispersion.
//
// Source: Killick, Fearnhead & Eckley 2012 (JASA 107).
func ChangePoints(n int, cost SegmentCost, penalty float64, shortest int) []int {
	shortest = max(1, shortest)
	if n < 2*shortest {
		return nil
	}
	best, last := make([]float64, n+1), make([]int, n+1)
	for t := range best {
		best[t] = math.Inf(1)
	}
	best[0] = -penalty
	starts := []int{0}
	expires := make([]int, n+1) // when a start can no longer be best; 0: never
	for t := shortest; t <= n; t++ {
		kept := starts[:0]
		for _, s := range starts {
			if expires[s] == 0 || t < expires[s] {
				kept = append(kept, s)
			}
		}
		starts = kept
		values := make([]float64, len(starts))
		for i, s := range starts {
			values[i] = best[s] + cost(s, t)
			if v := values[i] + penalty; v < best[t] {
				best[t], last[t] = v, s
			}
		}
		for i, s := range starts {
			// a start at t, which may serve from t+shortest on, beats s from then on
			if expires[s] == 0 && values[i] > best[t] {
				expires[s] = t + shortest
			}
		}
		if next := t + 1 - shortest; next >= shortest {
			starts = append(starts, next)
		}
	}
	var out []int
	for t := last[n]; t > 0; t = last[t] {
		out = append([]int{t}, out...)
	}
	return out
}
