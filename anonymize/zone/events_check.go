package zone

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/source"
)

// CheckOptions are what Check looks at. Everything must be set but Zone and Progress.
type CheckOptions struct {
	// Zone, which may be nil, is what was ingested before.
	Zone      *Zone
	Feeds     []ingest.Feed
	Directory *directory.Directory
	Study     Study
	Threads   int
	Limits    Limits
	Progress  func(done, total int64)
}

// Check decodes every delivery of the feeds, writes nothing, and accounts for
// their records, one by one and feed by feed; it says of whom they speak that the
// directory knows, and what a run would make of it all. It needs no key.
func Check(ctx context.Context, o CheckOptions) (*Summary, error) {
	c := &checking{
		CheckOptions: o, archives: archiveSums{}, seen: make(map[identity]string), named: make(map[string]*naming),
	}
	c.Threads = max(1, c.Threads)
	c.joining = o.Study.joining(o.Feeds, o.Directory)
	var err error
	if c.key, err = pseudonym.PassingKey(); err != nil {
		return nil, err
	}
	if c.people, err = Roll(o.Directory, c.key); err != nil {
		return nil, err
	}
	if err := c.list(o.Feeds); err != nil {
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
	var read []Delivery
	var shards []ShardState
	if c.Zone != nil {
		read = c.Zone.Deliveries()
		if shards, err = Shards(c.Zone.dir); err != nil {
			return nil, err
		}
	}
	s := &Summary{
		Feeds: summarise(o.Feeds, c.deliveries), Known: c.known, Refused: c.refused, Files: c.out, Shards: shards,
	}
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
	s.order(c.deliveries, func(*Delivery) bool { return true })
	s.compareLists(c.Feeds, c.files, read)
	name := func(d *Delivery) string { return c.out[d.Number].File }
	s.shrunk, s.repeats = findShrunk(c.deliveries, gone, name), findRepeats(c.deliveries, name)
	return s, c.verdict(s)
}

// verdict adds what a run would say.
func (c *checking) verdict(s *Summary) error {
	s.present, s.open = make(map[int]*ingest.Counts), make(map[int]int)
	for _, d := range c.deliveries {
		if d.OpenEnded && c.out[d.Number].Status != StatusAside {
			s.open[d.Feed]++
		}
	}
	for i := range s.Feeds {
		s.present[s.Feeds[i].Number] = &s.Feeds[i].Counts
	}
	t := newTally()
	s.Services = map[string]int64{}
	for _, f := range c.Feeds {
		if n := c.named[f.Name]; n != nil {
			t.add(n, c.people.Knows, c.joining.knownSchools())
			for service, events := range n.services {
				entry, _ := vocabulary.Services().Entry(int(service))
				s.Services[entry.Word] += events
			}
		}
	}
	m := measured{Joins: append(t.joins(c.joining), c.Directory.Joins...), Outside: t.outsideOf(c.joining)}
	s.Joins, s.Outside = m.Joins, m.Outside
	sizes := map[string]int64{}
	if c.Zone != nil {
		var err error
		if sizes, err = readSizes(c.Zone.dir); err != nil {
			return err
		}
	}
	v := c.Limits.ofDirectory(c.Directory, sizes)
	v.add(c.Limits.ofFeeds(c.Feeds, s))
	v.add(c.Study.ofDates(c.Feeds, s, c.Directory))
	v.add(c.Limits.ofJoins(c.joining, m, c.Directory))
	if len(c.Directory.Persons) == 0 {
		v.doubt("the directory names nobody: no figure about persons can be measured")
	}
	s.Doubts, s.Faults, s.Unverified = v.Doubts, v.texts(), unverified(c.Feeds)
	return nil
}

type checking struct {
	CheckOptions
	key         *pseudonym.StudyKey
	people      *People
	joining     *Joining
	resolver    resolvers
	named       map[string]*naming // by feed
	done, total int64
	files       []*file
	seen        map[identity]string // by content and school: the file's name
	deliveries  []Delivery          // that count, of which Number is the place in out
	out         []FileSummary
	refused     []Refused
	known       int
	archives    archiveSums
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
		if c.done += f.size; c.Progress != nil {
			c.Progress(c.done, c.total)
		}
	}()
	if f.begun != nil {
		sum.Status, sum.Of = StatusBegun, source.Name(f.begun.path)
		c.known++
		return nil
	}
	d, said, found, err := c.read(ctx, f)
	if reason := refusal(err); reason != "" {
		sum.Status, sum.Reason = StatusRefused, reason
		c.refused = append(c.refused, Refused{sum.Feed, sum.File, reason})
		return nil
	} else if err != nil {
		return err
	}
	sum.Bytes, sum.OpenEnded = d.Bytes, d.OpenEnded
	if sum.Fields = found.Fields.List(); found.Fault != nil {
		sum.Headings = strings.ReplaceAll(found.Fault.Error(), "\n", "; ")
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
	if tooManyRejects(&d.Counts, c.Limits.Rejected) {
		aside := asideError{d.content(), d.Counts}
		sum.Status, sum.Reason = StatusAside, aside.Error()
		c.refused = append(c.refused, Refused{sum.Feed, sum.File, sum.Reason})
		return nil
	}
	if c.named[sum.Feed] == nil {
		c.named[sum.Feed] = c.joining.naming()
	}
	c.named[sum.Feed].join(said)
	return nil
}

// read decodes a delivery: what it holds, and whom it names.
func (c *checking) read(ctx context.Context, f *file) (
	d *Delivery, said *naming, found ingest.Accounted, err error,
) {
	open, err := source.Open(f.path)
	if err != nil {
		return nil, nil, found, err
	}
	defer open.Close()
	said = c.joining.naming()
	parts, witness := c.witnesses(f)
	found, err = ingest.Account(ctx, open, f.feed.Format, c.Threads, witness)
	c.resolver.giveBack()
	if err != nil {
		return nil, nil, found, err
	}
	for _, part := range *parts {
		said.join(part)
	}
	d = &Delivery{Feed: f.feed.Number, Name: f.feed.Name, School: f.school, Counts: found.Counts, Span: found.Span,
		DateOrder: found.DateOrder, OtherCase: said.otherCase}
	if d.SHA256, err = open.Sum(); err != nil {
		return nil, nil, found, err
	}
	if err := c.archives.vouched(f, d.SHA256); err != nil {
		return nil, nil, found, err
	}
	d.Bytes, d.OpenEnded, d.Head = open.BytesRead(), open.OpenEnded(), headHash(open.Head())
	d.Repeats = open.Repeats()
	d.Content, d.ContentBytes = open.Content()
	if !d.Balanced() {
		return nil, nil, found, fmt.Errorf("zone: feed %q: records do not add up", f.feed.Name)
	}
	return d, said, found, nil
}

// witnesses hand the events of a delivery to one naming for each thread.
func (c *checking) witnesses(f *file) (parts *[]*naming, newWitness func() func(*ingest.Event)) {
	var mu sync.Mutex
	parts = new([]*naming)
	return parts, func() func(*ingest.Event) {
		r, part := c.resolver.take(c.key, c.people, f.feed), c.joining.naming()
		r.fixed = 0
		if f.school != "" {
			r.fixed = c.people.School([]byte(f.school))
		}
		mu.Lock()
		defer mu.Unlock()
		*parts = append(*parts, part)
		return func(e *ingest.Event) {
			person := r.person(e.Account)
			if r.otherCase[person] {
				part.otherCase++
			}
			part.add(&EventRow{
				PersonKey: person, LocalDate: e.LocalDate, SchoolKey: r.school(e.School),
				Profile: int8(e.Profile), Service: int8(e.Service), Feed: r.feed,
			})
		}
	}
}

// compare lays the deliveries beside those of the zone: which it holds, which are
// late, which complete another. It returns those that only the zone has.
func (c *checking) compare() (gone []Delivery, err error) {
	if c.Zone == nil {
		return nil, nil
	}
	held, last := make(map[identity]bool), make(map[series]int64)
	for _, d := range c.Zone.Deliveries() {
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
