package tabular

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// Charsets are the names of the character sets that are read; hyphens and case do not
// count, and latin1, latin9, cp1252 and ascii are read too.
var Charsets = []string{"utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "utf-16"}

// charset is one of the character sets met in exports of French school products.
// UTF-8 has no decoder: its records are checked one by one, so that one broken
// line does not spoil the others.
func charset(name string) (encoding.Encoding, error) {
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name)) {
	case "", "utf8", "ascii", "usascii":
		return nil, nil
	case "iso88591", "latin1": // as browsers read it: no text holds the controls of ISO 8859
		return charmap.Windows1252, nil
	case "iso885915", "latin9":
		return charmap.ISO8859_15, nil
	case "windows1252", "cp1252":
		return charmap.Windows1252, nil
	case "utf16", "utf16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	}
	return nil, fmt.Errorf("charset %w", vocabulary.Unknown(name, Charsets))
}

// GuessCharset tells the character set of a text from its first bytes: one of Charsets, or "" where all of them read
// it alike. Bytes that are no UTF-8 are taken for ISO 8859-1, as French products write it, or for Windows' own.
func GuessCharset(head []byte) string {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) ||
		bytes.Count(head, []byte{0})*4 > len(head) {
		return "utf-16"
	}
	valid, invalid, windows := 0, 0, false
	for rest := head; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r != utf8.RuneError || size > 1:
			if size > 1 {
				valid++
			}
		case !utf8.FullRune(rest): // the head ends within a character
			size = len(rest)
		default:
			invalid++
			windows = windows || rest[0] <= 0x9f // controls in ISO 8859
		}
		rest = rest[size:]
	}
	switch {
	case valid+invalid == 0:
		return ""
	case valid >= invalid:
		return "utf-8"
	case windows:
		return "windows-1252"
	}
	return "iso-8859-1"
}

// misdeclared is an error where a text of one byte for each character is UTF-8: it would be read, and every accent
// would be two other characters.
func misdeclared(name string, head []byte) error {
	if enc, err := charset(name); err != nil || enc == nil || GuessCharset(head) != "utf-8" {
		return nil
	}
	if strings.HasPrefix(strings.ToLower(name), "utf") {
		return nil
	}
	return fmt.Errorf("charset %q: the text is utf-8, and its accents would be read as other characters; "+
		"hint: charset = \"utf-8\"", name)
}

// charsetHint is what would fit where headings are of another character set than the one declared.
func charsetHint(name string, head []byte) string {
	guess := GuessCharset(head)
	enc, err := charset(name)
	if err != nil || guess == "" || guess == "utf-8" || enc != nil && guess != "utf-16" {
		return ""
	}
	return fmt.Sprintf("; hint: charset = %q", guess)
}

// decodeText gives UTF-8, without the byte order marks at the start: some
// products write several (entcore strips them too).
func decodeText(r io.Reader, name string) (io.Reader, error) {
	enc, err := charset(name)
	if err != nil {
		return nil, err
	}
	if enc != nil {
		r = enc.NewDecoder().Reader(r)
	}
	b := bufio.NewReaderSize(r, 4096)
	for range 4 {
		if mark, _ := b.Peek(3); string(mark) != "\xef\xbb\xbf" {
			break
		}
		b.Discard(3)
	}
	return b, nil
}
