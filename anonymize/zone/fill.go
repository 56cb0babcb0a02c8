package zone

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/register"
)

// FillOptions are what a zone is filled from. Everything must be set but Progress.
type FillOptions struct {
	Dir   string // of the zone
	Disk  durable.Disk
	Key   *pseudonym.StudyKey
	Feeds []ingest.Feed
	// Directory reads the directory and gives each row of its registers to add.
	Directory func(ctx context.Context, add func(*register.Register, *register.Row) error) (*directory.Directory, error)
	Study     Study
	Threads   int
	Limits    Limits
	// AcceptLoss takes the directory and the registers as they are, however much smaller than the last time.
	AcceptLoss bool
	// Progress is told how far "directory" and then "ingest" are.
	Progress func(part string, done, total int64)
}

// Filled is what Fill did.
type Filled struct {
	// Summary is nil when the deliveries were not reached.
	*Summary
	// Changed says that a delivery, the directory or a register is new.
	Changed bool
	// Warnings are what is doubtful of the input.
	Warnings []string
}

// Fill brings the zone in o.Dir up to date: the directory and its registers, then
// every delivery that it does not hold yet. What was found until an error comes
// with it. The error is an *UnusableError when too much of it is rejected, missing or
// joined with nothing.
func Fill(ctx context.Context, o FillOptions) (filled *Filled, err error) {
	filled = &Filled{}
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	o.Progress("directory", 0, 2)
	registers, err := NewRegisters(o.Disk, o.Dir, o.Key)
	if err != nil {
		return filled, err
	}
	defer func() { err = errors.Join(err, registers.Close()) }()
	d, err := o.Directory(ctx, registers.Add)
	if err != nil {
		return filled, err
	}
	sizes, err := readSizes(o.Dir)
	if err != nil {
		return filled, err
	}
	if o.AcceptLoss {
		clear(sizes)
	}
	v := o.Limits.ofDirectory(d, sizes)
	filled.Warnings = v.Doubts
	if err := v.err(); err != nil {
		return filled, err
	}
	before, err := Open(o.Dir)
	if err != nil {
		return filled, err
	}
	o.Progress("directory", 1, 2)
	people, err := WritePeople(ctx, o.Disk, o.Dir, d, registers, o.Key)
	if err != nil {
		return filled, err
	}
	o.Progress("directory", 2, 2)
	filled.Summary, err = Ingest(ctx, IngestOptions{
		Zone: o.Dir, Disk: o.Disk, Feeds: o.Feeds, Key: o.Key, People: people, Threads: o.Threads,
		MaxRejectShare: o.Limits.Rejected,
		Progress:       func(done, total int64) { o.Progress("ingest", done, total) },
	})
	if filled.Summary == nil {
		return filled, err
	}
	v = o.Limits.ofFeeds(o.Feeds, filled.Summary)
	v.add(o.Study.ofDates(o.Feeds, filled.Summary, d))
	filled.Warnings = append(filled.Warnings, v.Doubts...)
	if err := v.err(); err != nil {
		return filled, err
	}
	after, err := OpenOn(o.Disk, o.Dir)
	if err != nil {
		return filled, err
	}
	filled.Changed = before.Hash() != after.Hash()
	if err := o.join(ctx, filled, after, people, d); err != nil {
		return filled, err
	}
	return filled, accept(o.Disk, o.Dir, d.Sizes, sizes)
}

// join measures how the zone and the directory fit together, and judges it.
func (o *FillOptions) join(ctx context.Context, filled *Filled, z *Zone, people *People, d *directory.Directory) error {
	joining := o.Study.joining(o.Feeds, d)
	m, err := z.measure(ctx, joining, people, d, o.Threads)
	if err != nil {
		return err
	}
	filled.Joins, filled.Outside = m.Joins, m.Outside
	v := o.Limits.ofJoins(joining, m, d)
	filled.Warnings = append(filled.Warnings, v.Doubts...)
	return v.err()
}

// Decode decodes the deliveries of a shard that the zone does not hold yet, for the Ingest that comes after it. It
// writes to the folder of the shard, which nobody else may be writing, and nowhere else; the zone must have its salt.
// What was decoded before is not decoded again. The directory is read without registers; the error is an
// *UnusableError when Fill would refuse it.
func Decode(ctx context.Context, o FillOptions, shard Shard) (*ShardSummary, error) {
	if o.Progress == nil {
		o.Progress = func(string, int64, int64) {}
	}
	dir := shard.Dir(o.Dir)
	if err := o.Disk.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("zone: shard %s: %w", shard, err)
	}
	d, err := o.Directory(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := o.judge(d); err != nil {
		return nil, err
	}
	people, err := lookup(ctx, o.Disk, dir, d, o.Key)
	if err != nil {
		return nil, err
	}
	in, err := newIngestion(IngestOptions{
		Zone: o.Dir, Disk: o.Disk, Feeds: o.Feeds, Key: o.Key, People: people, Threads: o.Threads,
		MaxRejectShare: o.Limits.Rejected,
		Progress:       func(done, total int64) { o.Progress("ingest", done, total) },
	})
	if err != nil {
		return nil, err
	}
	return in.shard(ctx, shard)
}

// judge refuses a directory that Fill would refuse, as far as it was read: an objection that is not understood must not
// let events into the zone.
func (o *FillOptions) judge(d *directory.Directory) error {
	last, err := readSizes(o.Dir)
	if err != nil {
		return err
	}
	maps.DeleteFunc(last, func(table string, _ int64) bool { _, read := d.Sizes[table]; return o.AcceptLoss || !read })
	v := o.Limits.ofDirectory(d, last)
	return v.err()
}
