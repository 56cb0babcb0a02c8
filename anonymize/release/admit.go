package release

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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
	Made              string // what it is made from
	Start, End        string // ISO dates, both included
	Plan              string // SHA-256 of the analysis plan; empty for none
	Noise             string // names the noise of its cells; empty for none
	Draw              string // of that noise, as Register.Draw has it
	Floors            string // names the floors of its cells and clusters
	Config            string // identifies the study that it is made by
	Rules             Rules  // that it leaves under
	// Standing are the names of the editions of this kind and term that are still there.
	Standing []string
	// Asked and Of are as in Entry, Cells before it is sealed.
	Asked  string
	Of     []int
	Cells  []byte
	Census *Census
}

// Verdict is what Admit allows.
type Verdict struct {
	// Persons is false when rows of persons of this period have left already, or such rows of
	// another period of all but a few of the same persons.
	Persons bool
	// Earlier names the release that a refusal, or Persons, is about.
	Earlier string
}

var (
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

// Draw names the draw of the noise of a candidate: the days that it was drawn for, those of the earliest
// edition that has left of a school of its own where they are nearly the candidate's, or else its own. Of
// the same days, a copy and a day more or less have the noise that was drawn, and nothing is averaged. Of other
// days the same persons have other noise: were it the same, the cells of what the directory and the
// registers say would change exactly where one who left between them was. Two editions of one draw each
// have more than half of its days, so that they always have days in common, and are compared.
func (r *Register) Draw(c Candidate) (string, error) {
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		return e.Draw, nil
	}
	for _, e := range r.entries {
		if !isEdition(e) || r.fate(e) == KindWithdraw {
			continue
		}
		drawn := e
		drawn.Start, drawn.End, _ = strings.Cut(e.Draw, "/")
		same, err := nearly(c, drawn)
		if err != nil {
			return "", fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		if !same {
			continue
		}
		census, err := r.census(e)
		if err != nil {
			return "", err
		}
		if census.meets(c.Census) {
			return e.Draw, nil
		}
	}
	return OwnDraw(c.Start, c.End), nil
}

// OwnDraw names the draw of the first edition of some days.
func OwnDraw(start, end string) string { return start + "/" + end }

func isEdition(e Entry) bool { return e.Kind == edition.KindResearch || e.Kind == edition.KindSchools }

// Admit lays a candidate alongside every earlier edition that shares a school with it. An error
// wraps ErrStands, ErrNear, ErrMoved, ErrNoise or ErrSpent and
// says which ways are open; Verdict.Earlier then names the release concerned.
func (r *Register) Admit(c Candidate, rules Rules) (Verdict, error) {
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		return Verdict{Persons: e.Persons, Earlier: e.Withheld}, nil
	}
	a := admission{Candidate: c, rules: rules, verdict: Verdict{Persons: true}, others: map[string]bool{},
		draws: map[string]bool{c.Draw: true}, parts: perimeters{c.Census}}
	for _, e := range r.entries {
		fate := r.fate(e)
		if !isEdition(e) || fate == KindWithdraw {
			continue
		}
		census, err := r.census(e)
		if err != nil {
			return a.verdict, err
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
	rules   Rules // of all of them
	verdict Verdict
	others  map[string]bool // editions of its kind and days, of other persons or of another study
	draws   map[string]bool // of the noise, within a year
	parts   perimeters      // of editions of its kind and days
}

// lay lays the candidate alongside an edition of its schools; recalled says that every copy of that was destroyed.
func (a *admission) lay(e Entry, census *Census, recalled bool) error {
	kind := e.Kind == a.Kind
	if e.End < a.Start || a.End < e.Start {
		if !recalled && kind && e.Persons && census.fewKnown(a.Census, max(a.rules.Small, e.Small)) {
			a.verdict = Verdict{Earlier: e.Name}
		}
		return nil
	}
	if this := e.Draw + e.Config + string(census.marshal()); kind &&
		this != a.Draw+a.Config+string(a.Census.marshal()) {
		a.others[this] = true
	}
	if recalled {
		return nil
	}
	a.rules.Small, a.rules.Most = max(a.rules.Small, e.Small), least(a.rules.Most, e.Most)
	if e.Noise != a.Noise || kind && e.Floors != a.Floors {
		return fmt.Errorf("release: %s: %w: %s has left of the same days; ways on: put "+
			"[cells] back, begin another period, or take every copy of that edition back and say so "+
			"(entscope releases recall)", a.Kind, ErrNoise, e.Name)
	}
	if !kind {
		return nil // a study has an edition of each kind, of the same cells
	}
	if e.Persons && a.verdict.Persons {
		a.verdict = Verdict{Earlier: e.Name}
	}
	a.parts = a.parts.with(census)
	return a.beside(e, census)
}

// spent refuses one edition or draw more than may leave.
func (a *admission) spent() error {
	most := a.rules.Most
	switch {
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

// withinYear reports whether the days of both lie within 366.
func withinYear(c Candidate, e Entry) (bool, error) {
	first, err := time.Parse(time.DateOnly, min(c.Start, e.Start))
	if err != nil {
		return false, err
	}
	last, err := time.Parse(time.DateOnly, max(c.End, e.End))
	return last.Sub(first) < 366*24*time.Hour, err
}

// beside refuses a candidate that differs from an earlier edition of its kind, with a day and a school
// of both, by few persons, or from that and those before it by few schools.
func (a *admission) beside(e Entry, census *Census) error {
	moved := census.moved(a.Census)
	if n := a.parts.smallest(); n < a.rules.Schools {
		moved += n
	}
	near := census.near(a.Census, a.rules.Small, e.Draw == a.Draw)
	switch {
	case !near && moved == 0:
		return nil
	case slices.Contains(a.Standing, e.Name):
		return fmt.Errorf("%s: %w", e.Name, ErrStands)
	case !near:
		return fmt.Errorf("release: %s: %d of the schools of %s, or of editions before it, came, went, or are "+
			"another in the reference: "+
			"%w; ways on: put directory and reference back that it was made with, begin another period, or take "+
			"every copy of it back and say so (entscope releases recall)", a.Kind, moved, e.Name, ErrMoved)
	}
	return fmt.Errorf("release: %s would differ from %s by fewer than %d persons, or by so few in some "+
		"school or grade level: %w; "+
		"ways on: put that edition back, wait until more has changed, study a longer period, "+
		"or take every copy of it back and say so (entscope releases recall)",
		a.Kind, e.Name, a.rules.Small, ErrNear)
}

// least is the smaller of two numbers, of which 0 is none.
func least(a, b int) int {
	if b > 0 {
		return min(a, b)
	}
	return a
}

// near reports whether who is in one census only, or is in both and did something else,
// are too few: over all, or, under one draw of the noise, in a place. There the cells that change
// at all are those that a person was in, and a day more or less hides nobody in what the directory and
// the registers say.
func (c *Census) near(o *Census, small int, oneDraw bool) bool {
	if changed, many := c.persons.changed(&o.persons); !many && changed > 0 && changed < small {
		return true
	}
	return oneDraw && c.apart(o, small)
}

// fewKnown reports whether the persons of whom directory or registers say something else, in two
// periods, are too few: rows of persons have no noise, and a row less would be theirs.
func (c *Census) fewKnown(o *Census, small int) bool {
	changed, many := c.known.changed(&o.known)
	return !many && changed > 0 && changed < small
}
