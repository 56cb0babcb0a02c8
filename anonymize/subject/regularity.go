package subject

import (
	"context"
	"math"
)

// regularityRow is the regularity of one scope with at least ten visits, in
// hundredths: the entropy of the weekdays from 0 to 100, 1 + burstiness and 1 +
// memory from 0 to 200. -1 is not defined.
type regularityRow struct {
	PersonKey  int64 `parquet:"person_key"`
	Mask       int64 `parquet:"mask"`
	Entropy    int64 `parquet:"entropy"`
	Burstiness int64 `parquet:"burstiness"`
	Memory     int64 `parquet:"memory"`
}

// regularity computes the regularity of the subjects of one slice.
func (b *Builder) regularity(ctx context.Context) error {
	rows := []regularityRow{}
	var current regularityRow
	var times []int64
	var weekdays [7]int64
	end := func() {
		if len(times) == 0 {
			return
		}
		gaps := intervals(times)
		current.Entropy = hundredths(entropy(weekdays[:]))
		current.Burstiness = hundredths(1 + burstiness(gaps))
		current.Memory = hundredths(1 + memory(gaps))
		rows = append(rows, current)
	}
	err := b.each(ctx, "regular_visit", func(r *row) error {
		if person, mask := r.int(0), r.int(1); person != current.PersonKey || mask != current.Mask || len(times) == 0 {
			end()
			current, times, weekdays = regularityRow{PersonKey: person, Mask: mask}, times[:0], [7]int64{}
		}
		times = append(times, r.int(2))
		weekdays[r.int(3)-1]++
		return nil
	})
	if err != nil {
		return err
	}
	end()
	if err := put(ctx, b, "regularity_part", rows); err != nil {
		return err
	}
	if err := b.extend(ctx, "regularity", "regularity"); err != nil {
		return err
	}
	return b.drop(ctx, "regularity_part")
}

// intervals are the times between successive instants.
func intervals(times []int64) []float64 {
	gaps := make([]float64, 0, len(times))
	for i := 1; i < len(times); i++ {
		gaps = append(gaps, float64(times[i]-times[i-1]))
	}
	return gaps
}

// hundredths rounds to whole hundredths, -1 for what is not defined.
func hundredths(x float64) int64 {
	if math.IsNaN(x) {
		return -1
	}
	return int64(math.Round(100 * x))
}

// entropy is the Shannon entropy of counts, divided by that of equal counts:
// −Σ p ln p / ln k. It is NaN without a count.
func entropy(counts []int64) float64 {
	var total, h float64
	for _, n := range counts {
		total += float64(n)
	}
	for _, n := range counts {
		if p := float64(n) / total; p > 0 {
			h -= p * math.Log(p)
		}
	}
	if total == 0 {
		return math.NaN()
	}
	return h / math.Log(float64(len(counts)))
}

// memory is the memory coefficient of Goh and Barabási (2008), EPL 81, 48002: the
// correlation of each interval with the next,
//
//	M = 1/(n−1) Σ (τ_i − m₁)(τ_{i+1} − m₂) / (σ₁ σ₂),  i = 1 … n−1,
//
// where m₁, σ₁ are the mean and the population standard deviation of the first
// n−1 of n intervals and m₂, σ₂ those of the last n−1. It is NaN with fewer than
// three intervals or when either standard deviation is 0.
func memory(intervals []float64) float64 {
	n := len(intervals) - 1
	if n < 2 {
		return math.NaN()
	}
	m1, s1 := moments(intervals[:n])
	m2, s2 := moments(intervals[1:])
	if s1 == 0 || s2 == 0 {
		return math.NaN()
	}
	var sum float64
	for i := range n {
		sum += (intervals[i] - m1) * (intervals[i+1] - m2)
	}
	return sum / float64(n) / (s1 * s2)
}

// moments are the mean and the population standard deviation.
func moments(values []float64) (mean, deviation float64) {
	for _, x := range values {
		mean += x
	}
	mean /= float64(len(values))
	for _, x := range values {
		deviation += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(deviation / float64(len(values)))
}
