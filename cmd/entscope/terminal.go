package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"unicode"
	"unicode/utf8"
)

// terminal writes text for a terminal. What would move its cursor, clear it or turn its lines
// around is written out: names of files and texts of an edition may be anybody's.
type terminal struct{ to io.Writer }

// Write writes all of text, which ends with a whole character.
func (p terminal) Write(text []byte) (int, error) {
	var shown bytes.Buffer
	for rest := text; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch one := rest[:size]; {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&shown, `\x%02x`, one[0])
		case r == '\n' || r == '\t' || !unicode.In(r, unicode.Cc, unicode.Bidi_Control):
			shown.Write(one)
		default:
			fmt.Fprintf(&shown, `\u%04x`, r)
		}
		rest = rest[size:]
	}
	if _, err := p.to.Write(shown.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}

// forPerson is where a person reads: a file or another program gets the bytes as they are.
func forPerson(f *os.File) io.Writer {
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return terminal{f}
	}
	return f
}
