package edition

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/parquet-go/parquet-go"
)

// maxRowsPerRowGroup bounds a row group: parquet-go's own default is unbounded.
const maxRowsPerRowGroup = 1 << 17

// Writer stages a new edition. Call Commit to make it appear or Abort to drop it.
type Writer struct {
	final, stage string
	files        []File
}

// ErrExists says that the edition is already there; editions are immutable.
var ErrExists = errors.New("edition already exists")

// NewWriter stages an edition for the folder dir, which must not exist yet.
func NewWriter(dir string) (*Writer, error) {
	if _, err := os.Stat(dir); err == nil {
		return nil, fmt.Errorf("edition: %s: %w", filepath.Base(dir), ErrExists)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("edition: %w", err)
	}
	stage := dir + ".partial"
	if err := os.RemoveAll(stage); err != nil {
		return nil, fmt.Errorf("edition: clear stage: %w", err)
	}
	if err := os.MkdirAll(stage, 0o700); err != nil {
		return nil, fmt.Errorf("edition: stage: %w", err)
	}
	return &Writer{final: dir, stage: stage}, nil
}

// WriteTable writes rows as table.parquet. The caller has put them in an order
// that depends on released values only. Metadata entries explain a lone file.
func WriteTable[T any](w *Writer, table string, rows []T, metadata map[string]string) error {
	name := table + ".parquet"
	f, err := os.OpenFile(filepath.Join(w.stage, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	defer f.Close()
	options := []parquet.WriterOption{
		parquet.Compression(&parquet.Zstd),
		parquet.MaxRowsPerRowGroup(maxRowsPerRowGroup),
		parquet.CreatedBy("entscope", "1", "0"),
	}
	keys := make([]string, 0, len(metadata))
	for k := range metadata {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		options = append(options, parquet.KeyValueMetadata(k, metadata[k]))
	}
	pw := parquet.NewGenericWriter[T](f, options...)
	if _, err := pw.Write(rows); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	if err := pw.Close(); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	w.files = append(w.files, File{Name: name, Table: table, Rows: int64(len(rows))})
	return nil
}

// WriteFile writes a file that is no table: codebook, data package.
func (w *Writer) WriteFile(name string, data []byte) error {
	return w.Stream(name, func(out io.Writer) error {
		_, err := out.Write(data)
		return err
	})
}

// Stream is WriteFile for what does not fit in memory: write is given the file.
func (w *Writer) Stream(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(filepath.Join(w.stage, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	defer f.Close()
	if err := write(f); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	w.files = append(w.files, File{Name: name})
	return nil
}

// Commit hashes every file, writes the manifest and renames the edition into
// place. The manifest's Files are filled in here.
func (w *Writer) Commit(m *Manifest) error {
	root, err := os.OpenRoot(w.stage)
	if err != nil {
		return fmt.Errorf("edition: %w", err)
	}
	defer root.Close()
	sort.Slice(w.files, func(i, j int) bool { return w.files[i].Name < w.files[j].Name })
	for i := range w.files {
		if w.files[i].SHA256, w.files[i].Bytes, err = hashFile(root, w.files[i].Name); err != nil {
			return fmt.Errorf("edition: %s: %w", w.files[i].Name, err)
		}
	}
	m.Version, m.Files = 1, w.files
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("edition: manifest: %w", err)
	}
	if err := writeSync(filepath.Join(w.stage, "manifest.json"), append(data, '\n')); err != nil {
		return fmt.Errorf("edition: manifest: %w", err)
	}
	if err := os.Rename(w.stage, w.final); err != nil {
		return fmt.Errorf("edition: commit: %w", err)
	}
	return syncDir(filepath.Dir(w.final))
}

// Abort drops what was staged.
func (w *Writer) Abort() error { return os.RemoveAll(w.stage) }

func writeSync(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Sync()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
