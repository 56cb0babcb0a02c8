package zone

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/entscope/entscope/ingest/directory"
)

// The tables of the registers. Each is ordered by keys and times, so that it does
// not tell the order in which a register was read, and holds no row twice: an
// export may repeat an earlier one.

func (w *peopleWriter) schoolKey(school int32) int32 { return w.d.Schools[school].Key }

// personKey is the key of a person, 0 for nobody.
func (w *peopleWriter) personKey(person int32) int64 {
	if person < 0 {
		return 0
	}
	return w.person[person]
}

// hashed are the keys of n identifiers in a namespace.
func (w *peopleWriter) hashed(namespace string, n int, id func(int32) []byte) ([]int64, error) {
	h := w.k.Hasher(namespace)
	keys := make([]int64, n)
	for i := range keys {
		keys[i] = h.Key(id(int32(i)))
	}
	if err := different(keys); err != nil {
		return nil, fmt.Errorf("%ss: %w", namespace, err)
	}
	return keys, nil
}

// latest drops each row that the next one makes out of date: what was open when a
// register was exported and had ended in a later export. Days unknown sort first.
func latest[T any](rows []T, outdated func(old, next T) bool) []T {
	kept := rows[:0]
	for i, row := range rows {
		if i+1 == len(rows) || !outdated(row, rows[i+1]) {
			kept = append(kept, row)
		}
	}
	return kept
}

// publications at one instant to one class are one: the subject is not kept.
func (w *peopleWriter) publications() error {
	rows := make([]PublicationRow, len(w.d.Publications))
	for i, p := range w.d.Publications {
		rows[i] = PublicationRow{
			SchoolKey: w.schoolKey(p.School), ClassKey: w.classKey(p.Class), TsMs: p.TsMs, LocalDate: p.LocalDate,
			AssessedDay: p.AssessedDay, ReturnedDay: p.ReturnedDay,
		}
	}
	slices.SortFunc(rows, func(a, b PublicationRow) int {
		return cmp.Or(cmp.Compare(a.SchoolKey, b.SchoolKey), cmp.Compare(a.ClassKey, b.ClassKey), cmp.Compare(a.TsMs, b.TsMs),
			cmp.Compare(a.AssessedDay, b.AssessedDay), cmp.Compare(a.ReturnedDay, b.ReturnedDay))
	})
	return writeRows(w, "publications", slices.Compact(rows))
}

func (w *peopleWriter) contents() error {
	rows := make([]ContentRow, len(w.d.Contents))
	for i, c := range w.d.Contents {
		rows[i] = ContentRow{SchoolKey: w.schoolKey(c.School), ClassKey: w.classKey(c.Class), TsMs: c.TsMs, LocalDate: c.LocalDate, Kind: c.Kind, Media: c.Media}
	}
	slices.SortFunc(rows, func(a, b ContentRow) int {
		return cmp.Or(cmp.Compare(a.SchoolKey, b.SchoolKey), cmp.Compare(a.ClassKey, b.ClassKey), cmp.Compare(a.TsMs, b.TsMs),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Media, b.Media))
	})
	return writeRows(w, "contents", slices.Compact(rows))
}

// settings: the products are numbered 1, 2 … in the order of their names, which
// are not written.
func (w *peopleWriter) settings() error {
	names := slices.Sorted(slices.Values(w.d.Products))
	rows := make([]SettingRow, len(w.d.Settings))
	for i, s := range w.d.Settings {
		rows[i] = SettingRow{SchoolKey: w.schoolKey(s.School), Setting: s.Setting, Value: s.Value, FromDay: s.FromDay, ToDay: s.ToDay}
		if s.Setting == directory.SettingProduct {
			n, _ := slices.BinarySearch(names, w.d.Products[s.Value])
			rows[i].Value = int32(n) + 1
		}
	}
	slices.SortFunc(rows, func(a, b SettingRow) int {
		return cmp.Or(cmp.Compare(a.SchoolKey, b.SchoolKey), cmp.Compare(a.Setting, b.Setting), cmp.Compare(a.FromDay, b.FromDay),
			cmp.Compare(a.Value, b.Value), cmp.Compare(a.ToDay, b.ToDay))
	})
	rows = latest(rows, func(old, next SettingRow) bool {
		open := old.ToDay < 0
		old.ToDay = next.ToDay
		return old == next && open
	})
	return writeRows(w, "settings", slices.Compact(rows))
}

func (w *peopleWriter) reportBooks() error {
	rows := make([]ReportBookRow, len(w.d.ReportBooks))
	for i, r := range w.d.ReportBooks {
		rows[i] = ReportBookRow{SchoolKey: w.schoolKey(r.School), GradeLevel: r.Level, TsMs: r.TsMs, LocalDate: r.LocalDate}
	}
	slices.SortFunc(rows, func(a, b ReportBookRow) int {
		return cmp.Or(cmp.Compare(a.SchoolKey, b.SchoolKey), cmp.Compare(a.GradeLevel, b.GradeLevel), cmp.Compare(a.TsMs, b.TsMs))
	})
	return writeRows(w, "report_books", slices.Compact(rows))
}

func (w *peopleWriter) training() error {
	rows := make([]TrainingRow, len(w.d.Training))
	for i, t := range w.d.Training {
		rows[i] = TrainingRow{SchoolKey: w.schoolKey(t.School), LocalDate: t.LocalDate, Sessions: t.Sessions}
	}
	slices.SortFunc(rows, func(a, b TrainingRow) int {
		return cmp.Or(cmp.Compare(a.SchoolKey, b.SchoolKey), cmp.Compare(a.LocalDate, b.LocalDate), cmp.Compare(a.Sessions, b.Sessions))
	})
	return writeRows(w, "training", slices.Compact(rows))
}

func (w *peopleWriter) accompaniment() error {
	rows := make([]AccompanimentRow, len(w.d.Accompaniment))
	for i, a := range w.d.Accompaniment {
		rows[i] = AccompanimentRow{PersonKey: w.person[a.Person], LocalDate: a.LocalDate, Form: a.Form, Collective: a.Collective}
	}
	slices.SortFunc(rows, func(a, b AccompanimentRow) int {
		return cmp.Or(cmp.Compare(a.PersonKey, b.PersonKey), cmp.Compare(a.LocalDate, b.LocalDate), cmp.Compare(a.Form, b.Form), cmp.Compare(a.Collective, b.Collective))
	})
	return writeRows(w, "accompaniment", slices.Compact(rows))
}

func (w *peopleWriter) equipment() error {
	rows := make([]EquipmentRow, len(w.d.Equipment))
	for i, e := range w.d.Equipment {
		rows[i] = EquipmentRow{ChildKey: w.person[e.Child], HasComputer: e.HasComputer, HasFixedNet: e.HasFixedNet, LocalDate: e.LocalDate}
	}
	slices.SortFunc(rows, func(a, b EquipmentRow) int {
		return cmp.Or(cmp.Compare(a.ChildKey, b.ChildKey), cmp.Compare(a.LocalDate, b.LocalDate), cmp.Compare(a.HasComputer, b.HasComputer), cmp.Compare(a.HasFixedNet, b.HasFixedNet))
	})
	return writeRows(w, "equipment", slices.Compact(rows))
}

func (w *peopleWriter) procedures() error {
	rows := make([]ProcedureRow, len(w.d.Procedures))
	for i, p := range w.d.Procedures {
		rows[i] = ProcedureRow{ChildKey: w.person[p.Child], Kind: p.Kind, DeadlineDay: p.DeadlineDay, DoneDay: p.DoneDay}
	}
	slices.SortFunc(rows, func(a, b ProcedureRow) int {
		return cmp.Or(cmp.Compare(a.ChildKey, b.ChildKey), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.DeadlineDay, b.DeadlineDay), cmp.Compare(a.DoneDay, b.DoneDay))
	})
	rows = latest(rows, func(old, next ProcedureRow) bool {
		undone := old.DoneDay < 0
		old.DoneDay = next.DoneDay
		return old == next && undone
	})
	rows = slices.CompactFunc(rows, func(a, b ProcedureRow) bool { // done twice: the first time
		b.DoneDay = a.DoneDay
		return a == b
	})
	return writeRows(w, "procedures", rows)
}

func (w *peopleWriter) loans() error {
	rows := make([]LoanRow, len(w.d.Loans))
	for i, l := range w.d.Loans {
		rows[i] = LoanRow{ChildKey: w.person[l.Child], RequestedDay: l.RequestedDay, StartDay: l.StartDay, EndDay: l.EndDay}
	}
	slices.SortFunc(rows, func(a, b LoanRow) int {
		return cmp.Or(cmp.Compare(a.ChildKey, b.ChildKey), cmp.Compare(a.RequestedDay, b.RequestedDay), cmp.Compare(a.StartDay, b.StartDay), cmp.Compare(a.EndDay, b.EndDay))
	})
	rows = latest(rows, func(old, next LoanRow) bool {
		sameStart := old.StartDay == next.StartDay && old.EndDay < 0
		return old.ChildKey == next.ChildKey && old.RequestedDay == next.RequestedDay && (old.StartDay < 0 || sameStart)
	})
	return writeRows(w, "loans", slices.Compact(rows))
}

// meetings hold a person once for each meeting and day: who joined did, whatever
// another row says.
func (w *peopleWriter) meetings() error {
	keys, err := w.hashed("meeting", w.d.MeetingCount(), w.d.MeetingID)
	if err != nil {
		return err
	}
	rows := make([]MeetingRow, len(w.d.Meetings))
	for i, m := range w.d.Meetings {
		rows[i] = MeetingRow{MeetingKey: keys[m.Meeting], PersonKey: w.person[m.Person], LocalDate: m.LocalDate, Joined: m.Joined}
	}
	slices.SortFunc(rows, func(a, b MeetingRow) int {
		return cmp.Or(cmp.Compare(a.MeetingKey, b.MeetingKey), cmp.Compare(a.PersonKey, b.PersonKey), cmp.Compare(a.LocalDate, b.LocalDate), cmp.Compare(b.Joined, a.Joined))
	})
	rows = slices.CompactFunc(rows, func(a, b MeetingRow) bool {
		return a.MeetingKey == b.MeetingKey && a.PersonKey == b.PersonKey && a.LocalDate == b.LocalDate
	})
	return writeRows(w, "meetings", rows)
}
