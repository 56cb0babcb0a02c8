package microdata

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxField bounds one field, so that an unclosed quote does not take all memory.
const maxField = 1 << 20

// ReadCSV reads a CSV (RFC 4180) in UTF-8 with a heading. Every row must have as
// many fields as the heading; a quote stands only where a field is quoted.
func ReadCSV(r io.Reader, o Options) (*Input, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	if head, _ := in.Peek(64 << 10); bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		in = bufio.NewReaderSize(&returns{in}, 1<<20) // lines of an old Mac
	}
	if bom, _ := in.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		in.Discard(3)
	}
	s := &scanner{in: in, delimiter: byte(o.Delimiter), line: 1}
	if o.Delimiter == 0 {
		s.delimiter = byte(findDelimiter(firstLine(in)))
	} else if o.Delimiter >= utf8.RuneSelf {
		return nil, fmt.Errorf("%w: the delimiter is not one ASCII character", ErrInput)
	}
	if err := s.next(); err != nil {
		return nil, fmt.Errorf("%w: line 1: %w", ErrInput, reason(err))
	}
	heading := make([]string, s.n())
	for i := range heading {
		heading[i] = string(s.field(i))
	}
	b, err := newBuilder(heading, o)
	if err != nil {
		return nil, err
	}
	for {
		err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrInput, s.start, reason(err))
		}
		if s.n() != len(heading) {
			if s.blank {
				continue
			}
			return nil, fmt.Errorf("%w: line %d has %d fields, the heading has %d", ErrInput, s.start, s.n(),
				len(heading))
		}
		for i, c := range b.at {
			if c == nil {
				continue
			}
			text := s.field(i)
			if !utf8.Valid(text) {
				return nil, fmt.Errorf("%w: line %d, column %q: not UTF-8", ErrInput, s.start, c.name)
			}
			c.add(text)
		}
		b.rows++
	}
	return b.input()
}

var (
	errQuote = errors.New("a quote is not closed, or stands inside a field")
	errLong  = errors.New("a field is too long")
	errNUL   = errors.New("a NUL character")
)

// reason keeps errors that quote nothing.
func reason(err error) error {
	if err == io.EOF {
		return errors.New("the file is empty")
	}
	return err
}

// scanner reads records into one buffer; encoding/csv spends a string on each.
type scanner struct {
	in          *bufio.Reader
	delimiter   byte
	line, start int
	buffer      []byte
	ends        []int
	blank       bool // the record is an empty line: not even an empty field in quotes
}

func (s *scanner) n() int { return len(s.ends) }

func (s *scanner) field(i int) []byte {
	from := 0
	if i > 0 {
		from = s.ends[i-1]
	}
	return s.buffer[from:s.ends[i]]
}

// next reads one record; io.EOF at the end.
func (s *scanner) next() error {
	s.buffer, s.ends, s.start = s.buffer[:0], s.ends[:0], s.line
	line, err := s.readLine()
	if err != nil {
		return err
	}
	s.blank = len(line) == 0
	for {
		if len(line) > 0 && line[0] == '"' {
			if line, err = s.quoted(line[1:]); err != nil {
				return err
			}
		} else {
			i := bytes.IndexByte(line, s.delimiter)
			field := line
			if i >= 0 {
				field = line[:i]
			}
			if bytes.IndexByte(field, '"') >= 0 {
				return errQuote
			}
			if bytes.IndexByte(field, 0) >= 0 {
				return errNUL
			}
			s.buffer = append(s.buffer, field...)
			line = line[len(field):]
		}
		s.ends = append(s.ends, len(s.buffer))
		if len(line) == 0 {
			return nil
		}
		line = line[1:] // the delimiter
	}
}

// quoted reads the rest of a quoted field and gives what follows it, which is
// nothing or starts with the delimiter.
func (s *scanner) quoted(line []byte) ([]byte, error) {
	from := len(s.buffer)
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			s.buffer = append(append(s.buffer, line...), '\n')
			if len(s.buffer)-from > maxField {
				return nil, errLong
			}
			next, err := s.readLine()
			if err == io.EOF {
				return nil, errQuote
			}
			if err != nil {
				return nil, err
			}
			line = next
			continue
		}
		s.buffer = append(s.buffer, line[:i]...)
		line = line[i+1:]
		switch {
		case len(line) > 0 && line[0] == '"':
			s.buffer = append(s.buffer, '"')
			line = line[1:]
		case len(line) == 0 || line[0] == s.delimiter:
			if bytes.IndexByte(s.buffer[from:], 0) >= 0 {
				return nil, errNUL
			}
			return line, nil
		default:
			return nil, errQuote
		}
	}
}

// readLine gives the next line without its end, valid until the next call.
func (s *scanner) readLine() ([]byte, error) {
	line, err := s.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		return nil, errLong
	}
	if err != nil && (err != io.EOF || len(line) == 0) {
		return nil, err
	}
	s.line++
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), nil
}

// returns reads a text whose lines end in a carriage return alone.
type returns struct{ in io.Reader }

func (r *returns) Read(b []byte) (int, error) {
	n, err := r.in.Read(b)
	for i, c := range b[:n] {
		if c == '\r' {
			b[i] = '\n'
		}
	}
	return n, err
}
