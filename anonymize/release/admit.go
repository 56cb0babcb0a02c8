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
	// Persons is false when rows of persons of this period have left already.
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
	// one or two schools came or went: what the two differ by is those schools.
	ErrMoved = errors.New("too few schools changed")
	// ErrNoise says that an earlier release of the same days had other noise: of a cell that
	// leaves with two, each is one more draw.
	ErrNoise = errors.New("its cells have other noise than those of an earlier release")
	// ErrSpent says that as many editions as may leave of these periods have left.
	ErrSpent = errors.New("as many editions of this period as may leave have left")
)

// Admit lays a candidate alongside every earlier release of its kind that shares
// a day and a school with it. An error wraps ErrStands, ErrNear, ErrMoved, ErrNoise or ErrSpent and
// says which ways are open; Verdict.Earlier then names the release concerned.
func (r *Register) Admit(c Candidate, rules Rules) (Verdict, error) {
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		return Verdict{Persons: e.Persons, Earlier: e.Withheld}, nil
	}
	v := Verdict{Persons: true}
	beside := 0
	for _, e := range r.entries {
		fate := r.fate(e)
		isEdition := e.Kind == edition.KindResearch || e.Kind == edition.KindSchools
		if !isEdition || fate == KindWithdraw || e.End < c.Start || c.End < e.Start {
			continue
		}
		census, err := r.census(e)
		if err != nil {
			return v, err
		}
		meets, moved, apart := census.meets(c.Census)
		if !meets {
			continue
		}
		if apart < rules.Schools {
			moved += apart
		}
		if e.Kind == c.Kind {
			beside++
		}
		if fate == KindRecall {
			continue
		}
		rules.Small, rules.Most = max(rules.Small, e.Small), least(rules.Most, e.Most)
		if e.Noise != c.Noise {
			v.Earlier = e.Name
			return v, fmt.Errorf("release: %s: %w: %s has left of the same days; ways on: put "+
				"[cells.perturbation] back, begin another period, or take every copy of that edition back and say so "+
				"(entscope releases recall)", c.Kind, ErrNoise, e.Name)
		}
		if e.Kind != c.Kind {
			continue // a study has an edition of each kind, of the same cells
		}
		if e.Persons && v.Persons {
			v.Persons, v.Earlier = false, e.Name
		}
		most, err := nearly(c, e)
		if err != nil {
			return v, fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		near := census.near(c.Census, rules.Small, most)
		if !near && moved == 0 {
			continue
		}
		v.Earlier = e.Name
		if slices.Contains(c.Standing, e.Name) {
			return v, fmt.Errorf("%s: %w", e.Name, ErrStands)
		}
		if !near {
			return v, fmt.Errorf("release: %s: %d of the schools of %s came, went, or are another in the reference: "+
				"%w; ways on: put directory and reference back that it was made with, begin another period, or take "+
				"every copy of it back and say so (entscope releases recall)", c.Kind, moved, e.Name, ErrMoved)
		}
		return v, fmt.Errorf("release: %s would differ from %s by fewer than %d persons, or by so few in some "+
			"school or grade level: %w; "+
			"ways on: put that edition back, wait until more has changed, study a longer period, "+
			"or take every copy of it back and say so (entscope releases recall)",
			c.Kind, e.Name, rules.Small, ErrNear)
	}
	if beside >= rules.Most {
		return v, fmt.Errorf("release: %d %s editions of overlapping periods have left, and %d may: %w; ways on: "+
			"begin another period, or keep what has left", beside, c.Kind, rules.Most, ErrSpent)
	}
	return v, nil
}

// least is the smaller of two numbers, of which 0 is none.
func least(a, b int) int {
	if b > 0 {
		return min(a, b)
	}
	return a
}

// near reports whether who is in one census only, or is in both and did something else,
// are too few: over all, or, where most days are the same, in a place. What the directory and
// the registers say is the same on other days, and a day more or less hides nobody in it. Of a
// term and its year a place has few who came or went, as a rule: see SECURITY.md.
func (c *Census) near(o *Census, small int, most bool) bool {
	if changed, many := c.changed(o); !many && changed > 0 && changed < small {
		return true
	}
	return most && c.apart(o, small)
}
