package zone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// batch reads files until enough rows are held, commits, and returns how many
// files it dealt with. When a file turns out to be one to leave after rows of it
// were held, the batch must begin again without it.
func (in *ingestion) batch(ctx context.Context, todo []*file) (n int, again bool, err error) {
	var (
		deliveries []Delivery
		rejects    = make(map[string][]byte)
		events     int64
		seen       = make(map[identity]bool)
		known      []*file
		start      = in.done
	)
	for ; n < len(todo) && events < int64(in.options.flushRows/2); n++ {
		f := todo[n]
		if f.left {
			in.progress(f.size)
			continue
		}
		if err := in.hashIfKnownSize(f); err != nil {
			return n, false, err
		}
		if id := f.identity(); f.inside != "" && (in.known[id] || seen[id]) {
			if _, ok := in.leave(f, in.archives.vouched(f, f.sha256)); ok {
				in.progress(f.size)
				continue
			}
			in.progress(f.size)
			known = append(known, f)
			in.alias(f)
			continue
		}
		number := in.manifest.NextDelivery + len(deliveries)
		d, list, err := in.delivery(ctx, f, number)
		if held, ok := in.leave(f, err); ok && held {
			in.done = start
			return n, true, nil
		} else if ok {
			continue
		} else if errors.Is(err, errDamaged) {
			delete(in.decoded, f.decodedKey())
			in.done = start
			return n, true, nil
		} else if err != nil {
			return n, false, err
		}
		id := identity{d.content(), d.Settings}
		if d.Content != "" && (in.known[id] || seen[id]) {
			f.sha256, f.inside, f.left = d.SHA256, d.Content, true
			in.alias(f)
			in.skipped[d.Feed]++
			in.here[d.content()] = source.Name(f.path)
			in.done = start
			return n, true, nil
		}
		seen[id] = true
		in.remember(d)
		in.here[d.content()] = source.Name(f.path)
		deliveries = append(deliveries, *d)
		rejects[rejectName(*d)] = list
		events += d.Events
	}
	if len(deliveries) > 0 {
		if err := in.commit(ctx, deliveries, rejects); err != nil {
			return n, false, err
		}
	}
	for _, f := range known {
		in.skipped[f.feed.Number]++
		in.here[f.content()] = source.Name(f.path)
	}
	return n, false, nil
}

// delivery brings one file into the writer, and gives its list of rejects.
func (in *ingestion) delivery(ctx context.Context, f *file, number int) (*Delivery, []byte, error) {
	if from := in.decoded[f.decodedKey()]; from != nil {
		return in.take(ctx, f, from, number)
	}
	d, rejects, err := in.decode(ctx, f, number, func(b *rows) error { return in.writer.add(ctx, b) })
	if err == nil {
		err = in.tolerate(d)
	}
	return d, rejects, err
}

// decode reads one file, gives use the rows of one chunk after the other, and returns its list of rejects.
func (in *ingestion) decode(ctx context.Context, f *file, number int, use func(*rows) error) (
	*Delivery, []byte, error,
) {
	open, err := source.Open(f.path)
	if err != nil {
		return nil, nil, err
	}
	defer open.Close()
	d := &Delivery{
		Number: number, Feed: f.feed.Number, Name: f.feed.Name, Settings: f.settings, School: f.school,
		Head: headHash(open.Head()),
	}
	school := int32(0)
	if f.school != "" {
		school = schoolKey(in.options.People, []byte(f.school))
	}
	var (
		list     []byte
		listed   int
		reported int64
	)
	reject := func(line int64, reason ingest.Reason) {
		if listed++; listed <= maxRejectLines {
			list = fmt.Appendf(list, "%d\t%s\n", line, reason)
		}
	}
	p := ingest.Pipeline[*rows]{
		Threads:  in.options.Threads,
		NewBatch: func() *rows { return new(rows) },
		NewWorker: func(reading ingest.Reading) func([]byte, *rows) {
			r := in.resolver.take(in.options.Key, in.options.People, f.feed)
			r.fixed, r.delivery = school, int32(number)
			decoder := reading.NewDecoder()
			return func(chunk []byte, b *rows) {
				b.reset(r)
				b.order = reading.DateOrder.Empty()
				decoder.Decode(chunk, b)
			}
		},
		Commit: func(b *rows, firstLine int64) error {
			for _, r := range b.rejects {
				reject(firstLine+r.Line-1, r.Reason)
			}
			b.Flush(&d.Counts)
			d.Join(b.span)
			d.OtherCase += b.otherCase
			if d.DateOrder == nil {
				d.DateOrder = b.order.Empty()
			}
			d.DateOrder.Join(b.order)
			in.progress(open.BytesRead() - reported)
			reported = open.BytesRead()
			return use(b)
		},
		TooLong: func(line int64) error {
			d.Counts.Add(&ingest.Counts{Read: 1, Rejects: map[ingest.Reason]int64{ingest.ReasonTooLong: 1}})
			reject(line, ingest.ReasonTooLong)
			return nil
		},
	}
	outcome, err := p.Run(ctx, open, f.feed.Format)
	d.Lines = outcome.Lines
	in.resolver.giveBack()
	if err != nil {
		return nil, nil, err
	}
	if d.SHA256, err = open.Sum(); err != nil {
		return nil, nil, err
	}
	if err := in.archives.vouched(f, d.SHA256); err != nil {
		return nil, nil, err
	}
	d.Bytes = open.BytesRead()
	d.Content, d.ContentBytes = open.Content()
	d.OpenEnded, d.Repeats = open.OpenEnded(), open.Repeats()
	in.progress(open.BytesRead() - reported)
	if !d.Balanced() {
		return nil, nil, fmt.Errorf("zone: feed %q: records do not add up", f.feed.Name)
	}
	return d, list, nil
}

// leave notes a file that err says is to be left out or set aside; ok is false for
// other errors. held reports that the writer may hold rows of it.
func (in *ingestion) leave(f *file, err error) (held, ok bool) {
	var aside *asideError
	reason := refusal(err)
	held = true
	if errors.As(err, &aside) {
		reason, held = aside.Error(), aside.counts.Events > 0
		in.aside[aside.content] = aside.counts
	}
	if reason == "" {
		return false, false
	}
	f.left = true
	in.refused = append(in.refused, Refused{Feed: f.feed.Name, File: source.Name(f.path), Reason: reason})
	return held, true
}

// alias notes a file whose content is known from another one, so that the next
// run need not open it.
func (in *ingestion) alias(f *file) {
	if f.sha256 == f.inside || in.inside[content{f.feed.Number, f.sha256}] != "" {
		return
	}
	in.manifest.Aliases = append(in.manifest.Aliases, alias{f.feed.Number, f.sha256, f.size, f.inside})
	in.inside[content{f.feed.Number, f.sha256}] = f.inside
}

// commit makes the batch live.
func (in *ingestion) commit(ctx context.Context, deliveries []Delivery, rejects map[string][]byte) error {
	if err := in.writer.flush(ctx); err != nil {
		return err
	}
	if err := in.options.Disk.MkdirAll(filepath.Join(in.options.Zone, rejectsDir), 0o700); err != nil {
		return fmt.Errorf("zone: rejects: %w", err)
	}
	for name, list := range rejects {
		if len(list) == 0 {
			continue
		}
		if err := in.options.Disk.WriteFile(filepath.Join(in.options.Zone, rejectsDir, name), list, 0o600); err != nil {
			return fmt.Errorf("zone: rejects: %w", err)
		}
	}
	m := in.manifest
	var err error
	if m.Files, err = in.retake(ctx); err != nil {
		return err
	}
	files, err := in.writer.place(batchName(deliveries))
	if err != nil {
		return err
	}
	m.Files = sortedFiles(append(slices.Clone(m.Files), files...))
	m.Deliveries = slices.DeleteFunc(slices.Clone(m.Deliveries), func(d Delivery) bool { return in.dropped[d.Number] })
	m.Deliveries = append(m.Deliveries, deliveries...)
	m.NextDelivery += len(deliveries)
	m.Objections = in.options.People.Objections()
	if err := in.zone.commit(m); err != nil {
		return err
	}
	clear(in.dropped)
	in.manifest = in.zone.manifest
	in.read = append(in.read, deliveries...)
	for _, d := range deliveries {
		in.known[identity{d.content(), d.Settings}] = true
	}
	return nil
}

// batchName is the hash of a single delivery, or the hash of its hashes.
func batchName(deliveries []Delivery) string {
	sum := sha256.New()
	for _, d := range deliveries {
		fmt.Fprintf(sum, "%d %d %s %s\n", d.Number, d.Feed, d.SHA256, d.Settings)
	}
	return hex.EncodeToString(sum.Sum(nil)[:12])
}
