package subject

import (
	"context"
	"fmt"
)

// burstinessBounds are those of condition (iii) of N5 over its grid; that of the
// indicator itself is the second.
var burstinessBounds = []float64{0.2, 0.3, 0.4}

type checkerRow struct {
	PersonKey int64 `parquet:"person_key"`
	SchoolKey int32 `parquet:"school_key"`
	Bounds    int64 `parquet:"bounds"` // how many of burstinessBounds A_n reaches
}

// checkers gives the pairs of a slice that meet every condition of N5 that whole
// numbers decide, in the weakest cell of its grid, with their burstiness. What
// they are never leaves the restricted zone but in sums.
func (b *Builder) checkers(ctx context.Context, part slice) ([]checkerRow, error) {
	var found []checkerRow
	var times []int64
	var pair checkerRow
	end := func() {
		if len(times) == 0 {
			return
		}
		a := burstiness(intervals(times))
		for _, bound := range burstinessBounds {
			if a >= bound {
				pair.Bounds++
			}
		}
		found = append(found, pair)
	}
	err := b.each(ctx, "checking_times", func(r *row) error {
		if person, school := r.int(0), int32(r.int(1)); person != pair.PersonKey || school != pair.SchoolKey || len(times) == 0 {
			end()
			pair, times = checkerRow{PersonKey: person, SchoolKey: school}, times[:0]
		}
		times = append(times, r.int(2))
		return nil
	}, part.low, part.high)
	end()
	return found, err
}

// gridRow is one cell of the grid of N5: least shares in percent of days with
// three grade visits, of empty checks and of visits at night, and how many of
// burstinessBounds must be reached instead of the last.
type gridRow struct {
	Measure    string `parquet:"measure"`
	DaysShare  int64  `parquet:"days_share"`
	EmptyShare int64  `parquet:"empty_share"`
	NightShare int64  `parquet:"night_share"`
	Bounds     int64  `parquet:"bounds"`
}

// grid is that of edition.Measures: 4 × 3 × 3 thresholds.
func grid() []gridRow {
	var rows []gridRow
	for _, days := range []int64{15, 25, 35, 50} {
		for _, empty := range []int64{50, 60, 70} {
			for i, night := range []int64{5, 10, 20} {
				name := fmt.Sprintf("N5.grid.%d.%d.%s", days, empty, []string{"low", "mid", "high"}[i])
				rows = append(rows, gridRow{name, days, empty, night, int64(i + 1)})
			}
		}
	}
	return rows
}

func gridMeasures() []string {
	var names []string
	for _, r := range grid() {
		names = append(names, r.Measure)
	}
	return names
}
