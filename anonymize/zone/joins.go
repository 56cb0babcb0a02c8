package zone

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/join"
)

// Joining is what the feeds are joined with.
type Joining struct {
	Study
	Feeds []ingest.Feed
	// Accounts are how many the directory has, by namespace.
	Accounts map[string]int64
	Schools  []directory.School
}

// named is whom an event names, as far as a join tells: the person whose account it is, or the account itself.
type named struct {
	person  int64
	school  int32
	feed    int8
	profile int8
}

// naming counts the events of each named. Outside are the events outside the window, by feed.
type naming struct {
	start, end int32
	events     map[named]int64
	outside    map[int8]int64
	services   map[int8]int64
	otherCase  int64 // events of accounts that the directory has in another case
}

func (j *Joining) naming() *naming {
	return &naming{start: j.Start, end: j.End, events: map[named]int64{}, outside: map[int8]int64{},
		services: map[int8]int64{}}
}

func (n *naming) add(row *EventRow) {
	if row.LocalDate < n.start || row.LocalDate > n.end {
		n.outside[row.Feed]++
		return
	}
	n.events[named{row.PersonKey, row.SchoolKey, row.Feed, row.Profile}]++
	n.services[row.Service]++
}

// join adds what another part has counted.
func (n *naming) join(o *naming) {
	for k, count := range o.events {
		n.events[k] += count
	}
	for feed, count := range o.outside {
		n.outside[feed] += count
	}
	n.otherCase += o.otherCase
	for service, count := range o.services {
		n.services[service] += count
	}
}

// joined is a side of a join while it is counted.
type joined struct {
	feed  int8
	unit  join.Unit
	by    join.By
	value int32
}

type counted struct{ named, known int64 }

// tally are the joins of the feeds: those of parts whose persons differ add up, but for the schools.
type tally struct {
	counts  map[joined]counted
	schools map[joined]bool // of by school, which are known
	outside map[int8]int64
}

func newTally() *tally {
	return &tally{counts: map[joined]counted{}, schools: map[joined]bool{}, outside: map[int8]int64{}}
}

func (t *tally) count(k joined, n int64, known bool) {
	c := t.counts[k]
	c.named += n
	if known {
		c.known += n
	}
	t.counts[k] = c
}

// add counts the accounts and events of a part; known says whether a key is that of a person of the directory.
func (t *tally) add(n *naming, known func(key int64) bool, school func(key int32) bool) {
	for feed, events := range n.outside {
		t.outside[feed] += events
	}
	of := slices.SortedFunc(maps.Keys(n.events), func(a, b named) int {
		return cmp.Or(cmp.Compare(a.feed, b.feed), cmp.Compare(a.person, b.person), cmp.Compare(a.profile, b.profile),
			cmp.Compare(a.school, b.school))
	})
	schools := map[int32]bool{}
	for i, k := range of {
		is, events := known(k.person), n.events[k]
		t.count(joined{feed: k.feed, unit: join.Events}, events, is)
		first := i == 0 || of[i-1].feed != k.feed || of[i-1].person != k.person
		if first {
			clear(schools)
			t.count(joined{feed: k.feed, unit: join.Accounts}, 1, is)
		}
		if first || of[i-1].profile != k.profile {
			t.count(joined{k.feed, join.Accounts, join.ByProfile, int32(k.profile)}, 1, is)
		}
		if k.school != 0 && !schools[k.school] {
			schools[k.school] = true
			t.count(joined{k.feed, join.Accounts, join.BySchool, k.school}, 1, is)
			t.schools[joined{feed: k.feed, value: k.school}] = school(k.school)
		}
	}
}

// joins are the joins that were counted, feed by feed.
func (t *tally) joins(j *Joining) []join.Join {
	for k, known := range t.schools {
		t.count(joined{feed: k.feed, unit: join.Schools}, 1, known)
	}
	names := map[int32]string{}
	for i := range j.Schools {
		names[j.Schools[i].Key] = j.Schools[i].UAI
	}
	var list []join.Join
	order := slices.SortedFunc(maps.Keys(t.counts), func(a, b joined) int {
		return cmp.Or(cmp.Compare(a.feed, b.feed), cmp.Compare(a.by, b.by), cmp.Compare(a.unit, b.unit),
			cmp.Compare(a.value, b.value))
	})
	for _, k := range order {
		i := slices.IndexFunc(j.Feeds, func(f ingest.Feed) bool { return f.Number == int(k.feed) })
		if i < 0 { // of a source that the study no longer has
			continue
		}
		c := t.counts[k]
		one := join.Join{
			From: "feed " + j.Feeds[i].Name, To: "the directory", Unit: k.unit, By: k.by,
			Named: c.named, Known: c.known, Hint: j.hint(&j.Feeds[i]),
		}
		switch k.by {
		case join.ByProfile:
			entry, _ := vocabulary.Profiles().Entry(int(k.value))
			one.Value = entry.Word
			// Of a feed that does not tell profiles, everybody counts.
			one.Stated = k.value == int32(j.Subject) || k.value == int32(ingest.ProfileUnknown)
		case join.BySchool:
			if one.Value = names[k.value]; one.Value == "" { // the ENT's own name of a school, or a pupil's
				one.Value = fmt.Sprintf("#%08x", uint32(k.value))
			}
		}
		list = append(list, one)
		if k.unit == join.Accounts && k.by == "" {
			list = append(list, j.seen(&j.Feeds[i], c.known))
		}
	}
	return list
}

// seen is the other side: of the accounts of the directory, those that the feed names.
func (j *Joining) seen(f *ingest.Feed, known int64) join.Join {
	all := j.Accounts[f.Accounts]
	return join.Join{
		From: "the directory", To: "feed " + f.Name, Unit: join.Accounts, Named: all, Known: min(known, all),
	}
}

// outsideOf are the events outside the window, by the feed's name.
func (t *tally) outsideOf(j *Joining) map[string]int64 {
	outside := map[string]int64{}
	for _, f := range j.Feeds {
		if n := t.outside[int8(f.Number)]; n > 0 {
			outside[f.Name] = n
		}
	}
	return outside
}

// knownSchools tells the schools of the perimeter, by key.
func (j *Joining) knownSchools() func(int32) bool {
	keys := map[int32]bool{}
	for i := range j.Schools {
		keys[j.Schools[i].Key] = j.Schools[i].Perimeter
	}
	return func(key int32) bool { return keys[key] }
}

// hint says what may have gone wrong with a feed.
func (j *Joining) hint(f *ingest.Feed) string {
	if len(j.Accounts) == 0 {
		return "no table of the directory has accounts"
	}
	if j.Accounts[f.Accounts] == 0 {
		unknown := vocabulary.Unknown(f.Accounts, slices.Sorted(maps.Keys(j.Accounts)))
		return fmt.Sprintf("accounts of the source: %s, the namespaces of the directory", unknown)
	}
	return fmt.Sprintf("are the accounts of the source those of the namespace %q, and is the table of accounts whole?",
		f.Accounts)
}
