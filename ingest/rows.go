package ingest

import "bytes"

// maxQuotedLines is how many line ends a quoted row may hold. Beyond, the quote
// is taken for a stray one, and its line alone is refused.
const maxQuotedLines = 32

// Rows cuts delimited text into rows and fields: RFC 4180, any separator, lines
// that end in LF, CRLF or CR. A quote counts where a field begins; one that never
// closes costs its own line, not the rest of the file.
type Rows struct {
	Sep   byte
	Quote byte // 0: no quoting
	EOL   byte // '\n' or '\r'
}

// LineEnd is what lines are counted by.
func (f Rows) LineEnd() byte { return f.EOL }

// Cut implements Framing.
func (f Rows) Cut(buf []byte) int {
	last := bytes.LastIndexByte(buf, f.EOL) + 1
	if f.Quote == 0 || bytes.IndexByte(buf[:last], f.Quote) < 0 {
		return last
	}
	for at := 0; ; {
		n, _, _, found := f.End(buf[at:], false)
		if !found || at+n >= len(buf) {
			return at
		}
		at += n + 1
	}
}

// Resync implements Framing.
func (f Rows) Resync(buf []byte) int {
	if i := bytes.IndexByte(buf, f.EOL); i >= 0 {
		return i + 1
	}
	return -1
}

// End finds the end of the row that begins at b[0]: its length without the line
// end and the lines it takes. A row that cannot be used has a reason. found is
// false when more input is needed; atEOF reports that b is the end of the input.
func (f Rows) End(b []byte, atEOF bool) (n, lines int, reason Reason, found bool) {
	first := bytes.IndexByte(b, f.EOL)
	if first < 0 {
		if !atEOF || len(b) == 0 {
			return 0, 0, "", false
		}
		first = len(b)
	}
	if f.Quote == 0 || bytes.IndexByte(b[:first], f.Quote) < 0 {
		return first, 1, "", true
	}
	n = first
	for begin, open := 0, false; ; {
		open = f.open(b[begin:n], open)
		lines++
		if !open {
			return n, lines, "", true
		}
		if n == len(b) || lines > maxQuotedLines {
			break
		}
		begin = n + 1
		next := bytes.IndexByte(b[begin:], f.EOL)
		switch {
		case next >= 0:
			n = begin + next
		case atEOF:
			n = len(b)
		default:
			return 0, 0, "", false
		}
	}
	// The quote never closes. Only the last line of a delivery has no line end,
	// wherever chunks are cut.
	if reason = ReasonMalformed; first == len(b) {
		reason = ReasonTruncated
	}
	return first, 1, reason, true
}

// open follows the quotes of one line: whether a quoted field is open after it.
func (f Rows) open(line []byte, open bool) bool {
	start := !open // at the start of a field
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case open:
			if c == f.Quote {
				if i+1 < len(line) && line[i+1] == f.Quote {
					i++
				} else {
					open = false
				}
			}
		case c == f.Sep:
			start = true
		case c == f.Quote && start:
			open, start = true, false
		default:
			start = false
		}
	}
	return open
}

// Split appends the fields of a row, unquoted in place, not trimmed. What stands
// between a closing quote and the separator is kept. It stops behind limit + 1.
func (f Rows) Split(row []byte, fields [][]byte, limit int) [][]byte {
	for {
		var field []byte
		if f.Quote != 0 && len(row) > 0 && row[0] == f.Quote {
			field, row = f.unquote(row)
		} else if i := bytes.IndexByte(row, f.Sep); i >= 0 {
			field, row = row[:i:i], row[i:]
		} else {
			field, row = row, nil
		}
		fields = append(fields, field)
		if len(row) == 0 || len(fields) > limit {
			return fields
		}
		row = row[1:] // the separator
	}
}

// unquote reads a field that begins with a quote; rest begins at the separator
// after it.
func (f Rows) unquote(row []byte) (field, rest []byte) {
	out, open := row[:0], true
	for i := 1; i < len(row); i++ {
		c := row[i]
		switch {
		case c == f.Quote && open && i+1 < len(row) && row[i+1] == f.Quote:
			out = append(out, c)
			i++
		case c == f.Quote && open:
			open = false
		case c == f.Sep && !open:
			return out, row[i:]
		default:
			out = append(out, c)
		}
	}
	return out, nil
}

// EachRow hands on the rows of a chunk cut by f that are not empty, each without
// its line end and with the line it begins on; broken takes those that cannot be
// used.
func (f Rows) EachRow(chunk []byte, row func(row []byte, line int64), broken func(line int64, reason Reason)) {
	for line := int64(1); len(chunk) > 0; {
		n, lines, reason, _ := f.End(chunk, true)
		text := chunk[:n]
		if f.EOL == '\n' {
			text = bytes.TrimSuffix(text, []byte{'\r'})
		} else { // a CRLF among CRs
			text = bytes.TrimPrefix(text, []byte{'\n'})
		}
		switch {
		case reason != "":
			broken(line, reason)
		case len(text) > 0:
			row(text, line)
		}
		chunk = chunk[min(n+1, len(chunk)):]
		line += int64(lines)
	}
}
