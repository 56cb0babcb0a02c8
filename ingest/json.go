package ingest

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Objects is the framing of JSON objects that stand in an array or one behind
// the other, on any number of lines.
type Objects struct {
	// Within is the key under which an outer object holds them in an array, as a page
	// of a learning record store ("statements") and an envelope of Caliper ("data")
	// do; the other members of it are scalars. Outer objects and bare ones may follow
	// one another. Empty: there are no outer objects.
	Within string
}

// Cut implements Framing.
func (o Objects) Cut(buf []byte) int {
	cut := 0
	for i := 0; i < len(buf); i++ {
		switch {
		case buf[i] == '{':
			n := o.opening(buf[i:])
			if n == 0 {
				n = ObjectEnd(buf[i:])
			}
			if n < 0 {
				return cut
			}
			i += n - 1
			cut = i + 1
		case buf[i] == ']' && o.Within != "":
			n := closing(buf[i:])
			if n < 0 {
				return cut
			}
			if n > 0 {
				i += n - 1
				cut = i + 1
			}
		case buf[i] == '\n' && len(bytes.TrimLeft(buf[cut:i], " \t\r")) == 0:
			cut = i + 1 // a blank line holds no record
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

// opening is the length of what an outer object holds before its records: 0 where b
// begins with a record, -1 where b ends before that can be told.
func (o Objects) opening(b []byte) int {
	if o.Within == "" {
		return 0
	}
	for i := 1; ; i++ {
		key, next := member(b, i)
		switch {
		case next <= 0:
			return next
		case b[next] == '[' && string(key) == o.Within:
			return next + 1
		}
		if i = scalarEnd(b, next); i <= 0 || b[i] != ',' {
			return min(i, 0)
		}
	}
}

// closing is the length of what an outer object holds behind its records, from the
// bracket that ends them: 0 where none ends, -1 where b ends before that can be told.
func closing(b []byte) int {
	i := blanks(b, 1)
	for i < len(b) && b[i] == ',' {
		_, next := member(b, i+1)
		if next <= 0 {
			return next
		}
		if i = scalarEnd(b, next); i <= 0 {
			return i
		}
	}
	switch {
	case i >= len(b):
		return -1
	case b[i] == '}':
		return i + 1
	}
	return 0
}

// member reads a key at i and gives the index of its value: 0 where there is no key,
// -1 where b ends before its value.
func member(b []byte, i int) (key []byte, value int) {
	if i = blanks(b, i); i >= len(b) {
		return nil, -1
	}
	if b[i] != '"' {
		return nil, 0
	}
	end, _ := StringEnd(b, i+1)
	if end < 0 {
		return nil, -1
	}
	key = b[i+1 : end]
	if i = blanks(b, end+1); i < len(b) && b[i] != ':' {
		return nil, 0
	}
	if i = blanks(b, i+1); i >= len(b) {
		return nil, -1
	}
	return key, i
}

// scalarEnd is the index of what follows a scalar and the blanks behind it: 0 where
// an object or an array begins, -1 where b ends before that.
func scalarEnd(b []byte, i int) int {
	switch b[i] {
	case '{', '[':
		return 0
	case '"':
		end, _ := StringEnd(b, i+1)
		if end < 0 {
			return -1
		}
		i = end + 1
	default:
		for i < len(b) && bytes.IndexByte([]byte(",}] \t\r\n"), b[i]) < 0 {
			i++
		}
	}
	if i = blanks(b, i); i >= len(b) {
		return -1
	}
	return i
}

func blanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\t' || b[i] == '\n' || b[i] == '\r') {
		i++
	}
	return i
}

// Each calls object for each object of a chunk cut by Cut, with the line it begins on,
// and broken for what is none or does not end; it goes on at the next line. Behind the
// first that does not end, the others must end on their line: a chunk is not scanned
// twice.
func (o Objects) Each(
	chunk []byte, object func(record []byte, line int64), broken func(line int64, reason Reason),
) {
	wholeChunk := true
	for n := int64(1); len(chunk) > 0; {
		skip := 0
		switch chunk[0] {
		case '\n', ' ', '\t', '\r', ',', '[':
			skip = 1
		case ']':
			skip = 1
			if o.Within != "" {
				skip = max(1, closing(chunk))
			}
		case '{':
			skip = max(0, o.opening(chunk))
		}
		if skip > 0 {
			n += int64(bytes.Count(chunk[:skip], newline))
			chunk = chunk[skip:]
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
	for ; i+8 <= len(b) && i < from+shortString; i += 8 {
		word := binary.LittleEndian.Uint64(b[i:])
		if m := bytesEqual(word, '"') | bytesEqual(word, '\\'); m != 0 {
			if i += bits.TrailingZeros64(m) / 8; b[i] == '"' {
				return i, false
			}
			break
		}
	}
	for { // of long strings, and of those with an escape
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

// shortString is the length up to which a string is searched eight bytes at a time:
// most keys and values end before a search by vectors has begun.
const shortString = 40

// bytesEqual has the high bit of each byte of a word that is c, up to the first; bits
// behind it say nothing.
func bytesEqual(word uint64, c byte) uint64 {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	x := word ^ ones*uint64(c)
	return (x - ones) & ^x & highs
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
