package lake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/s3"
)

// Commit makes the store what the folder is, after Fetch. Nothing is listed before all of it is there; the error wraps
// ErrLost where somebody else has committed since Fetch.
func (s *Store) Commit(ctx context.Context) error {
	l, fresh, err := s.next()
	if err == nil && fresh != nil {
		err = s.publish(ctx, l, fresh)
	}
	if err == nil {
		err = s.settle(ctx)
	}
	return s.fault("commit", err)
}

// next is the listing of what the folder is now, and which of its files the store lacks; nil where it lists just that.
func (s *Store) next() (l *listing, fresh []entry, err error) {
	began, err := zone.Since(s.o.Dir)
	if err != nil {
		return nil, nil, err
	}
	paths, err := zone.Contents(s.o.Dir)
	if err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(paths, zone.IsManifest) {
		return nil, nil, nil // nothing was ingested yet
	}
	l = &listing{Version: listingVersion, Number: s.at.Listing + 1, Since: began.UTC()}
	before := map[string]entry{}
	for _, e := range s.at.Files {
		before[e.Path] = e
	}
	for _, path := range paths {
		info, err := os.Lstat(s.file(path))
		if err != nil {
			return nil, nil, err
		}
		last, listed := before[path]
		if listed && last.Bytes == info.Size() && immutable(path) {
			l.Files = append(l.Files, last)
			continue
		}
		e := entry{path, info.Size(), "", l.Number}
		if e.SHA256, err = hashOf(s.file(path)); err != nil {
			return nil, nil, err
		}
		if listed && last.content() == e.content() {
			e = last
		} else {
			fresh = append(fresh, e)
		}
		l.Files = append(l.Files, e)
	}
	if slices.Equal(l.Files, s.at.Files) {
		return nil, nil, nil
	}
	if fresh == nil {
		fresh = []entry{} // less than before
	}
	return l, fresh, nil
}

// publish puts the files that the store lacks, then the listing.
func (s *Store) publish(ctx context.Context, l *listing, fresh []entry) error {
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(transfers)
	for _, e := range fresh {
		group.Go(func() error { return s.putFile(within, s.object(e), s.file(e.Path), e.Bytes, e.SHA256) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	sealed, err := s.encode(l)
	if err != nil {
		return err
	}
	err = s.put(ctx, s.listing(l.Number), sealed)
	if errors.Is(err, s3.ErrThere) {
		// Ours, if the answer to the first attempt was lost on its way.
		stands, fault := s.get(ctx, s.listing(l.Number), mostOfAList)
		if fault != nil && !errors.Is(fault, source.ErrGone) && !errors.Is(fault, errLength) {
			return fault
		}
		if err = nil; !bytes.Equal(stands, sealed) {
			err = ErrLost
		}
	}
	if err != nil {
		return err
	}
	there, err := s.list(ctx)
	if err != nil {
		return err
	}
	// A number that was taken and swept away since Fetch is free again, and means nothing.
	if s.newest(there) != l.Number {
		return ErrLost
	}
	return s.writeState(state{Listing: l.Number, Whole: true, Files: l.Files})
}

// settle holds that the zone still stands, and removes what no listing will ever list: it is not in this one, and was
// put for this one, for an earlier one or for a zone that was destroyed; and the shards that were taken.
func (s *Store) settle(ctx context.Context) error {
	there, err := s.list(ctx)
	if err != nil {
		return err
	}
	salt, err := s.salt(ctx)
	stands := err == nil && zoneOf(salt) == s.zone
	if err != nil && !errors.Is(err, source.ErrGone) {
		return err
	}
	if s.newest(there) > s.at.Listing {
		return nil // whoever committed that sweeps
	}
	listed := map[string]bool{s.listing(s.at.Listing): true}
	for _, e := range s.at.Files {
		listed[s.object(e)] = true
	}
	var dead []string
	for _, object := range slices.Sorted(maps.Keys(there)) {
		n, ok := parse(object)
		switch {
		case !ok || listed[object] && stands:
		case n.zone != s.zone && !stands: // of the zone after this one
		case n.zone == s.zone && n.kind == "shards" && stands:
			if slices.Contains(s.taken, object) && !s.waits(object) {
				dead = append(dead, object)
			}
		case n.number <= s.at.Listing || n.zone != s.zone || !stands:
			dead = append(dead, object)
		}
	}
	if err := s.remove(ctx, dead); err != nil {
		return err
	}
	if !stands {
		return fmt.Errorf("%w; hint: remove %s", ErrDestroyed, s.o.Dir)
	}
	return nil
}
