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

// Empty reports whether nothing has left beside.
func (e Earlier) Empty() bool { return len(e.standing) == 0 }

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
