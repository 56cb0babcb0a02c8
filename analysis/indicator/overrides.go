package indicator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

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

// Override is a decision on a cell: that it is hidden, for whatever reason, or that it is shown where its release
// alone would have decided otherwise, because an earlier one told it. What is hidden stands there alike, or a reader
// would learn which figures would have been shown, and that their numbers are not small.
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

// override puts overrides in the place of decisions on results: each is of a cell of them, hides it or says otherwise
// than the rules, and stands once, in order. None shows what is secret by itself, and all that is hidden is there.
func (t *table) override(list []Override, results []Result) error {
	crosses := map[cellKey]bool{}
	for _, r := range results {
		if r.counts != nil && crossed(groupingOf(r)) {
			crosses[r.counts.cell] = true
		}
	}
	listed := map[cellKey]bool{}
	for n, o := range list {
		if n > 0 && compareOverrides(list[n-1], o) >= 0 {
			return fmt.Errorf("indicator: %w: two are out of order", ErrOverride)
		}
		d := disclosure.Decision{Status: o.Status, Form: o.Form}
		i, ok := t.index[o.key()]
		switch _, said := letters[d]; {
		case crosses[o.key()] && d == heldBack:
			t.refused[o.key()] = true
		case !ok || !said || t.cells[i].Unpublished || d.Hidden() && d != heldBack || !d.Hidden() && d == t.decisions[i]:
			return fmt.Errorf("indicator: %w: number %d", ErrOverride, n+1)
		case d.Hidden() && t.decisions[i].Hidden(): // by the rules
		case !d.Hidden() && t.decisions[i].Hidden() && t.decisions[i].Status != disclosure.Secondary:
			return fmt.Errorf("indicator: %w: number %d is secret by itself", ErrOverride, n+1)
		default:
			t.decisions[i] = d
		}
		listed[o.key()] = true
	}
	for i, key := range t.keys { // or what is left out would say which figures would have been shown
		if list != nil && t.decisions[i].Hidden() && !t.cells[i].Unpublished && !crossed(key.grouping) && !listed[key] {
			return fmt.Errorf("indicator: %w: one that is hidden is not listed", ErrOverride)
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
		d, ok := decided[key]
		if !ok || crossed(key.grouping) || t.cells[i].Unpublished {
			continue
		}
		if d.Hidden() {
			d = heldBack
		} else if d == t.decisions[i] {
			continue
		}
		out = append(out, Override{key.source, key.population, key.grouping, key.group, d.Status, d.Form})
	}
	slices.SortFunc(out, compareOverrides)
	return out
}

// Told says that a figure of a release must stay hidden and follows from what earlier releases have told.
type Told struct{ Source, Population string }

func (t *Told) Error() string {
	return fmt.Sprintf("indicator: of %s (%s) a figure that must stay hidden follows from what has left already",
		t.Source, t.Population)
}

// Overrides protects a release beside earlier ones, and with what is taken back of it, and gives what it hides, and
// what it shows that it would not have shown so alone; nil where it shows all, and neither speaks of it. exact are all
// figures of its edition, whichever of them shown shows: what is not shown may have left before, or leave later, so that
// a release of few questions hides what one of all does. A number that was
// held back is not told, and one that has left protects no other: where it gives away what shown hides, the error is a
// *Told.
func Overrides(
	ctx context.Context, exact, shown []Result, ed *query.Edition, policy disclosure.Policy, e Earlier,
) ([]Override, error) {
	schools, err := exactSchools(ctx, ed)
	if err != nil {
		return nil, err
	}
	all, err := newTable(beforeCrosses(exact), schools, policy)
	if err != nil {
		return nil, err
	}
	before := all.lay(e)
	if before+all.takeBack(e, exact, schools) == 0 && len(shown) == len(exact) {
		return nil, nil
	}
	alone, _, err := decided(shown, schools, policy, nil)
	if err != nil {
		return nil, err
	}
	for i, key := range all.keys {
		_, there := alone.index[key]
		all.cells[i].Theirs = !there
	}
	if before > 0 {
		if err := all.holdBack(e, exact, schools); err != nil {
			return nil, err
		}
	}
	if err := all.decide(nil); err != nil {
		return nil, all.named(err)
	}
	if _, err := all.decideCrosses(exact, schools); err != nil {
		return nil, err
	}
	return alone.overrides(all.decided(), shown), nil
}

// holdBack hides what the release would hide if nothing had left beside it, where nobody told it: what it hides then is
// enough, and hidden with more it may need less. So releases of few questions hide together what one of all does.
func (t *table) holdBack(e Earlier, exact []Result, schools []School) error {
	own, err := newTable(beforeCrosses(exact), schools, t.policy)
	if err != nil {
		return err
	}
	own.takeBack(e, exact, schools)
	if err := own.decide(nil); err != nil {
		return err
	}
	for i, d := range own.decisions {
		if d.Hidden() && t.cells[i].Before == nil && !t.cells[i].Unpublished {
			t.cells[i].Before = &disclosure.Decision{Status: heldBack.Status, Form: heldBack.Form}
		}
	}
	return nil
}

// named names the figure that follows from what other releases told.
func (t *table) named(err error) error {
	var told *disclosure.Told
	if !errors.As(err, &told) {
		return err
	}
	source, _, _ := strings.Cut(t.keys[told.Cell].source, "@")
	return &Told{source, t.keys[told.Cell].population}
}

// takeBack hides the cells that the figures taken back are made of, in every group, and says how many. Figures of other
// measures that are made of the same cells go with them.
func (t *table) takeBack(e Earlier, exact []Result, schools []School) (hidden int) {
	if len(e.taken) == 0 {
		return 0
	}
	cells := map[cellKey]breadth{}
	find := func(results []Result) {
		for _, r := range results {
			if much := e.taken[figuresOf{r.Indicator, r.Measure, r.Population}]; much > 0 && r.counts != nil {
				for _, k := range append([]counts{*r.counts}, r.counts.parts...) {
					cells[programmeOf(k.cell)] = max(cells[programmeOf(k.cell)], much)
				}
			}
		}
	}
	find(exact)
	for _, s := range schools {
		find(s.Results)
		find(s.Similar)
	}
	tied(cells)
	for _, r := range exact {
		if r.counts != nil && crossed(groupingOf(r)) && cells[programmeOf(r.counts.cell)] > 0 {
			t.refused[r.counts.cell] = true
		}
	}
	for i, key := range t.keys {
		much := cells[programmeOf(key)]
		whole := key.grouping == "all"
		if much == 0 || much == ofParts && whole || t.cells[i].Unpublished || t.cells[i].Before != nil {
			continue
		}
		t.cells[i].Before = &disclosure.Decision{Status: heldBack.Status, Form: heldBack.Form}
		hidden++
	}
	return hidden
}

// tied adds the measures that sums tie to those of which much is taken back.
func tied(cells map[cellKey]breadth) {
	for of, much := range maps.Clone(cells) {
		for _, sum := range sums() {
			terms := sum.Terms()
			if !slices.ContainsFunc(terms, func(a edition.Addend) bool {
				return programmeOf(cellKey{source: a.Measure, population: a.Population}) == of && a.OfPart()
			}) {
				continue
			}
			for _, a := range terms {
				if k := programmeOf(cellKey{source: a.Measure, population: a.Population}); much >= ofTied &&
					a.OfPart() || much >= ofCounted {
					cells[k] = max(cells[k], ofParts)
				}
			}
		}
	}
}

// programmeOf names the cells that a cell is tied to by sums: those of its source and population, of every month, and
// of all bands of the person table.
func programmeOf(k cellKey) cellKey {
	source, _, _ := strings.Cut(k.source, "@")
	if strings.HasPrefix(source, classes) {
		source = classes
	}
	return cellKey{source: source, population: k.population}
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
