package tabular

import (
	"bufio"
	"fmt"
	"io"
	"strings"

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
	case "iso88591", "latin1":
		return charmap.ISO8859_1, nil
	case "iso885915", "latin9":
		return charmap.ISO8859_15, nil
	case "windows1252", "cp1252":
		return charmap.Windows1252, nil
	case "utf16", "utf16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	}
	return nil, fmt.Errorf("charset %w", vocabulary.Unknown(name, Charsets))
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
