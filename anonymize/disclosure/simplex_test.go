package disclosure

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"
)

// gonum's simplex, given the same program with its bounds as rows.
func gonumMaximum(equations int, columns []column, sign float64) (float64, bool) {
	n := len(columns)
	var bounded []int
	for j := range columns {
		if !math.IsInf(columns[j].high, 1) {
			bounded = append(bounded, j)
		}
	}
	a, b := mat.NewDense(equations+len(bounded), n+len(bounded), nil), make([]float64, equations+len(bounded))
	for j, c := range columns {
		for _, e := range c.rows {
			a.Set(e.equation, j, a.At(e.equation, j)+e.sign)
			b[e.equation] -= e.sign * c.low
		}
	}
	for k, j := range bounded {
		a.Set(equations+k, j, 1)
		a.Set(equations+k, n+k, 1)
		b[equations+k] = columns[j].high - columns[j].low
	}
	c := make([]float64, n+len(bounded))
	c[0] = -sign
	_, x, err := lp.Simplex(c, a, b, 1e-9, nil)
	switch {
	case errors.Is(err, lp.ErrUnbounded):
		return math.Inf(1), true
	case err != nil: // gonum refuses dependent rows and zero columns
		return 0, false
	}
	return sign * (x[0] + columns[0].low), true
}

func TestSimplexAgreesWithGonum(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		equations := rapid.IntRange(1, 4).Draw(t, "equations")
		n := rapid.IntRange(equations+1, 10).Draw(t, "columns")
		columns := make([]column, n)
		for j := range columns {
			for i := range equations {
				if s := rapid.IntRange(-1, 1).Draw(t, "sign"); s != 0 {
					columns[j].rows = append(columns[j].rows, entry{i, float64(s)})
				}
			}
			columns[j].low, columns[j].high = -float64(rapid.IntRange(0, 30).Draw(t, "low")),
				float64(rapid.IntRange(0, 30).Draw(t, "high"))
			if rapid.IntRange(0, 4).Draw(t, "free") == 0 {
				columns[j].high = math.Inf(1)
			}
		}
		for _, sign := range []float64{1, -1} {
			want, ok := gonumMaximum(equations, columns, sign)
			if !ok {
				continue
			}
			compared++
			p := new(program)
			p.begin(equations, columns, sign)
			got, err := maximise(p)
			if err != nil {
				t.Fatal(err)
			}
			if got != want && math.Abs(got-want) > 1e-6 {
				t.Fatalf("maximum %v, gonum says %v", got, want)
			}
		}
	})
	if compared < 50 {
		t.Errorf("only %d programs compared", compared)
	}
}
