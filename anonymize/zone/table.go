package zone

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

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/parquet-go/parquet-go"
)

const (
	tableRowGroup = 1 << 17
	tableBatch    = 4096
)

// writeTable writes n rows to directory/<table>-<hash>.parquet of the zone in
// dir. row is called once for each i, in order.
func writeTable[T any](
	ctx context.Context, disk durable.Disk, dir, table string, n int, row func(i int) T,
) (TableFile, error) {
	w, err := newTable[T](disk, dir, table)
	if err != nil {
		return TableFile{}, err
	}
	defer w.discard()
	for i := range n {
		if err := w.add(ctx, row(i)); err != nil {
			return TableFile{}, err
		}
	}
	return w.close(ctx)
}

// tableWriter writes a table to a file that gets its name, of its content, when it
// is whole: synced, then renamed.
type tableWriter[T any] struct {
	table, folder string
	disk          durable.Disk
	file          durable.File
	sum           hash.Hash
	buffered      *bufio.Writer
	write         func([]T) (int, error)
	parquet       interface {
		Flush() error
		Close() error
	}
	batch []T
	rows  int64
}

func newTable[T any](disk durable.Disk, dir, table string) (*tableWriter[T], error) {
	w, err := newTableFile[T](disk, dir, table)
	if err != nil {
		return nil, err
	}
	out := parquet.NewGenericWriter[T](w.buffered, tableOptions()...)
	w.parquet, w.write = out, out.Write
	return w, nil
}

func tableOptions() []parquet.WriterOption {
	return []parquet.WriterOption{parquet.Compression(&parquet.Zstd), parquet.CreatedBy("entscope", "1", "0")}
}

// newTableFile begins the file of a table, without a writer of rows.
func newTableFile[T any](disk durable.Disk, dir, table string) (*tableWriter[T], error) {
	w := &tableWriter[T]{disk: disk, table: table, folder: filepath.Join(dir, tableFolder), sum: sha256.New(),
		batch: make([]T, 0, tableBatch)}
	if err := disk.MkdirAll(w.folder, 0o700); err != nil {
		return nil, err
	}
	var err error
	partial := filepath.Join(w.folder, "."+table+".partial")
	if w.file, err = disk.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
		return nil, err
	}
	w.buffered = bufio.NewWriterSize(io.MultiWriter(w.file, w.sum), 1<<18)
	return w, nil
}

// add adds a row.
func (w *tableWriter[T]) add(ctx context.Context, row T) error {
	if w.batch = append(w.batch, row); len(w.batch) < tableBatch {
		return nil
	}
	return w.flush(ctx)
}

// flush writes the batch, and ends a row group when it is full.
func (w *tableWriter[T]) flush(ctx context.Context) error {
	if _, err := w.write(w.batch); err != nil {
		return err
	}
	w.rows += int64(len(w.batch))
	w.batch = w.batch[:0]
	if w.rows%tableRowGroup == 0 {
		return errors.Join(w.parquet.Flush(), ctx.Err())
	}
	return nil
}

func (w *tableWriter[T]) close(ctx context.Context) (TableFile, error) {
	if len(w.batch) > 0 {
		if err := w.flush(ctx); err != nil {
			return TableFile{}, err
		}
	}
	if err := errors.Join(w.parquet.Close(), w.buffered.Flush(), w.file.Close()); err != nil {
		return TableFile{}, err
	}
	sum := hex.EncodeToString(w.sum.Sum(nil))
	name := fmt.Sprintf("%s-%s.parquet", w.table, sum[:16])
	if err := w.disk.Place(w.file.Name(), filepath.Join(w.folder, name)); err != nil {
		return TableFile{}, err
	}
	return TableFile{Table: w.table, Path: filepath.ToSlash(filepath.Join(tableFolder, name)), Rows: w.rows,
		SHA256: sum}, nil
}

// discard removes what has no name yet; after close it does nothing.
func (w *tableWriter[T]) discard() {
	w.file.Close()
	_ = w.disk.Remove(w.file.Name())
}
