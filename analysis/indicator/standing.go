package indicator

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
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

// number digests the name of a cell, and all that its primary decision depends on.
func (t *table) number(i int) Number {
	c := t.cells[i]
	name := sha256.Sum256(fmt.Appendf(nil, "%q", t.keys[i]))
	value := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %d %t %d %v %v", c.Persons, c.Floor, c.Part, c.Whole, c.Counted,
		c.Units, c.TopUnit, c.Magnitudes))
	return Number{digest(name[:6]), digest(value[:6])}
}

// numbers are the decisions on what a reader may see or miss.
func (t *table) numbers() Standing {
	out := Standing{}
	for i := range t.cells {
		if !t.cells[i].Unpublished {
			out[t.number(i)] = t.decisions[i]
		}
	}
	maps.Copy(out, t.tried)
	return out
}

// ofCross is the number of a figure of a cross, and whether an earlier release holds it back.
func (t *table) ofCross(r Result) (n Number, held bool, err error) {
	alone, err := newTable([]Result{r}, nil, t.policy)
	if err != nil {
		return n, false, err
	}
	i := alone.index[r.counts.cell]
	n = alone.number(i)
	d, known := t.earlier.on(r.counts.cell, n)
	return n, known && d.Hidden() || t.refused[r.counts.cell], nil
}

// on is the decision of earlier releases on a number of a cell; ok is false where there is none.
func (e Earlier) on(of cellKey, n Number) (d disclosure.Decision, ok bool) {
	ofMonth := strings.Contains(of.source, "@")
	if d, ok = e.standing[n]; !ok && (e.held[n.cell] || ofMonth && e.heldOnce[n.cell]) {
		return disclosure.Decision{Status: disclosure.Secondary, Form: disclosure.Plain}, true
	}
	return d, ok
}

// lay lays the decisions of earlier releases beside the cells of this one, and says of how many.
func (t *table) lay(e Earlier) (same int) {
	t.earlier = e
	for i := range t.cells {
		if d, ok := e.on(t.keys[i], t.number(i)); ok && !t.cells[i].Unpublished {
			t.cells[i].Before = &d
			same++
		}
	}
	return same
}

// Shares reports whether a number of s is one of o.
func (s Standing) Shares(o Standing) bool {
	for n := range s {
		if _, ok := o[n]; ok {
			return true
		}
	}
	return false
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

// Override is a decision on a cell that its release alone would not have made: an earlier
// release held the number back, or told it.
type Override struct {
	Source     string            `json:"source"`
	Population string            `json:"population"`
	Grouping   string            `json:"grouping"`
	Group      string            `json:"group"`
	Status     disclosure.Status `json:"status"`
	Form       disclosure.Form   `json:"form"`
}

func (o Override) key() cellKey { return cellKey{o.Source, o.Population, o.Grouping, o.Group} }

// ErrOverride says that overrides are not those of the release they stand beside.
var ErrOverride = errors.New("an override of a cell that the release has not")

// override puts overrides in the place of decisions on results: each is of a cell of them, says
// otherwise than the rules, and stands once, in order.
func (t *table) override(list []Override, results []Result) error {
	crosses := map[cellKey]bool{}
	for _, r := range results {
		if r.counts != nil && crossed(groupingOf(r)) {
			crosses[r.counts.cell] = true
		}
	}
	for n, o := range list {
		if n > 0 && compareOverrides(list[n-1], o) >= 0 {
			return fmt.Errorf("indicator: %w: two are out of order", ErrOverride)
		}
		d := disclosure.Decision{Status: o.Status, Form: o.Form}
		i, ok := t.index[o.key()]
		switch _, said := letters[d]; {
		case crosses[o.key()] && d == heldBack:
			t.refused[o.key()] = true
		case !ok || !said || t.cells[i].Unpublished || d.Hidden() && d != heldBack || d == t.decisions[i]:
			return fmt.Errorf("indicator: %w: number %d", ErrOverride, n+1)
		default:
			t.decisions[i] = d
		}
	}
	return nil
}

// heldBack is the decision on what is hidden for another release.
var heldBack = disclosure.Decision{Status: disclosure.Secondary, Form: disclosure.Plain}

func compareOverrides(a, b Override) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Population, b.Population),
		cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group))
}

// overrides are what is to be overridden in t for what was decided: of the crosses it is all
// that do not stand, since with the rest another may be tried.
func (t *table) overrides(decided map[cellKey]disclosure.Decision, shown []Result) []Override {
	var out []Override
	for _, r := range shown {
		if r.counts == nil || !crossed(groupingOf(r)) {
			continue
		}
		key := r.counts.cell
		if d, ok := decided[key]; !ok || d.Hidden() {
			out = append(out, Override{key.source, key.population, key.grouping, key.group, disclosure.Secondary,
				disclosure.Plain})
		}
	}
	for i, key := range t.keys {
		if d, ok := decided[key]; ok && !crossed(key.grouping) && !t.cells[i].Unpublished && d != t.decisions[i] {
			out = append(out, Override{key.source, key.population, key.grouping, key.group, d.Status, d.Form})
		}
	}
	slices.SortFunc(out, compareOverrides)
	return out
}

// Overrides protects a release beside earlier ones, and gives what of its decisions it would
// not have made alone. exact are all figures of its edition, whichever of them shown shows:
// what is not shown may have left before. A number that was held back is not told, and one
// that has left protects no other.
func Overrides(
	ctx context.Context, exact, shown []Result, ed *query.Edition, policy disclosure.Policy, e Earlier,
) ([]Override, error) {
	schools, err := exactSchools(ctx, ed)
	if err != nil {
		return nil, err
	}
	all, err := newTable(withoutCrosses(exact), schools, policy)
	if err != nil {
		return nil, err
	}
	if all.lay(e) == 0 {
		return nil, nil
	}
	if err := all.decide(nil); err != nil {
		return nil, err
	}
	if _, err := all.decideCrosses(exact, schools); err != nil {
		return nil, err
	}
	alone, shown, err := decided(shown, schools, policy, nil)
	if err != nil {
		return nil, err
	}
	return alone.overrides(all.decided(), shown), nil
}

// ReadOverrides reads what WriteOverrides wrote.
func ReadOverrides(text []byte) (list []Override, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil || d.More() {
		return nil, errors.New("indicator: no list of overrides")
	}
	return list, nil
}

// WriteOverrides gives overrides as JSON, a line each.
func WriteOverrides(list []Override) ([]byte, error) {
	var b bytes.Buffer
	for i, o := range list {
		line, err := json.Marshal(o)
		if err != nil {
			return nil, fmt.Errorf("indicator: overrides: %w", err)
		}
		b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0])
		b.Write(line)
	}
	b.WriteString("\n]\n")
	return b.Bytes(), nil
}
