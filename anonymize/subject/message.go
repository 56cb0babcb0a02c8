package subject

import (
	"context"
	"fmt"
	"math"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// behaveMessages reads the messages by sender and by thread, a range of keys at a
// time: keys are pseudonyms, hence uniform, and what the ranges give adds up.
func (b *Builder) behaveMessages(ctx context.Context) error {
	n, err := countRows(b.o.Zone.Files("messages"))
	if err != nil {
		return err
	}
	for _, part := range divide(math.MinInt64, math.MaxInt64, int(n/b.sliceLimit())+1, nil) {
		if err := b.run.Round(ctx, threadPass, part.keys(), b.graph.Growing(threadPass)...); err != nil {
			return err
		}
	}
	return nil
}

// finishRegisters adds up what the slices gave.
func (b *Builder) finishRegisters(ctx context.Context) error {
	if err := b.behaveMessages(ctx); err != nil {
		return err
	}
	if err := flow.Rows(ctx, b.run, "failures_known", func(r struct{ Failures int64 }) error {
		b.known["failures"] = r.Failures > 0
		return nil
	}); err != nil {
		return err
	}
	return flow.Rows(ctx, b.run, "thread_school", func(r struct{ Schools, Few int64 }) error {
		if r.Few > 0 && b.known["threads"] {
			b.notes = append(b.notes,
				fmt.Sprintf(edition.NoteFewStaff, r.Few, r.Schools, leastStaff))
		}
		return nil
	})
}
