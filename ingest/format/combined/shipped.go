package combined

import "bytes"

// shipped takes off what a log shipper puts before a line. Each prefix is known by
// its own shape, from its beginning:
//
//	Nov 10 12:11:55 host nginx[12]:      RFC 3164: syslog, rsyslog, journalctl
//	<134>1 2025-11-10T12:11:55Z host app 12 id -     RFC 5424, with or without <pri>
//	2025-11-10T12:11:55+01:00 host nginx:            rsyslog's own format
//	2025-11-10T12:11:55.123456789Z stdout F          CRI (containerd, CRI-O)
//	2025-11-10T12:11:55.123456789Z                   docker logs --timestamps
//	web_1  |  and  [pod/web-7c/nginx]                docker compose, kubectl --prefix
//
// One may stand before the other, such as a service of docker compose before its time.
// What has no such shape is given back as it is.
func shipped(head []byte) []byte {
	for range 3 {
		rest, ok := shipper(head)
		if !ok {
			break
		}
		head = rest
	}
	return head
}

// shipper takes one prefix off.
func shipper(head []byte) ([]byte, bool) {
	if len(head) < 5 {
		return head, false
	}
	switch c := head[0]; {
	case c == '[':
		return bracketed(head)
	case c == '<':
		return syslog(head)
	case c-'0' <= 9:
		return stamped(head)
	case c-'A' < 26:
		if rest, ok := syslog(head); ok {
			return rest, true
		}
	}
	return piped(head)
}

// syslog takes off what RFC 3164 or RFC 5424 put before a message.
func syslog(head []byte) ([]byte, bool) {
	if head[0] == '<' {
		i := bytes.IndexByte(head, '>')
		if i < 2 || i > 5 || !number(head[1:i]) {
			return head, false
		}
		head = head[i+1:]
		if rest, ok := bytes.CutPrefix(head, []byte("1 ")); ok {
			end := bytes.IndexByte(rest, ' ')
			if end < 0 || !timestamp(rest[:end]) && string(rest[:end]) != "-" {
				return head, false
			}
			return structured(rest[end+1:])
		}
	}
	if len(head) < 17 || !month(head[:3]) || head[3] != ' ' || !number(bytes.TrimLeft(head[4:6], " ")) ||
		head[6] != ' ' || !clock(head[7:15]) {
		return head, false
	}
	rest, ok := bytes.CutPrefix(decimals(head[15:]), []byte{' '})
	if !ok {
		return head, false
	}
	return tagged(rest)
}

// stamped takes off an instant, and what rsyslog, RFC 5424 without <pri>, CRI or nobody
// puts behind it.
func stamped(head []byte) ([]byte, bool) {
	i := bytes.IndexByte(head, ' ')
	if i == 10 && len(head) > 19 && isDay(head[:10]) && clock(head[11:19]) {
		i = 19 + bytes.IndexByte(head[19:], ' ') // 2025-11-10 12:11:55.123
		if i < 19 || len(decimals(head[19:i])) > 0 {
			return head, false
		}
	} else if i < 0 || !timestamp(head[:i]) {
		return head, false
	}
	rest := head[i+1:]
	if b, ok := stream(rest); ok {
		return b, true
	}
	if b, ok := tagged(rest); ok {
		return b, true
	}
	if b, ok := structured(rest); ok {
		return b, true
	}
	return rest, true
}

// stream takes off `stdout F `, the stream of a whole line of CRI.
func stream(b []byte) ([]byte, bool) {
	for _, name := range []string{"stdout F ", "stderr F "} {
		if rest, ok := bytes.CutPrefix(b, []byte(name)); ok {
			return rest, true
		}
	}
	return b, false
}

// tagged takes off `host tag: `, whose tag may hold a process id, or `tag: ` alone.
func tagged(b []byte) ([]byte, bool) {
	for range 2 {
		i := bytes.IndexByte(b, ' ')
		if i < 1 {
			return b, false
		}
		field := b[:i]
		b = b[i+1:]
		if field[len(field)-1] == ':' && len(field) > 1 && !isAddress(field) {
			return b, true
		}
		if !isHost(field) {
			return b, false
		}
	}
	return b, false
}

// structured takes off `host app procid msgid data` of RFC 5424; the data are "-" or
// elements in brackets.
func structured(b []byte) ([]byte, bool) {
	for i := range 4 {
		end := bytes.IndexByte(b, ' ')
		if end < 1 || i == 0 && !isHost(b[:end]) {
			return b, false
		}
		b = b[end+1:]
	}
	for n := 0; ; n++ {
		switch {
		case n == 0 && bytes.HasPrefix(b, []byte("- ")), n > 0 && len(b) > 0 && b[0] == ' ':
			// What is left must still be a whole head: `- user` alone would be the end of one.
			b = bytes.TrimPrefix(b[bytes.IndexByte(b, ' ')+1:], []byte("\xef\xbb\xbf"))
			return b, bytes.Count(b, []byte{' '}) >= 2 || len(b) > 0 && b[0] == '{'
		case len(b) == 0 || b[0] != '[':
			return b, false
		}
		end := 1
		for quoted := false; end < len(b) && (quoted || b[end] != ']'); end++ {
			switch b[end] {
			case '\\':
				end++
			case '"':
				quoted = !quoted
			}
		}
		if end >= len(b) {
			return b, false
		}
		b = b[end+1:]
	}
}

// bracketed takes off `[pod/name/container] `.
func bracketed(b []byte) ([]byte, bool) {
	i := bytes.Index(b, []byte("] "))
	if i < 0 || !bytes.HasPrefix(b, []byte("[pod/")) {
		return b, false
	}
	return b[i+2:], true
}

// piped takes off `service_1  | `.
func piped(b []byte) ([]byte, bool) {
	i := bytes.Index(b, []byte("| "))
	if i < 2 || i > 64 || !isName(bytes.TrimRight(b[:i], " ")) {
		return b, false
	}
	return b[i+2:], true
}
