package query

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The largest contribution is said to be about what it is, of laws of any tail: half as large
// at least and twice at most, in the mean, where Σx²/Σx is down to a third of it.
func TestLargestOf(t *testing.T) {
	d := rand.New(rand.NewPCG(3, 4))
	for name, draw := range map[string]func() float64{
		"exponential": func() float64 { return 20 * d.ExpFloat64() },
		"log-normal":  func() float64 { return math.Exp(2.5 + 1.2*d.NormFloat64()) },
		"alike":       func() float64 { return 10 },
		"one or none": func() float64 { return float64(d.IntN(2)) },
	} {
		for _, n := range []int64{28, 120, 400} {
			const draws = 300
			var said, is, least float64
			for range draws {
				var sum, squares, largest float64
				for range n {
					x := math.Round(draw())
					sum, squares, largest = sum+x, squares+x*x, max(largest, x)
				}
				bound := math.Sqrt(squares)
				got := LargestOf(n, int64(sum), bound)
				if got > bound+1e-9 || got < squares/sum-1e-9 {
					t.Fatalf("%s: %v is not from %v to %v", name, got, squares/sum, bound)
				}
				said, is, least = said+got/draws, is+largest/draws, least+squares/sum/draws
			}
			t.Logf("%s, %d: %.0f for %.0f (Σx²/Σx %.0f)", name, n, said, is, least)
			if said < 0.5*is || said > 2*is {
				t.Errorf("%s: %.1f, and it is %.1f", name, said, is)
			}
		}
	}
	if got := LargestOf(0, 100, 50); got != 25 {
		t.Errorf("of nobody knows how many: %v", got)
	}
}
