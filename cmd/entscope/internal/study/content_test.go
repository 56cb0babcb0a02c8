package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The content of a study is what its cells are made of: a copy has it, and a deadline or a byte of a register
// makes another.
func TestContent(t *testing.T) {
	const text = `
[study]
name = "demo"
purpose = "usages"
start = 2025-09-08
[[source]]
name = "neo"
format = "entcore"
files = ["raw/*.ndjson"]
[registers.loans]
files = ["raw/prets-*.csv"]
[[deadline]]
name = "bourse"
day = 2025-10-17
[limits]
threads = 2
[output]
editions = "editions"
`
	content := func(change func(dir, text string) string) string {
		t.Helper()
		dir := t.TempDir()
		for name, data := range map[string]string{"raw/log.ndjson": "{}", "raw/prets-1.csv": "a;b\n"} {
			if err := os.MkdirAll(filepath.Join(dir, "raw"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s := Study{Dir: dir, text: []byte(change(dir, text))}
		out, err := s.Content()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	replaced := func(old, new string) func(string, string) string {
		return func(_, text string) string { return strings.Replace(text, old, new, 1) }
	}
	written := func(name, data string) func(string, string) string {
		return func(dir, text string) string {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			return text
		}
	}
	first := content(replaced("", ""))
	for name, test := range map[string]struct {
		change func(dir, text string) string
		same   bool
	}{
		"a copy":             {replaced("", ""), true},
		"another name":       {replaced(`"demo"`, `"copy"`), true},
		"another purpose":    {replaced(`"usages"`, `"others"`), true},
		"other folders":      {replaced(`"editions"`, `"copy/editions"`), true},
		"threads":            {replaced("threads = 2", "threads = 1"), true},
		"a log":              {written("raw/log.ndjson", "{} "), true}, // the zone knows its content
		"a deadline":         {replaced("2025-10-17", "2025-10-18"), false},
		"the window":         {replaced("2025-09-08", "2025-09-07"), false},
		"a register":         {written("raw/prets-1.csv", "a;c\n"), false},
		"one register more":  {written("raw/prets-2.csv", ""), false},
		"a format":           {replaced("entcore", "cas"), false},
		"a mapping of a log": {replaced("format =", "school = \"0990001X\"\nformat ="), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := content(test.change) == first; got != test.same {
				t.Errorf("the same: %v, want %v", got, test.same)
			}
		})
	}
}
