package subject

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition"
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
		b.materialise(ctx, "follow_up", "follow_up"),
		b.materialise(ctx, "publication", "publication"),
		b.materialise(ctx, "at_once", "at_once"),
	} {
		if err != nil {
			return err
		}
	}
	var days []int32
	if err := b.each(ctx, "change_day", func(r *row) error {
		days = append(days, int32(r.int(0)))
		return nil
	}); err != nil {
		return err
	}
	median, changed := lowerMedian(days)
	b.has.change = changed
	return b.materialise(ctx, "change", "change", median)
}

// finishPupils adds up what pupils and their guardians did, who stand in
// different slices: the pupils of one slice at a time.
func (b *Builder) finishPupils(ctx context.Context) error {
	for _, part := range b.slices {
		if err := b.materialise(ctx, "opened_grade", "opened_grade", part.low, part.high, part.low, part.high); err != nil {
			return err
		}
		for _, name := range []string{"first_opener", "seen_grade"} {
			if err := b.extend(ctx, name, name); err != nil {
				return err
			}
		}
	}
	for _, name := range []string{"guardian_submission", "homework_pupil"} {
		if err := b.materialise(ctx, name, name); err != nil {
			return err
		}
	}
	if err := b.each(ctx, "openers", func(r *row) error {
		b.has.openers = r.int(0) > 0 && r.int(1) > 0
		b.has.homework = r.int(2) > 0 && r.int(3) > 0
		return nil
	}); err != nil {
		return err
	}
	return b.drop(ctx, "opened_grade", "grade_opening", "homework")
}
