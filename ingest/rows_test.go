package ingest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rowsOf lists the rows of a text that is cut into chunks of about size bytes.
func rowsOf(f Rows, text string, size int) (out []string) {
	line := int64(0)
	for rest := []byte(text); len(rest) > 0; {
		cut := len(rest)
		for n := size; n < len(rest); n *= 2 {
			if c := f.Cut(rest[:n]); c > 0 {
				cut = c
				break
			}
		}
		chunk := bytes.Clone(rest[:cut])
		f.EachRow(chunk, func(row []byte, n int64) {
			out = append(out, fmt.Sprintf("%d %q", line+n, f.Split(row, nil, 100)))
		}, func(n int64, reason Reason) { out = append(out, fmt.Sprintf("%d {%s}", line+n, reason)) })
		line += int64(bytes.Count(rest[:cut], []byte{f.EOL}))
		rest = rest[cut:]
	}
	return out
}

func TestRows(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a;b\n\nc;d", `1 ["a" "b"], 3 ["c" "d"]`},
		{"\"a;\"\"\n\";b\r\nc\n", `1 ["a;\"\n" "b"], 3 ["c"]`},
		{"a\"b;\"c\"d\n", `1 ["a\"b" "cd"]`},
		{"\"a\nb\nc\n", `1 {malformed record}, 2 ["b"], 3 ["c"]`},
		{"b\n\"a", `1 ["b"], 2 {truncated record}`},
		{"\"" + strings.Repeat("\n", 33) + "\"\n", `1 {malformed record}, 34 {malformed record}`},
		{"\"" + strings.Repeat("\n", 32) + "\"\n", `1 ["` + strings.Repeat(`\n`, 32) + `"]`},
	} {
		if got := strings.Join(rowsOf(Rows{Sep: ';', Quote: '"', EOL: '\n'}, test.text, 1<<20),
			", "); got != test.want {
			t.Errorf("%q: %s, want %s", test.text, got, test.want)
		}
	}
}

// TestRowsAnywhere: where a chunk is cut changes nothing of what is read.
func TestRowsAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Rows{Sep: ';', Quote: '"', EOL: rapid.SampledFrom([]byte{'\n', '\r'}).Draw(t, "eol")}
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", ";", "\"", "\"\"", "\n", "\r", "\r\n",
			"\"x\ny\";", "long text without end;"})).Draw(t, "text"), "")
		whole := rowsOf(f, text, 1<<20)
		for _, size := range []int{1, 7, 40} {
			if got := rowsOf(f, text, size); strings.Join(got, "\n") != strings.Join(whole, "\n") {
				t.Fatalf("chunks of %d:\n%s\nwant\n%s", size, strings.Join(got, "\n"), strings.Join(whole, "\n"))
			}
		}
	})
}
