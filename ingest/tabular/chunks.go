package tabular

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/encoding"

	"github.com/entscope/entscope/ingest"
)

// Binding is a mapping bound to the head of one file, for readers that are given
// the file in chunks, in any order and on several cores. It is read-only.
type Binding struct {
	mapping *Mapping
	rows    *Rows
	framing ingest.Rows
	// head holds the skipped lines, and the header when it cannot be bound, as the
	// file spells them: chunks that begin with it are read behind it.
	head []byte
	err  error
}

// Bind binds a checked mapping to the header of the file that begins with head;
// zone is used where the mapping names none. Where the header does not fit, Err
// says why and every row is to be refused.
func Bind(head []byte, m *Mapping, fields []Field, zone *time.Location) *Binding {
	text := bytes.Clone(head) // fields are unquoted in place
	if enc, _ := charset(m.Charset); enc != nil {
		text, _ = enc.NewDecoder().Bytes(text)
	}
	delimiter, _ := m.delimiter()
	quote, _ := m.quote()
	scan := wholeText(text, ingest.Rows{Sep: delimiter, Quote: quote})
	b := &Binding{mapping: m, rows: newRows(scan, m, fields, nil)}
	if b.err = b.rows.bind(m, zone); b.err != nil {
		b.err = fmt.Errorf("%w%s", b.err, charsetHint(m.Charset, head)+m.headingsHint(head))
	}
	if err := misdeclared(m.Charset, head); err != nil {
		b.err = err
	}
	if scan.rows.EOL == 0 && !scan.findEOL() {
		scan.rows.EOL = '\n'
	}
	b.framing = scan.rows
	if m.Skip > 0 || b.err != nil {
		b.head = firstLines(head, b.framing.EOL, scan.line)
	}
	return b
}

// Err is why the mapping does not fit the header; nil when it does.
func (b *Binding) Err() error { return b.err }

// Framing cuts the file into chunks of whole rows.
func (b *Binding) Framing() ingest.Rows { return b.framing }

// firstLines is the first n lines of head.
func firstLines(head []byte, eol byte, n int64) []byte {
	end := 0
	for range n {
		i := bytes.IndexByte(head[end:], eol)
		if i < 0 {
			return bytes.Clone(head)
		}
		end += i + 1
	}
	return bytes.Clone(head[:end])
}

// wholeText is a scanner of a text that is all there.
func wholeText(text []byte, rows ingest.Rows) *Scanner {
	return &Scanner{rows: rows, buf: text, end: len(text), eof: true}
}

// Chunks reads the rows of chunks, for the use of one goroutine.
type Chunks struct {
	*Rows
	binding *Binding
	charset *encoding.Decoder
}

// Chunks returns a reader of the file's chunks.
func (b *Binding) Chunks() *Chunks {
	rows := newRows(wholeText(nil, b.framing), b.mapping, nil, nil)
	rows.columns, rows.header = slices.Clone(b.rows.columns), b.rows.header
	rows.width, rows.origin = b.rows.width, b.rows.origin
	rows.values = make([][]byte, len(rows.columns))
	rows.moments = make([]Moment, len(rows.columns))
	rows.numbers = make([]int64, len(rows.columns))
	for i := range rows.columns {
		for _, clock := range []**clock{&rows.columns[i].clock, &rows.columns[i].dayClock} {
			if *clock != nil && (*clock).local != nil {
				*clock = (*clock).copy()
			}
		}
	}
	c := &Chunks{Rows: rows, binding: b}
	if enc, _ := charset(b.mapping.Charset); enc != nil {
		c.charset = enc.NewDecoder()
	}
	return c
}

// Reset makes Next read a chunk that Framing cut. The rows that do not fit go to
// reject, with lines counted from the start of the chunk; ignore is called for
// each comment, skipped line and header. The chunk may be written to.
func (c *Chunks) Reset(chunk []byte, reject func(ingest.Reject), ignore func()) {
	c.reject, c.ignore = reject, ignore
	b, skipped := c.binding, int64(0)
	if len(b.head) > 0 && bytes.HasPrefix(chunk, b.head) {
		skipped = int64(bytes.Count(b.head, []byte{b.framing.EOL}))
		for range b.rows.ignored {
			ignore()
		}
		chunk = chunk[len(b.head):]
	}
	if c.charset != nil {
		text, err := c.charset.Bytes(chunk)
		if err != nil {
			text = nil // a single-byte character set has no invalid text
		}
		chunk = text
	}
	fields := c.scan.fields
	*c.scan = *wholeText(chunk, b.framing)
	c.scan.line, c.scan.fields = skipped, fields
}

// RefuseAll refuses each row of the chunk.
func (c *Chunks) RefuseAll(reason ingest.Reason) {
	for c.scan.Scan() {
		c.Refuse(reason)
	}
}
