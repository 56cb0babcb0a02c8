package national

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/entscope/entscope/ingest"
)

// blockSize is how much of a file is decoded at a time; a longer row is no row.
const blockSize = 1 << 20

var byteOrderMark = []byte("\xef\xbb\xbf")

// block is a part of a file: whole rows.
type block struct {
	number uint32
	text   []byte
}

// framing tells from a file's first bytes how it is cut, and how much to skip before
// the headings.
func framing(head []byte) (rows ingest.Rows, skip int, err error) {
	for bytes.HasPrefix(head[skip:], byteOrderMark) {
		skip += len(byteOrderMark)
	}
	head = head[skip:]
	rows = ingest.Rows{Quote: '"', EOL: '\n'}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	if bytes.IndexByte(line, 0) >= 0 { // UTF-16, or no text
		return rows, 0, fmt.Errorf("%w: not UTF-8 text; hint: export it again as CSV in UTF-8", ErrUnknown)
	}
	if i := bytes.IndexByte(line, '\r'); i >= 0 && i+1 < len(line) {
		rows.EOL, line = '\r', line[:i]
	}
	for _, separator := range []byte(";,\t|") {
		if rows.Sep == 0 || bytes.Count(line, []byte{separator}) > bytes.Count(line, []byte{rows.Sep}) {
			rows.Sep = separator
		}
	}
	return rows, skip, nil
}

// headings are the names in the first row of a text.
func headings(text []byte, rows ingest.Rows) (names []string, length int, err error) {
	n, _, reason, found := rows.End(text, true)
	if !found || reason != "" || n > blockSize {
		return nil, 0, fmt.Errorf("%w: the headings cannot be read", ErrUnknown)
	}
	if !utf8.Valid(text[:n]) {
		return nil, 0, fmt.Errorf("%w: the headings are not UTF-8; hint: export it again in UTF-8", ErrUnknown)
	}
	line := bytes.Clone(bytes.TrimSuffix(text[:n], []byte("\r")))
	for _, f := range rows.Split(line, nil, maxColumns) {
		names = append(names, string(trim(f)))
	}
	return names, min(n+1, len(text)), nil
}

// textFile decodes a delimited file of the DNMA on several cores. begin is what has
// been read of it already.
type textFile struct {
	rows    ingest.Rows
	names   []string
	threads int
	newOne  func() *decoder
	before  []int64 // the lines before each block, once it is read
}

// read decodes the rest of the file. The decoders are returned for what they counted;
// lines are those of the file, the headings being line 1.
func (t *textFile) read(ctx context.Context, r io.Reader) ([]*decoder, error) {
	group, ctx := errgroup.WithContext(ctx)
	blocks := make(chan block, t.threads)
	free := make(chan []byte, 2*t.threads+2)
	var lines []int64 // the lines of each block
	group.Go(func() error {
		defer close(blocks)
		return cut(ctx, r, t.rows, free, func(text []byte) error {
			lines = append(lines, int64(bytes.Count(text, []byte{t.rows.EOL})))
			select {
			case blocks <- block{uint32(len(lines) - 1), text}:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	decoders := make([]*decoder, t.threads)
	for i := range decoders {
		d := t.newOne()
		decoders[i] = d
		group.Go(func() error {
			var fields [][]byte
			for b := range blocks {
				if err := t.decode(d, b, &fields); err != nil {
					return err
				}
				select {
				case free <- b.text:
				default:
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	t.before = make([]int64, len(lines)+1)
	t.before[0] = 1 // the headings
	for i, n := range lines {
		t.before[i+1] = t.before[i] + n
	}
	for _, d := range decoders {
		d.tally.locate(t.before)
	}
	return decoders, nil
}

// decode reads the rows of one block.
func (t *textFile) decode(d *decoder, b block, fields *[][]byte) (err error) {
	t.rows.EachRow(b.text, func(text []byte, line int64) {
		if err != nil {
			return
		}
		at := place{line, b.number}
		if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			d.tally.refuse(ingest.ReasonEncoding, at)
			return
		}
		*fields = t.rows.Split(text, (*fields)[:0], maxColumns)
		if t.isHeading(*fields) {
			d.tally.ignored++
			return
		}
		err = d.decode(*fields, at)
	}, func(line int64, reason ingest.Reason) { d.tally.refuse(reason, place{line, b.number}) })
	return err
}

// isHeading recognises the headings where they stand again, as in files put one behind
// the other.
func (t *textFile) isHeading(fields [][]byte) bool {
	if len(fields) != len(t.names) {
		return false
	}
	for i, name := range t.names {
		if string(trim(bytes.TrimPrefix(fields[i], byteOrderMark))) != name {
			return false
		}
	}
	return true
}

// locate counts lines from the beginning of the file.
func (t *tally) locate(before []int64) {
	for reason, at := range t.first {
		at.Line += before[at.block]
		t.first[reason] = at
	}
	if t.unread > 0 {
		t.firstUnread.Line += before[t.firstUnread.block]
	}
}

// errLongRow is a row that is not one.
var errLongRow = errors.New("a row of more than 1 MiB")

// cut hands on the text in blocks of whole rows. A block is the receiver's, who may
// give it back through free.
func cut(ctx context.Context, r io.Reader, rows ingest.Rows, free <-chan []byte, hand func([]byte) error) error {
	var left []byte
	for ctx.Err() == nil {
		var buffer []byte
		select {
		case buffer = <-free:
		default:
		}
		if cap(buffer) < 2*blockSize {
			buffer = make([]byte, 2*blockSize)
		}
		buffer = buffer[:cap(buffer)]
		n := copy(buffer, left)
		read, err := io.ReadFull(r, buffer[n:])
		buffer = buffer[:n+read]
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return err
		}
		if err != nil {
			if len(buffer) == 0 {
				return nil
			}
			return hand(buffer)
		}
		end := rows.Cut(buffer)
		if end == 0 || len(buffer)-end > blockSize {
			return fmt.Errorf("%w: %w", ErrDamaged, errLongRow)
		}
		left = append(left[:0], buffer[end:]...)
		if err := hand(buffer[:end]); err != nil {
			return err
		}
	}
	return ctx.Err()
}
