package ingest

import "bytes"

// Objects is the framing of JSON objects that stand in an array or one behind
// the other, on any number of lines.
type Objects struct{}

// Cut implements Framing.
func (Objects) Cut(buf []byte) int {
	cut := 0
	for i := 0; i < len(buf); i++ {
		if buf[i] == '{' {
			n := ObjectEnd(buf[i:])
			if n < 0 {
				break
			}
			i += n - 1
			cut = i + 1
		}
	}
	return cut
}

// Resync implements Framing: an object that does not end is left at the last
// line end in sight. (At the first, a file of opening brackets would be scanned
// once for each of its lines.)
func (Objects) Resync(buf []byte) int {
	if n := bytes.LastIndexByte(buf, '\n'); n >= 0 {
		return n + 1
	}
	return -1
}

// EachObject calls object for each object of a chunk cut by Objects, with the
// line it begins on, and broken for what is none or does not end; it goes on at
// the next line. Behind the first that does not end, the others must end on
// their line: a chunk is not scanned twice.
func EachObject(chunk []byte, object func(record []byte, line int64), broken func(line int64, reason Reason)) {
	wholeChunk := true
	for n := int64(1); len(chunk) > 0; {
		switch chunk[0] {
		case '\n':
			n++
			chunk = chunk[1:]
			continue
		case ' ', '\t', '\r', ',', '[', ']':
			chunk = chunk[1:]
			continue
		}
		reason, end := ReasonMalformed, -1
		if chunk[0] == '{' {
			reason = ReasonTruncated
			within := chunk
			if !wholeChunk {
				within, _ = NextLine(chunk)
			}
			end = ObjectEnd(within)
		}
		if end >= 0 {
			object(chunk[:end], n)
		} else {
			broken(n, reason)
			wholeChunk = wholeChunk && reason != ReasonTruncated
			if end = bytes.IndexByte(chunk, '\n'); end < 0 {
				return
			}
		}
		n += int64(bytes.Count(chunk[:end], newline))
		chunk = chunk[end:]
	}
}

// StringEnd is the index of the quote that closes a string whose content begins
// at i, -1 if there is none.
func StringEnd(b []byte, i int) (end int, escaped bool) {
	from := i
	for {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1, false
		}
		i += n
		slashes := 0
		for i-1-slashes >= from && b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i, bytes.IndexByte(b[from:i], '\\') >= 0
		}
		i++
	}
}

// ObjectEnd is the index behind the object or array that begins at b[0], -1 if
// it does not end in b.
func ObjectEnd(b []byte) int {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end, _ := StringEnd(b, i+1)
			if end < 0 {
				return -1
			}
			i = end
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
