package source

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// TestRepeats: a delivery that holds its beginning twice is found, whatever its size and
// wherever reads end; one in which a line comes twice is none.
func TestRepeats(t *testing.T) {
	log := func(lines int) string {
		var b strings.Builder
		for i := range lines {
			fmt.Fprintf(&b, "2025-09-15 08:%02d:%02d u%d /portal\n", i/60%60, i%60, i%7)
		}
		return b.String()
	}
	const head = "when;who;page\n"
	for name, c := range map[string]struct {
		text string
		want bool
	}{
		"small":                      {log(2), false},
		"small, twice":               {log(2) + log(2), true},
		"middling":                   {log(90), false},
		"middling, twice":            {log(90) + log(90), true},
		"large":                      {log(3000), false},
		"large, twice":               {log(3000) + log(3000), true},
		"large, a part of it before": {log(100) + log(3000), true},
		"three times":                {log(3000) + log(3000) + log(3000), true},
		"with its heading, twice":    {head + log(200) + head + log(200), true},
		"two logs of one heading":    {head + log(200) + head + strings.ReplaceAll(log(200), " u", " v"), false},
		"one line, twice":            {log(1) + log(1), false},
		"one line, many times":       {strings.Repeat(log(1), 500), false},
		"a line in between twice":    {log(100) + log(1) + log(1), false},
		"CRLF, twice":                {strings.ReplaceAll(log(300)+log(300), "\n", "\r\n"), true},
		"empty":                      {"", false},
		"without an end":             {strings.Repeat("x", 9000), false},
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		for how, reader := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "by byte": iotest.OneByteReader,
		} {
			d, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, reader(d)); err != nil {
				t.Fatal(err)
			}
			if d.Repeats() != c.want {
				t.Errorf("%s, %s: repeats %v", name, how, d.Repeats())
			}
			d.Close()
		}
	}
}
