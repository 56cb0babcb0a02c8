package edition

import (
	"fmt"
	"strings"
	"testing"
)

// Every note speaks English too, with its numbers in their order.
func TestNotesInEnglish(t *testing.T) {
	for _, note := range Notes {
		said := NoteIn("en", note)
		if n := strings.Count(note, "%d"); n > 0 {
			filled, want := fmt.Sprintf(note, []any{7, 8, 9}[:n]...), fmt.Sprintf(english[note], []any{7, 8, 9}[:n]...)
			if said = NoteIn("en", filled); said != want {
				t.Errorf("%q, want %q", said, want)
			}
		}
		if said == "" || said == note || strings.ContainsAny(said, "éèà’") {
			t.Errorf("%q is not in English: %q", note, said)
		}
		if NoteIn("fr", note) != note {
			t.Errorf("%q was changed in French", note)
		}
	}
}
