package zone

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// ShardSummary says what a shard has done.
type ShardSummary struct {
	Shard Shard `json:"shard"`
	// Decoded is how many deliveries it has decoded now, of Events; Known how many the zone or a shard had already.
	Decoded int   `json:"decoded"`
	Events  int64 `json:"events"`
	Known   int   `json:"known"`
	// Refused are those that cannot be read as they are, or have too many rejects: the next ingestion looks at them again.
	Refused []Refused `json:"refused,omitempty"`
	// Beside are the shards of another number that lie there.
	Beside []Shard `json:"beside,omitempty"`
}

// shard decodes the files of a shard.
func (in *ingestion) shard(ctx context.Context, shard Shard) (*ShardSummary, error) {
	if err := in.list(); err != nil {
		return nil, err
	}
	for _, d := range in.zone.Deliveries() {
		in.known[identity{d.content(), d.Settings}] = true
	}
	s := &ShardSummary{Shard: shard}
	for _, other := range in.shards {
		if other.Shard.N != shard.N {
			s.Beside = append(s.Beside, other.Shard)
		}
	}
	in.files = slices.DeleteFunc(in.files, func(f *file) bool {
		return f.begun != nil || !shard.holds(f.feed.Name, f.path)
	})
	in.total = 0
	for _, f := range in.files {
		in.total += f.size
	}
	for _, f := range in.files {
		err := in.ahead(ctx, f, s)
		if _, ok := in.leave(f, err); !ok && err != nil {
			return s, err
		}
	}
	s.Refused = in.refused
	return s, nil
}

// ahead decodes one file of a shard, unless that was done before.
func (in *ingestion) ahead(ctx context.Context, f *file, s *ShardSummary) error {
	if err := in.hashIfKnownSize(f); err != nil {
		return err
	}
	before := in.decoded[f.decodedKey()]
	if before != nil || in.known[f.identity()] && f.inside != "" {
		s.Known++
		in.progress(f.size)
	}
	switch {
	case before != nil:
		return in.tolerate(&before.Delivery)
	case in.known[f.identity()] && f.inside != "":
		return nil
	}
	d, err := in.keep(ctx, f, s.Shard.Dir(in.options.Zone))
	if err != nil {
		return err
	}
	s.Decoded++
	s.Events += d.Events
	in.remember(d)
	in.known[identity{d.content(), d.Settings}] = true
	return in.tolerate(d)
}

// keep decodes a file into the folder of a shard.
func (in *ingestion) keep(ctx context.Context, f *file, dir string) (*Delivery, error) {
	partial := filepath.Join(dir, ".rows"+partialDir)
	w, err := newRowsWriter(in.options.Disk, partial)
	if err != nil {
		return nil, fmt.Errorf("zone: shards: %w", err)
	}
	d, rejects, err := in.decode(ctx, f, 0, func(b *rows) error { return w.add(b.events) })
	sum, fault := w.close()
	if err != nil { // also of a file that is to be left out
		return nil, errors.Join(err, in.options.Disk.Remove(partial))
	}
	if fault != nil {
		return nil, fmt.Errorf("zone: shards: %w", fault)
	}
	name := filepath.Join(dir, batchName([]Delivery{*d}))
	data, err := json.Marshal(&decoded{Version: decodedVersion, Delivery: *d, Rejects: string(rejects), SHA256: sum})
	if err == nil {
		err = in.options.Disk.Place(partial, name+rowsSuffix)
	}
	if err == nil {
		err = in.options.Disk.WriteFile(name+ledgerSuffix, append(bytes.TrimSpace(data), '\n'), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("zone: shards: %w", err)
	}
	return d, nil
}
