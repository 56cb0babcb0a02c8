package aggregate

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/entscope/entscope/ingest"
)

// DefaultSet is how many accounts, and how many identifiers, a Counter can tell
// apart: 128 MiB of memory each at the most.
const DefaultSet = 1 << 23

// Own are our totals of the feeds of one format.
type Own struct {
	Feeds []string        `json:"feeds"`
	Cells map[Cell]*Tally `json:"-"`
	Span  ingest.Span     `json:"span"`
	// Days are the first and last local day of the events.
	FirstDay, LastDay int32 `json:"-"`
	// Capped says that there were more accounts than fit: unique visitors are a
	// lower bound. CappedIDs says it of identifiers: repeated records beyond are
	// counted again.
	Capped, CappedIDs bool `json:"-"`
}

// Tally is what we count in a cell, each event once.
type Tally struct {
	Logins, Accesses, Visitors int64
	// Failed are refused logins, Activations first sign-ins, of which the
	// platform may or may not make a login.
	Failed, Activations int64
	// RepeatedLogins and RepeatedAccesses are records that repeat an event
	// that has been counted.
	RepeatedLogins, RepeatedAccesses int64
	// Services are the accesses by service.
	Services map[ingest.Service]int64
}

// Delivery is an open file of a feed, as package source gives it.
type Delivery interface {
	io.ReadCloser
	// Sum reads to the end and gives the hash of the file.
	Sum() (string, error)
}

// deliveries are those that were counted, by feed and content.
type deliveries map[string]bool

// open opens a file of a feed that is to be counted; nil is one that is not. A file given twice counts once and one that
// is cut short not at all: both must be known before its first event counts.
func (counted deliveries) open(feed *ingest.Feed, path string, open func(string) (Delivery, error)) Delivery {
	d, err := open(path)
	if err != nil {
		return nil
	}
	_, err = io.Copy(io.Discard, d)
	sum, sumErr := d.Sum()
	err = errors.Join(err, sumErr, d.Close())
	key := fmt.Sprint(feed.Number, sum)
	if err != nil || counted[key] {
		return nil
	}
	counted[key] = true
	if d, err = open(path); err != nil {
		return nil
	}
	return d
}

// Counter counts the events of deliveries. Unique visitors are exact: distinct
// (month, profile, account), told apart by a 64-bit hash with a random key.
type Counter struct {
	seed          maphash.Seed
	visitors, ids set
	deliveries    deliveries
}

// NewCounter returns a counter that can tell apart at most limit accounts, and as
// many identifiers.
func NewCounter(limit int) *Counter {
	return &Counter{seed: maphash.MakeSeed(), visitors: set{limit: limit}, ids: set{limit: limit, fullIsNew: true},
		deliveries: deliveries{}}
}

// Count decodes the deliveries of a feed into own and writes nothing. What cannot
// be opened or read to its end is left out: the check of the feeds says so.
func (c *Counter) Count(ctx context.Context, own *Own, feed *ingest.Feed, threads int,
	open func(string) (Delivery, error)) error {
	if own.Cells == nil {
		own.Cells = map[Cell]*Tally{}
	}
	own.Feeds = append(own.Feeds, feed.Name)
	for _, path := range feed.Files {
		if err := c.delivery(ctx, own, feed, path, threads, open); err != nil {
			return err
		}
	}
	own.Capped = own.Capped || c.visitors.full
	own.CappedIDs = own.CappedIDs || c.ids.full
	return nil
}

func (c *Counter) delivery(ctx context.Context, own *Own, feed *ingest.Feed, path string, threads int,
	open func(string) (Delivery, error)) error {
	d := c.deliveries.open(feed, path, open)
	if d == nil {
		return nil
	}
	defer d.Close()
	p := ingest.Pipeline[*noted]{
		Threads:  max(1, threads),
		NewBatch: func() *noted { return &noted{seed: c.seed, feed: feed} },
		NewWorker: func(reading ingest.Reading) func([]byte, *noted) {
			decoder := reading.NewDecoder()
			return func(chunk []byte, n *noted) {
				n.events = n.events[:0]
				decoder.Decode(chunk, n)
			}
		},
		Commit: func(n *noted, _ int64) error {
			for i := range n.events {
				c.count(own, &n.events[i])
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

// note is what of an event is needed for its totals.
type note struct {
	cell        Cell
	day         int32
	ms          int64
	account, id uint64 // id is 0 where the record has none
	weight      int32
	service     ingest.Service
	action      ingest.Action
}

// noted is the Sink of one chunk.
type noted struct {
	seed   maphash.Seed
	feed   *ingest.Feed
	events []note
	buf    []byte
}

// Event implements ingest.Sink.
func (n *noted) Event(e *ingest.Event) {
	cell := Cell{ingest.Month(e.LocalDate), e.Profile}
	o := note{cell: cell, day: e.LocalDate, ms: e.TsMs, weight: e.Weight, service: e.Service, action: e.Action}
	m := cell.Month
	n.buf = append(n.buf[:0], byte(m), byte(m>>8), byte(m>>16), byte(cell.Profile))
	n.buf = append(append(append(n.buf, n.feed.Accounts...), 0), e.Account...)
	o.account = maphash.Bytes(n.seed, n.buf)
	if len(e.ID) > 0 {
		// A login and the activation around it are one event, of which each
		// total counts its part.
		n.buf = append(n.buf[:0], byte(n.feed.Number), byte(e.Action))
		o.id = max(1, maphash.Bytes(n.seed, append(n.buf, e.ID...)))
	}
	n.events = append(n.events, o)
}

// Ignore implements ingest.Sink; the check of the feeds counts rules.
func (*noted) Ignore(ingest.Rule) {}

// Reject implements ingest.Sink; the check of the feeds counts rejects.
func (*noted) Reject(ingest.Reject) {}

func (c *Counter) count(own *Own, n *note) {
	t := own.Cells[n.cell]
	if t == nil {
		t = &Tally{Services: map[ingest.Service]int64{}}
		own.Cells[n.cell] = t
	}
	if own.Span == (ingest.Span{}) || n.day < own.FirstDay {
		own.FirstDay = n.day
	}
	if own.Span == (ingest.Span{}) || n.day > own.LastDay {
		own.LastDay = n.day
	}
	own.Span.Include(n.ms)
	repeated := n.id != 0 && !c.ids.add(n.id)
	weight := int64(n.weight)
	switch n.action {
	case ingest.ActionLogin:
		if repeated {
			t.RepeatedLogins += weight
			return
		}
		t.Logins += weight
	case ingest.ActionLoginFailed:
		if !repeated {
			t.Failed += weight
		}
		return // nobody came in
	case ingest.ActionActivation:
		if !repeated {
			t.Activations += weight
		}
	case ingest.ActionAccess:
		if repeated {
			t.RepeatedAccesses += weight
			return
		}
		t.Accesses += weight
		t.Services[n.service] += weight
	}
	if c.visitors.add(n.account) {
		t.Visitors++
	}
}

// set is a bounded set of 64-bit hashes: open addressing, linear probing, at most
// three quarters full. Once it holds limit hashes it takes nothing more, and
// fullIsNew says whether what it does not hold is new.
type set struct {
	slots     []uint64 // 0: empty
	n         int
	limit     int
	full      bool
	fullIsNew bool
}

// add reports whether the hash is new.
func (s *set) add(h uint64) bool {
	h = max(h, 1)
	if 4*(s.n+1) > 3*len(s.slots) {
		s.grow()
	}
	mask := uint64(len(s.slots) - 1)
	i := h & mask
	for s.slots[i] != 0 {
		if s.slots[i] == h {
			return false
		}
		i = (i + 1) & mask
	}
	if s.n >= s.limit {
		s.full = true
		return s.fullIsNew
	}
	s.slots[i] = h
	s.n++
	return true
}

func (s *set) grow() {
	old := s.slots
	s.slots = make([]uint64, max(1024, 2*len(old)))
	mask := uint64(len(s.slots) - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
}
