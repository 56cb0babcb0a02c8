package national

import (
	"context"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// batch reads the columns of one Arrow record by name. A column that is missing or
// of another type is kept in err, and reported once.
type batch struct {
	record arrow.Record
	// words keeps one copy of each text: those of a record live in memory that the
	// engine takes back.
	words map[string]string
	err   error
}

func (b *batch) column(name string) arrow.Array {
	if at := b.record.Schema().FieldIndices(name); len(at) == 1 {
		return b.record.Column(at[0])
	}
	b.err = fmt.Errorf("column %s is missing", name)
	return nil
}

// ints reads whole numbers; what is null is 0.
func (b *batch) ints(name string) func(i int) int64 {
	switch c := b.column(name).(type) {
	case *array.Int64:
		return func(i int) int64 {
			if c.IsNull(i) {
				return 0
			}
			return c.Value(i)
		}
	case *array.Int32:
		return func(i int) int64 {
			if c.IsNull(i) {
				return 0
			}
			return int64(c.Value(i))
		}
	}
	if b.err == nil {
		b.err = fmt.Errorf("column %s holds no whole number", name)
	}
	return func(int) int64 { return 0 }
}

// all reads several columns of whole numbers into a slice.
func (b *batch) all(names []string, prefix string) func(i int, into []int64) {
	read := make([]func(int) int64, len(names))
	for k, name := range names {
		read[k] = b.ints(prefix + name)
	}
	return func(i int, into []int64) {
		for k := range read {
			into[k] = read[k](i)
		}
	}
}

// known reports whether a row has a value.
func (b *batch) known(name string) func(i int) bool {
	c := b.column(name)
	if c == nil {
		return func(int) bool { return false }
	}
	return c.IsValid
}

// flags reads truth values; what is null is false.
func (b *batch) flags(name string) func(i int) bool {
	c, ok := b.column(name).(*array.Boolean)
	if !ok {
		if b.err == nil {
			b.err = fmt.Errorf("column %s holds no truth value", name)
		}
		return func(int) bool { return false }
	}
	return func(i int) bool { return c.IsValid(i) && c.Value(i) }
}

// texts reads texts; what is null is empty.
func (b *batch) texts(name string) func(i int) string {
	c, ok := b.column(name).(*array.String)
	if !ok {
		if b.err == nil {
			b.err = fmt.Errorf("column %s holds no text", name)
		}
		return func(int) string { return "" }
	}
	return func(i int) string {
		if c.IsNull(i) {
			return ""
		}
		v := c.Value(i)
		if kept, ok := b.words[v]; ok {
			return kept
		}
		v = strings.Clone(v)
		b.words[v] = v
		return v
	}
}

// query runs a text of SQL that gives rows.
func (t *tables) query(ctx context.Context, name, text string, row func(*batch) func(i int), args ...any) error {
	words := map[string]string{}
	err := t.engine.Query(ctx, text, func(rec arrow.Record) error {
		b := &batch{record: rec, words: words}
		take := row(b)
		if b.err != nil {
			return b.err
		}
		for i := range int(rec.NumRows()) {
			take(i)
		}
		return b.err
	}, args...)
	if err != nil {
		return fmt.Errorf("national: %s: %w", name, err)
	}
	return nil
}
