package zone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// IngestOptions are the settings of Ingest.
type IngestOptions struct {
	// Zone is the folder of the restricted zone.
	Zone string
	// Disk is where it is written; the zero Disk is the machine's.
	Disk  durable.Disk
	Feeds []ingest.Feed
	Key   *pseudonym.StudyKey
	// People may be nil: then each account is a person.
	People *People
	// Threads is how many chunks are decoded at once; 0 is 1.
	Threads int
	// MaxRejectShare is the largest share of rejects that a delivery, and a feed as a
	// whole, may have: a delivery beyond is set aside, a feed beyond ends the run.
	MaxRejectShare float64
	// Progress, if set, is told how many bytes of all deliveries are done.
	Progress func(done, total int64)

	flushRows int // for tests; 0 is defaultFlushRows
}

// rejectFloor is the number of records that MaxRejectShare is at least taken of,
// so that one broken line in a file of ten does not set it aside.
const rejectFloor = 100

// tooManyRejects reports whether the records of a delivery or a feed hold more
// rejects than share allows. Records that, but for headings, are all rejected always do.
func tooManyRejects(c *ingest.Counts, share float64) bool {
	n := c.Rejected()
	return float64(n) > share*float64(max(c.Read, rejectFloor)) || n > 0 && n == c.Read-c.Ignored[ingest.RuleComment]
}

// maxRejectLines bounds the list of rejects of a delivery; the counts go on.
const maxRejectLines = 100_000

// RejectError says that a feed has more rejects than the study allows, over all
// deliveries of the run. Those that stay within the share are in the zone.
type RejectError struct {
	Feed           string
	Read, Rejected int64
	Share          float64 // allowed
	Reasons        map[ingest.Reason]int64
}

func (e *RejectError) Error() string {
	return fmt.Sprintf("zone: feed %q: %d of %d records rejected, more than the allowed share of %g (%s)",
		e.Feed, e.Rejected, e.Read, e.Share, reasons(e.Reasons))
}

// asideError says that a delivery has more rejects than the study allows: it is
// set aside, and the others are read.
type asideError struct {
	content content
	counts  ingest.Counts
}

func (e *asideError) Error() string {
	return fmt.Sprintf("%d of %d records rejected (%s)", e.counts.Rejected(), e.counts.Read, reasons(e.counts.Rejects))
}

func reasons(counts map[ingest.Reason]int64) string {
	var list []string
	for _, r := range ingest.ByCount(counts) {
		list = append(list, fmt.Sprintf("%s: %d", r, counts[r]))
	}
	return strings.Join(list, ", ")
}

// Ingest reads the deliveries that the zone does not hold yet.
//
//  1. A file whose size is that of a known delivery is hashed; if content and
//     settings are known it is not read. One that was read under another
//     directory or other settings is read again, and what was read of it goes; so
//     is a file that begins with a delivery and has grown since. A file that ends
//     within a record while another begins with it is left to the other.
//  2. The others are decoded, in the order of feeds and files, on all cores; the
//     accounts become persons; rows are gathered by month and bucket and written
//     sorted (events_write.go). Each delivery is hashed by the reading.
//  3. After at least half a flush of rows, at the end of a delivery, the batch is
//     committed: its files get their names, then the manifest appears. A run
//     that is killed loses the open batch only, and ends, run again, with the
//     bytes it would have had.
//  4. Where a month and bucket has many small files, they become one
//     (events_rewrite.go).
//
// A compressed file that holds a delivery known from another file counts as known
// once it was opened. A file that grows while it is read is read as far as it went
// when it was opened. One that is replaced or cut meanwhile, like a compressed file
// that is damaged or cut short, is left out and named in the Summary. So is a
// delivery with too many rejects, of which nothing is in the zone. Each run looks at
// these again. When a feed as a whole has too many, over the deliveries that are there
// in this run, the error is a *RejectError, which comes with the Summary.
func Ingest(ctx context.Context, options IngestOptions) (*Summary, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	zone, err := OpenOn(options.Disk, options.Zone)
	if err != nil {
		return nil, err
	}
	if err := options.Disk.MkdirAll(filepath.Join(options.Zone, eventsDir), 0o700); err != nil {
		return nil, fmt.Errorf("zone: ingest: %w", err)
	}
	in := &ingestion{
		options: options, zone: zone, manifest: zone.manifest,
		writer: newWriter(options.Disk, filepath.Join(options.Zone, eventsDir), options.Threads, options.flushRows),
		here:   make(map[content]string), aside: make(map[content]ingest.Counts),
		archives: archiveSums{}, known: make(map[identity]bool), sizes: make(map[int64]bool),
		inside: make(map[content]string),
	}
	if in.manifest.Key != "" && in.manifest.Key != options.Key.ID() {
		return nil, errors.New("zone: ingest: the restricted zone was written under another study key")
	}
	in.manifest.Key = options.Key.ID()
	if options.People != nil {
		in.manifest.Tables = options.People.Files
	}
	if err := zone.sweep(in.manifest.Tables); err != nil {
		return nil, err
	}
	if err := in.plan(); err != nil {
		return nil, err
	}
	if err := keepVoided(options.Zone, options.Feeds); err != nil {
		return nil, err
	}
	if err := in.run(ctx); err != nil {
		return nil, errors.Join(err, in.writer.drop())
	}
	s := in.summary()
	if err := rejectFaults(options.Feeds, s.present, options.MaxRejectShare); err != nil {
		return s, &UnusableError{err}
	}
	return s, nil
}

func (o *IngestOptions) check() error {
	var faults []error
	if o.Key == nil {
		faults = append(faults, errors.New("no study key"))
	}
	if o.Threads == 0 {
		o.Threads = 1
	}
	if o.flushRows == 0 {
		o.flushRows = defaultFlushRows
	}
	if o.Threads < 0 {
		faults = append(faults, fmt.Errorf("%d threads", o.Threads))
	}
	if o.MaxRejectShare < 0 || o.MaxRejectShare > 1 {
		faults = append(faults, fmt.Errorf("max_reject_share %g is not a share", o.MaxRejectShare))
	}
	for i := range o.Feeds {
		f := &o.Feeds[i]
		if f.Number < 1 || f.Number > 127 {
			faults = append(faults, fmt.Errorf("feed %q: number %d is not in 1..127", f.Name, f.Number))
		}
		if f.Format == nil || f.Accounts == "" || f.Name == "" {
			faults = append(faults, fmt.Errorf("feed %d: name, format or accounts not set", f.Number))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("zone: ingest: %w", err)
	}
	return nil
}

// run reads batch after batch.
func (in *ingestion) run(ctx context.Context) error {
	todo := in.files
	for len(todo) > 0 {
		n, again, err := in.batch(ctx, todo)
		if err != nil {
			return err
		}
		if again {
			if err := in.writer.drop(); err != nil {
				return fmt.Errorf("zone: ingest: %w", err)
			}
			continue
		}
		todo = todo[n:]
	}
	// A delivery may have gone, or the directory changed, without a new batch.
	if len(in.dropped) > 0 || in.objected() || !slices.Equal(in.manifest.Tables, in.zone.manifest.Tables) ||
		len(in.manifest.Aliases) != len(in.zone.manifest.Aliases) {
		if err := in.commit(ctx, nil, nil); err != nil {
			return err
		}
	}
	return in.compact(ctx)
}

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

// present are the counts of each feed over the deliveries that are there in this
// run: read now, known or set aside; open is how many of them end within a record.
func (in *ingestion) present() (feeds map[int]*ingest.Counts, open map[int]int) {
	feeds, open = make(map[int]*ingest.Counts), make(map[int]int)
	for _, f := range in.options.Feeds {
		feeds[f.Number] = new(ingest.Counts)
	}
	for _, d := range in.zone.Deliveries() {
		if in.here[d.content()] != "" {
			feeds[d.Feed].Add(&d.Counts)
			if d.OpenEnded {
				open[d.Feed]++
			}
		}
	}
	for c, counts := range in.aside {
		feeds[c.feed].Add(&counts)
	}
	return feeds, open
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

func (in *ingestion) progress(bytes int64) {
	in.done += bytes
	if in.options.Progress != nil {
		in.options.Progress(in.done, in.total)
	}
}

// delivery decodes one file into the writer.
func (in *ingestion) delivery(ctx context.Context, f *file, number int) (*Delivery, []byte, error) {
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
			return in.writer.add(ctx, b)
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
	if tooManyRejects(&d.Counts, in.options.MaxRejectShare) {
		return nil, nil, &asideError{d.content(), d.Counts}
	}
	return d, list, nil
}

// summary accounts for what the zone holds now.
func (in *ingestion) summary() *Summary {
	s := &Summary{
		Feeds: summarise(in.options.Feeds, in.zone.Deliveries()),
		Read:  len(in.read), Stale: in.stale, Refused: in.refused,
	}
	s.present, s.open = in.present()
	s.order(in.zone.Deliveries(), func(d *Delivery) bool { return in.here[d.content()] != "" })
	s.compareLists(in.options.Feeds, in.files, in.zone.Deliveries())
	var here, gone []Delivery
	for _, d := range in.zone.Deliveries() {
		if in.here[d.content()] != "" {
			here = append(here, d)
		} else {
			gone = append(gone, d)
		}
	}
	name := func(d *Delivery) string { return in.here[d.content()] }
	s.shrunk, s.repeats = findShrunk(here, gone, name), findRepeats(here, name)
	for _, n := range in.skipped {
		s.Known += n
	}
	return s
}
