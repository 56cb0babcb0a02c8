package indicator

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/disclosure"
)

// Number identifies a number of a release: of which cell it is, and which number. The same
// persons have the same noise, so that a copy of a study has the numbers of the study.
type Number struct{ cell, value digest }

type digest [6]byte

// Standing is what releases decided on their numbers: what has left, or was held back.
type Standing map[Number]disclosure.Decision

// Earlier is what a release must hold to: what releases beside it decided.
type Earlier struct {
	standing Standing
	// held are cells that a release of nearly the same days held back, whatever their numbers,
	// and heldOnce those that any of them did: a month is the same days in each.
	held, heldOnce map[digest]bool
	// taken is what is taken back of measures: see TakeBack.
	taken map[figuresOf]breadth
}

// on is the decision of earlier releases on a number of a cell; ok is false where there is none.
func (e Earlier) on(of cellKey, n Number) (d disclosure.Decision, ok bool) {
	ofMonth := strings.Contains(of.source, "@")
	if d, ok = e.standing[n]; !ok && (e.held[n.cell] || ofMonth && e.heldOnce[n.cell]) {
		return disclosure.Decision{Status: disclosure.Secondary, Form: disclosure.Plain}, true
	}
	return d, ok
}

// Add takes over what a release decided, but where one before it decided on the same number.
// A release of nearly the same days says of what it held back that nothing like it is told:
// its numbers are those of others, and their difference is the few days.
func (e *Earlier) Add(s Standing, nearlySameDays bool) {
	if e.standing == nil {
		e.standing, e.held, e.heldOnce = Standing{}, map[digest]bool{}, map[digest]bool{}
	}
	for n, d := range s {
		first, known := e.standing[n]
		if !known {
			first, e.standing[n] = d, d
		}
		if d.Hidden() && first.Hidden() {
			e.heldOnce[n.cell] = true
			e.held[n.cell] = e.held[n.cell] || nearlySameDays
		}
	}
}

// Empty reports whether nothing has left beside, and nothing is taken back.
func (e Earlier) Empty() bool { return len(e.standing) == 0 && len(e.taken) == 0 }

// figuresOf names the figures of one measure in one population, of whichever group.
type figuresOf struct{ indicator, measure, population string }

// breadth is how much of a measure is taken back.
type breadth int

const (
	ofParts   breadth = iota + 1 // its groups, schools, months and marks
	ofAll                        // what is of everybody as well
	ofTied                       // of the measures that sums tie to it too, their parts
	ofCounted                    // and those that tell by their persons what it tells
)

// TakeBack hides more of a measure of a population, where who checks the release finds a figure of it that must stay
// hidden: first all but what is of everybody, then that too, then of others what sums between measures tell of it. It is
// false where all of that is taken back already. What an earlier release has told stays as it is: it is known.
func (e *Earlier) TakeBack(indicator, measure, population string) bool {
	of := figuresOf{indicator, measure, population}
	if e.taken[of] == ofCounted {
		return false
	}
	taken := map[figuresOf]breadth{} // a copy of e keeps its own
	maps.Copy(taken, e.taken)
	taken[of]++
	e.taken = taken
	return true
}

// letters are the decisions as MarshalBinary writes them.
var letters = map[disclosure.Decision]byte{
	{Status: disclosure.Publishable, Form: disclosure.Plain}: 'p',
	{Status: disclosure.Publishable, Form: disclosure.Below}: 'b',
	{Status: disclosure.Publishable, Form: disclosure.Above}: 'a',
	{Status: disclosure.Frequency, Form: disclosure.Plain}:   'A',
	{Status: disclosure.Dominance, Form: disclosure.Plain}:   'B',
	{Status: disclosure.Secondary, Form: disclosure.Plain}:   'D',
}

const standingBytes = 2*len(digest{}) + 1

// MarshalBinary writes 13 bytes a number, in order.
func (s Standing) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, standingBytes*len(s))
	for _, n := range slices.SortedFunc(maps.Keys(s), compareNumbers) {
		letter, ok := letters[s[n]]
		if !ok {
			return nil, fmt.Errorf("indicator: standing: no letter for the decision %v", s[n])
		}
		out = append(append(append(out, n.cell[:]...), n.value[:]...), letter)
	}
	return out, nil
}

func compareNumbers(a, b Number) int {
	return cmp.Or(bytes.Compare(a.cell[:], b.cell[:]), bytes.Compare(a.value[:], b.value[:]))
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (s *Standing) UnmarshalBinary(data []byte) error {
	if len(data)%standingBytes != 0 {
		return errors.New("indicator: standing: it ends within a number")
	}
	*s = Standing{}
	for at := range slices.Chunk(data, standingBytes) {
		known := false
		for d, letter := range letters {
			if letter == at[len(at)-1] {
				(*s)[Number{digest(at[:6]), digest(at[6:12])}], known = d, true
			}
		}
		if !known {
			return errors.New("indicator: standing: an unknown decision")
		}
	}
	return nil
}
