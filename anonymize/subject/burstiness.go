package subject

import (
	"context"
	"math"
)

// minBurstiness is the bound of condition (iii) of N5.
const minBurstiness = 0.3

// burstiness is the finite-size corrected burstiness of Kim and Jo (2016),
// Physical Review E 94, 032311, eq. 22: with r = σ/μ of the n intervals between
// events (σ of the population),
//
//	A_n = (√(n+1) r − √(n−1)) / ((√(n+1) − 2) r + √(n−1)).
//
// It is NaN with fewer than two intervals or when all are zero.
func burstiness(intervals []float64) float64 {
	n := float64(len(intervals))
	if n < 2 {
		return math.NaN()
	}
	var sum, squares float64
	for _, x := range intervals {
		sum += x
	}
	mean := sum / n
	if mean == 0 {
		return math.NaN()
	}
	for _, x := range intervals {
		squares += (x - mean) * (x - mean)
	}
	r := math.Sqrt(squares/n) / mean
	return (math.Sqrt(n+1)*r - math.Sqrt(n-1)) / ((math.Sqrt(n+1)-2)*r + math.Sqrt(n-1))
}

type checkerRow struct {
	PersonKey int64 `parquet:"person_key"`
	SchoolKey int32 `parquet:"school_key"`
}

// checkers gives the pairs of a slice that meet every condition of N5. SQL has
// decided those of whole numbers; the flag never leaves the restricted zone but
// in sums.
func (b *Builder) checkers(ctx context.Context, part slice) ([]checkerRow, error) {
	var flagged []checkerRow
	var times []float64
	var pair checkerRow
	night := false
	end := func() {
		if len(times) == 0 {
			return
		}
		intervals := make([]float64, 0, len(times))
		for i := 1; i < len(times); i++ {
			intervals = append(intervals, times[i]-times[i-1])
		}
		if night || burstiness(intervals) >= minBurstiness {
			flagged = append(flagged, pair)
		}
	}
	err := b.each(ctx, "checking_times", func(r *row) error {
		if next := (checkerRow{r.int(0), int32(r.int(1))}); next != pair {
			end()
			pair, times = next, times[:0]
		}
		times, night = append(times, float64(r.int(2))), r.int(3) == 1
		return nil
	}, part.low, part.high)
	end()
	return flagged, err
}
