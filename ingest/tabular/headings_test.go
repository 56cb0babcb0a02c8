package tabular

import (
	"strings"
	"testing"
)

// TestHeadingsHint: where the columns of a mapping stand in the file otherwise cut or below other lines, it is said
// how.
func TestHeadingsHint(t *testing.T) {
	fields := []Field{{Name: "a"}, {Name: "b"}}
	for text, want := range map[string]string{
		"A;B\n1;2\n":                     "",
		"A\tB\n1\t2\n":                   `hint: delimiter = "tab"`,
		"A,B\n1,2\n":                     `hint: delimiter = ","`,
		"Export\n\nA;B\n1;2\n":           "hint: skip = 1",
		"Export of today\n\"A\",\"B\"\n": `hint: skip = 1, delimiter = ","`,
		"1;2\n3;4\n":                     "no column",
		"u1;15/09/2025 08:00:00\n":       "hint: header = false",
		"u1;1757916000\n":                "hint: header = false",
		"u1;\"2025-09-15T08:00:00Z\"\n":  "hint: header = false",
		"A;2025\n1;2\n":                  `no column "B" among the 2 headings of the file`,
		"":                               "empty",
	} {
		m := &Mapping{Columns: map[string]any{"a": "A", "b": "B"}}
		_, err := Open(strings.NewReader(text), m, fields, nil, nil)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "header = false") != strings.HasPrefix(text, "u1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
