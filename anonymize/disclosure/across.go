package disclosure

import (
	"math"
	"slices"
)

// Across says that numbers of cells of different tables add up: Σ Parts − Total lies from Low (math.MinInt64 where
// nothing bounds it) to High, which is what noise leaves and, where no Total is given, a number that an attacker knows.
// Tables stay programmes of their own: what a sum leaves to each number, from what is published of the others, narrows
// the interval that it enters its programme with.
type Across struct {
	Parts     []Term
	Total     *Term
	Low, High int64
}

// sums are those of a release, by the numbers that stand in them.
type sums struct {
	list []Across
	of   map[Term][]int
}

func newSums(list []Across) sums {
	if len(list) == 0 {
		return sums{}
	}
	s := sums{list, map[Term][]int{}}
	for i, a := range list {
		for _, t := range a.terms() {
			s.of[t] = append(s.of[t], i)
		}
	}
	return s
}

func (a Across) terms() []Term {
	if a.Total == nil {
		return a.Parts
	}
	return append(slices.Clone(a.Parts), *a.Total)
}

// within is what the sums and what is published of a number leave of it.
func (r *release) within(t Term) (low, high float64) {
	low, high = r.known(t)
	for _, i := range r.sums.of[t] {
		least, most := r.leaves(r.sums.list[i], t)
		low, high = math.Max(low, least), math.Min(high, most)
	}
	return low, high
}

// leaves is what a sum leaves to one of its numbers.
func (r *release) leaves(a Across, t Term) (low, high float64) {
	var parts, total within
	for _, p := range a.Parts {
		if p != t {
			l, h := r.known(p)
			parts.low, parts.high = parts.low+l, parts.high+h
		}
	}
	least, most := float64(a.Low), float64(a.High)
	if a.Low == math.MinInt64 {
		least = math.Inf(-1)
	}
	if a.Total != nil && *a.Total == t {
		return parts.low - most, parts.high - least
	}
	if a.Total != nil {
		total.low, total.high = r.known(*a.Total)
	}
	return total.low + least - parts.high, total.high + most - parts.low
}

// narrowing are the numbers of the sums that give a hidden one away: of those that leave least to it, where nothing else
// of them is hidden, or less than a need asks for. Of the number that the need is of, only at the end that is too near.
func (r *release) narrowing(t Term, n need) (out []Term) {
	if !r.secret(t) {
		return nil
	}
	first, last := r.known(t)
	if t == n.term {
		first, last = math.Max(first, n.low+1e-6), math.Min(last, n.high-1e-6)
	}
	low, high := r.within(t)
	for _, i := range r.sums.of[t] {
		least, most := r.leaves(r.sums.list[i], t)
		if binds := least == low && least > first || most == high && most < last; !binds {
			continue
		}
		terms, hidden := r.sums.list[i].terms(), 0.0
		for _, other := range terms {
			if other != t && r.secret(other) {
				hidden += r.value(other)
			}
		}
		if hidden < (n.high-n.low)/2 {
			out = append(out, terms...)
		}
	}
	return out
}

// secret reports whether a number is hidden, and no release has told it.
func (r *release) secret(t Term) bool { return r.decisions[t.Cell].Hidden() && !r.told(t.Cell) }

// leave reports whether the sums leave to a number what it needs.
func (r *release) leave(n need) bool {
	low, high := r.within(n.term)
	return low <= n.low+1e-6 && high >= n.high-1e-6
}

// crossed are the numbers of the sums that leave less to a number than it needs.
func (r *release) crossed(n need) []Term {
	if r.leave(n) {
		return nil
	}
	return r.narrowing(n.term, n)
}

// value is the truth of a number.
func (r *release) value(t Term) float64 {
	if t.Field == PersonsOf {
		return float64(r.cells[t.Cell].Persons)
	}
	return float64(r.cells[t.Cell].Part)
}
