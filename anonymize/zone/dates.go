package zone

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/register"
)

// order joins what deliveries say of the order of day and month, and of the case of accounts, by feed.
func (s *Summary) order(deliveries []Delivery, counts func(*Delivery) bool) {
	s.orders, s.otherCase = map[int]*ingest.DateOrder{}, map[int]int64{}
	for i := range deliveries {
		d := &deliveries[i]
		if !counts(d) {
			continue
		}
		if s.otherCase[d.Feed] += d.OtherCase; d.DateOrder == nil {
			continue
		}
		if s.orders[d.Feed] == nil {
			s.orders[d.Feed] = d.DateOrder.Empty()
		}
		s.orders[d.Feed].Join(d.DateOrder)
	}
}

// ofDates judges the columns whose days could all be read the other way, of the feeds and of the tables of the
// directory. Those of the directory may be long before the window.
func (s Study) ofDates(feeds []ingest.Feed, sum *Summary, d *directory.Directory) (v Verdict) {
	for i := range feeds {
		if o := sum.orders[feeds[i].Number]; o != nil {
			v.doubtDates("feed "+feeds[i].Name, o, s.Start, s.End)
		}
	}
	type column struct{ kind, field string }
	orders := map[column]*ingest.DateOrder{}
	for i := range d.Files {
		f := &d.Files[i]
		for _, o := range f.DateOrders {
			c := column{f.Kind, o.Field}
			if orders[c] == nil {
				orders[c] = o.Empty()
			}
			orders[c].Join(o)
		}
	}
	for _, c := range slices.SortedFunc(maps.Keys(orders), func(a, b column) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.field, b.field))
	}) {
		start, end := s.Start, s.End
		if register.Named(c.kind) == nil {
			start, end = 0, 0
		}
		v.doubtDates(c.kind, orders[c], start, end)
	}
	v.add(s.ofSpans(sum))
	return v
}

// What is said of the time that a feed covers: of fewer records nothing is, and holidays take two weeks and a weekend.
const (
	manyEvents  = 1000
	longSilence = 16 // days
)

// ofSpans judges the time that each feed covers: a log whose end was cut, or of which a part was forgotten, begins
// late or ends early.
func (s Study) ofSpans(sum *Summary) (v Verdict) {
	for i := range sum.Feeds {
		f := &sum.Feeds[i]
		if f.Events < manyEvents || s.Last < s.Start {
			continue
		}
		first, last := int32(f.FirstMs/dayMs), int32(f.LastMs/dayMs)
		day := func(n int32) string { return time.Unix(int64(n)*86400, 0).UTC().Format(time.DateOnly) }
		switch {
		case f.FirstMs == f.LastMs:
			v.doubt("feed %s: all its %d events are of one instant", f.Name, f.Events)
		case last < s.Start || first > s.End: // said where the window is looked at
		case last+longSilence < s.Last:
			v.doubt("feed %s: its last record is of %s, and the window goes on to %s: is it whole?", f.Name,
				day(last), day(s.Last))
		case first > s.Start+longSilence:
			v.doubt("feed %s: its first record is of %s, and the window begins on %s: is it whole?", f.Name, day(first),
				day(s.Start))
		}
	}
	return v
}

const dayMs = 86_400_000

func (v *Verdict) doubtDates(what string, o *ingest.DateOrder, start, end int32) {
	verdict, by := o.Judge(start, end)
	if verdict == ingest.OrderAsRead {
		return
	}
	read, other := o.Readings()
	text := fmt.Sprintf("%s: field %s: no day is beyond the 12th, so that day and month could be exchanged: "+
		"%q reads %s, %q would read %s", what, o.Field, o.Layout, read, o.Other, other)
	if verdict == ingest.OrderExchanged {
		text += "; by " + by + " the other is right"
	}
	v.doubt("%s; hint: %s", text, o.Hint)
}
