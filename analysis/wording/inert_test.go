package wording

import "testing"

func TestInert(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Collège": "Collège", "-4": "-4", "+8": "+8", "-0.25": "-0.25", "12": "12",
		"-4+cmd|'/C calc'!A0": "'-4+cmd|'/C calc'!A0", "-": "'-", "=1": "'=1", "@x": "'@x", "-1e3": "'-1e3",
		"\t-4": "'\t-4", "-4\n=1": "'-4\n=1",
	} {
		if got := Inert(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
