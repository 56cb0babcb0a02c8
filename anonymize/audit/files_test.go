package audit

import "testing"

// TestNamedQuotes: the name of a file is anybody's, and no line or cursor of a reader's.
func TestNamedQuotes(t *testing.T) {
	got := named("en trop", []string{"index.html", "x\nok  signature", "a\x1b[2J", "école.csv"})
	if want := `en trop : index.html, "x\nok  signature", "a\x1b[2J", école.csv`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
