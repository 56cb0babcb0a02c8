package keyline_test

import (
	"fmt"
	"testing"

	"github.com/entscope/entscope/anonymize/policy/keyline"
)

const text = `[study]
name = "x"

[[source]]
name = "a"

[[source]]
name = "b"
tables = [ { n = 1 },
  { n = 2 } ]
[source.csv]
values.profile = { "Élève" = "pupil" }
`

func ExampleRead() {
	lines := keyline.Read([]byte(text))
	for _, path := range []string{"source[1].csv.values.profile.Élève", "source[0].format", "study", "legal.notice"} {
		fmt.Println(path, lines.Of(path))
	}
	// Output:
	// source[1].csv.values.profile.Élève 12
	// source[0].format 4
	// study 1
	// legal.notice 0
}

func TestRead(t *testing.T) {
	lines := keyline.Read([]byte(text))
	for path, want := range map[string]int{"study.name": 2, "source[1].name": 8, "source[1].tables[1].n": 10,
		"source[1].csv": 11} {
		if lines[path] != want {
			t.Errorf("%s: line %d, want %d", path, lines[path], want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(text))
	f.Add([]byte("a = [[{}], 1\n[[x]]\n[x.y]\n"))
	f.Fuzz(func(t *testing.T, data []byte) { keyline.Read(data) })
}
