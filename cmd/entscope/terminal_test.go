package main

import (
	"bytes"
	"testing"
)

func TestTerminal(t *testing.T) {
	for text, want := range map[string]string{
		"école « L2 »\t1\n":    "école « L2 »\t1\n",
		"x\x1b[2J\x1b[H0 fail": `x\u001b[2J\u001b[H0 fail`,
		"a\rb\u009bc":          `a\u000db\u009bc`,
		"a\u202efdp.exe":       `a\u202efdp.exe`,
		"latin \xe9t\xe9":      `latin \xe9t\xe9`,
		"":                     "",
	} {
		var out bytes.Buffer
		n, err := terminal{&out}.Write([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if n != len(text) {
			t.Errorf("%q: %d bytes written, of %d", text, n, len(text))
		}
		if out.String() != want {
			t.Errorf("%q: %q, want %q", text, out.String(), want)
		}
	}
}
