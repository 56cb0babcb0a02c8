package subject

import (
	"context"
	"math"

	"github.com/entscope/entscope/anonymize/flow"
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

type regularVisit struct {
	PersonKey, Mask, StartMs, Weekday int64
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
	err := flow.Rows(ctx, b.run, "regular_visit", func(r regularVisit) error {
		if r.PersonKey != current.PersonKey || r.Mask != current.Mask || len(times) == 0 {
			end()
			current, times, weekdays = regularityRow{PersonKey: r.PersonKey, Mask: r.Mask}, times[:0], [7]int64{}
		}
		times = append(times, r.StartMs)
		weekdays[r.Weekday-1]++
		return nil
	})
	if err != nil {
		return err
	}
	end()
	return put(ctx, b, "regularity_part", rows)
}

// hundredths rounds to whole hundredths, -1 for what is not defined.
func hundredths(x float64) int64 {
	if math.IsNaN(x) {
		return -1
	}
	return int64(math.Round(100 * x))
}
