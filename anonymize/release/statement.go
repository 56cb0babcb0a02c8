package release

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/flow"
)

//go:embed sql/*.sql sql/told/*.sql sql/whole/*.sql
var statements embed.FS

// A statement is sql/name.sql.
type statement struct {
	*flow.Statement
	name string
}

// read reads sql/name.sql.
func read(name string) (statement, error) {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return statement{}, fmt.Errorf("release: no statement %s", name)
	}
	parsed, err := flow.Parse(path.Base(name), string(text))
	if err != nil {
		return statement{}, fmt.Errorf("release: %w", err)
	}
	return statement{parsed, name}, nil
}

// folder reads the statements of a folder of sql.
func folder(name string) (list []statement, err error) {
	files, err := statements.ReadDir("sql/" + name)
	if err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	for _, f := range files {
		s, err := read(name + "/" + strings.TrimSuffix(f.Name(), ".sql"))
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// ask runs a statement and gives its rows: whole numbers, and for a text its digest.
func (s statement) ask(ctx context.Context, e *engine.Engine, args map[string]any, each func(row []int64)) error {
	sql, bound, err := s.Bind(nil, args)
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	err = e.QueryParts(ctx, sql, func(rec arrow.Record) error {
		row := make([]int64, rec.NumCols())
		for i := range int(rec.NumRows()) {
			for j, column := range rec.Columns() {
				switch c := column.(type) {
				case *array.Int64:
					row[j] = c.Value(i)
				case *array.String:
					row[j] = digestText(c.Value(i))
				default:
					return errors.New("column " + strconv.Itoa(j) + " is neither a whole number nor a text")
				}
				if column.IsNull(i) {
					return errors.New("column " + strconv.Itoa(j) + " holds nothing")
				}
			}
			each(row)
		}
		return nil
	}, bound...)
	if err != nil {
		return fmt.Errorf("release: %s: %w", s.name, err)
	}
	return nil
}

// canAsk reports whether every table that a statement reads is there.
func (s statement) canAsk(tables map[string]bool) bool {
	return !slices.ContainsFunc(s.Reads, func(table string) bool { return !tables[table] })
}

// digest mixes the numbers of a row.
func digest(row ...int64) uint64 {
	h := uint64(len(row))
	for _, v := range row {
		h = mix(h ^ uint64(v))
	}
	return h
}

// digestText is the digest of a text.
func digestText(text string) int64 {
	sum := sha256.Sum256([]byte(text))
	return int64(binary.BigEndian.Uint64(sum[:]))
}
