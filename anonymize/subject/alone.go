package subject

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// What sums of rows tell of one school is decided in the null space of all rows: the vectors over the schools, a number
// each, that add up to nothing in every row. A school whose number is nothing in all of them follows from the rows;
// two whose numbers are always in one proportion follow together.
//
// Rows are the sets, which are disjoint, and the parts, of which there are few, so that the null space needs few of
// either. Schools of one set that are in the same parts are one class: nothing but their sum meets another row. And
// what a set gives to the parts is a space that some other sets span as well; where three disjoint layers of sets do
// so, a set beyond them takes any numbers that add up to nothing, whichever school somebody asks for: the others of
// some layer make up for it.

// class are the schools of a set that are in the same parts.
type class struct {
	schools []int64
	in      []float64 // of each part, 1 or 0
}

// alone are the schools with as many persons as a cell of which some sum of sets and parts, each as often as one
// likes, tells alone or with one other. Schools of which fewer than a quarter of a cell count hide no other: they are
// taken for known.
func alone(sets, parts [][]int64, persons map[int64]int64, least int64) map[int64]bool {
	told := map[int64]bool{}
	tell := func(schools []int64) {
		for _, s := range schools {
			if persons[s] >= least {
				told[s] = true
			}
		}
	}
	left := classes(sets, parts, func(s int64) bool { return 4*persons[s] >= least })
	var needed [][]class
	for range 3 {
		var layer [][]class
		layer, left = spanning(left, len(parts))
		needed = append(needed, layer...)
	}
	for _, set := range left {
		var schools []int64
		for _, c := range set {
			schools = append(schools, c.schools...)
		}
		if len(schools) < 3 {
			tell(schools)
		}
	}
	for _, c := range determined(needed, len(parts)) {
		tell(c.schools)
	}
	return told
}

// classes are those of each set, of the schools that count.
func classes(sets, parts [][]int64, counts func(school int64) bool) (of [][]class) {
	in := map[int64][]float64{}
	for i, part := range parts {
		for _, s := range part {
			if in[s] == nil {
				in[s] = make([]float64, len(parts))
			}
			in[s][i] = 1
		}
	}
	nowhere := make([]float64, len(parts))
	for _, set := range sets {
		at, one := map[string]int{}, []class(nil)
		for _, s := range set {
			if !counts(s) {
				continue
			}
			v := in[s]
			if v == nil {
				v = nowhere
			}
			key := fmt.Sprint(v)
			if _, ok := at[key]; !ok {
				at[key], one = len(one), append(one, class{in: v})
			}
			one[at[key]].schools = append(one[at[key]].schools, s)
		}
		if len(one) > 0 {
			of = append(of, one)
		}
	}
	return of
}

// spanning parts sets into those, in their order, each of which gives to the parts what those before it do not, and
// the others, which give nothing that these do not.
func spanning(sets [][]class, parts int) (layer, others [][]class) {
	var basis []direction
	for _, set := range sets {
		before := len(basis)
		for _, c := range set[1:] {
			v := make([]float64, parts)
			for i := range v {
				v[i] = c.in[i] - set[0].in[i]
			}
			if d, ok := reduce(v, basis); ok {
				basis = append(basis, d)
			}
		}
		if len(basis) > before {
			layer = append(layer, set)
		} else {
			others = append(others, set)
		}
	}
	return layer, others
}

// direction is a vector of a basis: 1 at its pivot, where those after it are 0.
type direction struct {
	v     []float64
	pivot int
}

// reduce takes from a vector what a basis has of it, in place, and gives what is left as a direction; ok is false
// where nothing is.
func reduce(v []float64, basis []direction) (d direction, ok bool) {
	for _, b := range basis {
		if f := v[b.pivot]; f != 0 {
			for i := range v {
				v[i] -= f * b.v[i]
			}
		}
	}
	for i, x := range v {
		if math.Abs(x) > math.Abs(v[d.pivot]) {
			d.pivot = i
		}
	}
	if len(v) == 0 || math.Abs(v[d.pivot]) < zero {
		return d, false
	}
	f := v[d.pivot]
	for i := range v {
		v[i] /= f
	}
	d.v = v
	return d, true
}

// zero is less than any number of the null space of sums of schools but one that is none.
const zero = 1e-9

// determined are the classes whose schools are told by rows of these sets and of the parts, alone or with one other:
// of one school or two whose sum is nothing in the whole null space, and of one school whose number there is that of
// another class of one but for a factor. Three schools of a class hide each other.
func determined(sets [][]class, parts int) (told []class) {
	var all []class
	for _, set := range sets {
		all = append(all, set...)
	}
	n := len(all)
	if n == 0 {
		return nil
	}
	m := mat.NewDense(max(len(sets)+parts, n), n, nil)
	at := 0
	for i, set := range sets {
		for _, c := range set {
			m.Set(i, at, 1)
			for k, x := range c.in {
				m.Set(len(sets)+k, at, x)
			}
			at++
		}
	}
	var svd mat.SVD
	if !svd.Factorize(m, mat.SVDFullV) { // it always ends for sums of schools; if not, nothing is known to be safe
		return all
	}
	var v, free mat.Dense
	svd.VTo(&v)
	rank := svd.Rank(zero)
	if rank == n {
		return slices.DeleteFunc(all, func(c class) bool { return len(c.schools) > 2 })
	}
	null := v.Slice(0, n, rank, n)
	free.Mul(null, null.T()) // products of the numbers of any two classes
	for i, c := range all {
		x := free.At(i, i)
		if len(c.schools) > 2 || len(c.schools) == 2 && x >= zero {
			continue
		}
		for k, d := range all {
			y, xy := free.At(k, k), free.At(i, k)
			if x < zero || k != i && len(d.schools) == 1 && y > zero && math.Abs(xy*xy-x*y) < zero {
				told = append(told, c)
				break
			}
		}
	}
	return told
}
