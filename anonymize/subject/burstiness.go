package subject

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/flow"
)

// burstinessBounds are those of condition (iii) of N5 over its grid; that of the
// indicator itself is the second.
var burstinessBounds = []float64{0.2, 0.3, 0.4}

type checkerRow struct {
	PersonKey int64 `parquet:"person_key"`
	SchoolKey int32 `parquet:"school_key"`
	Bounds    int64 `parquet:"bounds"` // how many of burstinessBounds A_n reaches
}

// instant is when somebody did what an answer asks for.
type instant struct {
	PersonKey, SchoolKey, TsMs int64
}

// findCheckers adds the pairs of a slice that meet every condition of N5 that whole
// numbers decide, in the weakest cell of its grid, with their burstiness. What
// they are never leaves the restricted zone but in sums.
func (b *Builder) findCheckers(ctx context.Context) error {
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
		b.checkers = append(b.checkers, pair)
	}
	err := flow.Rows(ctx, b.run, "checking_times", func(r instant) error {
		if school := int32(r.SchoolKey); r.PersonKey != pair.PersonKey || school != pair.SchoolKey || len(times) == 0 {
			end()
			pair, times = checkerRow{PersonKey: r.PersonKey, SchoolKey: school}, times[:0]
		}
		times = append(times, r.TsMs)
		return nil
	})
	end()
	return err
}

// gridRow is one cell of the grid of N5: least shares in percent of days with
// three grade visits, of empty checks and of visits at night, and how many of
// burstinessBounds must be reached instead of the last.
type gridRow struct {
	Line       string `parquet:"line"` // of the cells of equal shares of days and empty checks
	Cell       string `parquet:"cell"` // names the measure N5.grid.<cell>: the line, and low, mid or high
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
				line := fmt.Sprintf("%d.%d", days, empty)
				cell := line + "." + []string{"low", "mid", "high"}[i]
				rows = append(rows, gridRow{line, cell, days, empty, night, int64(i + 1)})
			}
		}
	}
	return rows
}
