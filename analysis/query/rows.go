package query

import (
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// batch reads the columns of one Arrow record by name. A column that is missing,
// has a null or another type than asked is a fault of the edition: it is kept in
// err and reported once, instead of a panic.
type batch struct {
	columns map[string]arrow.Array
	// names keeps one copy of each text: a text of the batch lives in memory that
	// the engine takes back.
	names map[string]string
	err   error
}

func newBatch(rec arrow.Record, names map[string]string) *batch {
	b := &batch{columns: make(map[string]arrow.Array, rec.NumCols()), names: names}
	for i, c := range rec.Columns() {
		b.columns[rec.ColumnName(i)] = c
	}
	return b
}

func (b *batch) column(name string) arrow.Array {
	c, ok := b.columns[name]
	if !ok {
		b.fail("column %s is missing", name)
	}
	return c
}

func (b *batch) fail(format string, args ...any) {
	if b.err == nil {
		b.err = fmt.Errorf(format, args...)
	}
}

func (b *batch) text(name string, i int) string {
	switch c := b.column(name).(type) {
	case *array.String:
		if !c.IsNull(i) {
			v := c.Value(i)
			if kept, ok := b.names[v]; ok {
				return kept
			}
			v = strings.Clone(v)
			b.names[v] = v
			return v
		}
	case nil:
		return ""
	}
	b.fail("column %s holds no text", name)
	return ""
}

func (b *batch) int(name string, i int) int64 {
	column := b.column(name)
	if column == nil {
		return 0
	}
	if !column.IsNull(i) {
		switch c := column.(type) {
		case *array.Int64:
			return c.Value(i)
		case *array.Int32:
			return int64(c.Value(i))
		case *array.Int16:
			return int64(c.Value(i))
		case *array.Int8:
			return int64(c.Value(i))
		}
	}
	b.fail("column %s holds no integer", name)
	return 0
}

// rows runs a question and turns every row of its answer into a T. It needs all
// of the tables the question reads.
func rows[T any](
	ctx context.Context, e *Edition, question, table string, read func(*batch, int) T, args ...any,
) ([]T, error) {
	if !e.Has(table) {
		return nil, fmt.Errorf("query: %s: %w", table, ErrNoTable)
	}
	sql, err := SQL(question)
	if err != nil {
		return nil, err
	}
	var out []T
	names := map[string]string{}
	err = e.engine.Query(ctx, sql, func(rec arrow.Record) error {
		b := newBatch(rec, names)
		for i := range int(rec.NumRows()) {
			out = append(out, read(b, i))
			if b.err != nil {
				return b.err
			}
		}
		return nil
	}, args...)
	if err != nil {
		return nil, fmt.Errorf("query: %s: %w", question, err)
	}
	return out, nil
}
