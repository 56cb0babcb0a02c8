package subject

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

type stepBinRow struct {
	Curve string `parquet:"curve"`
	Step  int64  `parquet:"step"`
	Low   int64  `parquet:"low"`
}

// stepBins give, for each step of the curves with edges up to the last, the lower
// edge of its bin, so that statements keep counts by bin and not by step.
func stepBins() []stepBinRow {
	var rows []stepBinRow
	for _, c := range edition.Curves {
		low := 0
		for step := int32(0); len(c.Edges) > 0 && step <= c.Edges[len(c.Edges)-1]; step++ {
			if low+1 < len(c.Edges) && c.Edges[low+1] <= step {
				low++
			}
			rows = append(rows, stepBinRow{c.Name, int64(step), int64(c.Edges[low])})
		}
	}
	return rows
}

// makePublications says which publications of grades can be seen opened, and which
// schools N8 compares: those that went from at once to deferred within the window
// and, parted at the median of their days, those that published at once throughout.
func (b *Builder) makePublications(ctx context.Context) error {
	for _, err := range []error{
		put(ctx, b, "step_bin", stepBins()),
		put(ctx, b, "n5_grid", grid()),
		put(ctx, b, "weekdays", weekdays()),
	} {
		if err != nil {
			return err
		}
	}
	var days []int32
	err := flow.Rows(ctx, b.run, "change_day", func(r struct{ ChangeDay int64 }) error {
		days = append(days, int32(r.ChangeDay))
		return nil
	})
	median, changed := lowerMedian(days)
	b.known["change"] = changed
	b.run.Set(map[string]any{"change_median": median})
	return err
}

type openersRow struct {
	PupilOpenings, GuardianOpenings, PupilHomework, GuardianHomework int64
}

// finishPupils adds up what pupils and their guardians did, who stand in
// different slices: the pupils of one slice at a time.
func (b *Builder) finishPupils(ctx context.Context) error {
	wanted := b.graph.Growing(pupilPass)
	if err := b.eachSlice(ctx, pupilPass, wanted, func(ctx context.Context, b *Builder, part slice) error {
		return b.run.Round(ctx, pupilPass, part.keys(), wanted...)
	}); err != nil {
		return err
	}
	if err := b.run.Make(ctx, "guardian_submission", "homework_pupil"); err != nil {
		return err
	}
	if err := flow.Rows(ctx, b.run, "openers", func(r openersRow) error {
		b.known["openers"] = r.PupilOpenings > 0 && r.GuardianOpenings > 0
		b.known["homework"] = r.PupilHomework > 0 && r.GuardianHomework > 0
		return nil
	}); err != nil {
		return err
	}
	return b.run.Drop(ctx, "grade_opening", "homework")
}
