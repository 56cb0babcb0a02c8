package ingest

import (
	"testing"

	"pgregory.net/rapid"
)

// A string ends at its first quote that no backslash takes, however long it is.
func TestStringEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.StringOfN(rapid.SampledFrom([]rune(`ab\"é`)), 0, 60, -1).Draw(t, "text"))
		from := rapid.IntRange(0, len(b)).Draw(t, "from")
		want, escaped := -1, false
		for i, taken := from, false; i < len(b); i++ {
			if b[i] == '"' && !taken {
				want = i
				break
			}
			taken = b[i] == '\\' && !taken
			escaped = escaped || b[i] == '\\'
		}
		end, saw := StringEnd(b, from)
		if end != want {
			t.Fatalf("%q from %d ends at %d, want %d", b, from, end, want)
		}
		if end >= 0 && saw != escaped {
			t.Fatalf("%q from %d: escaped %v, want %v", b, from, saw, escaped)
		}
	})
}
