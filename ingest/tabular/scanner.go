package tabular

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/entscope/entscope/ingest"
)

// Limits of a record. A longer one is refused and skipped, so that a 10 GB line
// or a million columns cost neither memory nor the rest of the file.
const (
	MaxRecord = 1 << 20 // bytes
	MaxFields = 4096

	bufferSize = 256 << 10
)

// Scanner cuts UTF-8 text into records and fields. The fields alias its buffer
// and are valid until the next call of Scan.
type Scanner struct {
	r          io.Reader
	rows       ingest.Rows // EOL is found on the first line; 0: not yet
	buf        []byte
	pos, end   int
	eof        bool
	err        error
	line       int64 // number of physical lines before pos
	recordLine int64
	record     []byte
	fields     [][]byte
	reason     ingest.Reason
	open       bool // the record has no line end
}

// NewScanner returns a scanner of r. A quote of 0 reads quotes as text.
func NewScanner(r io.Reader, delimiter, quote byte) *Scanner {
	return &Scanner{r: r, rows: ingest.Rows{Sep: delimiter, Quote: quote}, buf: make([]byte, bufferSize)}
}

// Scan advances to the next record that is not an empty line. A record that
// cannot be used has a Reason and no fields.
func (s *Scanner) Scan() bool {
	for {
		s.reason, s.fields = "", s.fields[:0]
		record, ok := s.next()
		if !ok {
			return false
		}
		s.record = record
		if s.reason != "" {
			return true
		}
		if len(record) == 0 {
			continue
		}
		s.split(record)
		return true
	}
}

// Fields are those of the record, unquoted, not trimmed.
func (s *Scanner) Fields() [][]byte { return s.fields }

// Record is the text of the record as it stands in the file, also of one that cannot be used; nil of one that is too
// long. Splitting it into fields may have written to it.
func (s *Scanner) Record() []byte { return s.record }

// Line is the 1-based number of the record's first line.
func (s *Scanner) Line() int64 { return s.recordLine }

// Reason says why the record cannot be used; "" if it can.
func (s *Scanner) Reason() ingest.Reason { return s.reason }

// OpenEnded reports whether the record ends with the file and not with the end of a line: it may be cut.
func (s *Scanner) OpenEnded() bool { return s.open }

// Err is the failure of the underlying reader, if any, io.EOF apart.
func (s *Scanner) Err() error { return s.err }

// next returns the bytes of the next record without its line end.
func (s *Scanner) next() ([]byte, bool) {
	s.recordLine = s.line + 1
	for {
		if n, lines, found := s.recordEnd(); found {
			record := s.buf[s.pos : s.pos+n]
			s.pos += n
			if s.open = s.pos == s.end; !s.open {
				s.pos++ // the line end
			}
			s.line += lines
			if s.rows.EOL == '\n' {
				record = bytes.TrimSuffix(record, []byte{'\r'})
			} else { // a CRLF among CRs
				record = bytes.TrimPrefix(record, []byte{'\n'})
			}
			if !utf8.Valid(record) || bytes.IndexByte(record, 0) >= 0 {
				s.reason = ingest.ReasonEncoding
			}
			return record, true
		}
		if s.end-s.pos > MaxRecord {
			s.skipLine()
			s.reason = ingest.ReasonTooLong
			return nil, true
		}
		if s.eof && s.pos == s.end {
			return nil, false
		}
		s.fill()
	}
}

// recordEnd looks for the end of the record that begins at pos: its length
// without the line end and the number of lines it takes. found is false when
// more input is needed, or the record is too long.
func (s *Scanner) recordEnd() (n int, lines int64, found bool) {
	if s.rows.EOL == 0 && !s.findEOL() {
		return 0, 0, false
	}
	window := s.buf[s.pos:s.end]
	n, count, reason, found := s.rows.End(window, s.eof || len(window) > MaxRecord)
	if found = found && n <= MaxRecord; found {
		s.reason = reason
	}
	return n, int64(count), found
}

// findEOL decides how lines end, from the first line end of the file.
func (s *Scanner) findEOL() bool {
	window := s.buf[s.pos:s.end]
	i := bytes.IndexAny(window, "\r\n")
	switch {
	case i < 0:
		if !s.eof && len(window) <= MaxRecord {
			return false
		}
		s.rows.EOL = '\n'
	case window[i] == '\n':
		s.rows.EOL = '\n'
	case i+1 < len(window) && window[i+1] != '\n':
		s.rows.EOL = '\r'
	case i+1 < len(window) || s.eof:
		s.rows.EOL = '\n'
	default:
		return false
	}
	return true
}

// split cuts a record into fields, unquoting in place.
func (s *Scanner) split(record []byte) {
	if s.fields = s.rows.Split(record, s.fields, MaxFields); len(s.fields) > MaxFields {
		s.fields, s.reason = s.fields[:0], ingest.ReasonFields
	}
}

// skipLine drops the input up to and with the next line end.
func (s *Scanner) skipLine() {
	for {
		if s.rows.EOL == 0 {
			s.rows.EOL = '\n'
		}
		if i := bytes.IndexByte(s.buf[s.pos:s.end], s.rows.EOL); i >= 0 {
			s.pos += i + 1
			s.line++
			return
		}
		s.pos = s.end
		if s.eof {
			s.line++
			return
		}
		s.fill()
	}
}

// fill reads more input after what is not yet consumed.
func (s *Scanner) fill() {
	if s.eof {
		return
	}
	copy(s.buf, s.buf[s.pos:s.end])
	s.end -= s.pos
	s.pos = 0
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.eof = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
			return
		}
		if n > 0 {
			return
		}
	}
	s.eof, s.err = true, io.ErrNoProgress
}
