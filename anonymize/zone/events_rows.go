package zone

import (
	"bytes"
	"sync"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest"
)

// rows is what one chunk of a delivery gave. It is a Sink: raw identifiers end
// in its Event method.
type rows struct {
	ingest.Tally
	resolver *resolver // of the goroutine that decodes the chunk
	events   []EventRow
	parts    []uint16 // of each event: index in months, bucket
	months   []int32
	rejects  []ingest.Reject
	span     ingest.Span
	order    *ingest.DateOrder // nil where the order of day and month is sure
	// otherCase counts the events of accounts that the directory has in another case.
	otherCase int64
	// the month of the day seen last
	day   int32
	month uint16
	known bool
}

func (b *rows) reset(r *resolver) {
	b.resolver = r
	b.events, b.parts, b.months, b.rejects = b.events[:0], b.parts[:0], b.months[:0], b.rejects[:0]
	b.span, b.known, b.otherCase = ingest.Span{}, false, 0
}

// Event implements ingest.Sink.
func (b *rows) Event(e *ingest.Event) {
	r := b.resolver
	person := r.person(e.Account)
	if person == 0 {
		b.Ignore(ingest.RuleObjection)
		return
	}
	b.Events++
	if len(r.otherCase) > 0 && r.otherCase[person] {
		b.otherCase++
	}
	b.span.Include(e.TsMs)
	b.order.Add(e.LocalDate)
	row := EventRow{
		PersonKey: person, TsMs: e.TsMs, LocalDate: e.LocalDate, LocalHour: e.LocalHour,
		SchoolKey: r.school(e.School), Profile: int8(e.Profile), Service: int8(e.Service),
		Action: int8(e.Action), Device: int8(e.Device), Channel: int8(e.Channel),
		Weight: e.Weight, Feed: r.feed, Delivery: r.delivery,
	}
	if len(e.Child) > 0 {
		row.ChildKey = r.person(e.Child)
	}
	if len(e.Object) > 0 {
		row.ObjectKey = r.objects.Key(e.Object)
	}
	if len(e.ID) > 0 {
		row.EventKey = r.ids.Key(e.ID)
	}
	b.hold(&row)
}

// hold adds a row to its month and bucket.
func (b *rows) hold(row *EventRow) {
	if !b.known || row.LocalDate != b.day {
		b.day, b.known = row.LocalDate, true
		b.month = b.monthIndex(ingest.Month(row.LocalDate))
	}
	b.events = append(b.events, *row)
	b.parts = append(b.parts, b.month<<bucketBits|uint16(pseudonym.Bucket(row.PersonKey, bucketBits)))
}

func (b *rows) monthIndex(month int32) uint16 {
	for i, m := range b.months {
		if m == month {
			return uint16(i)
		}
	}
	b.months = append(b.months, month)
	return uint16(len(b.months) - 1)
}

// Reject implements ingest.Sink.
func (b *rows) Reject(r ingest.Reject) {
	b.Tally.Reject(r.Reason)
	b.rejects = append(b.rejects, r)
}

// resolver turns the identifiers of one feed into keys. It remembers those it
// has seen: an account recurs hundreds of times, and two SHA-256 blocks and a
// look into the directory are worth thirty comparisons.
type resolver struct {
	people                 *People
	accounts, objects, ids *pseudonym.Hasher
	persons, schools       cache
	fixed                  int32 // school of the delivery, 0 if none
	feed                   int8
	delivery               int32
	ignoreCase             bool
	otherCase              map[int64]bool // keys of accounts that the directory has in another case
}

func newResolver(key *pseudonym.StudyKey, people *People, feed *ingest.Feed) *resolver {
	return &resolver{
		people:   people,
		accounts: key.Persons("account/" + feed.Accounts),
		objects:  key.Hasher("object/" + feed.Name),
		ids:      key.Hasher("event/" + feed.Name),
		feed:     int8(feed.Number),

		ignoreCase: feed.IgnoreCase, otherCase: map[int64]bool{},
	}
}

// resolvers lends each goroutine a resolver that remembers the accounts of the
// feed's earlier deliveries.
type resolvers struct {
	mu   sync.Mutex
	feed int
	free []*resolver
	lent []*resolver
}

// take lends a resolver of the feed; those of another feed are forgotten.
func (rs *resolvers) take(key *pseudonym.StudyKey, people *People, feed *ingest.Feed) *resolver {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.feed != feed.Number {
		rs.feed, rs.free = feed.Number, nil
	}
	var r *resolver
	if n := len(rs.free); n > 0 {
		r, rs.free = rs.free[n-1], rs.free[:n-1]
	} else {
		r = newResolver(key, people, feed)
	}
	rs.lent = append(rs.lent, r)
	return r
}

// giveBack takes back all that are lent: the goroutines have ended.
func (rs *resolvers) giveBack() {
	rs.free, rs.lent = append(rs.free, rs.lent...), nil
}

// person is the key of the person whose account it is, 0 when that person objects,
// or the key of the account itself when the directory does not know it.
func (r *resolver) person(account []byte) int64 {
	slot, found := r.persons.find(account)
	if !found {
		if r.ignoreCase {
			account = bytes.ToLower(account)
		}
		key := r.accounts.Key(account)
		if r.people != nil {
			if person, ok := r.people.Lookup(key); ok {
				key = person
			} else if !r.ignoreCase && r.inOtherCase(account) {
				r.otherCase[key] = true
			}
		}
		*slot = key
	}
	return *slot
}

// inOtherCase reports whether the directory has an unknown account in small letters, or in capitals.
func (r *resolver) inOtherCase(account []byte) bool {
	for _, other := range [][]byte{bytes.ToLower(account), bytes.ToUpper(account)} {
		if bytes.Equal(other, account) {
			continue
		}
		if _, ok := r.people.Lookup(r.accounts.Key(other)); ok {
			return true
		}
	}
	return false
}

// school is the key of the school a record names: by its UAI, or by the alias
// the platform has for it.
func (r *resolver) school(name []byte) int32 {
	if len(name) == 0 {
		return r.fixed
	}
	slot, found := r.schools.find(name)
	if !found {
		*slot = int64(schoolKey(r.people, name))
	}
	return int32(*slot)
}

func schoolKey(people *People, name []byte) int32 {
	if people != nil {
		return people.School(name)
	}
	return ingest.SchoolKey(name)
}
