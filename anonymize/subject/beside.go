package subject

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// beside gives a builder for work at the same time as that of others beside b, in an engine
// of its own: it sees what b has, and what it makes and counts is its own until gathered.
func (b *Builder) beside(ctx context.Context) (*Builder, error) {
	w := *b
	w.attested, w.checkers, w.rounds = map[string]int64{}, nil, map[string]int{}
	w.numbers = familyNumbers{of: map[int64]uint32{}}
	scratch, err := os.MkdirTemp(b.scratch, "beside-")
	if err != nil {
		return nil, fmt.Errorf("subject: scratch folder: %w", err)
	}
	w.scratch = scratch
	if w.embedded, err = b.embedded.Beside(ctx); err != nil {
		return nil, fmt.Errorf("subject: %w", err)
	}
	w.engine = w.embedded
	w.run = b.run.Beside(w.embedded, w.computed())
	return &w, nil
}

// workers gives as many builders as may work at the same time, at most n: b itself where
// that is one, or an engine elsewhere divides the work. Done closes them.
func (b *Builder) workers(ctx context.Context, n int) (list []*Builder, done func() error, err error) {
	n = min(n, max(b.o.Threads, 1))
	if n <= 1 || b.embedded == nil {
		return []*Builder{b}, func() error { return nil }, nil
	}
	done = func() error {
		var faults []error
		for _, w := range list {
			faults = append(faults, w.Close())
		}
		return errors.Join(faults...)
	}
	for range n {
		w, err := b.beside(ctx)
		if err != nil {
			return nil, nil, errors.Join(err, done())
		}
		list = append(list, w)
	}
	return list, done, nil
}

// eachSlice has the rounds of a loop over the slices done, some at the same time, and
// gathers the tables that grow in them. Tables are what the rounds ask for.
func (b *Builder) eachSlice(
	ctx context.Context, loop string, tables []string, round func(context.Context, *Builder, slice) error,
) (err error) {
	if err := b.run.Ready(ctx, loop, tables...); err != nil {
		return err
	}
	workers, done, err := b.workers(ctx, len(b.slices))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, done()) }()
	waiting := make(chan slice, len(b.slices))
	for _, part := range b.slices {
		waiting <- part
	}
	close(waiting)
	var told sync.Mutex
	group, at := errgroup.WithContext(ctx)
	for _, w := range workers {
		group.Go(func() error {
			for part := range waiting {
				if err := round(at, w, part); err != nil {
					return fmt.Errorf("subject: %s: %w", part.name, err)
				}
				told.Lock()
				b.step(loop)
				told.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, w := range workers {
		if w != b {
			if err := b.gather(ctx, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// gather adds what a builder beside b made and counted.
func (b *Builder) gather(ctx context.Context, w *Builder) error {
	for name, n := range maps.All(w.attested) {
		b.attested[name] += n
	}
	b.checkers = slices.Concat(b.checkers, w.checkers)
	return b.run.Gather(ctx, w.run)
}
