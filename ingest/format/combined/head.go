package combined

import "bytes"

// who finds the user in what stands before the "[" of the time:
//
//	[prefix ]["list" ][vhost[:port] ]host[, host…] ident user
//
// The prefix is what a log shipper puts before a line (syslog, journald, Docker,
// Kubernetes); several hosts are an X-Forwarded-For list. Every field must look like
// what it is, and a user is one word, or quoted: a line with a field more, a field
// less, or two exchanged must not make an account that nobody has. A user of several
// words that is not quoted needs a layout that says so.
func who(head []byte) (user []byte, ok bool) {
	if user, ok = plain(head); ok {
		return user, true
	}
	var fields [16][]byte
	n := 0
	head, n, ok = forwarded(shipped(head), &fields)
	if !ok {
		return nil, false
	}
	for len(head) > 0 {
		if n == len(fields) {
			return nil, false
		}
		field := head
		switch i := bytes.IndexByte(head, ' '); {
		case head[0] == '"':
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
		return user, len(user) == 0 || isUser(user, true)
	}
	return user, isUser(user, false)
}

// forwarded takes a quoted list of addresses off the front of a head, as fields: "a, b".
func forwarded(head []byte, fields *[16][]byte) (rest []byte, n int, ok bool) {
	if len(head) == 0 || head[0] != '"' {
		return head, 0, true
	}
	end := bytes.IndexByte(head[1:], '"') + 1
	if end < 2 || end+2 >= len(head) || head[end+1] != ' ' {
		return nil, 0, false
	}
	list := bytes.Split(head[1:end], []byte{' '})
	if len(list) > 8 || !isList(list) && string(head[1:end]) != "-" {
		return nil, 0, false
	}
	return head[end+2:], copy(fields[:], list), true
}

// plain is who for `address - user`, nearly every line of nearly every log.
func plain(head []byte) (user []byte, ok bool) {
	i := bytes.IndexByte(head, ' ')
	if i < 2 || len(head) < i+4 || head[i+1] != '-' || head[i+2] != ' ' || !isAddress(head[:i]) {
		return nil, false
	}
	user = head[i+3:]
	return user, isUser(user, false)
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
	case len(f) > 1 && isVhost(f[0]):
		return isList(f[1:]) || len(f) == 2 && isName(f[1]) && bytes.IndexByte(f[1], '.') > 0
	}
	return false
}
