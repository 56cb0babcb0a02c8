package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestChecksums(t *testing.T) {
	a, b := strings.Repeat("a1", 32), strings.Repeat("B2", 32)
	for _, c := range []struct {
		name, text, file, sum string
		fault                 bool
	}{
		{name: "sha256sum", text: a + "  day.log\n", file: "day.log", sum: a},
		{name: "sha256sum -b, in a folder", text: a + " *raw/day.log\r\n", file: "day.log", sum: a},
		{name: "capitals", text: b + "  day.log", file: "day.log", sum: strings.ToLower(b)},
		{name: "shasum --tag", text: "SHA256 (raw/day.log) = " + a + "\n", file: "day.log", sum: a},
		{name: "a name with blanks, behind a comment and a mark",
			text: "\ufeff# made at noon\n\n" + a + "  a day.log\n", file: "a day.log", sum: a},
		{name: "another algorithm", text: strings.Repeat("a", 40) + "  day.log\n", fault: true},
		{name: "no list", text: "day.log\n", fault: true},
	} {
		path := filepath.Join(t.TempDir(), "SHA256SUMS")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		sums, err := ReadChecksums([]string{path})
		if c.fault != (err != nil) {
			t.Errorf("%s: error %v", c.name, err)
		}
		if !c.fault && (len(sums[c.file]) != 1 || sums[c.file][0] != c.sum) {
			t.Errorf("%s: %v", c.name, sums)
		}
		if err != nil && strings.Contains(err.Error(), "day") {
			t.Errorf("%s: the error tells the text: %v", c.name, err)
		}
	}
}

// TestOpenEnded: JSON ends with the bracket it began with, anything else with the end of a line.
func TestEndsOpenByFormat(t *testing.T) {
	for text, open := range map[string]bool{
		"a line\n": false, "a line\r": false, "a line": true, `a line [29/Sep/2025:08:00:00 +0200]`: true,
		`{"a":1}`: false, `{"a":1}` + "\n" + `{"a":`: true, `[{"a":1}]`: false, "[\n {\"a\":1}\n": true,
		"\ufeff[[\"x\"]]\n\n": false, "[ ]": false, "[12:00] x": true, "{}\n": false,
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := EndsOpen(path); got != open {
			t.Errorf("%q: ends open %t", text, got)
		}
	}
}
