package region

import (
	"math"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// apportion gives n places to kinds by largest remainder, in order of kind.
func apportion(n int, weight func(int) float64, kinds int) []int {
	total := 0.0
	for k := range kinds {
		total += weight(k)
	}
	counts, rest, given := make([]int, kinds), make([]float64, kinds), 0
	for k := range kinds {
		exact := float64(n) * weight(k) / total
		counts[k] = int(math.Floor(exact + 1e-9))
		rest[k] = exact - float64(counts[k])
		given += counts[k]
	}
	for ; given < n; given++ {
		best := 0
		for k := range kinds {
			if rest[k] > rest[best]+1e-12 {
				best = k
			}
		}
		counts[best]++
		rest[best]--
	}
	out := make([]int, 0, n)
	for k, c := range counts {
		for range c {
			out = append(out, k)
		}
	}
	return out
}

// quantiles hands out uniform numbers for the schools of a stratum: independent
// ones, or one in each of as many equal slices as there are schools.
type quantiles struct {
	even  bool
	slots [][2][]int
	size  []int
}

func newQuantiles(d random.Stream, kinds []int, strata int, even bool) *quantiles {
	q := &quantiles{even: even, slots: make([][2][]int, strata), size: make([]int, strata)}
	for _, k := range kinds {
		q.size[k]++
	}
	for k := range strata {
		for v := range 2 {
			if even {
				q.slots[k][v] = d.Perm(q.size[k])
			}
		}
	}
	return q
}

func (q *quantiles) next(kind, variable int, d random.Stream) float64 {
	u := d.Float64()
	if q.even {
		slots := q.slots[kind][variable]
		u = (float64(slots[0]) + u) / float64(q.size[kind])
		q.slots[kind][variable] = slots[1:]
	}
	return math.Max(1e-9, math.Min(1-1e-9, u))
}
