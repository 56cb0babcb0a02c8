package subject

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/utility"
	"github.com/entscope/entscope/anonymize/zone"
)

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
	b = &Builder{o: o, scratch: scratch, known: map[string]bool{}, groups: map[string]map[int64]string{},
		schools: map[int64]school{}, attested: map[string]int64{},
		numbers: familyNumbers{of: map[int64]uint32{}}, rounds: map[string]int{},
		joined: map[counted]joined{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
			b = nil
		}
	}()
	if err := b.start(ctx); err != nil {
		return b, err
	}
	if err := b.prepareNoise(); err != nil {
		return b, err
	}
	if err := b.prepareFlow(); err != nil {
		return b, err
	}
	for _, step := range []func(context.Context) error{b.loadTables, b.loadRegisters, b.readSchools, b.makeCoverage,
		b.prepareRegisters, b.makeBehaviours, b.finish, b.groupTogether} {
		if err := step(ctx); err != nil {
			return b, err
		}
	}
	return b, nil
}

// start starts the engine.
func (b *Builder) start(ctx context.Context) (err error) {
	if b.o.Start != nil {
		b.engine, err = b.o.Start(ctx)
		return err
	}
	config := b.o.Engine
	config.TempDir = filepath.Join(b.scratch, "spill")
	if err := os.Mkdir(config.TempDir, 0o700); err != nil {
		return fmt.Errorf("subject: scratch folder: %w", err)
	}
	if b.embedded, err = engine.Open(ctx, config); err != nil {
		return err
	}
	b.engine = b.embedded
	return nil
}

// prepareFlow gives the runner what every statement may ask for.
func (b *Builder) prepareFlow() (err error) {
	if b.written, err = readMeasures(); err != nil {
		return err
	}
	if b.graph, err = Flow(); err != nil {
		return err
	}
	b.run = flow.NewRunner(b.graph, b.engine, constants(), b.computed())
	s, onlySchools := b.o.Study, 0 // a school sees what happens in it, and no pupil or colleague
	if b.o.Kind == Schools {
		onlySchools = 1
	}
	two, five := SeniorityDays(s.End)
	b.run.Set(map[string]any{
		"start": s.Start, "end": s.End, "year_start": s.YearStart,
		"subject": int(s.Subject), "one_school": onlySchools, "least_staff": leastStaff,
		"least_persons": b.o.Floors.Cell, "least_reported": b.o.Floors.Reported,
		"two_years_before": two, "five_years_before": five,
	})
	b.known["research"] = b.o.Kind == Research
	b.known["parents"] = s.Subject == subjectParent
	b.known["deadlines"] = len(s.Deadlines) > 0
	return nil
}

// computed are the tables that Go makes when the flow asks for them.
func (b *Builder) computed() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"event": b.countEvents, "regularity_part": b.regularity, "expectation_part": b.expectations,
		"checker_part": b.findCheckers, "matched": b.match, "risk_set": b.match,
		"trained": b.prepareTraining,
	}
}

type studyRow struct {
	StartDay int32 `parquet:"start_day"`
	EndDay   int32 `parquet:"end_day"`
}

type bitRow struct {
	Position int64 `parquet:"position"`
	Bit      int64 `parquet:"bit"`
}

// loadTables gives the engine the small tables and the calendar of the window.
func (b *Builder) loadTables(ctx context.Context) error {
	z := b.o.Zone
	for _, err := range []error{
		attach[zone.PersonRow](ctx, b, "people", z.Files("people")),
		attach[zone.AccountRow](ctx, b, "accounts", z.Files("accounts")),
		attach[zone.MembershipRow](ctx, b, "memberships", z.Files("memberships")),
		attach[zone.LinkRow](ctx, b, "links", z.Files("links")),
		attach[zone.SchoolRow](ctx, b, "schools", z.Files("schools")),
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
	if !known {
		b.notes = append(b.notes, edition.NoteNoCalendar)
		b.common.notes = append(b.common.notes, edition.NoteNoCalendar)
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

type schoolRow struct {
	SchoolKey                    int64
	UAI, Name, Level, Sector, EP string
	IPSBand                      int64 `column:"ips_band"`
}

type schoolGroupRow struct {
	SchoolKey     int64
	Grouping, Grp string
}

// knownRow says what the directory knows: a register without a row is not
// measurable, which is not a count of zero.
type knownRow struct {
	Activations, Accompaniments, People, Parents, Pupils, Staff, WithoutSchool, Accounts int64
}

// readSchools reads the schools of the perimeter and what the directory knows.
func (b *Builder) readSchools(ctx context.Context) error {
	if err := flow.Rows(ctx, b.run, "school_list", func(r schoolRow) error {
		b.schools[r.SchoolKey] = school{r.UAI, r.Name, r.Level, r.Sector, r.EP, r.IPSBand}
		return nil
	}); err != nil {
		return err
	}
	if err := flow.Rows(ctx, b.run, "known", func(r knownRow) error {
		b.persons = r.People
		b.known["activation"], b.known["accompaniment"] = r.Activations > 0, r.Accompaniments > 0
		b.run.Set(map[string]any{"activation_known": min(r.Activations, 1)})
		maps.Copy(b.attested, map[string]int64{"people": r.People, "parents": r.Parents, "pupils": r.Pupils,
			"staff": r.Staff, "people_without_school": r.WithoutSchool, "accounts": r.Accounts})
		return nil
	}); err != nil {
		return err
	}
	return flow.Rows(ctx, b.run, "school_groups", func(r schoolGroupRow) error {
		if b.groups[r.Grouping] == nil {
			b.groups[r.Grouping] = map[int64]string{}
		}
		b.groups[r.Grouping][r.SchoolKey] = r.Grp
		return nil
	})
}

// As is the builder of an edition over the behaviours of b, which is of the same kind or the
// research edition: what a person did in one school is the same for both, under every noise. Of what it
// is asked, kind, floors, perturbation, draw and what it goes without are its own. Both share
// one engine: only b is closed, and after As only the builder that As gave is used.
func (b *Builder) As(o Options) (*Builder, error) {
	next, kind := *b, o.Kind
	next.o.Kind, next.o.Floors, next.o.Perturbation, next.o.Draw, next.o.Without = kind, o.Floors, o.Perturbation,
		o.Draw, o.Without
	if err := next.o.check(); err != nil {
		return nil, err
	}
	if b.o.Kind != Research && kind != b.o.Kind {
		return nil, fmt.Errorf("subject: the %s edition is not made of the behaviours of the %s edition", kind,
			b.o.Kind)
	}
	next.known, next.joined, next.widths = maps.Clone(b.known), map[counted]joined{}, utility.Comparison{}
	next.known["research"] = kind == Research
	next.numbers = familyNumbers{of: map[int64]uint32{}} // each numbers the families as they come
	of := b.common
	if kind == b.o.Kind {
		of.attested, of.notes = b.attested, b.notes
	}
	next.attested, next.notes = maps.Clone(of.attested), slices.Clone(of.notes)
	return &next, next.prepareNoise()
}

// prepareNoise solves the perturbation tables. The noise follows from the lasting key and the draw: a copy
// of a study, or one whose salt was drawn again, draws no other for the same persons.
func (b *Builder) prepareNoise() (err error) {
	b.noise, err = perturb.NewNoise(*b.o.Perturbation, b.o.Key.LastingPRF("perturbation "+b.o.Draw).Uint64)
	return err
}
