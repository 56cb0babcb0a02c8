package microdata

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
)

// apart refuses a sealed map within the folder that leaves, or over a file that is there.
func apart(sealed, out string) error {
	if sealed == "" {
		return nil
	}
	file, err := filepath.Abs(sealed)
	if err != nil {
		return fmt.Errorf("microdata: the sealed map: %w", pathless(err))
	}
	folder, err := filepath.Abs(out)
	if err != nil {
		return fmt.Errorf("microdata: the output folder: %w", pathless(err))
	}
	if strings.HasPrefix(file, folder+string(filepath.Separator)) {
		return fmt.Errorf("microdata: the sealed map would leave with the table: %w", edition.ErrExists)
	}
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("microdata: the sealed map is there already: %w", edition.ErrExists)
	}
	return nil
}

// ReadRecords reads, from a sealed map, of which record of the input each released row was made.
func ReadRecords(path string) ([]int32, error) {
	in, err := Read(path, Options{Delimiter: ',', Columns: []string{"row", "record"}})
	if err != nil {
		return nil, fmt.Errorf("the sealed map: %w", err)
	}
	out := []int32{}
	for i := range in.Rows() {
		if in.Column("row").Text(i) == "" {
			continue // a record that did not leave
		}
		row, err := strconv.Atoi(in.Column("row").Text(i))
		record, fault := strconv.ParseInt(in.Column("record").Text(i), 10, 32)
		if err != nil || fault != nil || row != len(out) || record < 0 {
			return nil, fmt.Errorf("the sealed map: %w: line %d is not row %d and the number of a record", ErrInput, i+2,
				len(out))
		}
		out = append(out, int32(record))
	}
	return out, nil
}

// ReadMarginals reads frequency tables: a CSV of column, value and count. Counts are of rows.
func ReadMarginals(path string) (map[string]map[string]int, error) {
	in, err := Read(path, Options{Columns: []string{"column", "value", "count"}})
	if err != nil {
		return nil, err
	}
	out := map[string]map[string]int{}
	for i := range in.Rows() {
		column, value := in.Column("column").Text(i), in.Column("value").Text(i)
		n, err := strconv.ParseInt(in.Column("count").Text(i), 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%w: line %d has no count of rows", ErrInput, i+2)
		}
		if out[column] == nil {
			out[column] = map[string]int{}
		}
		if _, twice := out[column][value]; twice {
			return nil, fmt.Errorf("%w: line %d counts a value for the second time", ErrInput, i+2)
		}
		out[column][value] = int(n)
	}
	return out, nil
}

// seal writes whose row each released row is, of which record of the input it was made, and of which further units;
// then the same of each record that did not leave, which has no row. Persons and units are numbered as they come in the
// released order, which depends on released values alone, and those of no released row behind them.
func seal(path string, table, released *kanon.Table) error {
	if path == "" {
		return nil
	}
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	head := []string{"row", "record", unitPerson}
	numbers := make([]map[int64]int, max(1, len(table.Units)))
	for i := range numbers {
		numbers[i] = map[int64]int{}
		if i > 0 {
			head = append(head, table.Units[i].Name)
		}
	}
	lines := [][]string{head}
	line := func(row string, record int32) {
		fields := []string{row, strconv.Itoa(int(record))}
		for i, number := range numbers {
			id := int64(record)
			if i < len(table.Units) {
				id = table.Units[i].IDs[record]
			}
			if _, known := number[id]; !known {
				number[id] = len(number)
			}
			fields = append(fields, strconv.Itoa(number[id]))
		}
		lines = append(lines, fields)
	}
	left := make([]bool, table.Rows())
	for row, record := range released.From {
		line(strconv.Itoa(row), record)
		left[record] = true
	}
	for record, out := range left {
		if !out {
			line("", int32(record))
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return fmt.Errorf("microdata: the sealed map: %w", err)
	}
	if err := durable.WriteFile(path, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("microdata: the sealed map: %w", pathless(err))
	}
	return nil
}
