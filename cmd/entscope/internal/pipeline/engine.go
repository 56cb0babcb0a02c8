package pipeline

import (
	"context"
	"errors"
	"fmt"

	"github.com/entscope/entscope/anonymize/engine/trino"
	"github.com/entscope/entscope/anonymize/subject"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// distributed starts the study's engine elsewhere, nil where it has none; warn hears of what should be known.
func (b *Batch) distributed(
	warn func(string),
) (func(ctx context.Context, work string) (subject.Engine, error), error) {
	schemas, err := b.Study.Schemas()
	if err != nil || schemas == nil {
		return nil, err
	}
	return func(ctx context.Context, work string) (subject.Engine, error) {
		c := schemas[work]
		c.Warn = warn
		e, err := trino.Open(ctx, c)
		if err != nil {
			return nil, err
		}
		return counted{e, b, work}, nil
	}, nil
}

// counted tells, at its end, how many statements an engine was asked.
type counted struct {
	*trino.Engine
	b    *Batch
	work string
}

func (c counted) Close() error {
	c.b.Log.Debug("engine", "work", c.work, "statements", c.Statements())
	return c.Engine.Close()
}

// ofEngine says what a fault of an engine elsewhere is to a user.
func ofEngine(err error) error {
	switch {
	case errors.Is(err, trino.ErrTooLarge):
		return fmt.Errorf("%w: %w; hint: engine.max_rows", study.ErrConfig, err)
	case errors.Is(err, trino.ErrConfig):
		return fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	return err
}

// DropScratch drops what a killed run left on the study's engine elsewhere.
func DropScratch(ctx context.Context, s *study.Study) error {
	schemas, err := s.Schemas()
	var faults []error
	for _, c := range schemas {
		faults = append(faults, ofEngine(trino.Remove(ctx, c)))
	}
	return errors.Join(append(faults, err)...)
}
