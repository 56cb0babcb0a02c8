package pseudonym

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// TableFile is one immutable file of a restricted table.
type TableFile struct {
	Table string `json:"table"`
	// Path is relative to the zone.
	Path   string `json:"path"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

const (
	tableFolder   = "directory"
	tableRowGroup = 1 << 17
	tableBatch    = 4096
)

// writeTable writes n rows to directory/<table>-<hash>.parquet of the zone in
// dir. row is called once for each i, in order.
func writeTable[T any](ctx context.Context, dir, table string, n int, row func(i int) T) (TableFile, error) {
	w, err := newTable[T](ctx, dir, table)
	if err != nil {
		return TableFile{}, err
	}
	defer w.discard()
	batch := make([]T, 0, tableBatch)
	for i := 0; i < n; {
		batch = batch[:0]
		for ; i < n && len(batch) < tableBatch; i++ {
			batch = append(batch, row(i))
		}
		if err := w.write(batch); err != nil {
			return TableFile{}, err
		}
	}
	return w.close()
}

// tableWriter writes a table to a file that gets its name, of its content, when it
// is whole: synced, then renamed.
type tableWriter[T any] struct {
	ctx           context.Context
	table, folder string
	file          *os.File
	sum           hash.Hash
	buffered      *bufio.Writer
	parquet       *parquet.GenericWriter[T]
	rows          int64
}

func newTable[T any](ctx context.Context, dir, table string) (*tableWriter[T], error) {
	w := &tableWriter[T]{ctx: ctx, table: table, folder: filepath.Join(dir, tableFolder), sum: sha256.New()}
	if err := os.MkdirAll(w.folder, 0o700); err != nil {
		return nil, err
	}
	var err error
	if w.file, err = os.CreateTemp(w.folder, "."+table+"-*.partial"); err != nil {
		return nil, err
	}
	w.buffered = bufio.NewWriterSize(io.MultiWriter(w.file, w.sum), 1<<18)
	w.parquet = parquet.NewGenericWriter[T](w.buffered, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("entscope", "1", "0"))
	return w, nil
}

// write adds rows; row groups end at fixed numbers of rows, however they come.
func (w *tableWriter[T]) write(rows []T) error {
	for len(rows) > 0 {
		room := min(tableRowGroup-w.rows%tableRowGroup, tableBatch)
		n := min(int64(len(rows)), room)
		if _, err := w.parquet.Write(rows[:n]); err != nil {
			return err
		}
		rows, w.rows = rows[n:], w.rows+n
		if w.rows%tableRowGroup == 0 {
			if err := errors.Join(w.parquet.Flush(), w.ctx.Err()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *tableWriter[T]) close() (TableFile, error) {
	if err := errors.Join(w.parquet.Close(), w.buffered.Flush(), w.file.Sync(), w.file.Close()); err != nil {
		return TableFile{}, err
	}
	sum := hex.EncodeToString(w.sum.Sum(nil))
	name := fmt.Sprintf("%s-%s.parquet", w.table, sum[:16])
	if err := errors.Join(os.Rename(w.file.Name(), filepath.Join(w.folder, name)), syncDir(w.folder)); err != nil {
		return TableFile{}, err
	}
	return TableFile{Table: w.table, Path: filepath.ToSlash(filepath.Join(tableFolder, name)), Rows: w.rows, SHA256: sum}, nil
}

// discard removes what has no name yet; after close it does nothing.
func (w *tableWriter[T]) discard() {
	w.file.Close()
	os.Remove(w.file.Name())
}
