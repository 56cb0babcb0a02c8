package microdata

import (
	"fmt"

	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
)

// Kept says what a column gives away that leaves as it is.
type Kept struct {
	Column string `json:"column"`
	Values int    `json:"values"`
	// Alone are persons who share their value with nobody; AloneInClass those who
	// share it with nobody of their class.
	Alone        int `json:"alone"`
	AloneInClass int `json:"alone_in_class"`
	// Constant says that nobody has two values: the column is of the person, not of
	// the row.
	Constant bool `json:"constant"`
}

// ErrIdentifier says that a kept column tells persons apart. It is a refusal of the
// privacy gate.
var ErrIdentifier = fmt.Errorf("a kept column is an identifier: %w", kanon.ErrUnsatisfiable)

// mostAlone is the share of persons alone with their value from which a column is an
// identifier: a pseudonym, a name or a copy of the person's number leaves everybody
// alone, a school or a subject nobody.
const mostAlone = 0.5

// measureKept measures the kept columns of the released table, and refuses identifiers.
func measureKept(t *kanon.Table, p *policy.Policy) ([]Kept, error) {
	if len(p.Keep) == 0 || t.Rows() == 0 {
		return nil, nil
	}
	persons := personsOf(t)
	total := 0
	for _, person := range persons {
		total = max(total, int(person)+1)
	}
	classes, err := classesOf(t, p)
	if err != nil {
		return nil, err
	}
	var list []Kept
	for _, name := range p.Keep {
		k := measureColumn(t.Column(name), persons, classes)
		if float64(k.Alone) > mostAlone*float64(total) && total > 1 {
			return nil, fmt.Errorf("%w: %q: %d of %d persons are alone with their value; "+
				"hint: take it out of keep, or generalise it as a quasi-identifier",
				ErrIdentifier, name, k.Alone, total)
		}
		list = append(list, k)
	}
	return list, nil
}

func measureColumn(c *kanon.Column, persons, classes []int32) Kept {
	type place struct{ class, code int32 }
	const several = -2
	owner := map[int32]int32{}   // of a value: its person, or several
	inClass := map[place]int32{} // the same within a class
	own := map[int32]int32{}     // of a person: the value, or several
	note := func(known bool, have *int32, now int32) {
		if known && *have != now {
			*have = several
		} else if !known {
			*have = now
		}
	}
	for row, code := range c.Codes {
		have, known := owner[code]
		note(known, &have, persons[row])
		owner[code] = have
		at := place{classes[row], code}
		have, known = inClass[at]
		note(known, &have, persons[row])
		inClass[at] = have
		have, known = own[persons[row]]
		note(known, &have, code)
		own[persons[row]] = have
	}
	k := Kept{Column: c.Name, Values: len(owner), Constant: true}
	alone, aloneInClass := map[int32]bool{}, map[int32]bool{}
	for _, person := range owner {
		if person != several {
			alone[person] = true
		}
	}
	for _, person := range inClass {
		if person != several {
			aloneInClass[person] = true
		}
	}
	for _, code := range own {
		k.Constant = k.Constant && code != several
	}
	k.Alone, k.AloneInClass = len(alone), len(aloneInClass)
	return k
}

// rowShare is the largest share of one person in the rows of a class of several
// persons: where it is near 1, the class speaks of one person alone.
func rowShare(t *kanon.Table, p *policy.Policy) float64 {
	classes, err := classesOf(t, p)
	if err != nil || len(t.Units) == 0 {
		return 0
	}
	persons := personsOf(t)
	rows := map[int32]int{}
	type part struct{ class, person int32 }
	of := map[part]int{}
	for i, class := range classes {
		rows[class]++
		of[part{class, persons[i]}]++
	}
	most := 0.0
	for at, n := range of {
		most = max(most, float64(n)/float64(rows[at.class]))
	}
	return most
}

func classesOf(t *kanon.Table, p *policy.Policy) ([]int32, error) {
	var quasi []string
	for _, q := range p.QuasiIdentifiers {
		quasi = append(quasi, q.Name)
	}
	c, err := kanon.Classify(t, quasi, nil)
	if err != nil {
		return nil, err
	}
	return c.Of, nil
}

// personsOf numbers the persons of the rows from 0.
func personsOf(t *kanon.Table) []int32 {
	persons := make([]int32, t.Rows())
	if len(t.Units) == 0 {
		for i := range persons {
			persons[i] = int32(i)
		}
		return persons
	}
	number := map[int64]int32{}
	for i, id := range t.Units[0].IDs {
		n, known := number[id]
		if !known {
			n = int32(len(number))
			number[id] = n
		}
		persons[i] = n
	}
	return persons
}
