package combined

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
)

// quoted reads a field between double quotes behind at most one space; a
// backslash takes the next byte with it.
func quoted(b []byte) (field, rest []byte, ok bool) {
	if len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	if len(b) < 2 || b[0] != '"' {
		return nil, nil, false
	}
	b = b[1:]
	for from := 0; ; {
		i := bytes.IndexByte(b[from:], '"')
		if i < 0 {
			return nil, nil, false
		}
		i += from
		slashes := 0
		for slashes < i && b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return b[:i], b[i+1:], true
		}
		from = i + 1
	}
}

// status reads ` 200 1234` (or ` 200 -`).
func status(b []byte) (code int, rest []byte, ok bool) {
	if len(b) < 6 || b[0] != ' ' || b[4] != ' ' {
		return 0, nil, false
	}
	code, ok = ingest.Digits(b[1:4])
	if !ok {
		return 0, nil, false
	}
	b = b[5:]
	n := 0
	for n < len(b) && (b[n]-'0' <= 9 || b[n] == '-') {
		n++
	}
	return code, b[n:], n > 0
}

// external is the application that uPortal's counting redirect leads to, without
// the name of the school.
func external(path, query []byte) []byte {
	if len(query) == 0 || !bytes.HasSuffix(path, []byte("/ExternalURLStats")) {
		return nil
	}
	for len(query) > 0 {
		var pair []byte
		pair, query, _ = bytes.Cut(query, []byte{'&'})
		if fname, ok := bytes.CutPrefix(pair, []byte("fname=")); ok {
			if i := bytes.IndexByte(fname, '_'); i > 0 {
				fname = fname[:i]
			}
			return fname
		}
	}
	return nil
}

// target splits `GET /path?query HTTP/1.1`.
func target(asked []byte) (method, path, query []byte, ok bool) {
	i := bytes.IndexByte(asked, ' ')
	if i < 1 || i > 16 || i+1 >= len(asked) {
		return nil, nil, nil, false
	}
	method, path = asked[:i], asked[i+1:]
	if j := bytes.LastIndexByte(path, ' '); j >= 0 {
		path = path[:j]
	}
	path, query = place(path)
	return method, path, query, len(path) > 0
}

// place splits a path from its query, and takes off the host of an absolute one.
func place(path []byte) (_, query []byte) {
	for j, c := range path {
		if c == '?' || c == ';' || c == '#' {
			path, query = path[:j], path[j+1:]
			break
		}
	}
	if len(path) > 7 && path[0] != '/' && path[0]|0x20 == 'h' { // http://host/path, through a proxy
		if j := bytes.Index(path, []byte("://")); j > 0 {
			path = path[j+3:]
			if k := bytes.IndexByte(path, '/'); k >= 0 {
				path = path[k:]
			}
		}
	}
	return path, query
}

// shows reports whether a method lets a person see or do something.
func shows(method []byte) bool {
	switch string(method) {
	case "GET", "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

// static reports whether a path ends in the extension of a file that pages are
// made of.
func static(path []byte) bool {
	n := len(path)
	for i := n - 1; i >= 0 && i >= n-6; i-- {
		if path[i] != '.' {
			continue
		}
		switch string(path[i+1:]) {
		case "css", "js", "mjs", "map", "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif",
			"woff", "woff2", "ttf", "eot", "otf", "mp3", "wav", "wasm", "manif", "CSS", "JS", "PNG", "JPG", "GIF":
			return true
		}
		return false
	}
	return false
}
