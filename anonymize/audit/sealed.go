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

// ReadSealed reads the operator's map of a released table: a CSV of row, person and, since
// downcoding is judged by it, record; a line for each row from 0 in the order of the file. Persons
// are numbers without meaning.
func ReadSealed(path string) ([]int64, error) {
	name := filepath.Base(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("audit: sealed map: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil || len(head) < 2 || len(head) > 3 || head[0] != "row" || head[1] != "person" {
		return nil, fmt.Errorf("audit: %s is no sealed map: it does not begin with row,person", name)
	}
	persons := []int64{}
	for {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return persons, nil
		case err != nil:
			return nil, fmt.Errorf("audit: %s: line %d is no row and person", name, len(persons)+2)
		}
		row, err := strconv.Atoi(record[0])
		person, fault := strconv.ParseInt(record[1], 10, 64)
		if err != nil || fault != nil || row != len(persons) {
			return nil, fmt.Errorf("audit: %s: line %d is not row %d and a person's number", name, len(persons)+2,
				len(persons))
		}
		persons = append(persons, person)
	}
}
