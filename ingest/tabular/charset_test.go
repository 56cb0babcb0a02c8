package tabular

import (
	"strings"
	"testing"
)

func TestGuessCharset(t *testing.T) {
	for text, want := range map[string]string{
		"Date;Account\n": "", "": "", "Élève\n": "utf-8", "\xef\xbb\xbfDate": "utf-8", "\xc9l\xe8ve": "iso-8859-1",
		"\xc9l\xe8ve d\x92ici": "windows-1252", "\xff\xfeD\x00": "utf-16", "D\x00a\x00t\x00e\x00": "utf-16",
		// A head that ends within a character, and broken lines of UTF-8.
		"Élève É"[:len("Élève É")-1]: "utf-8", "Élève\n\xe8\n": "utf-8",
	} {
		if got := GuessCharset([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestMisdeclared: UTF-8 is not read as one character a byte.
func TestMisdeclared(t *testing.T) {
	fields := []Field{{Name: "a"}}
	for _, c := range []struct {
		charset, text string
		fault         string
	}{
		{"iso-8859-1", "a\nÉlève\n", "the text is utf-8"},
		{"cp1252", "a\nÉlève\n", "the text is utf-8"},
		{"latin9", "a\nEleve\n", ""},
		{"iso-8859-15", "a\n\xc9l\xe8ve\n", ""},
		{"utf-8", "\xe9;a\nb\n", `hint: charset = "iso-8859-1"`},
		{"utf-8", "a\nÉlève\n", ""},
	} {
		m := &Mapping{Charset: c.charset, Columns: map[string]any{"a": "a"}}
		_, err := Open(strings.NewReader(c.text), m, fields, nil, nil)
		bound := Bind([]byte(c.text), m, fields, nil).Err()
		for _, got := range []error{err, bound} {
			if (got == nil) != (c.fault == "") || got != nil && !strings.Contains(got.Error(), c.fault) {
				t.Errorf("%s %q: %v, want %q", c.charset, c.text, got, c.fault)
			}
		}
	}
}
