package subject

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"
)

//go:embed sql/*.sql
var statements embed.FS

// statement is the text of sql/name.sql: one SELECT.
func statement(name string) (string, error) {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		return "", fmt.Errorf("subject: no statement %s", name)
	}
	return string(text), nil
}

// materialise makes table from sql/name.sql.
func (b *Builder) materialise(ctx context.Context, table, name string, args ...any) error {
	return b.exec(ctx, "CREATE OR REPLACE TABLE "+table+" AS\n", name, args...)
}

// extend adds the rows of sql/name.sql to table, which the first call makes.
func (b *Builder) extend(ctx context.Context, table, name string, args ...any) error {
	if !b.made[table] {
		b.made[table] = true
		return b.materialise(ctx, table, name, args...)
	}
	return b.exec(ctx, "INSERT INTO "+table+"\n", name, args...)
}

// define makes a view of sql/name.sql, which has no parameter.
func (b *Builder) define(ctx context.Context, view, name string) error {
	return b.exec(ctx, "CREATE OR REPLACE VIEW "+view+" AS\n", name)
}

func (b *Builder) exec(ctx context.Context, head, name string, args ...any) error {
	text, err := statement(name)
	if err != nil {
		return err
	}
	if err := b.engine.Exec(ctx, head+text, args...); err != nil {
		return fmt.Errorf("subject: %s: %w", name, err)
	}
	return nil
}

// drop frees a table that the next bucket will make again.
func (b *Builder) drop(ctx context.Context, tables ...string) error {
	for _, t := range tables {
		if err := b.engine.Exec(ctx, "DROP TABLE IF EXISTS "+t); err != nil {
			return fmt.Errorf("subject: drop %s: %w", t, err)
		}
	}
	return nil
}

// row is one row of a result: its columns are BIGINT or VARCHAR, by position.
type row struct {
	ints  [][]int64
	texts []*array.String
	at    int
}

func (r *row) int(column int) int64 { return r.ints[column][r.at] }

// text copies: the batch is the engine's memory, and is freed after the query.
func (r *row) text(column int) string { return strings.Clone(r.texts[column].Value(r.at)) }

// each runs sql/name.sql and hands every row to f; the row is valid until f returns.
func (b *Builder) each(ctx context.Context, name string, f func(*row) error, args ...any) error {
	text, err := statement(name)
	if err != nil {
		return err
	}
	for i, a := range args {
		switch v := a.(type) {
		case int:
			args[i] = int64(v)
		case int32:
			args[i] = int64(v)
		}
	}
	err = b.engine.Query(ctx, text, func(rec arrow.Record) error {
		r := row{ints: make([][]int64, rec.NumCols()), texts: make([]*array.String, rec.NumCols())}
		for i, column := range rec.Columns() {
			if column.NullN() > 0 {
				return fmt.Errorf("column %d has missing values", i)
			}
			switch c := column.(type) {
			case *array.Int64:
				r.ints[i] = c.Int64Values()
			case *array.String:
				r.texts[i] = c
			default:
				return fmt.Errorf("column %d is of type %s", i, column.DataType())
			}
		}
		for r.at = range int(rec.NumRows()) {
			if err := f(&r); err != nil {
				return err
			}
		}
		return nil
	}, args...)
	if err != nil {
		return fmt.Errorf("subject: %s: %w", name, err)
	}
	return nil
}

// put makes a table of rows computed in Go.
func put[T any](ctx context.Context, b *Builder, table string, rows []T) error {
	file := filepath.Join(b.scratch, table+".parquet")
	if err := parquet.WriteFile(file, rows); err != nil {
		return fmt.Errorf("subject: table %s: %w", table, err)
	}
	defer os.Remove(file)
	if err := b.engine.Load(ctx, table, []string{file}); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	return nil
}

// attach gives a view over the files of a zone's table, an empty one if there are none.
func attach[T any](ctx context.Context, b *Builder, view string, files []string) error {
	if len(files) == 0 {
		empty := filepath.Join(b.scratch, "empty_"+view+".parquet")
		if err := parquet.WriteFile(empty, []T{}); err != nil {
			return fmt.Errorf("subject: table %s: %w", view, err)
		}
		files = []string{empty}
	}
	if err := b.engine.Attach(ctx, view, files); err != nil {
		return fmt.Errorf("subject: %w", err)
	}
	return nil
}
