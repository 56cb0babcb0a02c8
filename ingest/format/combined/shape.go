package combined

import (
	"bytes"
	"unicode"
)

// What each field of an access log must look like.

// isAddress reports whether b looks like an IP address, also one of which a part
// was masked for data protection: "192.0.2.x", "192.0.2.***", "2001:db8::". A port
// may follow ("192.0.2.1:443", "[2001:db8::1]:443").
func isAddress(b []byte) bool {
	if len(b) > 2 && b[0] == '[' {
		end := bytes.IndexByte(b, ']')
		return end > 0 && isAddress(b[1:end]) && (end == len(b)-1 || hasPort(b[end:]))
	}
	if i := bytes.IndexByte(b, '/'); i > 0 && number(b[i+1:]) {
		b = b[:i] // a network: 192.0.2.0/24
	}
	dots, colons, digits := 0, 0, 0
	for i, c := range b {
		switch {
		case c-'0' < 10:
			digits++
		case c == '*':
			digits++
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c == '%' && colons > 1 && i > 2: // a zone: fe80::1%eth0
			return true
		case c|0x20 >= 'a' && c|0x20 <= 'f', c == 'x', c == 'X', c == '*':
			if c|0x20 >= 'a' && c|0x20 <= 'f' && colons == 0 && bytes.IndexByte(b, ':') < 0 {
				return false
			}
		default:
			return false
		}
	}
	switch {
	case colons >= 2:
		return true
	case dots == 3 && digits > 0:
		return colons == 0 || hasPort(b)
	}
	return false
}

// isHost reports whether b is an address, a host's name or "-".
func isHost(b []byte) bool { return isAddress(b) || isName(b) || string(b) == "-" }

// isName reports whether b is a host's name: letters, digits, dots, hyphens,
// underscores, and a letter among them.
func isName(b []byte) bool {
	letter := false
	for _, c := range b {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letter = true
		case c-'0' < 10, c == '.', c == '-', c == '_':
		default:
			return false
		}
	}
	return letter && b[0] != '-'
}

// hasPort reports whether b ends in a colon and a port, with one colon in all
// unless a bracket stands before it.
func hasPort(b []byte) bool {
	i := bytes.LastIndexByte(b, ':')
	if i < 1 || i == len(b)-1 || len(b)-i > 6 || b[i-1] != ']' && bytes.IndexByte(b, ':') != i {
		return false
	}
	for _, c := range b[i+1:] {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// isIdent reports whether b can be the answer of an ident server (RFC 1413). It is "-" on
// every server of today; another word is a field that was added or left out.
func isIdent(b []byte) bool { return string(b) == "-" }

// isUser reports whether b can be a user: no address, no time and no place on a server. It
// is one word, or several where something else says where it ends; a distinguished name of
// a certificate; or a name behind that of its domain: "ent:u1".
func isUser(b []byte, words bool) bool {
	if len(b) == 0 || len(b) > 256 || b[0] == ' ' || b[len(b)-1] == ' ' {
		return false
	}
	for i, c := range b {
		if !special[c] {
			continue
		}
		switch c {
		case '=':
			if len(bytes.TrimRight(b[i:], "=")) > 0 || len(b)%4 > 0 { // no padding of base64
				return isDistinguished(b, words)
			}
		case ':':
			if !isQualified(b, i) {
				return false
			}
		case ' ':
			if !words || b[i+1] == ' ' {
				return false
			}
		default:
			return c > ' ' && isDistinguished(b, words)
		}
	}
	if b[0]|0x20-'a' < 26 || b[0] >= 0x80 || string(b) == "-" {
		return true
	}
	if !bytes.ContainsFunc(b, isWordRune) { // signs alone
		return false
	}
	return !isAddress(b) && !isDecimal(b) && !isDay(b)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// special are the bytes that are not simply part of a user.
var special = func() (set [256]bool) {
	for c := range ' ' + 1 {
		set[c] = true
	}
	for _, c := range "\"/[],;()<>|=:\x7f" {
		set[c] = true
	}
	return set
}()

// isQualified reports whether the colon at i stands between a domain and a user, and
// not before a port or within a time.
func isQualified(b []byte, i int) bool {
	domain, user := b[:i], b[i+1:]
	return len(domain) > 0 && len(user) > 0 && bytes.IndexByte(domain, '.') < 0 && bytes.IndexByte(user, ':') < 0 &&
		!isNumbers(user) && !isNumbers(domain)
}

// isDistinguished reports whether b is the subject of a certificate: "CN=u1,OU=ent,C=FR",
// or "/C=FR/O=ent/CN=u1" as OpenSSL writes it.
func isDistinguished(b []byte, words bool) bool {
	sep := []byte{','}
	if b[0] == '/' {
		b, sep = b[1:], []byte{'/'}
	}
	if bytes.ContainsFunc(b, unicode.IsControl) {
		return false
	}
	named := false
	for part := range bytes.SplitSeq(b, sep) {
		name, value, ok := bytes.Cut(bytes.TrimPrefix(part, []byte{' '}), []byte{'='})
		if !ok || len(value) == 0 || bytes.ContainsAny(value, "\"[]<>|;/:") ||
			!words && bytes.IndexByte(part, ' ') >= 0 {
			return false
		}
		switch string(bytes.ToUpper(name)) {
		case "CN", "UID":
			named = true
		case "OU", "O", "DC", "C", "L", "ST", "EMAILADDRESS", "SERIALNUMBER", "SN", "GN", "GIVENNAME", "TITLE":
		default:
			return false
		}
	}
	return named
}

// isDay reports whether b is a day: 2025-11-10.
func isDay(b []byte) bool {
	return len(b) == 10 && b[4] == '-' && b[7] == '-' && number(b[:4]) && number(b[5:7]) && number(b[8:])
}

// isNumbers reports whether b is made of digits and what stands between them.
func isNumbers(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// isDecimal reports whether b is a number with decimals: a duration, and no account.
func isDecimal(b []byte) bool {
	dots := 0
	for _, c := range b {
		if c == '.' {
			dots++
		} else if c-'0' > 9 {
			return false
		}
	}
	return dots == 1
}

// isList reports whether the fields are one address, or addresses with commas
// between them: "a, b, c", "a,b,c". Proxies write "unknown" for one they hide.
func isList(f [][]byte) bool {
	for i, field := range f {
		last := i == len(f)-1
		if len(field) == 0 || !last && field[len(field)-1] != ',' {
			return false
		}
		for j, address := range bytes.Split(bytes.TrimSuffix(field, []byte{','}), []byte{','}) {
			alone := i == 0 && j == 0 && last && bytes.IndexByte(field, ',') < 0
			if !isAddress(address) && (alone || string(address) != "unknown") {
				return false
			}
		}
		if last && field[len(field)-1] == ',' {
			return false
		}
	}
	return len(f) > 0
}

// isListed reports whether a field begins a list of addresses.
func isListed(field []byte) bool {
	i := bytes.IndexByte(field, ',')
	return i > 0 && (isAddress(field[:i]) || string(field[:i]) == "unknown")
}

func number(b []byte) bool {
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return len(b) > 0
}

func month(b []byte) bool {
	for _, name := range months {
		if name == string(b) {
			return true
		}
	}
	return false
}

// clock reports whether b is hh:mm:ss.
func clock(b []byte) bool {
	return len(b) == 8 && b[2] == ':' && b[5] == ':' && two(b) < 24 && two(b[3:]) < 60 && two(b[6:]) < 61
}

// timestamp reports whether b is an instant of RFC 3339.
func timestamp(b []byte) bool {
	return len(b) >= 19 && isDay(b[:10]) && b[10]|0x20 == 't' && clock(b[11:19])
}

// decimals takes off the decimals of a second.
func decimals(b []byte) []byte {
	if len(b) > 1 && (b[0] == '.' || b[0] == ',') && b[1]-'0' <= 9 {
		return bytes.TrimLeft(b[1:], "0123456789")
	}
	return b
}

// two reads two digits; anything else gives a number above 99.
func two(b []byte) uint {
	t, u := uint(b[0]-'0'), uint(b[1]-'0')
	if t > 9 || u > 9 {
		return 100
	}
	return 10*t + u
}

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
