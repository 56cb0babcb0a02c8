package report

import (
	"math"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// Every number of a school has noise of its own, so that a part can come out above its
// whole: 65 % came within 60 days, of the 63 % who ever came. The files keep both as they
// are, which is what the edition holds; a page says of both only what they agree on.

// column is what a page prints of one school, period and kind of schools.
type column map[question.Ref]value

// column publishes the results of a month, or of the term for "". A school page shows no
// sampling interval.
func (b dashboard) column(results []indicator.Result, month string) column {
	out := column{}
	for _, r := range results {
		ref := refOf(r)
		u, ok := b.numbers[ref]
		if _, twice := out[ref]; !ok || twice || r.Group["month"] != month {
			continue
		}
		v := publish(r, u)
		if v.point && !v.bounds {
			v.interval = false
		}
		out[ref] = v
	}
	return out
}

// nest gives a part that stands above its whole, and that whole, one range that holds both,
// and says whether there was any. It only looks at what is printed, so that nothing of an
// edition is told by it.
func (c column) nest() (any bool) {
	for {
		// All that contradict each other grow at once: one by one, what grew first would
		// decide who contradicts whom.
		grown := c.contradictions()
		if len(grown) == 0 {
			return any
		}
		any = true
		for ref, r := range grown {
			c[ref] = c[ref].within(r.low, r.high)
		}
	}
}

// extent is from the smallest to the largest number that some values say.
type extent struct{ low, high float64 }

// contradictions gives to each part that stands above its whole, and to that whole, what all say
// that it contradicts.
func (c column) contradictions() map[question.Ref]extent {
	grown := map[question.Ref]extent{}
	grow := func(ref question.Ref, by extent) {
		if have, ok := grown[ref]; ok {
			by = extent{math.Min(have.low, by.low), math.Max(have.high, by.high)}
		}
		grown[ref] = by
	}
	for ref, part := range c {
		for _, whole := range wholesOf(ref) {
			all := c[whole]
			if !part.inPage() || !all.inPage() || part.least() <= all.least() && part.top() <= all.top() {
				continue
			}
			both := extent{math.Min(part.least(), all.least()), math.Max(part.top(), all.top())}
			grow(ref, both)
			grow(whole, both)
		}
	}
	return grown
}

// wholesOf are the numbers that one is a part of.
func wholesOf(ref question.Ref) (out []question.Ref) {
	q, err := question.Lookup(ref.Question)
	if err != nil {
		return nil
	}
	m, _ := q.Measure(ref.Measure)
	for _, w := range m.PartOf {
		w.Population = ref.Population
		out = append(out, w)
	}
	return out
}

// inPage says that a number is printed as itself, or in the range of nest.
func (v value) inPage() bool { return v.state == shown && (v.point || v.nested) }

// least is the smallest number that the value says.
func (v value) least() float64 {
	if v.nested {
		return v.low
	}
	return v.est
}

// within is the value known to be in a range.
func (v value) within(low, high float64) value {
	v.nested, v.point, v.interval, v.low, v.high = true, false, true, low, high
	return v
}
