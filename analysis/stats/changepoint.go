package stats

import "math"

// SegmentCost is the cost of points from..to−1 as one segment: twice the negative
// log-likelihood at its maximum, less terms common to every segmentation.
type SegmentCost func(from, to int) float64

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
