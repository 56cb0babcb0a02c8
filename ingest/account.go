package ingest

import "bytes"

// CanBeAccount reports whether a text can be what somebody signs in with, or a name. An
// address, a URL, an instant or a bracketed value stands in another field of a log: a
// reader that finds one where the account stands has a line with a field more, or one
// less, or two exchanged.
func CanBeAccount(b []byte) bool {
	switch {
	case len(b) == 0, bytes.ContainsAny(b, "\"[]<>{}|"), b[len(b)-1] == ':', bytes.HasPrefix(b, []byte("urn:")),
		bytes.Contains(b, []byte("://")) && bytes.Count(b, []byte{'!'}) != 2, // SAML's persistent-id is of two URLs
		b[0] == '/' && bytes.IndexByte(b, '=') < 0:
		return false
	case len(b) >= 10 && b[4] == '-' && b[7] == '-' && digits(b[:4]) && digits(b[5:7]) && digits(b[8:10]):
		return false
	}
	dots, colons, others := 0, 0, 0
	for _, c := range b {
		switch {
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c-'0' > 9 && (colons == 0 || c|0x20-'a' > 5):
			others++
		}
	}
	return others > 0 || dots != 3 && colons < 2
}

func digits(b []byte) bool {
	_, ok := Digits(b)
	return ok
}
