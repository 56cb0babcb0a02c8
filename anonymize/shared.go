package anonymize

import (
	"context"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/recount"
	"github.com/entscope/entscope/anonymize/subject"
)

// shared is what both editions of one Make are made of, computed once.
type shared struct {
	behaviours *subject.Builder
	recounted  map[string]int64
}

func (s *shared) close() error {
	if s.behaviours == nil {
		return nil
	}
	return s.behaviours.Close()
}

// builder gives the builder of an edition, over the behaviours of the one before it, or of the same one under
// another draw, where there was one, and what closes it.
func (o *Options) builder(ctx context.Context, so subject.Options) (b *subject.Builder, done func() error, err error) {
	if o.shared == nil {
		if b, err = subject.Open(ctx, so); err != nil {
			return nil, nil, err
		}
		return b, b.Close, nil
	}
	if before := o.shared.behaviours; before != nil {
		b, err = before.As(so)
	} else {
		b, err = subject.Open(ctx, so)
		o.shared.behaviours = b
	}
	return b, func() error { return nil }, err
}

// recounted are the attested counts, made a second time with a part of the engine's
// memory.
func (o *Options) recounted(ctx context.Context) (map[string]int64, error) {
	if o.shared != nil && o.shared.recounted != nil {
		return o.shared.recounted, nil
	}
	start := func(ctx context.Context) (recount.Engine, error) {
		if o.Distributed != nil {
			return o.Distributed(ctx, "recount")
		}
		c := o.Engine
		c.MemoryMB = max(c.MemoryMB/3, 64)
		return engine.Open(ctx, c)
	}
	counts, err := recount.Recount(ctx, o.Zone, day(o.Study.Start), day(o.Study.End), start)
	if err == nil && o.shared != nil {
		o.shared.recounted = counts
	}
	return counts, err
}
