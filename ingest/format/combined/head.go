package combined

import "bytes"

// who finds the user in what stands before the "[" of the time:
//
//	[prefix ][vhost[:port] ]host[, host…] ident user
//
// The prefix is what a log shipper puts before a line (syslog, journald, Docker,
// Kubernetes); several hosts are an X-Forwarded-For list. Every field must look like
// what it is, and a user is one word, or quoted: a line with a field more, a field
// less, or two exchanged must not make an account that nobody has.
func who(head []byte) (user []byte, ok bool) {
	if user, ok = plain(head); ok {
		return user, true
	}
	head = shipped(head)
	var fields [12][]byte
	n := 0
	for len(head) > 0 {
		if n == len(fields) {
			return nil, false
		}
		field := head
		switch i := bytes.IndexByte(head, ' '); {
		case head[0] == '"' && n > 0:
			end := bytes.IndexByte(head[1:], '"')
			if end < 0 || end+2 != len(head) {
				return nil, false // only a user, the last field, is quoted
			}
			field, head = head[:end+2], nil
		case i < 0:
			head = nil
		default:
			field, head = head[:i], head[i+1:]
		}
		if len(field) == 0 {
			return nil, false // two spaces: a field is missing
		}
		fields[n] = field
		n++
	}
	f := fields[:n]
	if len(f) < 3 {
		return nil, false
	}
	ident, user := f[len(f)-2], f[len(f)-1]
	hosts := f[:len(f)-2]
	if !isIdent(ident) || !areHosts(hosts) {
		return nil, false
	}
	if user[0] == '"' {
		user = user[1 : len(user)-1]
	}
	return user, len(user) == 0 || isUser(user)
}

// plain is who for `address - user`, nearly every line of nearly every log.
func plain(head []byte) (user []byte, ok bool) {
	i := bytes.IndexByte(head, ' ')
	if i < 2 || len(head) < i+4 || head[i+1] != '-' || head[i+2] != ' ' || !isAddress(head[:i]) {
		return nil, false
	}
	user = head[i+3:]
	return user, isUser(user)
}

// areHosts reports whether the fields are an address or a host's name, a list of
// addresses, or a virtual host before one of these.
func areHosts(f [][]byte) bool {
	switch {
	case len(f) == 1 && (isHost(f[0]) || isList(f)):
		return true
	case string(f[0]) == "-" && len(f) > 1: // no X-Forwarded-For, then the client
		return isList(f[1:])
	case len(f) > 1 && isList(f[:len(f)-1]) && isAddress(f[len(f)-1]): // X-Forwarded-For, then the client
		return true
	case isAddress(f[0]) || isListed(f[0]):
		return isList(f)
	case hasPort(f[0]): // vhost:port, then whatever a client is
		return len(f) == 2 && isHost(f[1]) || isList(f[1:])
	case len(f) > 1 && isName(f[0]):
		return isList(f[1:]) || len(f) == 2 && isName(f[1]) && bytes.IndexByte(f[1], '.') > 0
	}
	return false
}

// isList reports whether the fields are one address, or addresses with commas
// between them: "a, b, c", "a,b,c". Proxies write "unknown" for one they hide.
func isList(f [][]byte) bool {
	for i, field := range f {
		last := i == len(f)-1
		if !last && field[len(field)-1] != ',' {
			return false
		}
		for j, address := range bytes.Split(bytes.TrimSuffix(field, []byte{','}), []byte{','}) {
			if !isAddress(address) &&
				!(string(address) == "unknown" && (i > 0 || j > 0 || !last || bytes.IndexByte(field, ',') > 0)) {
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

// isUser reports whether b can be a user: one word that is no address, no time and
// no place on a server.
func isUser(b []byte) bool {
	if len(b) == 0 || len(b) > 256 {
		return false
	}
	colons := 0
	for _, c := range b {
		switch {
		case c <= ' ', c == '"', c == '/', c == '[', c == ']', c == ',', c == ';', c == '(', c == ')', c == '<',
			c == '>', c == '|', c == 0x7f:
			return false
		case c == ':':
			colons++
		}
	}
	return colons == 0 && !isAddress(b) && !isDecimal(b)
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
