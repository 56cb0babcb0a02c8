package aggregate

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/entscope/entscope/ingest"
)

// visitGap ends a visit: a gap of more than 30 minutes between two events.
const visitGap = 1_800_000

// Person says who an account is: a number of its own, the school by day, the profile.
// It is asked from several goroutines.
type Person interface {
	// Find gives the person of an account of a namespace; ok is false if nobody is known.
	Find(accounts string, account []byte) (person int32, ok bool)
	// Profile is the person's, where a record has none.
	Profile(person int32) ingest.Profile
	// School is the place of the school that a person belongs to on a day; -1 unknown.
	School(person int32, day int32) int32
	// Named is the place of the school that a record or a file names; -1 unknown.
	Named(name []byte) int32
}

// SchoolCell is a school, by its place, in a week, by its Monday, and a profile.
type SchoolCell struct {
	School, WeekDay int32
	Profile         ingest.Profile
}

// Weekly are the visits and the distinct persons of a cell.
type Weekly struct{ Visits, Users int64 }

// Visits makes the visits of persons from events in any order: it keeps for each
// person the spans of visits, not the events.
type Visits struct {
	seed       maphash.Seed
	who        Person
	spans      map[uint64][]visit
	deliveries deliveries
	kept       int
	limit      int
	// Unplaced are events of which no school is known; Full says that there were more
	// visits than fit.
	Unplaced int64
	Full     bool
}

// visit is a span of events with gaps of at most visitGap; school and profile are those
// of its first event.
type visit struct {
	from, to int64
	cell     SchoolCell
}

// NewVisits returns one that holds at most limit visits.
func NewVisits(who Person, limit int) *Visits {
	return &Visits{seed: maphash.MakeSeed(), who: who, spans: map[uint64][]visit{}, deliveries: deliveries{},
		limit: limit}
}

// seen is an event, as far as visits need it.
type seen struct {
	who uint64
	at  visit
}

// sightings is the Sink of one chunk.
type sightings struct {
	of       *Visits
	feed     *ingest.Feed
	school   int32 // of the file; -1 unknown
	events   []seen
	unplaced int64
	buf      []byte
}

// Event implements ingest.Sink.
func (n *sightings) Event(e *ingest.Event) {
	if e.Action == ingest.ActionLoginFailed {
		return // nobody came in
	}
	v := n.of
	profile, school := e.Profile, int32(-1)
	person, known := v.who.Find(n.feed.Accounts, e.Account)
	if len(e.School) > 0 {
		school = v.who.Named(e.School)
	}
	if school < 0 {
		school = n.school
	}
	if known {
		if profile == ingest.ProfileUnknown {
			profile = v.who.Profile(person)
		}
		if school < 0 {
			school = v.who.School(person, e.LocalDate)
		}
		n.buf = fmt.Appendf(n.buf[:0], "person %d", person)
	} else {
		n.buf = append(append(append(n.buf[:0], n.feed.Accounts...), 0), e.Account...)
	}
	if school < 0 {
		n.unplaced++
		return
	}
	monday := e.LocalDate - (e.LocalDate+3)%7 // 1 January 1970 was a Thursday
	cell := SchoolCell{school, monday, profile}
	n.events = append(n.events, seen{maphash.Bytes(v.seed, n.buf), visit{e.TsMs, e.TsMs, cell}})
}

// Ignore implements ingest.Sink.
func (*sightings) Ignore(ingest.Rule) {}

// Reject implements ingest.Sink.
func (*sightings) Reject(ingest.Reject) {}

// Count adds the events of a feed. What cannot be read to its end is left out, as by
// Counter.
func (v *Visits) Count(ctx context.Context, feed *ingest.Feed, threads int, school func(path string) int32,
	open func(string) (Delivery, error)) error {
	for _, path := range feed.Files {
		if err := v.delivery(ctx, feed, path, threads, school(path), open); err != nil {
			return err
		}
	}
	return nil
}

func (v *Visits) delivery(ctx context.Context, feed *ingest.Feed, path string, threads int, school int32,
	open func(string) (Delivery, error)) error {
	d := v.deliveries.open(feed, path, open)
	if d == nil {
		return nil
	}
	defer d.Close()
	p := ingest.Pipeline[*sightings]{
		Threads:  max(1, threads),
		NewBatch: func() *sightings { return &sightings{of: v, feed: feed, school: school} },
		NewWorker: func(reading ingest.Reading) func([]byte, *sightings) {
			decoder := reading.NewDecoder()
			return func(chunk []byte, n *sightings) {
				n.events, n.unplaced = n.events[:0], 0
				decoder.Decode(chunk, n)
			}
		},
		Commit: func(n *sightings, _ int64) error {
			v.Unplaced += n.unplaced
			for i := range n.events {
				v.add(n.events[i].who, n.events[i].at)
			}
			return nil
		},
		TooLong: func(int64) error { return nil },
	}
	if _, err := p.Run(ctx, d, feed.Format); err != nil {
		return fmt.Errorf("aggregate: feed %q: %w", feed.Name, err)
	}
	return nil
}

// add puts an event into the visits of a person: it makes one, widens one, or joins two.
func (v *Visits) add(who uint64, e visit) {
	spans := v.spans[who]
	i := len(spans) // the first that ends after the event begins, less the gap
	for i > 0 && spans[i-1].to >= e.from-visitGap {
		i--
	}
	if i == len(spans) || spans[i].from > e.to+visitGap {
		if v.kept >= v.limit {
			v.Full = true
			return
		}
		v.kept++
		v.spans[who] = slices.Insert(spans, i, e)
		return
	}
	if e.from < spans[i].from {
		spans[i].from, spans[i].cell = e.from, e.cell
	}
	spans[i].to = max(spans[i].to, e.to)
	if next := i + 1; next < len(spans) && spans[next].from <= spans[i].to+visitGap {
		spans[i].to = max(spans[i].to, spans[next].to)
		v.kept--
		v.spans[who] = slices.Delete(spans, next, next+1)
	}
}

// Weeks are the visits that begin in each cell, and the persons who had one.
func (v *Visits) Weeks() map[SchoolCell]Weekly {
	cells := map[SchoolCell]Weekly{}
	for _, spans := range v.spans {
		mine := map[SchoolCell]bool{}
		for _, s := range spans {
			w := cells[s.cell]
			w.Visits++
			if !mine[s.cell] {
				mine[s.cell] = true
				w.Users++
			}
			cells[s.cell] = w
		}
	}
	return cells
}
