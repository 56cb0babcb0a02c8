package release

import (
	"testing"

	"pgregory.net/rapid"
)

// However many persons a school has, no more slots differ than persons changed, so that
// fewer than eleven are never let through; of forty who changed eleven slots differ.
func TestFewWhoChangedAreNeverTakenForMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		persons := rapid.IntRange(1, 400).Draw(t, "persons")
		changed := rapid.IntRange(1, persons).Draw(t, "changed")
		salt := rapid.Uint64().Draw(t, "salt")
		var before, after place
		for p := range uint64(persons) {
			before.add(mix(p^salt), 0)
			switch {
			case p >= uint64(changed):
				after.add(mix(p^salt), 0)
			case p%2 == 0: // the others have left
				after.add(mix(p^salt), 1+p)
			}
		}
		got := before.differences(after)
		if got > changed {
			t.Fatalf("%d of %d persons changed, and %d slots differ", changed, persons, got)
		}
		if got == 0 {
			t.Fatalf("%d of %d persons changed, and no slot differs", changed, persons)
		}
		if changed >= 40 && got < 11 {
			t.Fatalf("%d of %d persons changed, and %d slots only differ", changed, persons, got)
		}
	})
}
