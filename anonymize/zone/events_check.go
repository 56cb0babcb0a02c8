package zone

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// Check decodes every delivery of the feeds, writes nothing, and accounts for
// their records, one by one and feed by feed. It needs no key. zone, which may be
// nil, is what was ingested before.
func Check(ctx context.Context, feeds []ingest.Feed, zone *Zone, threads int,
	progress func(done, total int64),
) (*Summary, error) {
	c := &checking{zone: zone, threads: max(1, threads), progress: progress, seen: make(map[identity]string)}
	if err := c.list(feeds); err != nil {
		return nil, err
	}
	for _, f := range c.files {
		if err := c.one(ctx, f); err != nil {
			return nil, err
		}
	}
	gone, err := c.compare()
	if err != nil {
		return nil, err
	}
	c.overlaps(gone)
	s := &Summary{Feeds: summarise(feeds, c.deliveries), Known: c.known, Refused: c.refused, Files: c.out}
	for _, f := range c.out {
		if f.Status == StatusNew || f.Status == StatusIngested {
			s.Read++
		}
	}
	for _, d := range gone {
		if i := slices.IndexFunc(s.Feeds, func(f FeedSummary) bool { return f.Number == d.Feed }); i >= 0 {
			s.Feeds[i].Gone++
		}
	}
	return s, nil
}

type checking struct {
	zone        *Zone
	threads     int
	progress    func(done, total int64)
	done, total int64
	files       []*file
	seen        map[identity]string // by content and school: the file's name
	deliveries  []Delivery          // that count, of which Number is the place in out
	out         []FileSummary
	refused     []Refused
	known       int
}

func (c *checking) list(feeds []ingest.Feed) error {
	for i := range feeds {
		f := &feeds[i]
		for _, path := range f.Files {
			size, err := int64(0), error(nil)
			if path != source.Stdin {
				size, err = source.Size(path)
			}
			if err != nil && refusal(err) == "" {
				return fmt.Errorf("zone: feed %q: %w", f.Name, err)
			}
			c.total += size
			c.files = append(c.files, &file{
				feed: f, path: path, size: size, school: schoolOf(f, path), open: source.EndsOpen(path),
			})
		}
	}
	return findBegun(c.files)
}

// one decodes a delivery and accounts for it.
func (c *checking) one(ctx context.Context, f *file) error {
	sum := FileSummary{
		Feed: f.feed.Name, File: source.Name(f.path), Bytes: f.size, OpenEnded: f.open, Status: StatusNew,
	}
	defer func() {
		c.out = append(c.out, sum)
		if c.done += f.size; c.progress != nil {
			c.progress(c.done, c.total)
		}
	}()
	if f.begun != nil {
		sum.Status, sum.Of = StatusBegun, source.Name(f.begun.path)
		c.known++
		return nil
	}
	d, fault, err := c.read(ctx, f)
	if reason := refusal(err); reason != "" {
		sum.Status, sum.Reason = StatusRefused, reason
		c.refused = append(c.refused, Refused{sum.Feed, sum.File, reason})
		return nil
	} else if err != nil {
		return err
	}
	sum.Bytes, sum.OpenEnded = d.Bytes, d.OpenEnded
	if fault != nil {
		sum.Headings = strings.ReplaceAll(fault.Error(), "\n", "; ")
	}
	id := identity{d.content(), d.School}
	if first, ok := c.seen[id]; ok {
		sum.Status, sum.Of = StatusAgain, first
		c.known++
		return nil
	}
	c.seen[id] = sum.File
	sum.Counts, sum.Span = d.Counts, d.Span
	d.Number = len(c.out)
	c.deliveries = append(c.deliveries, *d)
	return nil
}

// read decodes a delivery; fault is why its header cannot be read, if it cannot.
func (c *checking) read(ctx context.Context, f *file) (d *Delivery, fault, err error) {
	open, err := source.Open(f.path)
	if err != nil {
		return nil, nil, err
	}
	defer open.Close()
	found, err := ingest.Account(ctx, open, f.feed.Format, c.threads)
	if err != nil {
		return nil, nil, err
	}
	d = &Delivery{Feed: f.feed.Number, Name: f.feed.Name, School: f.school, Counts: found.Counts, Span: found.Span}
	if d.SHA256, err = open.Sum(); err != nil {
		return nil, nil, err
	}
	d.Bytes, d.OpenEnded, d.Head = open.BytesRead(), open.OpenEnded(), headHash(open.Head())
	d.Content, d.ContentBytes = open.Content()
	if !d.Balanced() {
		return nil, nil, fmt.Errorf("zone: feed %q: records do not add up", f.feed.Name)
	}
	return d, found.Fault, nil
}

// compare lays the deliveries beside those of the zone: which it holds, which are
// late, which complete another. It returns those that only the zone has.
func (c *checking) compare() (gone []Delivery, err error) {
	if c.zone == nil {
		return nil, nil
	}
	held, last := make(map[identity]bool), make(map[series]int64)
	for _, d := range c.zone.Deliveries() {
		id := identity{d.content(), d.School}
		held[id] = true
		if _, here := c.seen[id]; !here {
			gone = append(gone, d)
		}
		if d.Events > 0 {
			last[d.series()] = max(last[d.series()], d.LastMs)
		}
	}
	grown := make(map[int]bool)
	for i := range c.deliveries {
		d := &c.deliveries[i]
		sum := &c.out[d.Number]
		if held[identity{d.content(), d.School}] {
			sum.Status = StatusIngested
			continue
		}
		sum.Late = d.Events > 0 && d.LastMs < last[d.series()]
		for _, old := range gone {
			if old.Feed != d.Feed || old.Events == 0 || old.size() >= d.size() ||
				c.files[d.Number].path == source.Stdin {
				continue
			}
			completes, err := continues(c.files[d.Number].path, &old)
			if err != nil {
				return nil, err
			}
			if completes {
				sum.Completes, grown[old.Number] = true, true
			}
		}
	}
	return slices.DeleteFunc(gone, func(d Delivery) bool { return grown[d.Number] }), nil
}

// continues reports whether a file, decoded, begins with a delivery.
func continues(path string, d *Delivery) (bool, error) {
	head, err := headOf(path)
	if err != nil {
		return false, err
	}
	n := min(d.size(), source.HeadSize)
	if int64(len(head)) < n || headHash(head[:n]) != d.Head {
		return false, nil
	}
	hashes, err := source.Prefixes(path, []int64{d.size()})
	if err != nil {
		return false, err
	}
	return len(hashes) == 1 && hashes[0] == d.content().sha256, nil
}

// maxPartners bounds how many others a delivery is compared with.
const maxPartners = 1000

// overlaps says which deliveries share time with others, here or in the zone.
func (c *checking) overlaps(gone []Delivery) {
	type timed struct {
		name string
		sum  *FileSummary // nil of one in the zone only
		ingest.Span
	}
	all := make(map[series][]timed)
	for i := range c.deliveries {
		if d := &c.deliveries[i]; d.Events > 0 {
			all[d.series()] = append(all[d.series()], timed{c.out[d.Number].File, &c.out[d.Number], d.Span})
		}
	}
	for _, d := range gone {
		if d.Events > 0 {
			all[d.series()] = append(all[d.series()],
				timed{fmt.Sprintf("delivery %d of the restricted zone", d.Number), nil, d.Span})
		}
	}
	share := func(a, b timed, span ingest.Span) {
		if a.sum == nil {
			return
		}
		if a.sum.Overlap == nil {
			a.sum.Overlap = &Overlap{With: b.name}
		}
		a.sum.Overlap.Files++
		a.sum.Overlap.Join(span)
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b timed) int { return cmp.Compare(a.FirstMs, b.FirstMs) })
		for i, a := range list {
			for _, b := range list[i+1 : min(len(list), i+1+maxPartners)] {
				if b.FirstMs >= a.LastMs {
					break
				}
				span := ingest.Span{FirstMs: b.FirstMs, LastMs: min(a.LastMs, b.LastMs)}
				share(a, b, span)
				share(b, a, span)
			}
		}
	}
}
