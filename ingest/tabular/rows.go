package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest"
)

// headSize is how much of a file tells its character set.
const headSize = 1 << 16

// Rows reads the mapped fields of a file, row after row. What does not fit is
// refused: counted by Next, shown to the reject function, never returned.
type Rows struct {
	scan     *Scanner
	columns  []column
	width    int // number of columns; 0 without a header
	header   [][]byte
	ragged   bool
	comment  []byte
	reject   func(ingest.Reject)
	ignore   func() // called for a comment or a header between rows; may be nil
	values   [][]byte
	moments  []Moment
	numbers  []int64
	origin   int // index of the field origin, -1 if none
	ignored  int64
	rejected int64
	refused  bool // the record that was read last
	fault    func(ingest.FieldFault, int64)
	orders   []*ingest.DateOrder // of the columns, nil where the order of day and month is sure; nil in chunks
}

// column is a field bound to a file.
type column struct {
	Field
	index    int // of the file's column, -1: constant or not mapped
	constant []byte
	mapped   bool
	clock    *clock
	dayClock *clock // of an Until that may be a day; nil otherwise
	values   map[string][]byte
	folded   map[string][]byte
	other    []byte
	hasOther bool
}

// Open reads the header of r and binds the mapping to them. zone is used where
// the mapping names none; UTC when nil. reject is called for every row that is
// refused; it may be nil. All faults of the mapping are reported at once.
func Open(r io.Reader, m *Mapping, fields []Field, zone *time.Location, reject func(ingest.Reject)) (*Rows, error) {
	if err := m.CheckFields(fields); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	peeked := bufio.NewReaderSize(r, headSize)
	head, _ := peeked.Peek(headSize)
	if err := misdeclared(m.Charset, head); err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	hint := charsetHint(m.Charset, head) + m.headingsHint(head)
	text, err := decodeText(peeked, m.Charset)
	if err != nil {
		return nil, fmt.Errorf("mapping: %w", err)
	}
	delimiter, _ := m.delimiter()
	quote, _ := m.quote()
	rows := newRows(NewScanner(text, delimiter, quote), m, fields, reject)
	if err := rows.bind(m, zone); err != nil {
		return nil, fmt.Errorf("%w%s", err, hint)
	}
	rows.orders = make([]*ingest.DateOrder, len(fields))
	for i := range fields {
		rows.orders[i] = m.DateOrder(&fields[i])
	}
	return rows, nil
}

func newRows(scan *Scanner, m *Mapping, fields []Field, reject func(ingest.Reject)) *Rows {
	rows := &Rows{
		scan: scan, ragged: m.Ragged, comment: []byte(m.Comment), reject: reject, origin: -1,
		columns: make([]column, len(fields)), values: make([][]byte, len(fields)),
		moments: make([]Moment, len(fields)), numbers: make([]int64, len(fields)),
	}
	for i, f := range fields {
		rows.columns[i] = column{Field: f, index: -1}
	}
	return rows
}

// bind reads what stands before the first row and finds the fields' columns.
func (r *Rows) bind(m *Mapping, zone *time.Location) (err error) {
	if m.Timezone != "" {
		if zone, err = time.LoadLocation(m.Timezone); err != nil {
			return fmt.Errorf("mapping: timezone %q is not known", m.Timezone)
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	for range m.Skip {
		if !r.scan.Scan() {
			break
		}
		r.ignored++
	}
	var names []string
	if m.hasHeader() {
		if names, err = r.readHeader(); err != nil {
			return err
		}
		r.width = len(names)
	}
	var faults []error
	for i := range r.columns {
		f := r.columns[i].Field
		if r.columns[i], err = bindColumn(f, m, names, zone); err != nil {
			faults = append(faults, err)
		}
		if f.Name == "origin" {
			r.origin = i
		}
	}
	return errors.Join(faults...)
}

// readHeader returns the column names, the second of one name as "name#2".
func (r *Rows) readHeader() ([]string, error) {
	for r.scan.Scan() {
		if r.scan.Reason() != "" {
			return nil, fmt.Errorf("headings: line %d: %s", r.scan.Line(), r.scan.Reason())
		}
		r.ignored++
		if r.isComment() {
			continue
		}
		var names []string
		seen := map[string]int{}
		for _, f := range r.scan.Fields() {
			name := strings.TrimSpace(string(f))
			r.header = append(r.header, []byte(name))
			if seen[name]++; seen[name] > 1 {
				name = fmt.Sprintf("%s#%d", name, seen[name])
			}
			names = append(names, name)
		}
		return names, nil
	}
	if err := r.scan.Err(); err != nil {
		return nil, fmt.Errorf("headings: %w", err)
	}
	return nil, errors.New("headings: the file is empty")
}

// indexOf finds a name: the exact one, or else the first with the same Fold; -1 if none.
func indexOf(names []string, name string) int {
	for i, h := range names {
		if h == name {
			return i
		}
	}
	folded := Fold(name)
	for i, h := range names {
		if Fold(h) == folded {
			return i
		}
	}
	return -1
}

// bindColumn finds the column of one field and prepares its values and dates.
func bindColumn(f Field, m *Mapping, names []string, zone *time.Location) (column, error) {
	c := column{Field: f, index: -1, mapped: m.Maps(f.Name)}
	switch at := m.Columns[f.Name].(type) {
	case string:
		if c.index = indexOf(names, at); c.index < 0 {
			hint := ""
			if near := vocabulary.Nearest(at, names); near != "" {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			return c, fmt.Errorf("field %s: no column %q among the %d headings of the file%s",
				f.Name, at, len(names), hint)
		}
	case int, int64:
		c.index = position(at) - 1
		if names != nil && c.index >= len(names) {
			return c, fmt.Errorf("field %s: no column %d, the file has %d", f.Name, c.index+1, len(names))
		}
	}
	if constant, ok := m.Constants[f.Name]; ok {
		c.constant = []byte(constant)
	}
	if table := m.Values[f.Name]; table != nil {
		c.values, c.folded = map[string][]byte{}, map[string][]byte{}
		for raw, meaning := range table {
			c.values[raw] = []byte(meaning)
			// Two raw values with one folded form keep their exact forms only.
			if _, twice := c.folded[Fold(raw)]; twice || Fold(raw) == "" {
				delete(c.folded, Fold(raw))
			} else {
				c.folded[Fold(raw)] = []byte(meaning)
			}
		}
		if other, ok := table["*"]; ok {
			c.other, c.hasOther = []byte(other), true
		}
	}
	if !c.mapped {
		return c, nil
	}
	var err error
	switch {
	case f.Name == "origin":
		c.clock, err = readyClock(time.DateOnly, zone)
	case f.Kind == Date:
		c.clock, err = readyClock(m.Date, zone)
	case f.Kind == DateTime:
		c.clock, err = readyClock(m.DateTime, zone)
	case f.Kind == Until:
		if m.Date != "" {
			c.dayClock, err = readyClock(m.Date, zone)
		}
		if m.DateTime != "" && err == nil {
			c.clock, err = readyClock(m.DateTime, zone)
		}
	}
	if err != nil {
		return c, fmt.Errorf("field %s: %w", f.Name, err)
	}
	return c, nil
}

// Next advances to the next row that fits.
func (r *Rows) Next() bool {
	for r.scan.Scan() {
		reason := r.scan.Reason()
		r.refused = false
		if reason == "" {
			if r.isComment() || r.isHeader() {
				r.ignored++
				if r.ignore != nil {
					r.ignore()
				}
				continue
			}
			if reason = r.read(r.scan.Fields()); reason == "" {
				return true
			}
		}
		if reason == ingest.ReasonEncoding && r.fault != nil {
			r.fault(ingest.FieldFault{Field: "charset", Reason: reason, Near: GuessCharset(r.scan.Record())}, r.Line())
		}
		r.Refuse(reason)
	}
	return false
}

func (r *Rows) isComment() bool {
	f := r.scan.Fields()
	return len(r.comment) > 0 && len(f) > 0 && bytes.HasPrefix(f[0], r.comment)
}

// isHeader recognises the header where it stands again, as in files put
// one behind the other.
func (r *Rows) isHeader() bool {
	f := r.scan.Fields()
	if r.width == 0 || len(f) != r.width {
		return false
	}
	for i, h := range r.header {
		if !bytes.Equal(bytes.TrimSpace(f[i]), h) {
			return false
		}
	}
	return true
}

// read fills the fields of one record.
func (r *Rows) read(record [][]byte) ingest.Reason {
	if r.width > 0 && !r.ragged {
		for len(record) > r.width && len(bytes.TrimSpace(record[len(record)-1])) == 0 {
			record = record[:len(record)-1] // a delimiter at the end of the line
		}
		if len(record) != r.width {
			return ingest.ReasonFields
		}
	}
	if r.origin >= 0 { // other dates count from it
		if reason := r.readField(r.origin, record); reason != "" {
			r.tell(r.origin, record, reason)
			return reason
		}
	}
	for i := range r.columns {
		if i != r.origin {
			if reason := r.readField(i, record); reason != "" {
				r.tell(i, record, reason)
				return reason
			}
		}
	}
	return ""
}

func (r *Rows) readField(i int, record [][]byte) ingest.Reason {
	c := &r.columns[i]
	r.values[i], r.moments[i], r.numbers[i] = nil, Moment{}, 0
	if !c.mapped {
		return ""
	}
	text := c.constant
	if c.index >= 0 {
		if c.index >= len(record) {
			if !r.ragged {
				return ingest.ReasonFields
			}
			text = nil
		} else {
			text = bytes.TrimSpace(record[c.index])
		}
		var known bool
		if text, known = c.meaning(text); !known {
			return ingest.ReasonUnknownValue
		}
	}
	if len(text) == 0 {
		if c.Required {
			return ingest.ReasonMissingField
		}
		return ""
	}
	reason := r.convert(i, c, text)
	if r.orders != nil && r.moments[i].Known {
		r.orders[i].Add(r.moments[i].Day)
	}
	return reason
}

// Mapped reports whether field i has a column or a constant.
func (r *Rows) Mapped(i int) bool { return r.columns[i].mapped }

// Has reports whether the row says anything in field i.
func (r *Rows) Has(i int) bool { return r.values[i] != nil || r.moments[i].Known }

// Text is the value of field i after mapping; it is valid until the next row.
func (r *Rows) Text(i int) []byte { return r.values[i] }

// Moment is the value of a Date, DateTime or Until field; that of an Until that
// is a day has the end of the day as its instant.
func (r *Rows) Moment(i int) Moment { return r.moments[i] }

// Day is the day of a Date, DateTime or Until field, -1 when the row gives none.
func (r *Rows) Day(i int) int32 {
	if !r.moments[i].Known {
		return -1
	}
	return r.moments[i].Day
}

// Number is the value of an Integer, Tenths, Presence or Flag field, 0 when the
// row gives none.
func (r *Rows) Number(i int) int64 { return r.numbers[i] }

// Line is the number of the row's first line.
func (r *Rows) Line() int64 { return r.scan.Line() }

// Refuse counts the current record as rejected; a caller uses it for rows that
// fit the mapping and not its own rules (and then does not use the row).
func (r *Rows) Refuse(reason ingest.Reason) {
	r.rejected++
	r.refused = true
	if r.reject != nil {
		r.reject(ingest.Reject{Line: r.scan.Line(), Reason: reason})
	}
}

// Ignored is the number of headers, skipped and comment records so far.
func (r *Rows) Ignored() int64 { return r.ignored }

// OpenEnded reports whether the last record ends with the file and not with the end of a line.
func (r *Rows) OpenEnded() bool { return r.scan.OpenEnded() }

// LastRefused reports whether the record that was read last was refused.
func (r *Rows) LastRefused() bool { return r.refused }

// Err is the failure of the underlying reader, if any.
func (r *Rows) Err() error { return r.scan.Err() }
