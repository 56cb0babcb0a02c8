package subject

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// TestMeanSquare: to the last integer, of sums whose squares no float holds.
func TestMeanSquare(t *testing.T) {
	if got := meanSquare(1504332111, 251); got != 9015996415082537 { // ranks of a region of 400,000
		t.Errorf("got %d", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		sum, n := rapid.Int64Range(0, math.MaxInt64).Draw(rt, "sum"), rapid.Int64Range(1, 1<<40).Draw(rt, "n")
		want := new(big.Int).Mul(big.NewInt(sum), big.NewInt(sum))
		want.Add(want, big.NewInt(n-1)).Quo(want, big.NewInt(n)).Add(want, big.NewInt(1))
		if !want.IsInt64() {
			want.SetInt64(math.MaxInt64)
		}
		if got := meanSquare(sum, n); got != want.Int64() {
			rt.Errorf("%d of %d: got %d, want %v", sum, n, got, want)
		}
	})
}
