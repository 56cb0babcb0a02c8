package entcore

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawDocument draws a document of any keys, in any order, that may be broken.
func drawDocument(t *rapid.T) []byte {
	key := rapid.OneOf(
		rapid.SampledFrom([]string{"_id", "event-type", "event_type", "module", "date", "userId", "user_id", "profil",
			"ua", "structures", "resource_id", "ip", `mod\u0075le`, "modul", "module ", "", strings.Repeat("k", 2*maxKey)}),
		rapid.StringMatching(`k[0-9]{1,2}`))
	colon := rapid.SampledFrom([]string{":", " :", ": ", "\t:\t", "", ","})
	value := rapid.SampledFrom([]string{`"v"`, `""`, `"a\"b"`, `"\\"`, `1757916000000`, `null`, `["s1"]`, `["s1","s\"2"]`,
		`{"$oid":"o"}`, `"open`, `x`})
	var b strings.Builder
	for range rapid.IntRange(0, 12).Draw(t, "fields") {
		b.WriteString(rapid.SampledFrom([]string{",", ",", ",", ", "}).Draw(t, "comma"))
		b.WriteString(`"` + key.Draw(t, "key") + `"` + colon.Draw(t, "colon") + value.Draw(t, "value"))
	}
	text := "{" + strings.TrimPrefix(b.String(), ",") + "}"
	return []byte(text[:len(text)-rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "cut")])
}

// TestKeysChangeNothing reads documents behind others and each alone.
func TestKeysChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var names keys
		for range rapid.IntRange(1, 30).Draw(t, "documents") {
			b := drawDocument(t)
			var behind, alone document
			reason, want := behind.scan(b, &names), alone.scan(b, new(keys))
			if reason != want {
				t.Fatalf("%s: %q behind others, %q alone", b, reason, want)
			}
			if !reflect.DeepEqual(behind, alone) {
				t.Fatalf("%s: %+v behind others, %+v alone", b, behind, alone)
			}
			if len(names.known) > maxKeys {
				t.Fatalf("%d keys are remembered", len(names.known))
			}
		}
	})
}
