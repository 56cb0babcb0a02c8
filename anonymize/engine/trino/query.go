package trino

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// rowsPerBatch is how many rows are handed over at a time.
const rowsPerBatch = 4096

// Query runs a SELECT and hands every batch of its rows to f: whole numbers as int64, texts as strings. A batch is
// released when f returns. More rows than Config.MostRows are refused.
func (e *Engine) Query(ctx context.Context, statement string, f func(arrow.Record) error, args ...any) error {
	text, all := e.compose(statement, args)
	e.asked++
	rows, err := e.db.QueryContext(ctx, text, all...)
	if err != nil {
		return fault(err)
	}
	defer rows.Close()
	kinds, err := rows.ColumnTypes()
	if err != nil {
		return fault(err)
	}
	b, err := newBatch(kinds)
	if err != nil {
		return err
	}
	defer b.builder.Release()
	var n int64
	for ; rows.Next(); n++ {
		if n == e.c.MostRows {
			return fmt.Errorf("trino: %w: an answer has more than %d rows", ErrTooLarge, n)
		}
		if err := rows.Scan(b.into...); err != nil {
			return fault(err)
		}
		if b.add(); b.rows < rowsPerBatch {
			continue
		}
		if err := b.hand(f); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fault(err)
	}
	return b.hand(f)
}

// batch gathers rows.
type batch struct {
	builder *array.RecordBuilder
	into    []any
	append  []func()
	rows    int
}

func newBatch(kinds []*sql.ColumnType) (*batch, error) {
	b := &batch{}
	fields := make([]arrow.Field, len(kinds))
	for i, k := range kinds {
		fields[i] = arrow.Field{Name: k.Name(), Type: arrow.PrimitiveTypes.Int64, Nullable: true}
		switch kind := k.DatabaseTypeName(); kind {
		case "BIGINT", "INTEGER", "SMALLINT", "TINYINT":
		case "VARCHAR":
			fields[i].Type = arrow.BinaryTypes.String
		default:
			return nil, fmt.Errorf("trino: column %s is a %s, neither a whole number nor a text", k.Name(), kind)
		}
	}
	b.builder = array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	for i := range kinds {
		switch column := b.builder.Field(i).(type) {
		case *array.Int64Builder:
			var v sql.NullInt64
			b.into = append(b.into, &v)
			b.append = append(b.append, func() {
				if v.Valid {
					column.Append(v.Int64)
				} else {
					column.AppendNull()
				}
			})
		case *array.StringBuilder:
			var v sql.NullString
			b.into = append(b.into, &v)
			b.append = append(b.append, func() {
				if v.Valid {
					column.Append(v.String)
				} else {
					column.AppendNull()
				}
			})
		}
	}
	return b, nil
}

func (b *batch) add() {
	for _, put := range b.append {
		put()
	}
	b.rows++
}

// hand gives the rows gathered to f, if there are any.
func (b *batch) hand(f func(arrow.Record) error) error {
	if b.rows == 0 {
		return nil
	}
	b.rows = 0
	record := b.builder.NewRecord()
	defer record.Release()
	return f(record)
}
