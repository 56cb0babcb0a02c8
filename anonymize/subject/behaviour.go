package subject

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest"
)

// makeCoverage is the first pass over the events: which weeks each feed covers.
func (b *Builder) makeCoverage(ctx context.Context) error {
	if err := b.cutSlices(); err != nil {
		return err
	}
	s := b.o.Study
	for i, part := range b.slices {
		if err := attach[zone.EventRow](ctx, b, "raw_event", part.files); err != nil {
			return err
		}
		for _, name := range []string{"coverage_named", "coverage_member"} {
			if err := b.extend(ctx, "coverage_part", name, s.Start, s.End, part.low, part.high); err != nil {
				return err
			}
		}
		if err := b.compact(ctx, i, "coverage_part", "coverage"); err != nil {
			return err
		}
		b.step(i)
	}
	if err := b.materialise(ctx, "coverage", "coverage"); err != nil {
		return err
	}
	if err := b.drop(ctx, "coverage_part"); err != nil {
		return err
	}
	if err := b.materialise(ctx, "reported", "reported"); err != nil {
		return err
	}
	return b.materialise(ctx, "covered", "covered", s.End, s.Start)
}

// compactEvery is after how many slices the parts that repeat each other are
// added up, so that they do not grow with the number of slices.
const compactEvery = 8

// compact replaces a table of parts by what sql/name.sql makes of it.
func (b *Builder) compact(ctx context.Context, i int, table, name string) error {
	if (i+1)%compactEvery != 0 {
		return nil
	}
	return b.materialise(ctx, table, name)
}

// step tells the progress; the first pass is about a tenth of the work.
func (b *Builder) step(done int) {
	if b.o.Progress == nil {
		return
	}
	n := len(b.slices)
	if done < n {
		b.o.Progress(done+1, 10*n)
	} else {
		b.o.Progress(n+8*(done-n+1), 10*n)
	}
}

// makeBehaviours is the second pass: events to visits to behaviours, one slice
// of persons at a time, so that memory does not grow with the region.
func (b *Builder) makeBehaviours(ctx context.Context) error {
	if err := b.each(ctx, "measurable", func(r *row) error {
		b.has.grades = r.int(0) > 0
		return nil
	}); err != nil {
		return err
	}
	if b.o.Kind == Research {
		if err := b.makePublications(ctx); err != nil {
			return err
		}
	}
	var checkers []checkerRow
	for i, part := range b.slices {
		flagged, err := b.behave(ctx, part)
		if err != nil {
			return fmt.Errorf("subject: %s: %w", part.name, err)
		}
		checkers = append(checkers, flagged...)
		if b.o.Kind == Research {
			if err := b.compact(ctx, i, "week_part", "week_sum"); err != nil {
				return err
			}
		}
		b.step(len(b.slices) + i)
	}
	return put(ctx, b, "checker", checkers)
}

// table is a table made anew for each slice, by the statement of its name.
type table struct {
	name string
	args []any
}

func (b *Builder) makeTables(ctx context.Context, tables []table) error {
	for _, t := range tables {
		if err := b.materialise(ctx, t.name, t.name, t.args...); err != nil {
			return err
		}
	}
	return nil
}

func names(tables []table) []string {
	list := make([]string, len(tables))
	for i, t := range tables {
		list[i] = t.name
	}
	return list
}

func (b *Builder) behave(ctx context.Context, part slice) ([]checkerRow, error) {
	s, subject := b.o.Study, int(b.o.Study.Subject)
	if err := attach[zone.EventRow](ctx, b, "raw_event", part.files); err != nil {
		return nil, err
	}
	events := []table{
		{"window_event", []any{s.Start, s.End, part.low, part.high}},
		{"repeated_key", nil},
		{"repeated_time", nil},
		{"event", nil},
	}
	onlySchools := 0 // a school sees what happens in it, and no pupil or colleague
	if b.o.Kind == Schools {
		onlySchools = 1
	}
	visits := []table{
		{"slice_scope", []any{part.low, part.high, onlySchools, subject}},
		{"slice_scope_school", nil},
		{"session", nil},
		{"visit", nil},
		{"dated_visit", []any{subject}},
		{"dated_week", nil},
	}
	if err := b.makeTables(ctx, events); err != nil {
		return nil, err
	}
	if err := b.count(ctx, part); err != nil {
		return nil, err
	}
	if err := b.drop(ctx, "window_event", "repeated_key", "repeated_time"); err != nil {
		return nil, err
	}
	if err := b.viewOnce(ctx); err != nil {
		return nil, err
	}
	if err := b.makeTables(ctx, visits); err != nil {
		return nil, err
	}
	for monthly, table := range []string{"behaviour", "behaviour_month"} {
		if err := b.extend(ctx, table, "behaviour", monthly, monthly, s.End-27, s.End-59, monthly, subject, monthly); err != nil {
			return nil, err
		}
	}
	var checkers []checkerRow
	if b.o.Kind == Research {
		var err error
		if checkers, err = b.behaveResearch(ctx, part); err != nil {
			return nil, err
		}
	}
	return checkers, b.drop(ctx, append(names(visits), "event")...)
}

// viewOnce counts once what two instruments saw, in the slices with any such view.
func (b *Builder) viewOnce(ctx context.Context) error {
	if err := b.materialise(ctx, "viewed_twice", "viewed_twice"); err != nil {
		return err
	}
	found := false
	if err := b.each(ctx, "several_feeds", func(r *row) error {
		found = r.int(0) > 0
		return nil
	}); err != nil {
		return err
	}
	if found {
		if err := b.materialise(ctx, "event", "viewed_once"); err != nil {
			return err
		}
	}
	return b.drop(ctx, "viewed_twice")
}

// behaveResearch computes what the research edition alone holds.
func (b *Builder) behaveResearch(ctx context.Context, part slice) ([]checkerRow, error) {
	s, subject := b.o.Study, int(b.o.Study.Subject)
	for grouping, name := range map[string]string{"all": "slice_all", "level": "slice_level"} {
		if err := b.materialise(ctx, name, "slice_attribution", part.low, part.high, grouping); err != nil {
			return nil, err
		}
	}
	pairs := []table{
		{"pair", []any{subject, part.low, part.high}},
		{"pair_day", nil},
		{"pair_class", nil},
		{"pair_visit", nil},
		{"grade_visit", nil},
		{"pair_publication", nil},
		{"pause_visit", []any{subject, subject, subject}},
		{"pupil_visit", []any{int(ingest.ProfilePupil)}},
	}
	if err := b.makeTables(ctx, pairs); err != nil {
		return nil, err
	}
	for _, t := range []struct {
		table, name string
		args        []any
	}{
		{"week_part", "week_cell", nil},
		{"person_week", "person_week", nil},
		{"guardian", "guardian_visit", nil},
		{"pupil", "pupil", nil},
		{"pause_week", "pause_week", nil},
		{"pair_measure", "pair_measure", []any{s.Start, s.End}},
		{"pause_pair", "pause_pair", nil},
		{"reaction", "reaction", nil},
		{"publication_wait", "publication_wait", nil},
		{"publication_delay", "publication_delay", nil},
		{"pair_change", "pair_change", nil},
		{"grade_opening", "grade_opening", nil},
		{"submission", "submission", nil},
		{"homework", "homework", nil},
	} {
		if err := b.extend(ctx, t.table, t.name, t.args...); err != nil {
			return nil, err
		}
	}
	if err := b.regularity(ctx); err != nil {
		return nil, err
	}
	if err := b.expectations(ctx, part); err != nil {
		return nil, err
	}
	if err := b.behaveRegisters(ctx, part); err != nil {
		return nil, err
	}
	checkers, err := b.checkers(ctx, part)
	if err != nil {
		return nil, err
	}
	return checkers, b.drop(ctx, append(names(pairs), "slice_all", "slice_level")...)
}

// count adds what the slice holds to what is attested.
func (b *Builder) count(ctx context.Context, part slice) error {
	s := b.o.Study
	err := b.each(ctx, "record_count", func(r *row) error {
		b.attested["records_in_window"] += r.int(0)
		b.attested["records_outside_window"] += r.int(1)
		b.attested["accounts_without_directory"] += r.int(2)
		b.attested["records_without_directory"] += r.int(3)
		return nil
	}, s.Start, s.End, part.low, part.high)
	if err != nil {
		return err
	}
	return b.each(ctx, "event_count", func(r *row) error {
		b.attested["events"] += r.int(0)
		b.attested["events_of_another_school"] += r.int(1)
		return nil
	})
}

// finish adds up what the slices gave.
func (b *Builder) finish(ctx context.Context) error {
	b.attested["duplicates"] = b.attested["records_in_window"] - b.attested["events"]
	if b.o.Kind != Research {
		return nil
	}
	if err := b.materialise(ctx, "pair_behaviours", "pair_behaviours"); err != nil {
		return err
	}
	if err := b.finishPupils(ctx); err != nil {
		return err
	}
	if err := b.finishRegisters(ctx); err != nil {
		return err
	}
	return b.match(ctx)
}
