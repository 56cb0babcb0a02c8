package audit

import (
	"testing"

	"pgregory.net/rapid"
)

// TestWordsKeepForbiddenValues: what a forbidden value of a publication is found in, it is
// found in the words of, and in nothing else.
func TestWordsKeepForbiddenValues(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{" ", "\n", "<", "\"", "é", "_", "=", "==", "/", ".", "-", "@", "a@b.fr", "10.0.0.1",
			"0123456789abcdef", "0123456789abcdef0", "AAAAAAAAAAAAAAAAAAAAAA==", "abcdefghijklmnopqrstuvwxyz",
			"01234567-89ab-cdef-0123-456789abcdef", "établissements"}),
		rapid.StringMatching(`[0-9a-z.@ -]{0,8}`))
	seen := map[string]uint{}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces") {
			text += p
		}
		kinds := forbiddenIn(text, seen)
		for _, i := range []int{0, 1, 2, 5} { // but numbers and moments
			f := forbiddenValues[i]
			if got, want := kinds&(1<<i) != 0, f.pattern.MatchString(text); got != want {
				t.Fatalf("%s: in the words of %q %v, in it %v", f.what, text, got, want)
			}
		}
	})
}
