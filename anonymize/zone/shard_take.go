package zone

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// decodedKey is what a shard's work is taken by: the bytes of the file, and what decides how they are read.
type decodedKey struct {
	feed             int
	sha256, settings string
}

func (f *file) decodedKey() decodedKey { return decodedKey{f.feed.Number, f.sha256, f.settings} }

// readShards makes what shards have decoded recognisable.
func (in *ingestion) readShards() (err error) {
	in.decoded = make(map[decodedKey]*decoded)
	in.shards, err = Shards(in.options.Zone)
	for _, s := range in.shards {
		for _, d := range s.decoded {
			in.decoded[decodedKey{d.Delivery.Feed, d.Delivery.SHA256, d.Delivery.Settings}] = d
			in.sizes[d.Delivery.Bytes] = true
		}
	}
	return err
}

// DropShards removes all that shards have left: it is in the zone, or stale.
func DropShards(disk durable.Disk, zone string) error {
	dir := filepath.Join(zone, shardsDir)
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := errors.Join(disk.RemoveAll(dir), disk.Sync(zone)); err != nil {
		return fmt.Errorf("zone: shards: %w", err)
	}
	return nil
}

// take brings a delivery that a shard has decoded into the writer, chunk by chunk as decoding it would.
func (in *ingestion) take(ctx context.Context, f *file, from *decoded, number int) (*Delivery, []byte, error) {
	if err := in.archives.vouched(f, f.sha256); err != nil {
		return nil, nil, err
	}
	d := from.Delivery
	d.Number = number
	if err := in.tolerate(&d); err != nil {
		return nil, nil, err
	}
	file, err := os.Open(from.rows)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, errDamaged
	} else if err != nil {
		return nil, nil, fmt.Errorf("zone: shards: %w", err)
	}
	defer file.Close()
	sum := sha256.New()
	r := bufio.NewReaderSize(io.TeeReader(file, sum), 1<<18)
	var (
		b     rows
		chunk []byte
	)
	for {
		if chunk, err = readChunk(r, chunk); err == io.EOF {
			break
		} else if err != nil {
			return nil, nil, err
		}
		b.reset(nil)
		for len(chunk) > 0 {
			var row EventRow
			if chunk, err = row.decode(chunk); err != nil {
				return nil, nil, err
			}
			row.Delivery = int32(number)
			b.hold(&row)
		}
		if err := in.writer.add(ctx, &b); err != nil {
			return nil, nil, err
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != from.SHA256 {
		return nil, nil, errDamaged
	}
	in.progress(f.size)
	return &d, []byte(from.Rejects), nil
}
