package pseudonym

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
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
// dir: under another name first, synced, then renamed. row is called once for
// each i, in order.
func writeTable[T any](ctx context.Context, dir, table string, n int, row func(i int) T) (TableFile, error) {
	folder := filepath.Join(dir, tableFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return TableFile{}, err
	}
	f, err := os.CreateTemp(folder, "."+table+"-*.partial")
	if err != nil {
		return TableFile{}, err
	}
	defer os.Remove(f.Name()) // does nothing after the renaming
	defer f.Close()
	sum := sha256.New()
	buffered := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<18)
	pw := parquet.NewGenericWriter[T](buffered, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("entscope", "1", "0"))
	batch := make([]T, 0, tableBatch)
	for i := 0; i < n; {
		batch = batch[:0]
		for ; i < n && len(batch) < tableBatch; i++ {
			batch = append(batch, row(i))
		}
		if _, err := pw.Write(batch); err != nil {
			return TableFile{}, err
		}
		if i%tableRowGroup == 0 {
			if err := errors.Join(pw.Flush(), ctx.Err()); err != nil {
				return TableFile{}, err
			}
		}
	}
	if err := errors.Join(pw.Close(), buffered.Flush(), f.Sync(), f.Close()); err != nil {
		return TableFile{}, err
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	name := fmt.Sprintf("%s-%s.parquet", table, hash[:16])
	if err := errors.Join(os.Rename(f.Name(), filepath.Join(folder, name)), syncDir(folder)); err != nil {
		return TableFile{}, err
	}
	return TableFile{Table: table, Path: filepath.ToSlash(filepath.Join(tableFolder, name)), Rows: int64(n), SHA256: hash}, nil
}
