package release

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
)

// Rules are what may leave beside what has left.
type Rules struct {
	// Small is the least number of persons in whom two releases of a window must
	// differ, over all and in each school, and grade level there, in which anybody
	// differs: the floor of a cell.
	Small int
	// Schools is the least number of schools in which two releases of overlapping windows
	// must differ where they differ in any: less, and what may stand of no school would
	// follow for one.
	Schools int
	// Most is how many editions of one kind may leave of overlapping periods and
	// common schools. Each further one draws the noise of other sets of persons
	// once more, so their number bounds what can be averaged.
	Most int
}

// Candidate is an edition that is about to be made.
type Candidate struct {
	Kind, Name, Study string
	Folder            string // where its study lays such releases, from the register's folder
	Made              string // what it is made from
	Start, End        string // ISO dates, both included
	Plan              string // SHA-256 of the analysis plan; empty for none
	Noise             string // names the noise of its cells; empty for none
	Draw              string // of that noise, as Register.Draw names it, or Redraw
	First             string // as Draw names it
	Floors            string // names the floors of its cells and clusters
	Config            string // identifies the policies and the software that it is made by
	Rules             Rules  // that it leaves under
	Subject           string // whose behaviour it studies: parent or pupil
	// Told is a digest of what its cells tell, as they are made, and Families are those of which they tell anything;
	// before it is booked, none.
	Told     []byte
	Families []string
	// Standing are the names of the editions of this kind and term that are still there, Newest that of the last.
	Standing []string
	Newest   string
	// Asked and Of are as in Entry, Cells before it is sealed.
	Asked  string
	Of     []int
	Cells  []byte
	Census *Census
}

// Verdict is what Admit allows.
type Verdict struct {
	// Persons is false when rows of persons have left already of this period, or of the same schools within
	// twelve months.
	Persons bool
	// Earlier names the release that a refusal, or Persons, is about.
	Earlier string
	// Unnamed names, for each family of what must not be known of a school (edition.Families) that this one may not
	// tell, the edition that told it already.
	Unnamed map[string]string
}

var (
	// ErrSame says that the newest edition that is there was made of the same, by the same policies: a new one would say
	// nothing else.
	ErrSame = errors.New("the edition stands: nothing that it is made of has changed")
	// ErrOtherCells says that an edition of the same draw of the noise has left with other numbers: something that no
	// census sees has changed, and the numbers that differ would tell of whom it is. See Redraw.
	ErrOtherCells = errors.New("an edition of the same noise has other cells")
	// ErrStands says that the candidate differs from an edition that is there by so
	// few persons, or by what the reference says of a school, that the edition stands.
	ErrStands = errors.New("the edition stands: too few persons changed since, or the reference of a school")
	// ErrNear says that the candidate differs by too few persons from a release that
	// is no longer there.
	ErrNear = errors.New("too near to an earlier release")
	// ErrMoved says that the reference describes a school otherwise than when an earlier
	// release of the same days left, so that it stands in another group and cluster, or that
	// one or two schools came or went: what the releases differ by is those schools.
	ErrMoved = errors.New("too few schools changed")
	// ErrNoise says that an earlier release of the same days had other noise: of a cell that
	// leaves with two, each is one more draw. With other floors a cluster holds other schools.
	ErrNoise = errors.New("its cells have other noise or other floors than those of an earlier release")
	// ErrSpent says that as many editions as may leave of these periods have left, or as many
	// draws of the noise within a year.
	ErrSpent = errors.New("as many editions of this period as may leave have left")
)

// Draw names the draw of the noise of an edition: a keyed hash of all that its cells are made of, which is its census
// as it was taken and what the study asks. Of the same, which a copy or a rotated salt leave, the noise is
// the same and nothing can be averaged. Where one person differs, or anything else does that a cell may show (a
// deadline, a holiday, the class of a pupil, the setting of a school), every cell has other noise: were it the same, the
// cells that change at all would be those of the few whom it concerns, and tell them.
func (r *Register) Draw(c *Census, asked string) string {
	sum := r.key.Hasher("release/draw").Sum(slices.Concat(c.marshal(), c.detail.marshal(), []byte(asked)))
	return hex.EncodeToString(sum[:16])
}

// Redraw names another draw of the noise, for an edition that would tell what is told beside one of the draw.
func (r *Register) Redraw(draw string, told []byte) string {
	sum := r.key.Hasher("release/draw").Sum(append([]byte(draw), told...))
	return hex.EncodeToString(sum[:16])
}

// Redrawn is the draw of an edition of that name, where Draw had named first of its census; or "".
func (r *Register) Redrawn(name, first string) string {
	for _, e := range slices.Backward(r.entries) {
		if isEdition(e) && e.Name == name && e.First == first && r.fate(e) == "" {
			return e.Draw
		}
	}
	return ""
}

// otherCells reports whether an edition of the kind and the draw of e has left with other cells.
func (r *Register) otherCells(e Entry) bool {
	return slices.ContainsFunc(r.entries, func(o Entry) bool {
		return o.Kind == e.Kind && o.Draw == e.Draw && o.Told != "" && o.Told != e.Told && r.fate(o) != KindWithdraw
	})
}

func isEdition(e Entry) bool { return e.Kind == edition.KindResearch || e.Kind == edition.KindSchools }

// Admit lays a candidate alongside every earlier edition that shares a school with it. An error
// wraps ErrSame, ErrStands, ErrNear, ErrMoved, ErrNoise or ErrSpent and
// says which ways are open; Verdict.Earlier then names the release concerned.
func (r *Register) Admit(c Candidate, rules Rules) (Verdict, error) {
	if c.Kind == edition.KindResearch && c.Subject == "" {
		return Verdict{}, fmt.Errorf("release: %s: it does not say whose behaviour it studies", c.Name)
	}
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		return Verdict{Persons: e.Persons, Earlier: e.Withheld, Unnamed: e.Elsewhere}, nil
	}
	a := admission{Candidate: c, register: r, rules: rules, verdict: Verdict{Persons: true, Unnamed: map[string]string{}},
		others: map[string]bool{}, draws: map[string]bool{c.Draw: true}}
	for _, e := range r.entries {
		fate := r.gone(e)
		if !isEdition(e) || fate == KindWithdraw {
			continue
		}
		if fate == "" && e.Kind == c.Kind && e.Name == c.Newest && e.Draw == c.Draw && e.Config == c.Config &&
			e.Noise == c.Noise {
			return a.verdict, fmt.Errorf("%s: %w", e.Name, ErrSame)
		}
		census, err := r.census(e)
		if err != nil {
			return a.verdict, err
		}
		if e.Kind == c.Kind && fate != KindRecall && overlap(c, e) {
			a.parts = a.parts.with(census) // also where it has no school of c: what others leave of it may be one
		}
		if !census.meets(c.Census) {
			continue
		}
		near, err := withinYear(c, e)
		if err != nil {
			return a.verdict, fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		if near {
			a.draws[e.Draw] = true
			a.rules.Most = least(a.rules.Most, e.Most)
		}
		if e.Kind == c.Kind && fate != KindRecall {
			a.rows(e, census, near)
		}
		if err := a.lay(e, census, fate == KindRecall); err != nil {
			a.verdict.Earlier = e.Name
			return a.verdict, err
		}
	}
	return a.verdict, a.spent()
}

// admission is a candidate beside what has left of its schools.
type admission struct {
	Candidate
	register *Register
	rules    Rules // of all of them
	verdict  Verdict
	others   map[string]bool // draws of editions of its kind and days
	draws    map[string]bool // of the noise, within a year
	parts    perimeters      // of editions of its kind and days
}

// lay lays the candidate alongside an edition of its schools; recalled says that every copy of that and of
// what was made of it was destroyed.
func (a *admission) lay(e Entry, census *Census, recalled bool) error {
	kind := e.Kind == a.Kind
	if !overlap(a.Candidate, e) {
		return nil
	}
	if kind && e.Draw != a.Draw { // of one draw cells are the same
		a.others[e.Draw] = true
	}
	if recalled {
		return nil
	}
	a.rules.Small, a.rules.Most = max(a.rules.Small, e.Small), least(a.rules.Most, e.Most)
	if e.Noise != a.Noise || kind && e.Floors != a.Floors {
		return fmt.Errorf("release: %s: %w: %s has left of the same days; ways on: put "+
			"[cells] back, begin another period, or take %s back and say so "+
			"(entscope releases recall)", a.Kind, ErrNoise, e.Name, a.register.copies(e.Name))
	}
	if !kind {
		return nil // a study has an edition of each kind, of the same cells
	}
	// Of the same days the second less the first is what came late, and that may be of one school: its logs, or its
	// register of grades, of which no person's census says that it was not there. Of one draw both are the same.
	if e.Draw != a.Draw {
		for _, family := range edition.Families() {
			a.once(e, family)
		}
	}
	return a.beside(e, census)
}

// once leaves to an earlier edition what it tells of a family, of the same subject: accounts of others are other persons.
func (a *admission) once(e Entry, family string) {
	if e.Tells(family, a.Subject) {
		a.verdict.Unnamed[family] = e.Name
	}
}

// rows withholds the rows of persons beside earlier ones. They have no noise: of the same days, and within
// twelve months where anything that directory or registers say of anybody changed, rows of a group less
// those of before are the rows of the few who changed in it. A year on, so many changed that none is told apart.
// Rows of pupils are no rows of parents, yet both are of one family: its schools and the grade levels of its children stand
// in both, so that who knows it finds both, and they count as rows of the same.
// Which addresses are known depends on no day either, and leaves as rows do, but of the accounts of one subject.
func (a *admission) rows(e Entry, census *Census, withinYear bool) {
	changed, many := census.known.changed(&a.Census.known)
	few := changed > 0 && changed < max(a.rules.Small, e.Small)
	other := withinYear && (many || changed > 0) || !many && few
	if e.Persons && (other || overlap(a.Candidate, e)) {
		a.verdict.Persons, a.verdict.Earlier = false, e.Name
	}
	if other {
		a.once(e, edition.FamilyContacts)
	}
}

// overlap reports whether both have a day in common.
func overlap(c Candidate, e Entry) bool { return c.Start <= e.End && e.Start <= c.End }

// spent refuses what all that have left leave no room for: too few schools between them, one edition or
// draw more than may leave.
func (a *admission) spent() error {
	most := a.rules.Most
	switch n := a.parts.apart(a.Census, a.rules.Schools); {
	case n < a.rules.Schools:
		return fmt.Errorf("release: %s: beside what has left of the same days, it would tell %d schools apart, of some "+
			"level or group: %w; ways on: study the schools of one of those editions, or begin another period", a.Kind, n,
			ErrMoved)
	case len(a.others) >= most:
		return fmt.Errorf("release: %d %s editions of overlapping periods have left, and %d may: %w; ways on: "+
			"begin another period, or keep what has left", len(a.others), a.Kind, most, ErrSpent)
	case len(a.draws) > most:
		return fmt.Errorf("release: %s: with this one, editions of %d different periods of twelve months would have "+
			"left, and of %d they may: %w: what the directory says of the same persons would leave with noise of its "+
			"own in each; ways on: study terms, or the year, or keep what has left", a.Kind, len(a.draws), most,
			ErrSpent)
	}
	return nil
}

// withinYear reports whether the days of both lie within 366, or, where one of them has more, fewer lie between; or
// whether eleven months lie between their ends: of half-years a day apart each would be one more draw.
func withinYear(c Candidate, e Entry) (bool, error) {
	var at [4]time.Time
	for i, text := range []string{c.Start, c.End, e.Start, e.End} {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return false, err
		}
		at[i] = day
	}
	const day = 24 * time.Hour
	const year, months = 366 * day, 330 * day
	first, last := at[0], at[1]
	if at[2].Before(first) {
		first = at[2]
	}
	if at[3].After(last) {
		last = at[3]
	}
	between := max(at[0].Sub(at[3]), at[2].Sub(at[1]))
	long := max(at[1].Sub(at[0]), at[3].Sub(at[2])) >= year
	return last.Sub(first) < year || long && between < year || at[1].Sub(at[3]).Abs() < months, nil
}

// beside refuses a candidate that differs from an earlier edition of its kind, with a day and a school
// of both, by few persons, or from that and those before it by few schools.
func (a *admission) beside(e Entry, census *Census) error {
	moved := census.moved(a.Census)
	if n := (perimeters{census}).apart(a.Census, a.rules.Schools); n < a.rules.Schools {
		moved += n
	}
	near := census.near(a.Census, a.rules.Small, e.Start == a.Start && e.End == a.End)
	switch {
	case !near && moved == 0:
		return nil
	case slices.Contains(a.Standing, e.Name):
		return fmt.Errorf("%s: %w", e.Name, ErrStands)
	case !near:
		return fmt.Errorf("release: %s: %d of the schools of %s, or of a group of them, came, went, or are another in "+
			"the reference: "+
			"%w; ways on: put directory and reference back that it was made with, begin another period, or take "+
			"%s back and say so (entscope releases recall)", a.Kind, moved, e.Name, ErrMoved, a.register.copies(e.Name))
	}
	return fmt.Errorf("release: %s would differ from %s by fewer than %d persons, or by so few in some "+
		"school or grade level: %w; "+
		"ways on: put that edition back, wait until more has changed, study a longer period, "+
		"or take %s back and say so (entscope releases recall)",
		a.Kind, e.Name, a.rules.Small, ErrNear, a.register.copies(e.Name))
}

// least is the smaller of two numbers, of which 0 is none.
func least(a, b int) int {
	if b > 0 {
		return min(a, b)
	}
	return a
}

// near reports whether who is in one census only, or is in both and did something else,
// are too few: over all, or, in the same days, in a place, of which somebody there can name all who did.
func (c *Census) near(o *Census, small int, sameDays bool) bool {
	if changed, many := c.persons.changed(&o.persons); !many && changed > 0 && changed < small {
		return true
	}
	return sameDays && c.apart(o, small)
}
