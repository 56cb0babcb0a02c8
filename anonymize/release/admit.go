package release

import (
	"errors"
	"fmt"
	"slices"

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
	// ErrSpent says that as many editions as may leave of these periods have left.
	ErrSpent = errors.New("as many editions of this period as may leave have left")
)

// Draw names the draw of the noise of a candidate: that of the earliest edition that has left of nearly
// the same days and of a school of its own, or else one of its own days. Of the same days, a copy and a
// day more or less have the noise that was drawn, and nothing is averaged. Of other days the same persons have
// other noise: were it the same, the cells of what the directory and the registers say would change
// exactly where one who left between them was.
func (r *Register) Draw(c Candidate) (string, error) {
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		return e.Draw, nil
	}
	for _, e := range r.entries {
		if !isEdition(e) || r.fate(e) == KindWithdraw {
			continue
		}
		same, err := nearly(c, e)
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
	v := Verdict{Persons: true}
	others := map[string]bool{} // editions of other persons or of another study
	parts := perimeters{c.Census}
	for _, e := range r.entries {
		fate := r.fate(e)
		if !isEdition(e) || fate == KindWithdraw {
			continue
		}
		census, err := r.census(e)
		if err != nil {
			return v, err
		}
		if !census.meets(c.Census) {
			continue
		}
		if e.End < c.Start || c.End < e.Start {
			if fate != KindRecall && e.Kind == c.Kind && e.Persons && census.fewKnown(c.Census, max(rules.Small, e.Small)) {
				v = Verdict{Earlier: e.Name}
			}
			continue
		}
		if this := e.Draw + e.Config + string(census.marshal()); e.Kind == c.Kind &&
			this != c.Draw+c.Config+string(c.Census.marshal()) {
			others[this] = true
		}
		if fate == KindRecall {
			continue
		}
		rules.Small, rules.Most = max(rules.Small, e.Small), least(rules.Most, e.Most)
		if e.Noise != c.Noise || e.Kind == c.Kind && e.Floors != c.Floors {
			v.Earlier = e.Name
			return v, fmt.Errorf("release: %s: %w: %s has left of the same days; ways on: put "+
				"[cells] back, begin another period, or take every copy of that edition back and say so "+
				"(entscope releases recall)", c.Kind, ErrNoise, e.Name)
		}
		if e.Kind != c.Kind {
			continue // a study has an edition of each kind, of the same cells
		}
		if e.Persons && v.Persons {
			v.Persons, v.Earlier = false, e.Name
		}
		parts = parts.with(census)
		if err := c.beside(e, census, parts, rules); err != nil {
			v.Earlier = e.Name
			return v, err
		}
	}
	if len(others) >= rules.Most {
		return v, fmt.Errorf("release: %d %s editions of overlapping periods have left, and %d may: %w; ways on: "+
			"begin another period, or keep what has left", len(others), c.Kind, rules.Most, ErrSpent)
	}
	return v, nil
}

// beside refuses a candidate that differs from an earlier edition of its kind, with a day and a school
// of both, by few persons, or from that and those before it by few schools.
func (c Candidate) beside(e Entry, census *Census, parts perimeters, rules Rules) error {
	moved := census.moved(c.Census)
	if n := parts.smallest(); n < rules.Schools {
		moved += n
	}
	near := census.near(c.Census, rules.Small, e.Draw == c.Draw)
	switch {
	case !near && moved == 0:
		return nil
	case slices.Contains(c.Standing, e.Name):
		return fmt.Errorf("%s: %w", e.Name, ErrStands)
	case !near:
		return fmt.Errorf("release: %s: %d of the schools of %s, or of editions before it, came, went, or are "+
			"another in the reference: "+
			"%w; ways on: put directory and reference back that it was made with, begin another period, or take "+
			"every copy of it back and say so (entscope releases recall)", c.Kind, moved, e.Name, ErrMoved)
	}
	return fmt.Errorf("release: %s would differ from %s by fewer than %d persons, or by so few in some "+
		"school or grade level: %w; "+
		"ways on: put that edition back, wait until more has changed, study a longer period, "+
		"or take every copy of it back and say so (entscope releases recall)",
		c.Kind, e.Name, rules.Small, ErrNear)
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
