package disclosure

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// system is what an attacker knows: variables within intervals and equations
// between them. Variables are written as deviations from the truth, so that the
// truth is 0 and every equation is Σparts − total = 0.
type system struct {
	index map[Term]int
	// rows[v] lists the equations of variable v and its sign in each.
	rows      [][]entry
	low, high []float64 // of the deviation
	truth     []float64
	equations int
}

type entry struct {
	equation int
	sign     float64
}

func newSystem(r *release, equations []Equation) *system {
	s := &system{index: map[Term]int{}, equations: len(equations)}
	at := func(t Term) int {
		v, ok := s.index[t]
		if !ok {
			v = len(s.rows)
			s.index[t] = v
			truth := float64(r.cells[t.Cell].Persons)
			if t.Field == PartOf {
				truth = float64(r.cells[t.Cell].Part)
			}
			low, high := r.known(t)
			s.rows = append(s.rows, nil)
			s.truth = append(s.truth, truth)
			s.low, s.high = append(s.low, math.Min(0, low-truth)), append(s.high, math.Max(0, high-truth))
		}
		return v
	}
	for i, e := range equations {
		v := at(e.Total)
		s.rows[v] = append(s.rows[v], entry{i, -1})
		for _, t := range e.Parts {
			v := at(t)
			s.rows[v] = append(s.rows[v], entry{i, 1})
		}
	}
	return s
}

// allows reports whether a number may lie anywhere in the interval of a need,
// for all the attacker knows. The set of solutions is convex and holds the
// truth, so it is enough that both ends are reached.
func (s *system) allows(n need) (bool, error) {
	v := s.index[n.term]
	for _, target := range []float64{n.low - s.truth[v], n.high - s.truth[v]} {
		if target == 0 || s.swap(v, target) {
			continue
		}
		reach, err := s.extreme(v, math.Copysign(1, target))
		if err != nil {
			return false, err
		}
		if math.Abs(reach) < math.Abs(target)-1e-6 {
			return false, nil
		}
	}
	return true, nil
}

// swap is a quick sufficient test: variables with the very same equations can
// take over the whole deviation of v.
func (s *system) swap(v int, target float64) bool {
	if target < s.low[v] || target > s.high[v] {
		return false
	}
	room := 0.0
	for w := range s.rows {
		if w == v || !slices.Equal(s.rows[w], s.rows[v]) {
			continue
		}
		if target > 0 {
			room -= s.low[w]
		} else {
			room += s.high[w]
		}
		if room >= math.Abs(target) {
			return true
		}
	}
	return false
}

// extreme is the largest (sign 1) or smallest (−1) deviation of v, by linear
// programming; ±Inf when it is not bounded. Variables with the same equations
// are merged into one with the sum of their intervals: that changes no extreme.
func (s *system) extreme(v int, sign float64) (float64, error) {
	columns, low, high := s.merge(v)
	a, b := s.standard(columns, low, high)
	rows, cols := a.Dims()
	c := make([]float64, cols)
	c[0] = -sign // variable v is the first column: maximise sign·x
	if rows == 0 {
		if sign > 0 {
			return high[0], nil
		}
		return low[0], nil
	}
	_, x, err := lp.Simplex(c, a, b, 1e-9, nil)
	switch {
	case errors.Is(err, lp.ErrUnbounded):
		return math.Copysign(math.Inf(1), sign), nil
	case err != nil:
		return 0, fmt.Errorf("linear program of %d rows: %w", rows, err)
	}
	return x[0] + low[0], nil
}

// merge returns the columns of the program, v first, and their intervals.
func (s *system) merge(v int) (columns [][]entry, low, high []float64) {
	columns, low, high = [][]entry{s.rows[v]}, []float64{s.low[v]}, []float64{s.high[v]}
	at := map[string]int{}
	for w, rows := range s.rows {
		if w == v || s.low[w] == 0 && s.high[w] == 0 {
			continue
		}
		key := fmt.Sprint(rows)
		i, ok := at[key]
		if !ok {
			i = len(columns)
			at[key] = i
			columns, low, high = append(columns, rows), append(low, 0), append(high, 0)
		}
		low[i], high[i] = low[i]+s.low[w], high[i]+s.high[w]
	}
	return columns, low, high
}

// standard writes the program in standard form A·x = b, x ≥ 0: x is the
// deviation above its lower end, a finite upper end is a row with a slack, and
// dependent rows are dropped.
func (s *system) standard(columns [][]entry, low, high []float64) (*mat.Dense, []float64) {
	n := len(columns)
	equations := make([][]float64, s.equations)
	for i := range equations {
		equations[i] = make([]float64, n+1)
	}
	for j, rows := range columns {
		for _, e := range rows {
			equations[e.equation][j] += e.sign
			equations[e.equation][n] -= e.sign * low[j]
		}
	}
	equations = independent(equations)
	var bounded []int
	for j := range columns {
		if !math.IsInf(high[j], 1) {
			bounded = append(bounded, j)
		}
	}
	rows, cols := len(equations)+len(bounded), n+len(bounded)
	a, b := mat.NewDense(max(rows, 1), cols, nil), make([]float64, rows)
	for i, row := range equations {
		for j := range n {
			a.Set(i, j, row[j])
		}
		b[i] = row[n]
	}
	for k, j := range bounded {
		i := len(equations) + k
		a.Set(i, j, 1)
		a.Set(i, n+k, 1)
		b[i] = high[j] - low[j]
	}
	if rows == 0 {
		return &mat.Dense{}, nil
	}
	return a, b
}

// independent brings the rows (the last entry is the right-hand side) to
// echelon form and drops the ones that say nothing. Entries are small integers,
// so a pivot below 1e-9 is 0.
func independent(rows [][]float64) [][]float64 {
	if len(rows) == 0 {
		return rows
	}
	n := len(rows[0]) - 1
	rank := 0
	for j := 0; j < n && rank < len(rows); j++ {
		pivot := rank
		for i := rank; i < len(rows); i++ {
			if math.Abs(rows[i][j]) > math.Abs(rows[pivot][j]) {
				pivot = i
			}
		}
		if math.Abs(rows[pivot][j]) < 1e-9 {
			continue
		}
		rows[rank], rows[pivot] = rows[pivot], rows[rank]
		for i := rank + 1; i < len(rows); i++ {
			f := rows[i][j] / rows[rank][j]
			if f == 0 {
				continue
			}
			for k := j; k <= n; k++ {
				rows[i][k] -= f * rows[rank][k]
			}
		}
		rank++
	}
	return rows[:rank]
}
