package microdata

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/anonymize/kanon"
)

// ErrInput says that the table cannot be used as it is.
var ErrInput = errors.New("unusable input")

// ErrColumn says that a column is named that the table does not have.
var ErrColumn = errors.New("no such column")

// Options say what to read of a table.
type Options struct {
	// Delimiter of a CSV; 0 finds it in the heading.
	Delimiter rune
	// Columns are the columns to read; nil reads all that are no unit.
	Columns []string
	// Person and Units are columns of protected units, the person first. Without
	// a person each row is one.
	Person string
	Units  []string
	// Sensitive are columns in which two spellings of one value count once; it is
	// released as the first of them in the order of texts.
	Sensitive []string
}

// Input is a table that was read.
type Input struct {
	*kanon.Table
	// Dropped are the columns of the file that were not wanted.
	Dropped []string
	// Doubts are protected units and sensitive columns with several spellings of
	// one value, which were taken as one: k and l are never more than a reader sees.
	Doubts []Doubt
}

// Read reads the table of a CSV or Parquet file, told apart by its first bytes.
func Read(path string, o Options) (*Input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, pathless(err))
	}
	defer f.Close()
	magic := make([]byte, 4)
	if _, err := io.ReadFull(f, magic); err != nil {
		return nil, fmt.Errorf("%w: the file is empty or cannot be read", ErrInput)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, pathless(err))
	}
	if bytes.Equal(magic, []byte("PAR1")) {
		return readParquet(f, o)
	}
	return ReadCSV(f, o)
}

// pathless drops the path from an error: paths may name people.
func pathless(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// builder codes the columns of a table while its rows go by.
type builder struct {
	options Options
	columns []*coder // of the table
	units   []*coder
	// at[i] is the coder of file column i, nil when it is not wanted.
	at      []*coder
	dropped []string
	rows    int
	doubts  []Doubt
}

// coder numbers the distinct texts of one column in the order they come.
type coder struct {
	name  string
	index map[string]int32
	// numbers is index for the texts of a unit that are whole numbers, which
	// take a third of the memory so.
	numbers map[int64]int32
	texts   []string
	codes   []int32
	unit    bool
	empty   int // rows without a text, counted for units
	last    string
	code    int32
}

func (c *coder) add(text []byte) {
	if len(c.codes) > 0 && !c.unit && string(text) == c.last {
		c.codes = append(c.codes, c.code)
	} else {
		code := c.codeOf(text)
		c.codes = append(c.codes, code)
		c.code, c.last = code, ""
		if !c.unit {
			c.last = c.texts[code]
		}
	}
	if c.unit && len(bytes.TrimSpace(text)) == 0 {
		c.empty++
	}
}

// codeOf numbers a text.
func (c *coder) codeOf(text []byte) int32 {
	next := int32(len(c.index) + len(c.numbers))
	if n, ok := whole(text); ok && c.unit {
		code, known := c.numbers[n]
		if !known {
			code = next
			c.numbers[n] = code
		}
		return code
	}
	code, known := c.index[string(text)]
	if !known {
		s := string(text)
		code = next
		c.index[s] = code
		if !c.unit {
			c.texts = append(c.texts, s)
		}
	}
	return code
}

// whole reads a text that is the one way to write a whole number: "7" and not "07".
func whole(text []byte) (int64, bool) {
	if len(text) == 0 || len(text) > 18 || text[0] == '0' && len(text) > 1 {
		return 0, false
	}
	n := int64(0)
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

func newBuilder(heading []string, o Options) (*builder, error) {
	b := &builder{options: o, at: make([]*coder, len(heading))}
	var faults []error
	seen := map[string]bool{}
	for i, name := range heading {
		if name == "" { // such as the row numbers that some tools write
			b.dropped = append(b.dropped, fmt.Sprintf("column %d, which has no name", i+1))
			continue
		}
		if seen[name] {
			faults = append(faults, fmt.Errorf("%w: column %q stands twice in the heading", ErrInput, name))
		}
		seen[name] = true
		unit := name == o.Person && name != "" || slices.Contains(o.Units, name)
		if !unit && o.Columns != nil && !slices.Contains(o.Columns, name) {
			b.dropped = append(b.dropped, name)
			continue
		}
		c := &coder{name: name, index: map[string]int32{}, numbers: map[int64]int32{}, unit: unit}
		b.at[i] = c
		if unit {
			b.units = append(b.units, c)
		} else {
			b.columns = append(b.columns, c)
		}
	}
	for _, name := range slices.Concat([]string{o.Person}, o.Units, o.Columns) {
		if name != "" && !seen[name] {
			faults = append(faults, fmt.Errorf("%w: %q", ErrColumn, name))
		}
	}
	return b, errors.Join(faults...)
}

// input is what was read.
func (b *builder) input() (*Input, error) {
	t, err := b.table()
	if err != nil {
		return nil, err
	}
	return &Input{t, b.dropped, b.doubts}, nil
}

// table finishes the columns: values in the order of their text.
func (b *builder) table() (*kanon.Table, error) {
	if b.rows == 0 {
		return nil, fmt.Errorf("%w: the table has no row", ErrInput)
	}
	t := &kanon.Table{}
	for _, c := range b.columns {
		column := c.column()
		if slices.Contains(b.options.Sensitive, c.name) {
			b.mergeColumn(&column)
		}
		t.Columns = append(t.Columns, column)
	}
	var faults []error
	unit := func(c *coder) {
		if c.empty > 0 {
			faults = append(faults, fmt.Errorf("%w: column %q: %d rows have no value, and it is a protected unit",
				ErrInput, c.name, c.empty))
		}
		ids := make([]int64, len(c.codes))
		for i, code := range c.codes {
			ids[i] = int64(code)
		}
		if len(c.index) > 0 { // whole numbers in their one form cannot meet
			first, merged := merge(c.unitTexts())
			if merged > 0 {
				b.doubts = append(b.doubts, Doubt{c.name, merged})
			}
			for i, id := range ids {
				ids[i] = int64(first[id])
			}
		}
		t.Units = append(t.Units, kanon.Unit{Name: c.name, IDs: ids})
	}
	switch {
	case b.options.Person != "":
		unit(b.unit(b.options.Person))
	case len(b.options.Units) > 0:
		ids := make([]int64, b.rows)
		for i := range ids {
			ids[i] = int64(i)
		}
		t.Units = append(t.Units, kanon.Unit{Name: "row", IDs: ids})
	}
	for _, name := range b.options.Units {
		unit(b.unit(name))
	}
	return t, errors.Join(faults...)
}

// mergeColumn gives the spellings of one value one code. A column's values are in
// the order of their texts, so which spelling stays does not depend on the rows.
func (b *builder) mergeColumn(c *kanon.Column) {
	first, merged := merge(c.Values)
	if merged == 0 {
		return
	}
	b.doubts = append(b.doubts, Doubt{c.Name, merged})
	for i, code := range c.Codes {
		c.Codes[i] = first[code]
	}
}

// unitTexts are the texts of a unit by code.
func (c *coder) unitTexts() []string {
	texts := make([]string, len(c.index)+len(c.numbers))
	for text, code := range c.index {
		texts[code] = text
	}
	for n, code := range c.numbers {
		texts[code] = strconv.FormatInt(n, 10)
	}
	return texts
}

func (b *builder) unit(name string) *coder {
	return b.units[slices.IndexFunc(b.units, func(c *coder) bool { return c.name == name })]
}

// column renumbers the codes so that values are in the order of their text.
func (c *coder) column() kanon.Column {
	order := make([]int32, len(c.texts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(c.texts[a], c.texts[b]) })
	to := make([]int32, len(order))
	values := make([]string, len(order))
	for n, old := range order {
		to[old], values[n] = int32(n), c.texts[old]
	}
	for i, code := range c.codes {
		c.codes[i] = to[code]
	}
	return kanon.Column{Name: c.name, Values: values, Codes: c.codes}
}

// findDelimiter counts the usual delimiters of the heading outside quotes.
func findDelimiter(heading []byte) rune {
	best, most := ',', 0
	for _, d := range []byte(",;\t|") {
		n, quoted := 0, false
		for _, c := range heading {
			switch c {
			case '"':
				quoted = !quoted
			case d:
				if !quoted {
					n++
				}
			}
		}
		if n > most {
			best, most = rune(d), n
		}
	}
	return best
}

// firstLine peeks at the heading.
func firstLine(r *bufio.Reader) []byte {
	head, _ := r.Peek(64 << 10)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return line
}
