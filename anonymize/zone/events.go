package zone

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
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

// Ingest reads the deliveries that the zone does not hold yet.
//
//  1. A file whose size is that of a known delivery is hashed; if content and
//     settings are known it is not read. One that was read under another
//     directory or other settings is read again, and what was read of it goes; so
//     is a file that begins with a delivery and has grown since. A file that ends
//     within a record while another begins with it is left to the other.
//  2. The others are decoded, in the order of feeds and files, on all cores, or
//     taken from the shard that has decoded them (shard.go); the accounts become persons; rows are gathered by month and bucket and written
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
	in, err := newIngestion(options)
	if err != nil {
		return nil, err
	}
	if err := options.Disk.MkdirAll(filepath.Join(options.Zone, eventsDir), 0o700); err != nil {
		return nil, fmt.Errorf("zone: ingest: %w", err)
	}
	if options.People != nil {
		in.manifest.Tables = options.People.Files
	}
	if err := in.zone.sweep(in.manifest.Tables); err != nil {
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
	if err := DropShards(options.Disk, options.Zone); err != nil {
		return nil, err
	}
	s := in.summary()
	if err := rejectFaults(options.Feeds, s.present, options.MaxRejectShare); err != nil {
		return s, &UnusableError{err}
	}
	return s, nil
}

func newIngestion(options IngestOptions) (*ingestion, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	zone, err := OpenOn(options.Disk, options.Zone)
	if err != nil {
		return nil, err
	}
	in := &ingestion{
		options: options, zone: zone, manifest: zone.manifest,
		writer: newWriter(options.Disk, filepath.Join(options.Zone, eventsDir), options.Threads, options.flushRows),
		here:   make(map[content]string), aside: make(map[content]ingest.Counts),
		archives: archiveSums{}, known: make(map[identity]bool), sizes: make(map[int64]bool),
		inside: make(map[content]string),
	}
	if err := zone.Of(options.Key); err != nil {
		return nil, err
	}
	in.manifest.Key = options.Key.ID()
	return in, nil
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

// summary accounts for what the zone holds now.
func (in *ingestion) summary() *Summary {
	s := &Summary{
		Feeds: summarise(in.options.Feeds, in.zone.Deliveries()),
		Read:  len(in.read), Stale: in.stale, Refused: in.refused, Shards: in.shards,
	}
	for _, d := range in.read {
		if in.decoded[decodedKey{d.Feed, d.SHA256, d.Settings}] != nil {
			s.Taken++
		}
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
