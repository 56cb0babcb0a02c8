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

// hundredths rounds to whole hundredths, -1 for what is not defined.
func hundredths(x float64) int64 {
	if math.IsNaN(x) {
		return -1
	}
	return int64(math.Round(100 * x))
}
