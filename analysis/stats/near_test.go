package stats

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// near fails unless got has the digits of want: six significant ones, or tol
// relative to want.
func near(t *testing.T, name string, got, want float64, tol ...float64) {
	t.Helper()
	limit := 1e-6
	if len(tol) > 0 {
		limit = tol[0]
	}
	if math.IsNaN(want) && math.IsNaN(got) || got == want {
		return
	}
	if !(math.Abs(got-want) <= limit*math.Max(math.Abs(want), 1e-6)) {
		t.Errorf("%s = %.12g, want %.12g", name, got, want)
	}
}

func nearAll(t *testing.T, name string, got, want []float64, tol ...float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", name, len(got), len(want))
		return
	}
	for i := range got {
		near(t, name, got[i], want[i], tol...)
	}
}

func wantWarning(t *testing.T, warnings []Warning, part string) {
	t.Helper()
	if !strings.Contains(fmt.Sprint(warnings), part) {
		t.Errorf("warnings %q do not hold %q", warnings, part)
	}
}

func wantPanic(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", name)
		}
	}()
	f()
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
