package hierarchy

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// maxCSV bounds a hierarchy file.
const maxCSV = 256 << 20

// ReadCSV reads a hierarchy as ARX writes it: one row per value, no heading,
// the value first and each next column one level coarser. Errors name the line
// and never quote it.
func ReadCSV(r io.Reader, delimiter rune) (*Hierarchy, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxCSV+1))
	if err != nil {
		return nil, fmt.Errorf("hierarchy: read: %w", err)
	}
	if len(data) > maxCSV {
		return nil, fmt.Errorf("hierarchy: file larger than %d bytes", maxCSV)
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	c.Comma, c.FieldsPerRecord = delimiter, -1
	rows, err := c.ReadAll()
	if err != nil {
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, fmt.Errorf("hierarchy: line %d: %w", parse.Line, parse.Err)
		}
		return nil, fmt.Errorf("hierarchy: %w", err)
	}
	return New(rows)
}
