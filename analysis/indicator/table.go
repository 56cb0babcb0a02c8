package indicator

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// table is the cells and equations of one release.
type table struct {
	policy    disclosure.Policy
	cells     []disclosure.Cell
	index     map[cellKey]int
	keys      []cellKey
	members   map[cellKey][]int // cells of a grouping, under its key without a group
	crossed   map[cellKey][]int // figures of a cross of two groupings, under the groups they are part of
	equations []disclosure.Equation
	sums      []disclosure.Across // between measures
	decisions []disclosure.Decision
	// crosses is where figures of crosses were decided on; nil of none.
	crosses *table
	// tried is what was decided on the figures of crosses, refused those that an override holds
	// back, and earlier what stands beside the release.
	tried   Standing
	refused map[cellKey]bool
	earlier Earlier
}

// add adds one cell, or raises the floor of one that is there already, of which every figure that is made of it
// tells something: a mean tells more of a sum than the correlation that stood before it.
func (t *table) add(k counts, kind question.Kind, floor int64) int {
	if i, ok := t.index[k.cell]; ok {
		c := &t.cells[i]
		c.Floor = max(c.Floor, floor)
		if c.Counted && fine(k.step) && (c.Step == 0 || k.step < c.Step) {
			c.Step = k.step
		}
		if !c.Counted && !k.perHead && !c.Unpublished {
			low, high := t.left(k, kind)
			c.PartLow, c.PartHigh = max(c.PartLow, low), min(c.PartHigh, high)
		}
		for _, m := range dominated(k, kind) {
			if !slices.Contains(c.Magnitudes, m) {
				c.Magnitudes = append(c.Magnitudes, m)
			}
		}
		return i
	}
	c := disclosure.Cell{
		Persons: k.persons, Floor: floor, Part: k.x, Whole: k.y, Counted: k.perHead,
		Units: k.schools, TopUnit: k.topUnit, Unpublished: k.absent, Magnitudes: dominated(k, kind),
	}
	switch {
	case k.perHead && k.modelled:
		c.Step, c.Modelled = k.step, k.value
	case k.perHead && fine(k.step):
		c.Step = k.step
	}
	if !k.perHead {
		c.PartLow, c.PartHigh = t.left(k, kind)
	}
	t.index[k.cell] = len(t.cells)
	t.cells = append(t.cells, c)
	t.keys = append(t.keys, k.cell)
	t.members[k.cell.in(k.cell.grouping)] = append(t.members[k.cell.in(k.cell.grouping)], len(t.cells)-1)
	return len(t.cells) - 1
}

// dominated are the sums of a cell that a figure tells, with what those bring who bring most: of a share of
// events both.
func dominated(k counts, kind question.Kind) (of []disclosure.Magnitude) {
	if !k.perHead && k.largestX > 0 {
		of = append(of, disclosure.Magnitude{Total: float64(k.x), Largest: k.largestX, Pair: k.pairX})
	}
	if !k.perHead && kind == question.EventShare && k.largestY > 0 {
		of = append(of, disclosure.Magnitude{Total: float64(k.y), Largest: k.largestY, Pair: k.pairY})
	}
	return of
}

// left is the interval in which the published, rounded number leaves the total x, a whole
// number, for an attacker who knows y exactly.
func (t *table) left(k counts, kind question.Kind) (low, high int64) {
	if k.y == 0 {
		return 0, k.x
	}
	value, step := float64(k.x)/float64(k.y), wholePercent
	if kind == question.Rate {
		step = t.policy.Step(value, 0, false)
	}
	if k.step > 0 {
		step = k.step
	}
	if k.x == 0 { // nothing larger is shown as 0: it would have a step of its own
		step = min(step, wholePercent)
	}
	near, half := disclosure.RoundNear(value, step), step/2
	if kind == question.EventShare && fine(step) {
		// Which of the fine steps it is a reader may know or guess: they are granted the finest,
		// as the audit grants it.
		half = disclosure.Finest / 2
	}
	least, most := (near-half)*float64(k.y), (near+half)*float64(k.y)
	if kind == question.EventShare && !fine(step) { // that of two counts rounded to the base
		share, n := t.policy.RoundShare(k.x, k.y), float64(t.policy.RoundCount(k.y))
		base := float64(t.policy.Rounding.Base / 2)
		least, most = max(least, (share-half)*n-base), min(most, (share+half)*n+base)
	}
	const tiny = 1e-6
	return min(k.x, int64(math.Ceil(least-tiny))), max(k.x, int64(math.Floor(most+tiny)))
}

// equation says that the parts add up to the total, in persons and in x; what
// they leave is one more part that no page shows, secret below floor persons.
func (t *table) equation(total int, parts []int, rest cellKey, floor int64) {
	whole := t.cells[total]
	persons, x := whole.Persons, whole.Part
	for _, i := range parts {
		persons, x = persons-t.cells[i].Persons, x-t.cells[i].Part
	}
	if persons > 0 {
		k := counts{cell: rest, persons: persons, x: max(0, x), perHead: whole.Counted, absent: true}
		parts = append(parts, t.add(k, question.Share, floor))
	}
	for _, field := range []disclosure.Field{disclosure.PersonsOf, disclosure.PartOf} {
		e := disclosure.Equation{Total: disclosure.Term{Cell: total, Field: field}}
		for _, i := range parts {
			e.Parts = append(e.Parts, disclosure.Term{Cell: i, Field: field})
		}
		switch {
		case persons > 0 && field == disclosure.PersonsOf:
		case persons > 0:
			e.Parts = t.withNoise(e.Parts, rest, min(0, x), 0)
		case field == disclosure.PersonsOf:
			e.Parts = t.withNoise(e.Parts, rest, persons, 0)
		case whole.Counted && !t.lacks(total, parts): // nobody knows more than how many persons that can be
			e.Parts = t.withNoise(e.Parts, rest, x, persons)
		default:
			e.Parts = t.withNoise(e.Parts, rest, x, 0)
		}
		t.equations = append(t.equations, e)
	}
}

// lacks reports whether parts are pages of schools, and a school of the total has none: what it brings may make up for who
// counts twice, and of persons the audit knows no more than that it brings some.
func (t *table) lacks(total int, parts []int) bool {
	return t.keys[parts[0]].grouping == "school" && t.cells[total].Units != int64(len(parts))
}

// withNoise adds to the parts of an equation what the noise of the cells, and who counts twice, leave of it: a number
// that for all a reader knows lies anywhere between nothing, itself and most. The audit says the same (rest, there): a
// number that is known in one of them alone is hidden in vain, or not at all.
func (t *table) withNoise(parts []disclosure.Term, rest cellKey, left, most int64) []disclosure.Term {
	c := disclosure.Cell{Unpublished: true, Part: left, PartLow: min(0, left, most), PartHigh: max(0, left, most)}
	if c.PartLow == c.PartHigh {
		return parts
	}
	t.cells, t.keys = append(t.cells, c), append(t.keys, rest)
	return append(parts, disclosure.Term{Cell: len(t.cells) - 1, Field: disclosure.PartOf})
}

// decision is the worst of those on the cells a result is made of.
func (t *table) decision(k *counts) disclosure.Decision {
	if len(k.parts) == 0 && t.crosses != nil && crossed(k.cell.grouping) {
		return t.crosses.decision(k)
	}
	if len(k.parts) == 0 {
		return t.decisions[t.index[k.cell]]
	}
	worst := disclosure.Decision{Status: disclosure.Publishable, Form: disclosure.Plain}
	for _, part := range k.parts {
		d := t.decisions[t.index[part.cell]]
		if d.Hidden() && !worst.Hidden() ||
			d.Form != disclosure.Plain && worst.Form == disclosure.Plain && !worst.Hidden() {
			worst = d
		}
	}
	return worst
}

// fine reports whether a step is finer than a whole percent.
func fine(step float64) bool { return step > 0 && step < wholePercent }

// wholePercent is the step of a share without noise.
const wholePercent = 0.01

// step is that of the published number of a result, by the kind of its measure: it
// follows the persons, the noise and the width of the interval.
func (t *table) step(r Result, kind question.Kind, persons int64) float64 {
	switch kind {
	case question.Share, question.EventShare, question.Gap, question.Bounds:
		return t.policy.ShareStep(persons, r.width(), r.noise)
	}
	if r.Estimate == nil {
		return t.policy.Step(0, r.width(), r.noise)
	}
	return t.policy.Step(*r.Estimate, r.width(), r.noise)
}

// width is that of the interval, 0 when there is none.
func (r Result) width() float64 {
	if r.Low == nil || r.High == nil || r.Level == 0 {
		return 0
	}
	return *r.High - *r.Low
}

// number digests the name of a cell, and all that its primary decision depends on.
func (t *table) number(i int) Number {
	c := t.cells[i]
	name := sha256.Sum256(fmt.Appendf(nil, "%q", t.keys[i]))
	value := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %d %t %d %v %v", c.Persons, c.Floor, c.Part, c.Whole, c.Counted,
		c.Units, c.TopUnit, c.Magnitudes))
	return Number{digest(name[:6]), digest(value[:6])}
}
