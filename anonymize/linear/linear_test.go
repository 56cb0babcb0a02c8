package linear

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
	"pgregory.net/rapid"
)

// gonum's simplex, given the same program with its bounds as rows.
func gonumMaximum(equations int, columns []Column, sign float64) (float64, bool) {
	n := len(columns)
	var bounded []int
	for j := range columns {
		if !math.IsInf(columns[j].High, 1) {
			bounded = append(bounded, j)
		}
	}
	a, b := mat.NewDense(equations+len(bounded), n+len(bounded), nil), make([]float64, equations+len(bounded))
	for j, c := range columns {
		for _, e := range c.Entries {
			a.Set(e.Equation, j, a.At(e.Equation, j)+e.Coefficient)
			b[e.Equation] -= e.Coefficient * c.Low
		}
	}
	for k, j := range bounded {
		a.Set(equations+k, j, 1)
		a.Set(equations+k, n+k, 1)
		b[equations+k] = columns[j].High - columns[j].Low
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
	return sign * (x[0] + columns[0].Low), true
}

func TestSimplexAgreesWithGonum(t *testing.T) {
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		equations := rapid.IntRange(1, 4).Draw(t, "equations")
		n := rapid.IntRange(equations+1, 10).Draw(t, "columns")
		columns := make([]Column, n)
		for j := range columns {
			for i := range equations {
				if s := rapid.IntRange(-1, 1).Draw(t, "sign"); s != 0 {
					columns[j].Entries = append(columns[j].Entries, Entry{i, float64(s)})
				}
			}
			columns[j].Low, columns[j].High = -float64(rapid.IntRange(0, 30).Draw(t, "low")),
				float64(rapid.IntRange(0, 30).Draw(t, "high"))
			if rapid.IntRange(0, 4).Draw(t, "free") == 0 {
				columns[j].High = math.Inf(1)
			}
		}
		for _, sign := range []float64{1, -1} {
			want, ok := gonumMaximum(equations, columns, sign)
			if !ok {
				continue
			}
			compared++
			p := new(Program)
			columns[0].Gain = sign
			p.Begin(equations, columns)
			got, err := p.Maximise()
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
