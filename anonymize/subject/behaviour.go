package subject

import (
	"context"
	"maps"

	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/zone"
)

// makeCoverage is the first pass over the events: which weeks each feed covers.
func (b *Builder) makeCoverage(ctx context.Context) error {
	if err := b.cutSlices(); err != nil {
		return err
	}
	if err := b.eachSlice(ctx, coveragePass, []string{"coverage_part"}, coverSlice); err != nil {
		return err
	}
	if err := b.run.Make(ctx, "coverage"); err != nil {
		return err
	}
	return b.run.Drop(ctx, "coverage_part")
}

// coverSlice adds the events of one slice to the weeks that each feed covered.
func coverSlice(ctx context.Context, b *Builder, part slice) error {
	if err := attach[zone.EventRow](ctx, b, "raw_event", part.files); err != nil {
		return err
	}
	if err := b.run.Round(ctx, coveragePass, part.keys(), "coverage_part"); err != nil {
		return err
	}
	return b.compact(ctx, "coverage_part", "coverage")
}

// compactEvery is after how many slices the parts that repeat each other are
// added up, so that they do not grow with the number of slices.
const compactEvery = 8

// compact replaces a table of parts by what a statement makes of it, now and then.
func (b *Builder) compact(ctx context.Context, table, name string) error {
	if b.rounds[table]++; b.rounds[table]%compactEvery != 0 {
		return nil
	}
	return b.run.Remake(ctx, table, name)
}

// step tells that a slice is done; the first pass is about a tenth of the work.
func (b *Builder) step(loop string) {
	if b.o.Progress == nil || loop != coveragePass && loop != slicePass {
		return
	}
	n := len(b.slices)
	if b.done++; b.done <= n {
		b.o.Progress(b.done, 10*n)
	} else {
		b.o.Progress(n+8*(b.done-n), 10*n)
	}
}

// makeBehaviours is the second pass: events to visits to behaviours, one slice
// of persons at a time, so that memory does not grow with the region.
func (b *Builder) makeBehaviours(ctx context.Context) error {
	err := flow.Rows(ctx, b.run, "measurable", func(r struct{ GradeWeeks int64 }) error {
		b.known["grades"] = r.GradeWeeks > 0
		return nil
	})
	if err != nil {
		return err
	}
	wanted := []string{"behaviour", "behaviour_month"}
	if b.o.Kind == Research {
		wanted = append(b.graph.Growing(slicePass), "checker_part")
		if err := b.makePublications(ctx); err != nil {
			return err
		}
	}
	if err := b.eachSlice(ctx, slicePass, wanted, func(ctx context.Context, b *Builder, part slice) error {
		if err := attach[zone.EventRow](ctx, b, "raw_event", part.files); err != nil {
			return err
		}
		if err := b.run.Round(ctx, slicePass, part.keys(), wanted...); err != nil || b.o.Kind != Research {
			return err
		}
		return b.compact(ctx, "week_part", "week_sum")
	}); err != nil {
		return err
	}
	return put(ctx, b, "checker", b.checkers)
}

type recordCount struct{ Records, Outside, Strangers, StrangerRecords int64 }

type eventCount struct{ Events, Elsewhere int64 }

// countEvents adds what the slice holds to what is attested, and makes its events:
// what two instruments saw counts once, in the slices with any such view.
func (b *Builder) countEvents(ctx context.Context) error {
	if err := flow.Rows(ctx, b.run, "record_count", func(r recordCount) error {
		b.attested["records_in_window"] += r.Records
		b.attested["records_outside_window"] += r.Outside
		b.attested["accounts_without_directory"] += r.Strangers
		b.attested["records_without_directory"] += r.StrangerRecords
		return nil
	}); err != nil {
		return err
	}
	if err := flow.Rows(ctx, b.run, "event_count", func(r eventCount) error {
		b.attested["events"] += r.Events
		b.attested["events_of_another_school"] += r.Elsewhere
		return nil
	}); err != nil {
		return err
	}
	events := "distinct_event"
	if err := flow.Rows(ctx, b.run, "several_feeds", func(r struct{ N int64 }) error {
		if r.N > 0 {
			events = "viewed_once"
		}
		return nil
	}); err != nil {
		return err
	}
	if err := b.run.Make(ctx, events); err != nil {
		return err
	}
	return b.run.Rename(ctx, events, "event")
}

// finish adds up what the slices gave.
func (b *Builder) finish(ctx context.Context) error {
	b.attested["duplicates"] = b.attested["records_in_window"] - b.attested["events"]
	b.common.attested = maps.Clone(b.attested)
	if b.o.Kind != Research {
		return nil
	}
	if err := b.finishPupils(ctx); err != nil {
		return err
	}
	if err := b.finishRegisters(ctx); err != nil {
		return err
	}
	return b.run.Make(ctx, "pair_behaviours", "matched")
}
