package edition

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/durable"
)

// maxRowsPerRowGroup bounds a row group: parquet-go's own default is unbounded.
const maxRowsPerRowGroup = 1 << 17

// Writer stages a new edition. Call Commit to make it appear or Abort to drop it.
type Writer struct {
	disk   durable.Disk
	staged *durable.Stage
	stage  string
	files  []File
	sign   Sign
}

// Sign gives the signature of a manifest's bytes.
type Sign func(manifest []byte) []byte

// The files of an edition that are none of Manifest.Files.
const (
	ManifestFile  = "manifest.json"
	SignatureFile = "manifest.sig" // 64 bytes, Ed25519 over the bytes of manifest.json
)

// SignWith makes Commit sign the manifest.
func (w *Writer) SignWith(sign Sign) { w.sign = sign }

// ErrExists says that the edition is already there; editions are immutable.
var ErrExists = errors.New("edition already exists")

// NewWriter stages an edition for the folder dir, which must not exist yet, or be
// empty.
func NewWriter(dir string) (*Writer, error) { return NewWriterOn(durable.Disk{}, dir) }

// NewWriterOn is NewWriter for a folder on disk.
func NewWriterOn(disk durable.Disk, dir string) (*Writer, error) {
	if _, err := durable.Check(dir, nil); errors.Is(err, durable.ErrForeign) {
		return nil, fmt.Errorf("edition: %s: %w", filepath.Base(dir), ErrExists)
	} else if err != nil {
		return nil, fmt.Errorf("edition: %w", err)
	}
	staged, err := disk.NewStage(dir, 0o700)
	if err != nil {
		return nil, fmt.Errorf("edition: stage: %w", err)
	}
	return &Writer{disk: disk, staged: staged, stage: staged.Dir()}, nil
}

// WriteTable writes rows as table.parquet. The caller has put them in an order
// that depends on released values only. Metadata entries explain a lone file.
func WriteTable[T any](w *Writer, table string, rows []T, metadata map[string]string) error {
	name := table + ".parquet"
	f, err := w.disk.OpenFile(filepath.Join(w.stage, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	defer f.Close()
	if err := Encode(f, rows, metadata); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	w.files = append(w.files, File{Name: name, Table: table, Rows: int64(len(rows))})
	return nil
}

// WriteRows is WriteTable of rows that are not held at once.
func WriteRows[T any](w *Writer, table string, rows iter.Seq[T], metadata map[string]string) error {
	name := table + ".parquet"
	f, err := w.disk.OpenFile(filepath.Join(w.stage, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	defer f.Close()
	pw := encoder[T](f, metadata)
	var n int64
	batch := make([]T, 0, encodedAtOnce)
	flush := func() error {
		_, err := pw.Write(batch)
		n, batch = n+int64(len(batch)), batch[:0]
		return err
	}
	for row := range rows {
		if batch = append(batch, row); len(batch) == cap(batch) {
			if err := flush(); err != nil {
				return fmt.Errorf("edition: %s: %w", name, err)
			}
		}
	}
	if err := errors.Join(flush(), pw.Close(), f.Sync()); err != nil {
		return fmt.Errorf("edition: %s: %w", name, err)
	}
	w.files = append(w.files, File{Name: name, Table: table, Rows: n})
	return nil
}

// Encode writes rows as a Parquet file: the same bytes for the same rows, their order
// and the metadata, so that a file can be told from any other that holds the same.
func Encode[T any](out io.Writer, rows []T, metadata map[string]string) error {
	pw := encoder[T](out, metadata)
	if _, err := pw.Write(rows); err != nil {
		return err
	}
	return pw.Close()
}

// encodedAtOnce rows are a whole number of the 64 that the library writes at a time: pages end
// where they end when all rows are written at once.
const encodedAtOnce = 64 * 64

// EncodeAgain is Encode of the rows of a file that Encode wrote, which are not held at once.
func EncodeAgain[T any](out io.Writer, file []byte, metadata map[string]string) error {
	from, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return err
	}
	in := parquet.NewGenericReader[T](from)
	defer in.Close()
	pw := encoder[T](out, metadata)
	batch := make([]T, encodedAtOnce)
	left := in.NumRows()
	for ended := false; !ended; {
		n := 0
		for clear(batch); n < len(batch) && !ended; {
			read, err := in.Read(UpTo(left, batch[n:]))
			n, left = n+read, left-int64(read)
			if ended = errors.Is(err, io.EOF); err != nil && !ended {
				return err
			}
		}
		if _, err := pw.Write(batch[:n]); err != nil {
			return err
		}
	}
	return pw.Close()
}

// encoder writes rows as every table of an edition is written.
func encoder[T any](out io.Writer, metadata map[string]string) *parquet.GenericWriter[T] {
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
	return parquet.NewGenericWriter[T](out, options...)
}

// WriteFile writes a file that is no table: codebook, data package.
func (w *Writer) WriteFile(name string, data []byte) error {
	return w.Stream(name, func(out io.Writer) error {
		_, err := out.Write(data)
		return err
	})
}

// Describe writes what explains the tables of the edition to people and machines:
// CODEBOOK.fr.md and datapackage.json. Of m it reads Kind, Study, Term, Subject,
// Synthetic and Notes.
func (w *Writer) Describe(m *Manifest) error {
	files, err := m.Descriptions()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteFile(name, files[name]); err != nil {
			return err
		}
	}
	return nil
}

// Stream is WriteFile for what does not fit in memory: write is given the file.
func (w *Writer) Stream(name string, write func(io.Writer) error) error {
	f, err := w.disk.OpenFile(filepath.Join(w.stage, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
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
	data, err := m.Text()
	if err != nil {
		return err
	}
	if w.sign != nil {
		if err := w.disk.WriteFile(filepath.Join(w.stage, SignatureFile), w.sign(data), 0o600); err != nil {
			return fmt.Errorf("edition: signature: %w", err)
		}
	}
	if err := w.disk.WriteFile(filepath.Join(w.stage, ManifestFile), data, 0o600); err != nil {
		return fmt.Errorf("edition: manifest: %w", err)
	}
	if err := w.staged.Commit(nil); err != nil {
		return fmt.Errorf("edition: commit: %w", err)
	}
	return nil
}

// Abort drops what was staged.
func (w *Writer) Abort() error { return w.staged.Abort() }
