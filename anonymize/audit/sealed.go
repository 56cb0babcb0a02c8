package audit

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// Sealed is the operator's map of a released table.
type Sealed struct {
	// Persons says whose row each released row is, in the order of the file. Persons are numbers without meaning, and so
	// are the further units.
	Persons []int64
	// Units are the further units of each released row, by the name of the unit.
	Units map[string][]int64
	// SuppressedRows and SuppressedPersons did not leave.
	SuppressedRows, SuppressedPersons int64
}

// ReadSealed reads the operator's map of a released table: a CSV of row, record, person and the further units; a line
// for each row from 0 in the order of the file, then one without a row for each record that did not leave.
func ReadSealed(path string) (*Sealed, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("audit: sealed map: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil || len(head) < 3 || head[0] != "row" || head[1] != "record" || head[2] != "person" {
		return nil, fmt.Errorf("audit: %s is no sealed map: it does not begin with row,record,person", name)
	}
	out := &Sealed{Persons: []int64{}, Units: map[string][]int64{}}
	left, records, gone := map[int64]bool{}, map[int64]bool{}, map[int64]bool{}
	for line := 2; ; line++ {
		fields, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			out.SuppressedPersons = int64(len(gone))
			return out, nil
		case err != nil:
			return nil, fmt.Errorf("audit: %s: line %d is no row, record and person", name, line)
		}
		numbers := make([]int64, len(fields))
		for i, field := range fields {
			if i == 0 && field == "" {
				numbers[i] = -1 // did not leave
			} else if numbers[i], err = strconv.ParseInt(field, 10, 64); err != nil || numbers[i] < 0 {
				return nil, fmt.Errorf("audit: %s: line %d is no row, record and person", name, line)
			}
		}
		row, record, person := numbers[0], numbers[1], numbers[2]
		if records[record] || row >= 0 && (out.SuppressedRows > 0 || row != int64(len(out.Persons))) {
			return nil, fmt.Errorf("audit: %s: line %d is not row %d and a record of its own", name, line, len(out.Persons))
		}
		records[record] = true
		if row < 0 {
			out.SuppressedRows++
			if !left[person] {
				gone[person] = true
			}
			continue
		}
		left[person] = true
		out.Persons = append(out.Persons, person)
		for i, unit := range head[3:] {
			out.Units[unit] = append(out.Units[unit], numbers[3+i])
		}
	}
}
