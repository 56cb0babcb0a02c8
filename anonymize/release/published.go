package release

import (
	"fmt"
	"slices"
	"time"
)

// Published is a publication that has left.
type Published struct {
	Name string // of its entry
	Made string // what it was made from
	// Nearly says that most of its days and of the other's are the same.
	Nearly bool
	Cells  []byte // what was decided on its numbers, as Candidate.Cells had it
}

// publishedCells is the label of what is sealed of a publication.
const publishedCells = "release/published-cells"

// Publications are those that have left and were not taken back, whose days meet those of the
// publication c and in whose editions a school of c's is, the oldest first. Where c has left
// itself, they are those before it.
func (r *Register) Publications(c Candidate) (out []Published, err error) {
	entries := r.entries
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		entries = entries[:e.Number-1]
	}
	mine, err := r.editions(c.Of)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		beside, err := r.beside(c, mine, e, KindPublication)
		if err != nil {
			return nil, err
		}
		if !beside {
			continue
		}
		cells, err := r.key.Open(publishedCells, e.Cells)
		if err != nil {
			return nil, fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		nearly, err := nearly(c, e)
		if err != nil {
			return nil, fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
		}
		out = append(out, Published{e.Name, e.Made, nearly, cells})
	}
	return out, nil
}

// TablesBeside are the tables that researchers asked for of editions with a day and a school
// of the publication c, as Entry.Asked has them. What was taken back was read by somebody.
func (r *Register) TablesBeside(c Candidate) (asked []string, err error) {
	mine, err := r.editions(c.Of)
	if err != nil {
		return nil, err
	}
	for _, e := range r.entries {
		beside, err := r.beside(c, mine, e, KindTables)
		if err != nil {
			return nil, err
		}
		if beside {
			asked = append(asked, e.Asked)
		}
	}
	return asked, nil
}

// beside reports whether an entry is of a kind, has left, and shares a day with c and a school
// with its editions.
func (r *Register) beside(c Candidate, mine []*Census, e Entry, kind string) (bool, error) {
	fate := r.fate(e)
	if e.Kind != kind || fate == KindWithdraw || fate == KindRecall && kind == KindPublication ||
		e.End < c.Start || c.End < e.Start {
		return false, nil
	}
	theirs, err := r.editions(e.Of)
	return err == nil && meet(mine, theirs), err
}

// nearly reports whether more than half of the days of either are days of both.
func nearly(c Candidate, e Entry) (bool, error) {
	var days [4]time.Time
	for i, text := range []string{max(c.Start, e.Start), min(c.End, e.End), min(c.Start, e.Start), max(c.End, e.End)} {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return false, err
		}
		days[i] = day
	}
	const day = 24 * time.Hour
	return 2*(days[1].Sub(days[0])+day) > days[3].Sub(days[2])+day, nil
}

// editions are the censuses of the entries of some numbers.
func (r *Register) editions(numbers []int) (out []*Census, err error) {
	for _, n := range numbers {
		if n < 1 || n > len(r.entries) {
			return nil, fmt.Errorf("release: %s has no line %d: %w", r.path, n, ErrDamaged)
		}
		census, err := r.census(r.entries[n-1])
		if err != nil {
			return nil, err
		}
		out = append(out, census)
	}
	return out, nil
}

// meet reports whether a school is in censuses of both sides.
func meet(mine, theirs []*Census) bool {
	return slices.ContainsFunc(mine, func(a *Census) bool {
		return slices.ContainsFunc(theirs, a.meets)
	})
}
