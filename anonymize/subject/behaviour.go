package subject

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
)

// makeCoverage is the first pass over the events: which weeks each feed covers.
func (b *Builder) makeCoverage(ctx context.Context) error {
	s := b.o.Study
	for bucket := range b.o.Zone.Buckets() {
		if err := attach[pseudonym.EventRow](ctx, b, "raw_event", b.o.Zone.EventFiles(bucket)); err != nil {
			return err
		}
		for _, name := range []string{"coverage_named", "coverage_member"} {
			if err := b.extend(ctx, "coverage_part", name, s.Start, s.End); err != nil {
				return err
			}
		}
		b.step(bucket)
	}
	if err := b.materialise(ctx, "coverage", "coverage"); err != nil {
		return err
	}
	if err := b.drop(ctx, "coverage_part"); err != nil {
		return err
	}
	return b.materialise(ctx, "covered", "covered", s.End, s.Start)
}

func (b *Builder) step(done int) {
	if b.o.Progress != nil {
		b.o.Progress(done+1, 2*b.o.Zone.Buckets())
	}
}

// bucketRange is the smallest and the largest person key of a bucket: a bucket
// is the high bits of the key read as an unsigned number.
func bucketRange(bucket, buckets int) (low, high int64) {
	width := ^uint64(0)/uint64(buckets) + 1 // 0 for one bucket: the whole range
	first := uint64(bucket) * width
	if buckets == 1 {
		return -1 << 63, 1<<63 - 1
	}
	return int64(first), int64(first + width - 1)
}

// makeBehaviours is the second pass: events to visits to behaviours, one bucket
// of persons at a time, so that memory does not grow with the region.
func (b *Builder) makeBehaviours(ctx context.Context) error {
	if err := b.each(ctx, "measurable", func(r *row) error {
		b.has.grades = r.int(0) > 0
		return nil
	}); err != nil {
		return err
	}
	var checkers []checkerRow
	for bucket := range b.o.Zone.Buckets() {
		flagged, err := b.bucket(ctx, bucket)
		if err != nil {
			return fmt.Errorf("subject: bucket %d: %w", bucket, err)
		}
		checkers = append(checkers, flagged...)
		b.step(b.o.Zone.Buckets() + bucket)
	}
	return put(ctx, b, "checker", checkers)
}

func (b *Builder) bucket(ctx context.Context, bucket int) ([]checkerRow, error) {
	s, subject := b.o.Study, int(b.o.Study.Subject)
	low, high := bucketRange(bucket, b.o.Zone.Buckets())
	if err := attach[pseudonym.EventRow](ctx, b, "raw_event", b.o.Zone.EventFiles(bucket)); err != nil {
		return nil, err
	}
	if err := b.countBucket(ctx); err != nil {
		return nil, err
	}
	for _, t := range []struct {
		table string
		args  []any
	}{
		{"event", []any{s.Start, s.End, s.Start, s.End}},
		{"bucket_scope", []any{low, high}},
		{"bucket_scope_school", []any{low, high}},
		{"session", nil},
		{"visit", nil},
		{"dated_visit", []any{subject}},
	} {
		if err := b.materialise(ctx, t.table, t.table, t.args...); err != nil {
			return nil, err
		}
	}
	if err := b.countEvents(ctx); err != nil {
		return nil, err
	}
	if err := b.extend(ctx, "behaviour", "behaviour", s.End-27, s.End-59, subject); err != nil {
		return nil, err
	}
	var checkers []checkerRow
	if b.o.Kind == Research {
		var err error
		if checkers, err = b.researchBucket(ctx, low, high); err != nil {
			return nil, err
		}
	}
	return checkers, b.drop(ctx, "event", "bucket_scope", "bucket_scope_school", "session", "visit", "dated_visit")
}

// researchBucket computes what the research edition alone holds.
func (b *Builder) researchBucket(ctx context.Context, low, high int64) ([]checkerRow, error) {
	s, subject := b.o.Study, int(b.o.Study.Subject)
	for _, t := range []struct {
		table, name string
		args        []any
	}{
		{"week_part", "week_cell", []any{low, high, low, high}},
		{"person_week", "person_week", []any{low, high}},
		{"guardian", "guardian_visit", nil},
		{"pupil", "pupil", []any{int(ingest.ProfilePupil)}},
	} {
		if err := b.extend(ctx, t.table, t.name, t.args...); err != nil {
			return nil, err
		}
	}
	for _, t := range []struct {
		table string
		args  []any
	}{
		{"pair", []any{subject, low, high}},
		{"pair_day", nil},
		{"pair_publication", nil},
		{"grade_visit", nil},
	} {
		if err := b.materialise(ctx, t.table, t.table, t.args...); err != nil {
			return nil, err
		}
	}
	if err := b.extend(ctx, "pair_measure", "pair_measure", s.Start, s.End); err != nil {
		return nil, err
	}
	checkers, err := b.checkers(ctx, low, high)
	if err != nil {
		return nil, err
	}
	return checkers, b.drop(ctx, "pair", "pair_day", "pair_publication", "grade_visit")
}

func (b *Builder) countBucket(ctx context.Context) error {
	s := b.o.Study
	return b.each(ctx, "bucket_count", func(r *row) error {
		b.attested["records_in_window"] += r.int(0)
		b.attested["records_outside_window"] += r.int(1)
		b.attested["accounts_without_directory"] += r.int(2)
		b.attested["records_without_directory"] += r.int(3)
		return nil
	}, s.Start, s.End, s.Start, s.End, s.Start, s.End)
}

func (b *Builder) countEvents(ctx context.Context) error {
	return b.each(ctx, "event_count", func(r *row) error {
		b.attested["events"] += r.int(0)
		b.attested["events_of_another_school"] += r.int(1)
		return nil
	})
}

// finish adds up what the buckets gave.
func (b *Builder) finish(ctx context.Context) error {
	b.attested["duplicates"] = b.attested["records_in_window"] - b.attested["events"]
	if b.o.Kind != Research {
		return nil
	}
	if err := b.materialise(ctx, "pair_behaviours", "pair_behaviours"); err != nil {
		return err
	}
	return b.match(ctx)
}
