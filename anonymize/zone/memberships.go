package zone

import (
	"cmp"
	"context"
	"slices"

	"github.com/entscope/entscope/ingest/directory"
)

// memberships are the pupils' and the staff's own, and the parents' through
// their children: of each child whose first or second legal guardian they are,
// the schools and grade levels.
func (w *peopleWriter) memberships(ctx context.Context) error {
	own := byPerson(len(w.person), w.d.Memberships)
	rows := slices.Clone(w.d.Memberships)
	for _, l := range w.d.Links {
		if l.LegalRank != 1 && l.LegalRank != 2 {
			continue
		}
		for _, i := range own.of(l.Child) {
			m := w.d.Memberships[i]
			m.Person, m.Class = l.Guardian, -1
			rows = append(rows, m)
		}
	}
	slices.SortFunc(rows, w.compareMemberships)
	rows = mergeMemberships(rows)
	return write(ctx, w, "memberships", len(rows), func(i int) MembershipRow {
		m := rows[i]
		return MembershipRow{
			PersonKey: w.person[m.Person], SchoolKey: w.d.Schools[m.School].Key, GradeLevel: w.d.Levels[m.Level],
			ClassKey: w.classKey(m.Class), FromDay: m.FromDay, ToDay: m.ToDay,
		}
	})
}

func (w *peopleWriter) classKey(class int32) int64 {
	if class < 0 {
		return 0
	}
	return w.class[class]
}

// compareMemberships is the order of the table: by keys, so that it does not
// tell the order in which the directory was read.
func (w *peopleWriter) compareMemberships(a, b directory.Membership) int {
	if a.Person != b.Person {
		return cmp.Compare(w.person[a.Person], w.person[b.Person])
	}
	return cmp.Or(
		cmp.Compare(w.d.Schools[a.School].Key, w.d.Schools[b.School].Key),
		cmp.Compare(w.d.Levels[a.Level], w.d.Levels[b.Level]),
		cmp.Compare(w.classKey(a.Class), w.classKey(b.Class)),
		cmp.Compare(a.FromDay, b.FromDay),
		cmp.Compare(a.ToDay, b.ToDay),
	)
}

// mergeMemberships makes one row for each (person, school, level, class) whose
// days touch or overlap; without a class (a parent's siblings), one from the
// first day to the last.
func mergeMemberships(rows []directory.Membership) []directory.Membership {
	merged := rows[:0]
	for _, r := range rows {
		if n := len(merged); n > 0 {
			l := &merged[n-1]
			same := l.Person == r.Person && l.School == r.School && l.Level == r.Level && l.Class == r.Class
			if same && (r.FromDay <= l.ToDay+1 || r.Class < 0) {
				l.ToDay = max(l.ToDay, r.ToDay)
				continue
			}
		}
		merged = append(merged, r)
	}
	return merged
}

// personIndex lists the memberships of each person.
type personIndex struct{ start, rows []int32 }

// byPerson indexes memberships by counting sort.
func byPerson(persons int, members []directory.Membership) personIndex {
	x := personIndex{start: make([]int32, persons+1), rows: make([]int32, len(members))}
	for _, m := range members {
		x.start[m.Person+1]++
	}
	for i := range persons {
		x.start[i+1] += x.start[i]
	}
	next := slices.Clone(x.start)
	for i, m := range members {
		x.rows[next[m.Person]] = int32(i)
		next[m.Person]++
	}
	return x
}

func (x personIndex) of(person int32) []int32 { return x.rows[x.start[person]:x.start[person+1]] }
