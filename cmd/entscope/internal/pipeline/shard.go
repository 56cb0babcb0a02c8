package pipeline

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/entscope/entscope/anonymize/lake"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/input"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/register"
)

// Shard decodes one shard of the deliveries that lie there, beside other shards, for the ingestion that comes after
// them. It fetches nothing and leaves no run.json. The error wraps ErrLocked while a run, or the same
// shard, is under way.
func (b *Batch) Shard(ctx context.Context, shard zone.Shard) (*zone.ShardSummary, error) {
	b.quiet()
	s := b.Study
	if _, err := s.Rules(); err != nil {
		return nil, err
	}
	store, err := Store(b.Disk, s)
	if err != nil {
		return nil, err
	}
	if store != nil {
		defer store.Close()
		if err := b.fetchAlone(ctx, store); err != nil {
			return nil, err
		}
	}
	unlock, err := b.lockShard(ctx, shard)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := b.Disk.RemoveAll(b.scratch()); err != nil { // of a killed run, as Run does
		return nil, fmt.Errorf("scratch: %w", err)
	}
	bound(s, "ingest")
	feeds, err := input.Feeds(s)
	if err != nil {
		return nil, err
	}
	key, err := b.studyKey()
	if err != nil {
		return nil, err
	}
	done, err := zone.Decode(ctx, zone.FillOptions{
		Dir: s.Path(s.Output.Restricted), Disk: b.Disk, Key: key, Feeds: feeds, Threads: s.Limits.Threads,
		Limits: input.Limits(s), AcceptLoss: b.AcceptLoss, Progress: b.Progress,
		Directory: func(ctx context.Context, _ func(*register.Register, *register.Row) error) (
			*directory.Directory, error,
		) {
			return input.Accounts(ctx, s)
		},
	}, shard)
	if unusable := (*zone.UnusableError)(nil); errors.As(err, &unusable) {
		return nil, fmt.Errorf("%w: %w", study.ErrInput, err)
	}
	if err == nil && store != nil {
		err = OfStore(store.PutShard(ctx, shard))
	}
	return done, err
}

// fetchAlone brings the zone from its store, unless somebody has the folder: a shard, which has done so.
func (b *Batch) fetchAlone(ctx context.Context, store *lake.Store) (err error) {
	dir := b.Study.Path(b.Study.Output.Restricted)
	file, err := lockInside(b.Disk, dir)
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	alone := flock.New(file)
	ok, err := alone.TryLock()
	if err != nil || !ok {
		return err
	}
	defer func() { err = errors.Join(err, alone.Unlock()) }()
	if err := zone.Claim(b.Disk, dir); err != nil {
		return fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	return OfStore(store.Fetch(ctx))
}

// shardPatience is how long a shard waits for another one that is beginning the zone.
const shardPatience = 10 * time.Second

// lockShard takes the restricted zone together with other shards, so that no run and no command of the key has it, and
// the folder of the shard alone. The zone has its mark and its salt then: whoever comes first makes them, with the zone
// to himself.
func (b *Batch) lockShard(ctx context.Context, shard zone.Shard) (unlock func(), err error) {
	dir := b.Study.Path(b.Study.Output.Restricted)
	file, err := lockInside(b.Disk, dir)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	shared := flock.New(file)
	for end := time.Now().Add(shardPatience); ; {
		begun, take := zone.Begun(dir), shared.TryLock
		if begun {
			take = shared.TryRLock
		}
		ok, err := take()
		switch {
		case err != nil:
			return nil, fmt.Errorf("lock: %w", err)
		case ok && begun && zone.Begun(dir):
			own, err := b.lockOwn(shard.Dir(dir))
			if err != nil {
				return nil, errors.Join(err, shared.Unlock())
			}
			return func() { _, _ = own.Unlock(), shared.Unlock() }, nil
		case ok:
			if !begun {
				err = b.begin(dir)
			}
			if err := errors.Join(err, shared.Unlock()); err != nil {
				return nil, err
			}
			continue
		case time.Now().After(end):
			return nil, fmt.Errorf("%s: %w", dir, study.ErrLocked)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// begin makes the zone, which the caller holds alone, with its salt.
func (b *Batch) begin(dir string) error {
	if err := zone.Claim(b.Disk, dir); err != nil {
		return fmt.Errorf("%w: %w", study.ErrConfig, err)
	}
	_, err := b.studyKey()
	return err
}

// lockOwn takes the folder of a shard.
func (b *Batch) lockOwn(dir string) (*flock.Flock, error) {
	if err := b.Disk.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	own := flock.New(filepath.Join(dir, zone.LockName))
	ok, err := own.TryLock()
	if err == nil && !ok {
		err = study.ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return own, nil
}

// taken says what an ingestion had of shards.
func taken(s *zone.Summary) string {
	text := fmt.Sprintf("shards had decoded %d of the %d deliveries that are new; the others were decoded here",
		s.Taken, s.Read)
	if missing := zone.Missing(s.Shards); len(missing) > 0 {
		text += fmt.Sprintf("; nothing lay there of %v", missing)
	}
	return text
}
