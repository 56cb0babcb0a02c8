package national

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
	"golang.org/x/sync/errgroup"
)

var parquetMagic = []byte("PAR1")

// parquetBatch is how many rows are turned into records at a time.
const parquetBatch = 1024

// errNested is a column that holds no plain value.
var errNested = errors.New("a column that is nested, or of a type that has no plain text")

// parquetFile is a Parquet file of the portal's export, read as if it were text: a
// number and its text are decoded by the same rules.
type parquetFile struct {
	file  *parquet.File
	names []string
	text  []func([]byte, parquet.Value) []byte
}

// guarded runs f; parquet-go panics on some damaged files, and the panic may quote them.
func guarded(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%w: a damaged Parquet file", ErrDamaged)
		}
	}()
	return f()
}

// openParquet reads what the file says of itself.
func openParquet(f *os.File) (p *parquetFile, err error) {
	err = guarded(func() error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		file, err := parquet.OpenFile(f, info.Size())
		if err != nil {
			return fmt.Errorf("%w: not a sound Parquet file", ErrDamaged)
		}
		p = &parquetFile{file: file}
		for _, c := range file.Schema().Fields() {
			p.names = append(p.names, c.Name())
			if !c.Leaf() || c.Repeated() || textOf(c.Type()) == nil {
				return fmt.Errorf("%w: %w", ErrUnknown, errNested)
			}
			p.text = append(p.text, textOf(c.Type()))
		}
		return nil
	})
	return p, err
}

// read decodes the row groups on several cores.
func (p *parquetFile) read(ctx context.Context, threads int, newOne func() *decoder) ([]*decoder, error) {
	group, ctx := errgroup.WithContext(ctx)
	numbers := make(chan int)
	group.Go(func() error {
		defer close(numbers)
		for i := range p.file.RowGroups() {
			select {
			case numbers <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	decoders := make([]*decoder, threads)
	for i := range decoders {
		d := newOne()
		decoders[i] = d
		group.Go(func() error {
			for n := range numbers {
				if err := guarded(func() error { return p.rowGroup(ctx, n, d) }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	before := make([]int64, len(p.file.RowGroups())+1)
	for i, g := range p.file.RowGroups() {
		before[i+1] = before[i] + g.NumRows()
	}
	for _, d := range decoders {
		d.tally.locate(before)
	}
	return decoders, nil
}

// maxRegisterText bounds the text of a register: the annuaire has 50 MB.
const maxRegisterText = 1 << 30

// csv gives a small file as the portal exports it as text, so that one reader serves both.
func (p *parquetFile) csv() (text []byte, err error) {
	if p.file.NumRows() > maxRegisterRows {
		return nil, fmt.Errorf("%w: more than %d rows", ErrUnknown, maxRegisterRows)
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.Write(p.names); err != nil {
		return nil, err
	}
	for _, group := range p.file.RowGroups() {
		err := guarded(func() error {
			return p.records(group, func(record [][]byte, _ int64) error {
				fields := make([]string, len(record))
				for i, text := range record {
					fields[i] = string(text)
				}
				if out.Len() > maxRegisterText {
					return fmt.Errorf("%w: more than %d MB of text", ErrUnknown, maxRegisterText>>20)
				}
				return w.Write(fields)
			})
		})
		if err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// rowGroup decodes one row group.
func (p *parquetFile) rowGroup(ctx context.Context, n int, d *decoder) error {
	return p.records(p.file.RowGroups()[n], func(record [][]byte, row int64) error {
		if row%parquetBatch == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return d.decode(record, place{row + 1, uint32(n)})
	})
}

// records gives the rows of one row group, all columns side by side.
func (p *parquetFile) records(group parquet.RowGroup, each func(record [][]byte, row int64) error) error {
	columns := make([]*columnText, len(p.names))
	for i, chunk := range group.ColumnChunks() {
		columns[i] = &columnText{pages: chunk.Pages(), text: p.text[i], values: make([]parquet.Value, parquetBatch)}
		defer columns[i].close()
	}
	record := make([][]byte, len(columns))
	for done := int64(0); done < group.NumRows(); {
		rows := int(min(parquetBatch, group.NumRows()-done))
		for _, c := range columns {
			if err := c.next(rows); err != nil {
				return fmt.Errorf("%w: a Parquet column cannot be read to its end", ErrDamaged)
			}
		}
		for i := range rows {
			for c := range columns {
				record[c] = columns[c].at(i)
			}
			if err := each(record, done+int64(i)); err != nil {
				return err
			}
		}
		done += int64(rows)
	}
	return nil
}

// columnText gives the values of a column as text, some rows at a time.
type columnText struct {
	pages  parquet.Pages
	page   parquet.Page
	reader parquet.ValueReader
	text   func([]byte, parquet.Value) []byte
	values []parquet.Value
	buffer []byte
	ends   [parquetBatch]int
}

func (c *columnText) at(i int) []byte {
	begin := 0
	if i > 0 {
		begin = c.ends[i-1]
	}
	return c.buffer[begin:c.ends[i]:c.ends[i]]
}

// next reads the texts of n rows.
func (c *columnText) next(n int) error {
	c.buffer = c.buffer[:0]
	for got := 0; got < n; {
		if c.reader == nil {
			page, err := c.pages.ReadPage()
			if err != nil {
				return err // io.EOF is too early
			}
			c.page, c.reader = page, page.Values()
		}
		read, err := c.reader.ReadValues(c.values[:n-got])
		for _, v := range c.values[:read] {
			if !v.IsNull() {
				c.buffer = c.text(c.buffer, v)
			}
			c.ends[got] = len(c.buffer)
			got++
		}
		if err == io.EOF || err == nil && read == 0 {
			parquet.Release(c.page)
			c.page, c.reader = nil, nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (c *columnText) close() {
	if c.page != nil {
		parquet.Release(c.page)
	}
	_ = c.pages.Close()
}

func plainText(b []byte, v parquet.Value) []byte { return append(b, v.ByteArray()...) }

// textOf gives the text of each value of a type, as the CSV would have it; nil for a
// type that cannot stand in one.
func textOf(t parquet.Type) func([]byte, parquet.Value) []byte {
	if l := t.LogicalType(); l != nil && l.Value != nil {
		switch l := l.Value.(type) {
		case *format.DateType:
			return func(b []byte, v parquet.Value) []byte {
				return time.Unix(int64(v.Int32())*86400, 0).UTC().AppendFormat(b, time.DateOnly)
			}
		case *format.TimestampType:
			unit, layout := unitOf(l.Unit), "2006-01-02 15:04:05"
			if l.IsAdjustedToUTC {
				layout = time.RFC3339
			}
			return func(b []byte, v parquet.Value) []byte {
				return time.Unix(0, 0).UTC().Add(time.Duration(v.Int64())*unit).AppendFormat(b, layout)
			}
		case *format.TimeType:
			unit := unitOf(l.Unit)
			return func(b []byte, v parquet.Value) []byte {
				n := v.Int64()
				if v.Kind() == parquet.Int32 {
					n = int64(v.Int32())
				}
				return time.Unix(0, 0).UTC().Add(time.Duration(n)*unit).AppendFormat(b, "15:04:05.000")
			}
		case *format.StringType, *format.EnumType, *format.IntType:
		default:
			return nil
		}
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendBool(b, v.Boolean()) }
	case parquet.Int32:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendInt(b, int64(v.Int32()), 10) }
	case parquet.Int64:
		return func(b []byte, v parquet.Value) []byte { return strconv.AppendInt(b, v.Int64(), 10) }
	case parquet.Float:
		return func(b []byte, v parquet.Value) []byte { return appendNumber(b, float64(v.Float())) }
	case parquet.Double:
		return func(b []byte, v parquet.Value) []byte { return appendNumber(b, v.Double()) }
	case parquet.ByteArray:
		return plainText
	}
	return nil
}

// appendNumber writes a whole number without decimals, and another one so that it is
// not read.
func appendNumber(b []byte, x float64) []byte {
	if x == float64(int64(x)) {
		return strconv.AppendInt(b, int64(x), 10)
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}

func unitOf(u format.TimeUnit) time.Duration {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return time.Millisecond
	case *format.MicroSeconds:
		return time.Microsecond
	}
	return time.Nanosecond
}
