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
// What has no such shape is given back as it is.
func shipped(head []byte) []byte {
	if b, ok := bracketed(head); ok {
		head = b
	} else if b, ok := piped(head); ok {
		head = b
	}
	if len(head) > 3 && head[0] == '<' {
		if i := bytes.IndexByte(head, '>'); i > 1 && i < 6 && number(head[1:i]) {
			head = head[i+1:]
			if len(head) > 2 && head[0] == '1' && head[1] == ' ' {
				head = head[2:]
			}
		}
	}
	if len(head) > 16 && month(head[:3]) && head[3] == ' ' && number(bytes.TrimLeft(head[4:6], " ")) &&
		head[6] == ' ' && clock(head[7:15]) && head[15] == ' ' {
		if b, ok := tagged(head[16:]); ok {
			return b
		}
		return head
	}
	i := bytes.IndexByte(head, ' ')
	if i < 0 || !timestamp(head[:i]) {
		return head
	}
	rest := head[i+1:]
	for _, stream := range []string{"stdout F ", "stderr F "} {
		if b, ok := bytes.CutPrefix(rest, []byte(stream)); ok {
			return b
		}
	}
	if b, ok := tagged(rest); ok {
		return b
	}
	if b, ok := structured(rest); ok {
		return b
	}
	return rest
}

// tagged takes off `host tag: `, whose tag may hold a process id, or `tag: ` alone.
func tagged(b []byte) ([]byte, bool) {
	for range 2 {
		i := bytes.IndexByte(b, ' ')
		if i < 1 {
			return nil, false
		}
		field := b[:i]
		b = b[i+1:]
		if field[len(field)-1] == ':' && len(field) > 1 {
			return b, true
		}
		if !isHost(field) {
			return nil, false
		}
	}
	return nil, false
}

// structured takes off `host app procid msgid -` of RFC 5424, without structured
// data.
func structured(b []byte) ([]byte, bool) {
	for i := range 5 {
		end := bytes.IndexByte(b, ' ')
		if end < 1 || i == 0 && !isHost(b[:end]) || i == 4 && string(b[:end]) != "-" {
			return nil, false
		}
		b = b[end+1:]
	}
	// What is left must still be a whole head: `- user` alone would be the end of one.
	return b, bytes.Count(b, []byte{' '}) >= 2
}

// bracketed takes off `[pod/name/container] `.
func bracketed(b []byte) ([]byte, bool) {
	if len(b) < 5 || b[0] != '[' || !bytes.HasPrefix(b[1:], []byte("pod/")) {
		return nil, false
	}
	i := bytes.Index(b, []byte("] "))
	return b[max(i+2, 0):], i > 0
}

// piped takes off `service_1  | `.
func piped(b []byte) ([]byte, bool) {
	i := bytes.Index(b, []byte("| "))
	return b[max(i+2, 0):], i > 1 && i < 64 && isName(bytes.TrimRight(b[:i], " "))
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
	return len(b) >= 19 && number(b[:4]) && b[4] == '-' && b[7] == '-' && (b[10] == 'T' || b[10] == 't') &&
		clock(b[11:19])
}
