package audit

import (
	"bytes"
	"errors"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
)

// rowsAtOnce is how many rows of a table are decoded at a time: a row takes some twenty times its bytes in the file.
const rowsAtOnce = 4096

var errDecoded = errors.New("audit: a table cannot be decoded")

// eachRowOf hands over the rows of a table, which are not held at once; bytes that no reader expects are an error.
func eachRowOf[T any](data []byte, f func(T)) (err error) {
	var in *parquet.GenericReader[T]
	batch := make([]T, rowsAtOnce)
	var left int64
	read := func() (n int, err error) {
		defer func() {
			if recover() != nil {
				n, err = 0, errDecoded
			}
		}()
		if in == nil {
			file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				return 0, err
			}
			in = parquet.NewGenericReader[T](file)
			left = in.NumRows()
		}
		clear(batch)
		n, err = in.Read(edition.UpTo(left, batch))
		left -= int64(n)
		return n, err
	}
	defer func() {
		if in != nil {
			err = errors.Join(err, in.Close())
		}
	}()
	return untilEnd(read, batch, f)
}

// untilEnd hands over what read puts into batch, until it says io.EOF.
func untilEnd[T any](read func() (int, error), batch []T, f func(T)) error {
	for {
		n, err := read()
		for _, row := range batch[:n] {
			f(row)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case n == 0:
			return io.ErrNoProgress
		}
	}
}

// readRows reads a table that is small, or held anyway.
func readRows[T any](data []byte) (rows []T, err error) {
	err = eachRowOf(data, func(row T) { rows = append(rows, row) })
	return rows, err
}
