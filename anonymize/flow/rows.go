package flow

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Rows makes what an answer reads, runs it and hands every row to f as a T: a
// struct whose fields are tagged with the names of the columns, as
// `column:"person_key"`, or named like them (PersonKey). Numbers are whole,
// texts VARCHAR; none may be missing. A field that is an array takes as many columns,
// numbered from 0: `column:"h%02d"` takes h00, h01 and so on. The columns of T, those that
// the statement declares and those of the result are the same, or it is an error.
func Rows[T any](ctx context.Context, r *Runner, answer string, f func(T) error) error {
	s := r.graph.answers[answer]
	if s == nil {
		return fmt.Errorf("flow: no answer %s", answer)
	}
	if err := r.Make(ctx, s.Reads...); err != nil {
		return err
	}
	sql, args, err := s.Bind(r.constants, r.values)
	if err != nil {
		return err
	}
	places, err := placesOf(reflect.TypeFor[T](), s.Columns)
	if err != nil {
		return fmt.Errorf("flow: %s: %w", answer, err)
	}
	err = r.engine.Query(ctx, sql, func(rec arrow.Record) error {
		var row T
		value := reflect.ValueOf(&row).Elem()
		set, err := setters(rec, s.Columns, places, value)
		if err != nil {
			return err
		}
		for i := range int(rec.NumRows()) {
			for _, assign := range set {
				assign(i)
			}
			if err := f(row); err != nil {
				return err
			}
		}
		return nil
	}, args...)
	if err != nil {
		return fmt.Errorf("flow: %s: %w", answer, err)
	}
	return nil
}

// place is where a struct keeps a column: a field, or one element of its array.
type place struct{ field, element int }

func (p place) of(row reflect.Value) reflect.Value {
	if v := row.Field(p.field); v.Kind() == reflect.Array {
		return v.Index(p.element)
	}
	return row.Field(p.field)
}

// placesOf gives the place of each column.
func placesOf(t reflect.Type, columns []string) ([]place, error) {
	named := map[string]place{}
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("column")
		switch {
		case f.Type.Kind() == reflect.Array:
			for n := range f.Type.Len() {
				named[fmt.Sprintf(tag, n)] = place{i, n}
			}
		case tag != "":
			named[tag] = place{i, 0}
		default:
			named[strings.ToLower(f.Name)] = place{i, 0}
		}
	}
	if len(named) != len(columns) {
		return nil, fmt.Errorf("%d columns for the %d fields of %s", len(columns), len(named), t)
	}
	places := make([]place, len(columns))
	for i, c := range columns {
		p, ok := named[c]
		if !ok {
			p, ok = named[strings.ReplaceAll(c, "_", "")]
		}
		if !ok {
			return nil, fmt.Errorf("column %s has no field in %s", c, t)
		}
		places[i] = p
	}
	return places, nil
}

// setters copy a row of the record into the fields of a struct.
func setters(rec arrow.Record, columns []string, places []place, value reflect.Value) ([]func(row int), error) {
	if int(rec.NumCols()) != len(columns) {
		return nil, fmt.Errorf("%d columns, %d declared", rec.NumCols(), len(columns))
	}
	set := make([]func(int), len(columns))
	for i, column := range rec.Columns() {
		if name := rec.ColumnName(i); name != columns[i] {
			return nil, fmt.Errorf("column %s, declared as %s", name, columns[i])
		}
		if column.NullN() > 0 {
			return nil, fmt.Errorf("column %s has missing values", columns[i])
		}
		to := places[i].of(value)
		switch c := column.(type) {
		case *array.Int64:
			set[i] = number(to, c.Int64Values())
		case *array.Int32:
			set[i] = number(to, c.Int32Values())
		case *array.Int16:
			set[i] = number(to, c.Int16Values())
		case *array.Int8:
			set[i] = number(to, c.Int8Values())
		case *array.String:
			if to.Kind() != reflect.String {
				return nil, fmt.Errorf("column %s is a text, its field is not", columns[i])
			}
			set[i] = func(row int) {
				// The batch is the engine's memory, and is freed after the query. A text is
				// often that of the row before, and then kept once.
				if v := c.Value(row); v != to.String() {
					to.SetString(strings.Clone(v))
				}
			}
		default:
			return nil, fmt.Errorf("column %s is of type %s", columns[i], column.DataType())
		}
		if set[i] == nil {
			return nil, fmt.Errorf("column %s is a number, its field is not", columns[i])
		}
	}
	return set, nil
}

// number copies whole numbers into a field, nil if it takes none.
func number[N int64 | int32 | int16 | int8](to reflect.Value, numbers []N) func(row int) {
	if !to.CanInt() {
		return nil
	}
	return func(row int) { to.SetInt(int64(numbers[row])) }
}
