package subject

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/ingest"
)

// behaveRegisters computes, for one slice, what persons did that registers or rare
// services tell of.
func (b *Builder) behaveRegisters(ctx context.Context, part slice) error {
	s, subject := b.o.Study, int(b.o.Study.Subject)
	whole := []table{
		{"slice_class", []any{subject, part.low, part.high}},
		{"shown_item", nil},
		{"slice_message", []any{s.End, s.Start, s.End, subject, part.low, part.high}},
	}
	if err := b.makeTables(ctx, whole); err != nil {
		return err
	}
	for _, t := range []table{
		{"sign_in", []any{subject}},
		{"third_failure", nil},
		{"tool", []any{subject}},
		{"service_visit", nil},
		{"opening", []any{subject}},
		{"viewing", []any{subject}},
		{"observed", nil},
		{"deadline_visit", []any{subject}},
		{"item_class", nil},
		{"item_visit", nil},
		{"item_first", nil},
		{"delay", nil},
		{"message_received", nil},
		{"request", nil},
	} {
		if err := b.extend(ctx, t.name, t.name, t.args...); err != nil {
			return err
		}
	}
	return b.drop(ctx, names(whole)...)
}

// behaveMessages reads the messages by sender and by thread, a range of keys at a
// time: keys are pseudonyms, hence uniform, and what the ranges give adds up.
func (b *Builder) behaveMessages(ctx context.Context) error {
	n, err := countRows(b.o.Zone.Files("messages"))
	if err != nil {
		return err
	}
	s, subject := b.o.Study, int(b.o.Study.Subject)
	for _, part := range divide(math.MinInt64, math.MaxInt64, int(n/b.o.sliceLimit())+1, nil) {
		if err := b.materialise(ctx, "slice_thread", "slice_thread", int(ingest.ProfilePupil), s.End, part.low, part.high); err != nil {
			return err
		}
		for _, t := range []table{
			{"message_sent", []any{s.Start, s.End, part.low, part.high}},
			{"thread", []any{subject}},
			{"thread_written", []any{subject, s.Start}},
			{"thread_staff", []any{s.Start, s.End, part.low, part.high, s.Start, s.End, part.low, part.high}},
		} {
			if err := b.extend(ctx, t.name, t.name, t.args...); err != nil {
				return err
			}
		}
	}
	return b.drop(ctx, "slice_thread")
}

// finishRegisters adds up what the slices gave.
func (b *Builder) finishRegisters(ctx context.Context) error {
	if err := b.behaveMessages(ctx); err != nil {
		return err
	}
	if err := b.materialise(ctx, "signing_in", "signing_in"); err != nil {
		return err
	}
	if err := b.materialise(ctx, "staffed_school", "staffed_school", leastStaff); err != nil {
		return err
	}
	if err := b.each(ctx, "failures_known", func(r *row) error {
		b.registers.failures = r.int(0) > 0
		return nil
	}); err != nil {
		return err
	}
	return b.each(ctx, "thread_school", func(r *row) error {
		if few := r.int(1); few > 0 && b.registers.threads {
			b.notes = append(b.notes, fmt.Sprintf("Délais de réponse aux messages : %d établissements sur %d sont laissés de côté, moins de %d personnels y échangent des messages.", few, r.int(0), leastStaff))
		}
		return nil
	})
}

// lowerMedian is the middle of the days, the earlier of two.
func lowerMedian(days []int32) (int32, bool) {
	if len(days) == 0 {
		return 0, false
	}
	slices.Sort(days)
	return days[(len(days)-1)/2], true
}
