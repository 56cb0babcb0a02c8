package subject

import (
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/ingest"
)

// behaveRegisters computes, for one slice, what persons did that registers or rare
// services tell of. Messages and threads are cut by their own keys, over the same
// ranges as persons: what the slices give adds up.
func (b *Builder) behaveRegisters(ctx context.Context, part slice) error {
	s, subject := b.o.Study, int(b.o.Study.Subject)
	whole := []table{
		{"slice_class", []any{subject, part.low, part.high}},
		{"slice_message", []any{s.End, s.Start, s.End, subject, part.low, part.high}},
		{"slice_thread", []any{int(ingest.ProfilePupil), s.End, part.low, part.high}},
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
		{"message_sent", []any{s.Start, s.End, part.low, part.high}},
		{"thread", []any{subject}},
		{"thread_written", []any{subject, s.Start}},
		{"thread_staff", []any{s.Start, s.End, part.low, part.high, s.Start, s.End, part.low, part.high}},
	} {
		if err := b.extend(ctx, t.name, t.name, t.args...); err != nil {
			return err
		}
	}
	return b.drop(ctx, names(whole)...)
}

// finishRegisters adds up what the slices gave.
func (b *Builder) finishRegisters(ctx context.Context) error {
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
