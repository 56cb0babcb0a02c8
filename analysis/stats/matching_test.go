package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestStandardizedDifference(t *testing.T) {
	x := []float64{1, 3, 2, 8, 5, 2, 2, 4, 1}
	treated := []bool{true, true, true, true, true, false, false, false, false}
	near(t, "SMD", StandardizedDifference(x, treated, nil), 0.719440237224165) // testdata/association.R
	if d := StandardizedDifference([]float64{1, 1}, []bool{true, false}, nil); d != 0 {
		t.Errorf("no variation: %v", d)
	}
}

// Treatment falls on low prior use; the naive difference is wrong, the matched one
// finds the effect, and the matched pairs are balanced.
func TestMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	const n, effect = 4000, 1.0
	x, y, score, treated := make([][]float64, n), make([]float64, n), make([]float64, n), make([]bool, n)
	for i := range x {
		use, school := r.NormFloat64(), r.NormFloat64()
		x[i] = []float64{1, use, school}
		score[i] = -1.8 - 0.9*use + 0.4*school
		treated[i] = r.Float64() < expit(score[i])
		y[i] = 2*use + school + effect*indicator(treated[i]) + 0.5*r.NormFloat64()
	}
	pairs, _ := MatchNearest(score, treated, nil, 0.2)
	matched := 0.0
	for _, p := range pairs {
		matched += (y[p.Treated] - y[p.Control]) / float64(len(pairs))
	}
	if math.Abs(matched-effect) > 0.12 {
		t.Errorf("matched effect %v over %d pairs", matched, len(pairs))
	}
	use := make([]float64, n)
	for i := range x {
		use[i] = x[i][1]
	}
	if d := StandardizedDifference(use, treated, nil); d > -0.5 {
		t.Errorf("before: %v", d)
	}
	for j, d := range Balance(x, pairs)[1:] {
		if math.Abs(d) > 0.1 {
			t.Errorf("covariate %d after matching: %v", j+1, d)
		}
	}
}

// A control serves once, no pair passes the caliper or leaves its stratum, and every
// treated row without a pair had no free control in reach at the end.
func TestMatchNearestRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 40).Draw(t, "n")
		score, treated, stratum := make([]float64, n), make([]bool, n), make([]int, n)
		for i := range n {
			score[i] = rapid.Float64Range(0, 3).Draw(t, "score")
			treated[i] = rapid.Bool().Draw(t, "treated")
			stratum[i] = rapid.IntRange(0, 1).Draw(t, "stratum")
		}
		pairs, _ := MatchNearest(score, treated, stratum, 0.5)
		used := make([]bool, n)
		for _, p := range pairs {
			if !treated[p.Treated] || treated[p.Control] || used[p.Control] || used[p.Treated] {
				t.Fatalf("pair %v", p)
			}
			if stratum[p.Treated] != stratum[p.Control] || math.Abs(score[p.Treated]-score[p.Control]) > 0.5 {
				t.Fatalf("pair %v too far", p)
			}
			used[p.Treated], used[p.Control] = true, true
		}
		for i := range n {
			for j := range n {
				if treated[i] && !treated[j] && !used[i] && !used[j] && stratum[i] == stratum[j] &&
					math.Abs(score[i]-score[j]) <= 0.5 {
					t.Fatalf("%d and %d are both free", i, j)
				}
			}
		}
	})
	pairs, warnings := MatchNearest([]float64{1, 1.1, 5}, []bool{true, false, true}, nil, 0.5)
	if !slices.Equal(pairs, []Pair{{0, 1}}) {
		t.Errorf("pairs %v", pairs)
	}
	wantWarning(t, warnings, "1 of 2 treated without a control")
}
