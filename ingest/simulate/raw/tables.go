package raw

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// table is a CSV file that all basins share: one entry of tables says all there is
// to say of it.
type table struct {
	path   string // below the folder of the region
	header string // columns, parted by the delimiter, and the end of a line
	latin  bool   // in ISO-8859-15, as the vie scolaire product exports; UTF-8 otherwise
	years  bool   // of a window of years alone
	// rows puts the rows of a basin.
	rows func(b *basin, put put)
}

// put takes one row of a table, in the order of its header.
type put func(fields ...string)

// render gives the rows of a basin as bytes of the file.
func (t *table) render(b *basin) ([]byte, error) {
	var out bytes.Buffer
	delimiter := ";"
	if !strings.Contains(t.header, delimiter) {
		delimiter = ","
	}
	end := t.header[len(strings.TrimRight(t.header, "\r\n")):]
	t.rows(b, func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				out.WriteString(delimiter)
			}
			out.WriteString(quote(f, delimiter))
		}
		out.WriteString(end)
	})
	return t.encode(out.Bytes())
}

// quote quotes a field that needs it.
func quote(s, delimiter string) string {
	if strings.ContainsAny(s, "\"\r\n"+delimiter) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

func (t *table) encode(text []byte) ([]byte, error) {
	if !t.latin {
		return text, nil
	}
	out, err := charmap.ISO8859_15.NewEncoder().Bytes(text)
	if err != nil {
		return nil, fmt.Errorf("encode %s in iso-8859-15: %w", t.path, err)
	}
	return out, nil
}

// Rows are the rows that a basin adds to the shared CSV files.
type Rows struct{ of [][]byte }

// Write adds the rows of the next basin, in the order of the basins.
func (t *Tables) Write(r Rows) {
	for i, text := range r.of {
		t.files[i].write(text)
	}
}

// Close closes the files and returns the first fault of each.
func (t *Tables) Close() error {
	var faults []error
	for _, f := range t.files {
		faults = append(faults, f.close())
	}
	return errors.Join(faults...)
}

// Tables are the shared CSV files while they are being written.
type Tables struct{ files []*file }
