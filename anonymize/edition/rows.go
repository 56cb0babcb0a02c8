package edition

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/parquet-go/parquet-go"
)

// Rows reads a table of the edition that root is opened on, in its order, a batch at a time.
// Verify first: nothing of the file is checked here. The first error ends it.
func Rows[T any](root *os.Root, table string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		fault := func(err error) { yield(none, fmt.Errorf("edition: %s.parquet: %w", table, err)) }
		f, err := OpenPlain(root, table+".parquet")
		if err != nil {
			fault(err)
			return
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			fault(err)
			return
		}
		file, err := parquet.OpenFile(f, info.Size())
		if err != nil {
			fault(err)
			return
		}
		in := parquet.NewGenericReader[T](file)
		defer in.Close()
		batch := make([]T, encodedAtOnce)
		for read := int64(0); ; {
			clear(batch)
			n, err := in.Read(UpTo(in.NumRows()-read, batch))
			read += int64(n)
			for _, row := range batch[:n] {
				if !yield(row, nil) {
					return
				}
			}
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				fault(err)
				return
			case n == 0:
				fault(io.ErrNoProgress)
				return
			}
		}
	}
}

// UpTo is batch for the rows that are left to read by the footer, and one beyond: the library asks every column for
// each row that it is given room for, also beyond the last.
func UpTo[T any](left int64, batch []T) []T {
	return batch[:min(int64(len(batch)), max(left, 0)+1)]
}
