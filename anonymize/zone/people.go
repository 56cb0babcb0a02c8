package zone

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/directory"
)

// WritePeople hashes a directory and writes the restricted tables people,
// accounts, memberships, links, schools and calendar, and one for each register
// of register.All under dir, each as one immutable file named by its content; a table without rows has a file too. The
// same directory and key give the same bytes. Files that no manifest lists are
// not yet part of the zone.
//
// A parent belongs to the schools of the children whose first or second legal
// guardian he or she is: one membership for each school and grade level, from
// the first day of such a child to the last.
//
// The rows of the registers are those that r took while the directory was read;
// nil is none.
func WritePeople(ctx context.Context, disk durable.Disk, dir string, d *directory.Directory, r *Registers,
	k *pseudonym.StudyKey) (*People, error) {
	w, err := newPeopleWriter(disk, dir, d, k)
	if err != nil {
		return nil, fmt.Errorf("zone: write people: %w", err)
	}
	w.taken = r
	for _, table := range []func(context.Context) error{
		w.people, w.accounts, w.memberships, w.links, w.schools, w.calendar, w.registers,
	} {
		if err := table(ctx); err != nil {
			return nil, fmt.Errorf("zone: write people: %w", err)
		}
	}
	w.out.identify()
	return w.out, nil
}

// identify says what Hash gives.
func (p *People) identify() {
	h := sha256.New()
	for _, f := range p.Files {
		if f.Table == "accounts" {
			fmt.Fprintf(h, "%s %d %s\n", f.Table, f.Rows, f.SHA256)
		}
	}
	fmt.Fprintln(h, p.Objections())
	for _, alias := range slices.Sorted(maps.Keys(p.schools)) {
		fmt.Fprintf(h, "%q %d\n", alias, p.schools[alias])
	}
	p.hash = hex.EncodeToString(h.Sum(nil))
}

// peopleWriter writes one table after the other.
type peopleWriter struct {
	disk    durable.Disk
	dir     string
	d       *directory.Directory
	taken   *Registers
	k       *pseudonym.StudyKey
	out     *People
	hashers []*pseudonym.Hasher // by namespace
	lasting []*pseudonym.Hasher // by namespace, under the lasting key
	person  []int64             // keys, by person
	class   []int64             // keys, by class
}

func newPeopleWriter(
	disk durable.Disk, dir string, d *directory.Directory, k *pseudonym.StudyKey,
) (*peopleWriter, error) {
	w := &peopleWriter{disk: disk, dir: dir, d: d, k: k,
		out: &People{Accounts: len(d.Accounts), schools: map[string]int32{}, objecting: map[int64]bool{}}}
	for _, ns := range d.Namespaces {
		w.hashers = append(w.hashers, k.Persons(ns))
		w.lasting = append(w.lasting, k.Lasting("person/"+ns))
	}
	w.person = make([]int64, len(d.Persons))
	for i := range d.Persons {
		w.person[i] = w.hashers[d.Persons[i].Namespace].Key(d.PersonID(int32(i)))
	}
	if err := different(w.person); err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	classes := k.Hasher("class")
	w.class = make([]int64, len(d.Classes))
	for i, c := range d.Classes {
		w.class[i] = classes.Key([]byte(c))
	}
	for alias, n := range d.Aliases {
		w.out.schools[alias] = d.Schools[n].Key
	}
	return w, nil
}

// different refuses keys of which two are the same, or one is 0, "none".
func different(keys []int64) error {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	for i, key := range sorted {
		if key == 0 || i > 0 && key == sorted[i-1] {
			return ErrCollision
		}
	}
	return nil
}

// write writes one table and books its file.
func write[T any](ctx context.Context, w *peopleWriter, table string, n int, row func(i int) T) error {
	f, err := writeTable(ctx, w.disk, w.dir, table, n, row)
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	w.out.Files = append(w.out.Files, f)
	return nil
}

func (w *peopleWriter) people(ctx context.Context) error {
	// A family's key is that of the person of its component with the smallest record key.
	family := make([]int64, len(w.person))
	for i := range family {
		root := w.d.Persons[i].Family
		if f := family[root]; f == 0 || pseudonym.CompareRecords(w.person[i], f) < 0 {
			family[root] = w.person[i]
		}
	}
	order := make([]int32, 0, len(w.person))
	for i := range w.person {
		if p := &w.d.Persons[i]; p.Same == int32(i) && !p.Objects { // not merged into another
			order = append(order, int32(i))
		}
	}
	w.out.Persons = len(order)
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(w.person[a], w.person[b]) })
	return write(ctx, w, "people", len(order), func(n int) PersonRow {
		i := order[n]
		p := &w.d.Persons[i]
		return PersonRow{
			PersonKey: w.person[i], Pseudonym: w.hashers[p.Namespace].Sum(w.d.PersonID(i)),
			ReleaseKey: w.lasting[p.Namespace].Key(w.d.PersonID(i)) & math.MaxInt64,
			Profile:    int8(p.Profile), FamilyKey: family[p.Family],
			CreatedDay: p.CreatedDay, ActivatedDay: p.ActivatedDay, EmailKnown: p.EmailKnown, PhoneKnown: p.PhoneKnown,
			SocialBand: p.SocialBand,
		}
	})
}

// Roll is the lookup of a directory, of which nothing is written.
func Roll(d *directory.Directory, k *pseudonym.StudyKey) (*People, error) {
	w, err := newPeopleWriter(durable.Disk{}, "", d, k)
	if err == nil {
		_, err = w.enrol()
	}
	if err != nil {
		return nil, fmt.Errorf("zone: roll: %w", err)
	}
	return w.out, nil
}

// lookup is the lookup that WritePeople would give, Hash included; dir holds no more than before.
func lookup(ctx context.Context, disk durable.Disk, dir string, d *directory.Directory, k *pseudonym.StudyKey) (
	*People, error,
) {
	w, err := newPeopleWriter(disk, dir, d, k)
	if err == nil {
		err = errors.Join(w.accounts(ctx), disk.RemoveAll(filepath.Join(dir, tableFolder)))
	}
	if err != nil {
		return nil, fmt.Errorf("zone: look-up of accounts: %w", err)
	}
	w.out.identify()
	return w.out, nil
}

func (w *peopleWriter) accounts(ctx context.Context) error {
	rows, err := w.enrol()
	if err != nil {
		return err
	}
	slices.SortFunc(rows, func(a, b AccountRow) int { return cmp.Compare(a.AccountKey, b.AccountKey) })
	return writeRows(ctx, w, "accounts", rows)
}

// enrol fills the lookup, and gives the rows of the table of accounts.
func (w *peopleWriter) enrol() ([]AccountRow, error) {
	rows := make([]AccountRow, 0, len(w.d.Accounts))
	size := 2
	for size < 2*(len(w.d.Accounts)+len(w.d.Objections)) {
		size *= 2
	}
	w.out.keys, w.out.persons = make([]int64, size), make([]int64, size)
	for i, a := range w.d.Accounts {
		key := w.hashers[a.Namespace].Key(w.d.AccountID(int32(i)))
		if w.d.Persons[a.Person].Objects {
			w.object(key)
			continue
		}
		if key == 0 || !w.out.insert(key, w.person[a.Person]) {
			return nil, fmt.Errorf("accounts: %w", ErrCollision)
		}
		rows = append(rows, AccountRow{AccountKey: key, PersonKey: w.person[a.Person]})
	}
	for _, o := range w.d.Objections {
		w.object(w.hashers[o.Namespace].Key([]byte(o.Account)))
	}
	for i := range w.d.Persons {
		if w.d.Persons[i].Objects {
			w.out.objecting[w.person[i]] = true
		}
	}
	for _, key := range w.person {
		if _, taken := w.out.Lookup(key); taken {
			return nil, fmt.Errorf("accounts and people: %w", ErrCollision)
		}
	}
	w.out.known = slices.Sorted(slices.Values(w.person))
	return rows, nil
}

// object keeps the events of an account out of the zone.
func (w *peopleWriter) object(account int64) {
	w.out.objecting[account] = true
	w.out.insert(account, 0) // false when it stands there: an objection names an account of the directory
}

func writeRows[T any](ctx context.Context, w *peopleWriter, table string, rows []T) error {
	return write(ctx, w, table, len(rows), func(i int) T { return rows[i] })
}

func (w *peopleWriter) links(ctx context.Context) error {
	rows := make([]LinkRow, len(w.d.Links))
	for i, l := range w.d.Links {
		rows[i] = LinkRow{ChildKey: w.person[l.Child], GuardianKey: w.person[l.Guardian], LegalRank: l.LegalRank}
	}
	slices.SortFunc(rows, func(a, b LinkRow) int {
		return cmp.Or(cmp.Compare(a.ChildKey, b.ChildKey), cmp.Compare(a.GuardianKey, b.GuardianKey))
	})
	return writeRows(ctx, w, "links", rows)
}

func (w *peopleWriter) schools(ctx context.Context) error {
	var rows []SchoolRow
	for _, s := range w.d.Schools {
		if !s.Perimeter {
			continue
		}
		rows = append(rows, SchoolRow{
			SchoolKey: s.Key, UAI: s.UAI, UAIValid: s.UAIValid, Name: s.Name, Level: s.Level, Sector: s.Sector,
			EP: s.EP, IPSTenths: s.IPSTenths, IPSBand: s.IPSBand, Academie: s.Academie, Zone: s.Zone,
			RolloutDay: s.RolloutDay,
		})
	}
	slices.SortFunc(rows, func(a, b SchoolRow) int { return cmp.Compare(a.SchoolKey, b.SchoolKey) })
	return writeRows(ctx, w, "schools", rows)
}

func (w *peopleWriter) calendar(ctx context.Context) error {
	bit := func(v bool) int8 {
		if v {
			return 1
		}
		return 0
	}
	rows := make([]CalendarRow, len(w.d.Calendar))
	for i, c := range w.d.Calendar {
		rows[i] = CalendarRow{
			Zone: c.Zone, LocalDate: c.Day, WeekDay: c.WeekDay, Month: c.Month, Weekday: c.Weekday,
			Holiday: bit(c.Holiday), SchoolDay: bit(c.SchoolDay), SchoolWeek: bit(c.SchoolWeek),
		}
	}
	slices.SortFunc(rows, func(a, b CalendarRow) int {
		return cmp.Or(cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.LocalDate, b.LocalDate))
	})
	return writeRows(ctx, w, "calendar", rows)
}
