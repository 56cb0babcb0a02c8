package subject

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/zone"
)

// Builder holds the behaviours of one study in a bounded engine and gives the
// tables of an edition. It is not safe for concurrent use.
type Builder struct {
	o       Options
	engine  *engine.Engine
	scratch string
	made    map[string]bool
	schools map[int64]school
	// attested are counts of the restricted zone.
	attested map[string]int64
	notes    []string
	has      struct {
		activation, accompaniment, grades, calendar bool
		// change: a school went from grades at once to deferred. openers and
		// homework: pupils and guardians are both seen there.
		change, openers, homework bool
	}
	// registers says what is there beside the logs.
	registers registers
	persons   int64
	slices    []slice
	// groups are those of the schools in each grouping by school.
	groups map[string]map[int64]string
	// read are the tables made for the grouping attributed last.
	read map[string]bool
}

type school struct {
	uai, name, level, sector, ep string
	ips                          int64
}

// Open reads a restricted zone and computes every behaviour. Scratch files and
// whatever the engine spills lie in Options.Engine.TempDir and go with Close.
func Open(ctx context.Context, o Options) (b *Builder, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	scratch, err := os.MkdirTemp(o.Engine.TempDir, "subject-")
	if err != nil {
		return nil, fmt.Errorf("subject: scratch folder: %w", err)
	}
	b = &Builder{o: o, scratch: scratch, made: map[string]bool{}, read: map[string]bool{}, groups: map[string]map[int64]string{}, schools: map[int64]school{}, attested: map[string]int64{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
			b = nil
		}
	}()
	config := o.Engine
	config.TempDir = filepath.Join(scratch, "spill")
	if err := os.Mkdir(config.TempDir, 0o700); err != nil {
		return b, fmt.Errorf("subject: scratch folder: %w", err)
	}
	if b.engine, err = engine.Open(ctx, config); err != nil {
		return b, err
	}
	for _, step := range []func(context.Context) error{b.loadTables, b.loadRegisters, b.makeScopes, b.makeCoverage, b.prepareRegisters, b.makeBehaviours, b.finish} {
		if err := step(ctx); err != nil {
			return b, err
		}
	}
	return b, nil
}

// Close frees the engine and removes what it spilled.
func (b *Builder) Close() error {
	var err error
	if b.engine != nil {
		err = b.engine.Close()
	}
	return errors.Join(err, os.RemoveAll(b.scratch))
}

// Attested gives counts of the restricted zone that no file of an edition can prove.
func (b *Builder) Attested() map[string]int64 { return b.attested }

// Notes are sentences on what was left out and why.
func (b *Builder) Notes() []string { return b.notes }

type studyRow struct {
	StartDay int32 `parquet:"start_day"`
	EndDay   int32 `parquet:"end_day"`
}

type bitRow struct {
	Position int64 `parquet:"position"`
	Bit      int64 `parquet:"bit"`
}

// maxSchools is how many schools of a person count: a set of them is a 63-bit number.
const maxSchools = 62

// loadTables gives the engine the small tables and the calendar of the window.
func (b *Builder) loadTables(ctx context.Context) error {
	z := b.o.Zone
	for _, err := range []error{
		attach[zone.PersonRow](ctx, b, "people", z.Files("people")),
		attach[zone.AccountRow](ctx, b, "accounts", z.Files("accounts")),
		attach[zone.MembershipRow](ctx, b, "memberships", z.Files("memberships")),
		attach[zone.LinkRow](ctx, b, "links", z.Files("links")),
		attach[zone.SchoolRow](ctx, b, "schools", z.Files("schools")),
		attach[zone.PublicationRow](ctx, b, "publications", z.Files("publications")),
		attach[zone.AccompanimentRow](ctx, b, "accompaniment", z.Files("accompaniment")),
		attach[zone.SettingRow](ctx, b, "settings", z.Files("settings")),
		put(ctx, b, "study", []studyRow{{b.o.Study.Start, b.o.Study.End}}),
		put(ctx, b, "grade", gradeRows()),
	} {
		if err != nil {
			return err
		}
	}
	bits := make([]bitRow, maxSchools)
	for i := range bits {
		bits[i] = bitRow{int64(i + 1), 1 << i}
	}
	if err := put(ctx, b, "bit", bits); err != nil {
		return err
	}
	days, known, err := window(z.Files("calendar"), b.o.Study.Start, b.o.Study.End)
	if err != nil {
		return err
	}
	if b.has.calendar = known; !known {
		b.notes = append(b.notes, "Aucun calendrier scolaire : toutes les semaines de la période comptent comme semaines de classe.")
	}
	all := periods(days, b.o.Study)
	if err := put(ctx, b, "period", all); err != nil {
		return err
	}
	if err := put(ctx, b, "period_day", periodDays(all)); err != nil {
		return err
	}
	return put(ctx, b, "day", days)
}

// makeScopes says who is in the perimeter, in which groups, with which schools.
func (b *Builder) makeScopes(ctx context.Context) error {
	s := b.o.Study
	if err := b.materialise(ctx, "school", "known_school"); err != nil {
		return err
	}
	err := b.each(ctx, "school_list", func(r *row) error {
		b.schools[r.int(0)] = school{r.text(1), r.text(2), r.text(3), r.text(4), r.text(5), r.int(6)}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.materialise(ctx, "member", "member", s.Start, s.End); err != nil {
		return err
	}
	if err := b.feedsKnown(ctx); err != nil {
		return err
	}
	known := 0
	if b.has.activation {
		known = 1
	}
	for _, err := range []error{
		b.materialise(ctx, "person", "person", known, s.End, s.End),
		b.materialise(ctx, "school_group", "school_group", yearsBefore(s.End, seniorityYears[0]), yearsBefore(s.End, seniorityYears[1])),
		b.materialise(ctx, "member_grade", "member_grade", s.Start, s.End),
		b.materialise(ctx, "several", "several"),
		b.materialise(ctx, "spread_family", "spread_family"),
		b.each(ctx, "school_groups", func(r *row) error {
			if b.groups[r.text(1)] == nil {
				b.groups[r.text(1)] = map[int64]string{}
			}
			b.groups[r.text(1)][r.int(0)] = r.text(2)
			return nil
		}),
		b.define(ctx, "attribution", "attribution"),
		b.materialise(ctx, "scope_school", "scope_school"),
		b.materialise(ctx, "accompanied", "accompanied", s.YearStart, s.End),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// feedsKnown asks which registers say anything: a register without a row is not
// measurable, which is not a count of zero.
func (b *Builder) feedsKnown(ctx context.Context) error {
	return b.each(ctx, "known", func(r *row) error {
		b.persons = r.int(2)
		b.has.activation, b.has.accompaniment = r.int(0) > 0, r.int(1) > 0
		b.attested["people"], b.attested["parents"], b.attested["pupils"] = r.int(2), r.int(3), r.int(4)
		b.attested["staff"], b.attested["people_without_school"], b.attested["accounts"] = r.int(5), r.int(6), r.int(7)
		return nil
	}, int(b.o.Study.Subject))
}
