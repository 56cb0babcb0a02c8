package microdata

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// readParquet reads the flat columns of a Parquet file. A null is the empty
// text, its own category.
func readParquet(f *os.File, o Options) (in *Input, err error) {
	defer func() {
		// parquet-go panics on some damaged files; the panic may quote the data.
		if recover() != nil {
			in, err = nil, fmt.Errorf("%w: damaged Parquet file", ErrInput)
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, pathless(err))
	}
	file, err := parquet.OpenFile(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: not a sound Parquet file", ErrInput)
	}
	fields := file.Schema().Fields()
	heading := make([]string, len(fields))
	for i, field := range fields {
		heading[i] = field.Name()
	}
	b, err := newBuilder(heading, o)
	if err != nil {
		return nil, err
	}
	for i, c := range b.at {
		if c == nil {
			continue
		}
		if !fields[i].Leaf() || fields[i].Repeated() {
			return nil, fmt.Errorf("%w: column %q is nested", ErrInput, c.name)
		}
		text, err := textOf(fields[i].Type())
		if err != nil {
			return nil, fmt.Errorf("%w: column %q: %w", ErrInput, c.name, err)
		}
		leaf, _ := file.Schema().Lookup(c.name)
		if err := c.readColumn(file, leaf.ColumnIndex, text); err != nil {
			return nil, fmt.Errorf("%w: column %q: %w", ErrInput, c.name, err)
		}
		if b.rows = len(c.codes); int64(b.rows) != file.NumRows() {
			return nil, fmt.Errorf("%w: column %q has %d rows of %d", ErrInput, c.name, b.rows, file.NumRows())
		}
	}
	return b.input()
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
