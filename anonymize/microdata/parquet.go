package microdata

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/entscope/entscope/anonymize/kanon"
)

// readParquet reads the flat columns of a Parquet file. A null is the empty
// text, its own category.
func readParquet(f *os.File, o Options) (t *kanon.Table, dropped []string, err error) {
	defer func() {
		// parquet-go panics on some damaged files; the panic may quote the data.
		if recover() != nil {
			t, dropped, err = nil, nil, fmt.Errorf("%w: damaged Parquet file", ErrInput)
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrInput, pathless(err))
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return nil, nil, fmt.Errorf("%w: not a sound Parquet file", ErrInput)
	}
	fields := file.Schema().Fields()
	heading := make([]string, len(fields))
	for i, field := range fields {
		heading[i] = field.Name()
	}
	b, err := newBuilder(heading, o)
	if err != nil {
		return nil, nil, err
	}
	for i, c := range b.at {
		if c == nil {
			continue
		}
		if !fields[i].Leaf() || fields[i].Repeated() {
			return nil, nil, fmt.Errorf("%w: column %q is nested", ErrInput, c.name)
		}
		text, err := textOf(fields[i].Type())
		if err != nil {
			return nil, nil, fmt.Errorf("%w: column %q: %w", ErrInput, c.name, err)
		}
		leaf, _ := file.Schema().Lookup(c.name)
		if err := c.readColumn(file, leaf.ColumnIndex, text); err != nil {
			return nil, nil, fmt.Errorf("%w: column %q: %w", ErrInput, c.name, err)
		}
		if b.rows = len(c.codes); int64(b.rows) != file.NumRows() {
			return nil, nil, fmt.Errorf("%w: column %q has %d rows of %d", ErrInput, c.name, b.rows, file.NumRows())
		}
	}
	t, err = b.table()
	return t, b.dropped, err
}

var errValue = errors.New("a value cannot be read")

func (c *coder) readColumn(file *parquet.File, column int, text func([]byte, parquet.Value) []byte) error {
	c.codes = make([]int32, 0, file.NumRows())
	values := make([]parquet.Value, 4096)
	var buffer []byte
	for _, group := range file.RowGroups() {
		pages := group.ColumnChunks()[column].Pages()
		for {
			page, err := pages.ReadPage()
			if err == io.EOF {
				break
			}
			if err != nil {
				pages.Close()
				return errValue
			}
			reader := page.Values()
			for {
				n, err := reader.ReadValues(values)
				for _, v := range values[:n] {
					buffer = buffer[:0]
					if !v.IsNull() {
						buffer = text(buffer, v)
					}
					if !utf8.Valid(buffer) {
						return errors.New("a value is not UTF-8")
					}
					c.add(buffer)
				}
				if err == io.EOF || n == 0 {
					break
				}
				if err != nil {
					return errValue
				}
			}
			parquet.Release(page)
		}
		if err := pages.Close(); err != nil {
			return errValue
		}
	}
	return nil
}

// textOf gives the one text of each value of a type. Types whose text is not
// plain (decimal, interval, JSON) are refused rather than guessed.
func textOf(t parquet.Type) (func([]byte, parquet.Value) []byte, error) {
	unsigned := false
	if l := t.LogicalType(); l != nil && l.Value != nil {
		switch l := l.Value.(type) {
		case *format.DateType:
			return func(b []byte, v parquet.Value) []byte {
				return time.Unix(int64(v.Int32())*86400, 0).UTC().AppendFormat(b, "2006-01-02")
			}, nil
		case *format.UUIDType, *format.StringType, *format.EnumType:
		case *format.IntType:
			unsigned = !l.IsSigned
		default:
			return nil, fmt.Errorf("type %s cannot be read as text", t)
		}
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendBool(b, v.Boolean()) }, nil
	case parquet.Int32:
		if unsigned {
			return func(b []byte, v parquet.Value) []byte { return strconv.AppendUint(b, uint64(v.Uint32()), 10) }, nil
		}
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendInt(b, int64(v.Int32()), 10) }, nil
	case parquet.Int64:
		if unsigned {
			return func(b []byte, v parquet.Value) []byte { return strconv.AppendUint(b, v.Uint64(), 10) }, nil
		}
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendInt(b, v.Int64(), 10) }, nil
	case parquet.Float:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendFloat(b, float64(v.Float()), 'g', -1, 32) }, nil
	case parquet.Double:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendFloat(b, v.Double(), 'g', -1, 64) }, nil
	case parquet.ByteArray:
		return func(b []byte, v parquet.Value) []byte { return append(b, v.ByteArray()...) }, nil
	case parquet.FixedLenByteArray:
		return func(b []byte, v parquet.Value) []byte { return hex.AppendEncode(b, v.ByteArray()) }, nil
	}
	return nil, fmt.Errorf("type %s cannot be read as text", t)
}
