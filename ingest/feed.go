package ingest

import (
	"context"
	"io"
	"sync"
)

// Feed is one source of a study: files of one format, by one platform.
type Feed struct {
	// Number is the 1-based position of the source in study.toml.
	Number int
	// Name is the source's name in study.toml.
	Name   string
	Format Format
	// Files are the deliveries, in the order in which they are read.
	Files []string
	// Accounts is the namespace of the account ids, "entcore", "cas", …
	Accounts string
	// School gives the school of a delivery from the base name of its file, for
	// formats whose records do not name it; "" if unknown. It may be nil.
	School func(base string) string
	// IgnoreCase takes account ids that differ by case alone as one.
	IgnoreCase bool
	// Expected is how many records the deliveries have in all; 0 is unknown.
	Expected int64
	// Checksums are the SHA-256 that its files should have, by base name; nil where nothing says so.
	Checksums map[string][]string
	// Voided are the ids of records that others of the feed have voided, as far as they are known.
	Voided []string
	// Settings is what else decides on the outcome, as text: time zone, URL map,
	// catalog. A delivery is read again when it changes.
	Settings string
}

// Span is the first and the last instant of a delivery's events, in
// milliseconds; both 0 when there is none.
type Span struct {
	FirstMs int64 `json:"first_ms"`
	LastMs  int64 `json:"last_ms"`
}

// Include widens the span to an instant.
func (s *Span) Include(ms int64) {
	if s.FirstMs == 0 || ms < s.FirstMs {
		s.FirstMs = ms
	}
	if s.LastMs == 0 || ms > s.LastMs {
		s.LastMs = ms
	}
}

// Join widens the span to another.
func (s *Span) Join(o Span) {
	if o.FirstMs != 0 || o.LastMs != 0 {
		s.Include(o.FirstMs)
		s.Include(o.LastMs)
	}
}

// Accounted is what Account found in a delivery.
type Accounted struct {
	Counts
	Span
	// Fault is that of the delivery's Reading.
	Fault error
	// DateOrder is of the events, where the format cannot be sure of the order of day and month.
	DateOrder *DateOrder
	// Fields are the fields for which records were refused, where the format tells.
	Fields FaultCounts
}

// Account decodes a stream to its end, keeps nothing, and accounts for its
// records. newWitness, which may be nil, is called once in each thread; what it
// returns is shown each event.
func Account(
	ctx context.Context, r io.Reader, format Format, threads int, newWitness func() func(*Event),
) (Accounted, error) {
	var (
		found Accounted
		once  sync.Once
	)
	p := Pipeline[*accountant]{
		Threads:  threads,
		NewBatch: func() *accountant { return new(accountant) },
		NewWorker: func(reading Reading) func([]byte, *accountant) {
			d := reading.NewDecoder()
			witness := func(*Event) {}
			once.Do(func() { found.DateOrder = reading.DateOrder.Empty() })
			if newWitness != nil {
				witness = newWitness()
			}
			return func(chunk []byte, a *accountant) {
				a.witness, a.order = witness, reading.DateOrder.Empty()
				d.Decode(chunk, a)
			}
		},
		Commit: func(a *accountant, firstLine int64) error {
			for _, f := range a.fields {
				found.Fields.Add(f.FieldFault, f.N, firstLine+f.Line-1)
			}
			a.fields = nil
			found.DateOrder.Join(a.order)
			a.Flush(&found.Counts)
			found.Join(a.span)
			a.span = Span{}
			return nil
		},
		TooLong: func(int64) error {
			found.Add(&Counts{Read: 1, Rejects: map[Reason]int64{ReasonTooLong: 1}})
			return nil
		},
	}
	outcome, err := p.Run(ctx, r, format)
	found.Fault = outcome.Fault
	return found, err
}

// accountant is a Sink that only counts.
type accountant struct {
	Tally
	span    Span
	witness func(*Event)
	fields  FaultCounts
	order   *DateOrder
}

// FieldFault implements FieldSink.
func (a *accountant) FieldFault(f FieldFault, line int64) { a.fields.Add(f, 1, line) }

// Event implements Sink.
func (a *accountant) Event(e *Event) {
	a.Events++
	a.span.Include(e.TsMs)
	a.order.Add(e.LocalDate)
	a.witness(e)
}

// Reject implements Sink.
func (a *accountant) Reject(r Reject) { a.Tally.Reject(r.Reason) }
