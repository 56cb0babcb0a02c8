package kanon

import (
	"context"
	"errors"
	"math"
	"time"
)

// Many attributes are bounded by the optimum of more and more of them, each solved with those
// before as a bound (Russian doll search: Verfaillie, Lemaître & Schiex, AAAI 1996). A doll
// decides the attributes one after the other. What is decided parts the rows into classes, of
// which those of fewer than k rows are suppressed for good; an attribute that is not decided yet
// can be no finer than the rows allow that are left. A decision is given up once its terms, and
// the larger of the next doll and of what each attribute must lose by itself, reach the best
// that is known.

// doll is such a search over some attributes, the first decided last of all dolls.
type doll struct {
	// cost is the least term of the attribute at a place and a level, counted from the finest that
	// it may have, when so many rows are suppressed. It is no less at a coarser level.
	cost  func(place, level int, gone int64) float64
	codes [][][]int32 // by place, level, tuple
	sizes [][]int
	rows  []int32 // of each tuple
	k     int32
	limit int64
	// met are levels that meet the policy, nil when none are known, and metGone the rows that
	// they suppress.
	met     []int
	metGone int64
	// least[i] is no more than the terms of the attributes from place i on.
	least []float64
	depth []decided
	count []int32
	work  int64 // tuples visited
	until time.Time
	most  int64 // of work; 0 is no bound
}

// decided is what the decisions up to a place leave.
type decided struct {
	active  []int32 // tuples of classes that are kept
	class   []int32 // of each active tuple
	classes int
	gone    int64 // rows suppressed
	// level of each decided attribute; the finest that each other may have
	level []int
	// terms are the least of each.
	terms []float64
}

// solve makes dolls from the last place on while there is time, and gives how many places
// from the end are bounded by the last one that was solved.
func (d *doll) solve(ctx context.Context) (solved int, err error) {
	m, known := len(d.sizes), 0.0
	for i := m - 1; i >= 0; i-- {
		if top := len(d.sizes[i]) - 1; d.sizes[i][top] == 1 {
			known += d.cost(i, top, d.limit) // it says nothing, beside the others as they were
		} else {
			known = math.Inf(1)
		}
		if d.met != nil {
			terms := 0.0
			for place := i; place < m; place++ {
				terms += d.cost(place, d.met[place], d.metGone)
			}
			known = min(known, terms)
		}
		d.start(i)
		if known, err = d.decide(ctx, i, i, known); err != nil {
			return m - 1 - i, err
		}
		d.least[i] = known
	}
	return m, nil
}

// start is the state in which nothing from a place on is decided.
func (d *doll) start(place int) {
	at := &d.depth[place]
	at.active, at.class = at.active[:0], at.class[:0]
	for i := range d.rows {
		at.active, at.class = append(at.active, int32(i)), append(at.class, 0)
	}
	at.classes, at.gone = 1, 0
	at.level, at.terms = make([]int, len(d.sizes)), make([]float64, len(d.sizes))
}

var errDollSpent = errors.New("the doll takes longer than there is")

// decide gives the least terms below best of the attributes of the doll, which begins at a
// place, once those before the next are decided; best if there are none.
func (d *doll) decide(ctx context.Context, first, next int, best float64) (float64, error) {
	at := &d.depth[next]
	if d.most > 0 && d.work > d.most || !d.until.IsZero() && d.work&1023 < 64 && !time.Now().Before(d.until) {
		return 0, errDollSpent
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	for u := first; u < len(d.sizes); u++ {
		at.terms[u] = d.cost(u, at.level[u], at.gone)
	}
	if !d.tighten(first, next, best) {
		return best, nil
	}
	if next == len(d.sizes) {
		return d.bound(first, next), nil
	}
	for l := at.level[next]; l < len(d.sizes[next]); l++ {
		at.terms[next] = d.cost(next, l, at.gone)
		if d.bound(first, next) >= best || !d.descend(next, l) {
			continue
		}
		var err error
		if best, err = d.decide(ctx, first, next+1, best); err != nil {
			return 0, err
		}
	}
	return best, nil
}

// tighten raises the levels of the undecided attributes to the finest that the rows allow that
// are left, and reports whether the terms can still be below best.
func (d *doll) tighten(first, next int, best float64) bool {
	at := &d.depth[next]
	for u := next; u < len(d.sizes); u++ {
		if d.bound(first, next) >= best {
			return false
		}
		was := at.level[u]
		for at.level[u] < len(d.sizes[u])-1 && !d.allows(at, u, at.level[u]) {
			at.level[u]++
		}
		if at.level[u] > was {
			at.terms[u] = d.cost(u, at.level[u], at.gone)
		}
	}
	return d.bound(first, next) < best
}

// bound is the least that the terms can be: of the attributes from any undecided place on the
// doll's, of those before it what each must lose by itself.
func (d *doll) bound(first, next int) float64 {
	at := &d.depth[next]
	alone, most := 0.0, 0.0
	for u := first; u < len(d.sizes); u++ {
		if u >= next {
			most = max(most, alone+d.least[u])
		}
		alone += at.terms[u]
	}
	return max(most, alone)
}

// allows reports whether an attribute at a level, beside what is decided, suppresses no more
// than the limit.
func (d *doll) allows(at *decided, u, level int) bool {
	d.tally(at, u, level)
	gone := at.gone
	for _, n := range d.count {
		if n < d.k {
			gone += int64(n)
		}
	}
	return gone <= d.limit
}

// tally counts the rows of each class and value.
func (d *doll) tally(at *decided, u, level int) {
	size, codes := d.sizes[u][level], d.codes[u][level]
	d.count = grow(d.count, at.classes*size)
	clear(d.count)
	for n, i := range at.active {
		d.count[int(at.class[n])*size+int(codes[i])] += d.rows[i]
	}
	d.work += int64(len(at.active))
}

// descend decides a place at a level, false where that suppresses too much.
func (d *doll) descend(place, level int) bool {
	at, next := &d.depth[place], &d.depth[place+1]
	if !d.allows(at, place, level) {
		return false
	}
	size, codes := d.sizes[place][level], d.codes[place][level]
	next.active, next.class, next.classes, next.gone = next.active[:0], next.class[:0], 0, at.gone
	for cell, n := range d.count { // counts become numbers of classes, from -1 down
		switch {
		case n == 0:
		case n < d.k:
			next.gone += int64(n)
			d.count[cell] = 0
		default:
			next.classes++
			d.count[cell] = -int32(next.classes)
		}
	}
	for n, i := range at.active {
		if class := d.count[int(at.class[n])*size+int(codes[i])]; class < 0 {
			next.active, next.class = append(next.active, i), append(next.class, -class-1)
		}
	}
	next.level = append(next.level[:0], at.level...)
	next.level[place] = level
	next.terms = append(next.terms[:0], at.terms...)
	return true
}
