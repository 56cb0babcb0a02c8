package audit

import "testing"

// TestSquared: ranks of a region of 400,000, of which a float does not hold the mean square.
func TestSquared(t *testing.T) {
	const sum, n, least = 1504332111, 251, 9015996415082537
	for squares, want := range map[int64]bool{
		sum: true, least: true, least - 1: true, least + 1: false, sum - 1: false,
	} {
		if got := squared(squares, sum, sum, n); got != want {
			t.Errorf("Σx² = %d: %t, want %t", squares, got, want)
		}
	}
}
