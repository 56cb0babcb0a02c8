package zone

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// Deliveries that come day by day leave a small file for each bucket and day.
// When a month and bucket has more than compactFiles of less than compactRows
// rows, they become one, or as many as a flush of rows each makes.
const (
	compactFiles = 16
	compactRows  = 1 << 17
)

// objected reports whether the live files may hold rows of somebody who objects.
func (in *ingestion) objected() bool {
	return in.options.People.Objections() != in.manifest.Objections
}

// retake rewrites the files that hold rows of dropped deliveries, or of persons who
// object now, without them and returns the live files that stay as they are. A
// delivery whose file is gone loses its rows of such persons, too. Nothing is live
// until commit.
func (in *ingestion) retake(ctx context.Context) ([]dataFile, error) {
	if len(in.dropped) == 0 && !in.objected() {
		return in.manifest.Files, nil
	}
	without := leaving{deliveries: in.dropped}
	if in.objected() {
		without.persons, without.name = in.options.People.objecting, in.options.People.Objections()
	}
	var keep []dataFile
	for _, f := range in.zone.files(nil) {
		here, gone := 0, 0
		for _, d := range in.manifest.Deliveries {
			if d.Number >= f.First && d.Number <= f.Last && d.Events > 0 {
				here++
				if in.dropped[d.Number] {
					gone++
				}
			}
		}
		switch {
		case gone == 0 && without.persons == nil:
			keep = append(keep, f.dataFile)
		case gone < here:
			if err := in.writer.rewrite(ctx, []liveFile{f}, without); err != nil {
				return nil, err
			}
		}
	}
	return keep, nil
}

// compact merges the small files of the zone where there are many.
func (in *ingestion) compact(ctx context.Context) error {
	type partition struct {
		month  int32
		bucket int
	}
	small := make(map[partition][]liveFile)
	for _, f := range in.zone.files(func(f dataFile) bool { return f.Rows < compactRows }) {
		p := partition{f.Month, f.Bucket}
		small[p] = append(small[p], f)
	}
	merged := make(map[string]bool)
	for _, files := range small {
		if len(files) <= compactFiles {
			continue
		}
		slices.SortFunc(files, func(a, b liveFile) int {
			return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Path, b.Path))
		})
		for len(files) > 0 {
			n, rows := 0, int64(0)
			for n < len(files) && (n == 0 || rows+files[n].Rows <= defaultFlushRows) {
				rows += files[n].Rows
				n++
			}
			if n > 1 {
				if err := in.writer.rewrite(ctx, files[:n], leaving{}); err != nil {
					return err
				}
				for _, f := range files[:n] {
					merged[f.Path] = true
				}
			}
			files = files[n:]
		}
	}
	if len(merged) == 0 {
		return nil
	}
	m := in.zone.manifest
	m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(f dataFile) bool { return merged[f.Path] })
	files, err := in.writer.place("")
	if err != nil {
		return err
	}
	m.Files = sortedFiles(append(m.Files, files...))
	return in.zone.commit(m)
}

func sortedFiles(files []dataFile) []dataFile {
	slices.SortFunc(files, func(a, b dataFile) int { return cmp.Compare(a.Path, b.Path) })
	return files
}

// leaving says which rows leave the files that are rewritten.
type leaving struct {
	deliveries map[int]bool
	persons    map[int64]bool // by key; nil when nobody new objects
	name       string         // of persons
}

// rewrite writes the rows of files of one month and bucket, but those that leave,
// as one file; it has the name of what it was made from.
func (w *writer) rewrite(ctx context.Context, from []liveFile, without leaving) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p := &partition{month: from[0].Month, bucket: from[0].Bucket}
	sum := sha256.New()
	for _, f := range from {
		fmt.Fprintln(sum, f.Path)
		if err := w.load(p, f.abs, without); err != nil {
			return fmt.Errorf("zone: rewrite events: %s: %w", f.Path, err)
		}
	}
	if p.n == 0 {
		return nil
	}
	var gone []int
	for d := range without.deliveries {
		gone = append(gone, d)
	}
	slices.Sort(gone)
	fmt.Fprintln(sum, gone)
	if without.name != "" {
		fmt.Fprintln(sum, without.name)
	}
	name := hex.EncodeToString(sum.Sum(nil)[:12])
	partial := filepath.Join(w.dir, partialDir)
	if err := w.disk.MkdirAll(partial, 0o700); err != nil {
		return fmt.Errorf("zone: rewrite events: %w", err)
	}
	f := partFile{
		dataFile: dataFile{Month: p.month, Bucket: p.bucket, Rows: int64(p.n)},
		partial:  filepath.Join(partial, name+".parquet"),
	}
	f.Path = fmt.Sprintf("%s/%s.parquet", folderOf(p.month, p.bucket), name)
	if err := w.write(&f, p); err != nil {
		return fmt.Errorf("zone: rewrite events: %w", err)
	}
	w.files = append(w.files, f)
	w.free = append(w.free, p.blocks...)
	return nil
}

// load adds the rows of a file to a partition.
func (w *writer) load(p *partition, file string, without leaving) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	r := parquet.NewGenericReader[EventRow](f)
	defer r.Close()
	buf := make([]EventRow, 256)
	for {
		n, err := r.Read(buf)
		for i := range buf[:n] {
			row := &buf[i]
			if without.deliveries[int(row.Delivery)] || without.persons[row.PersonKey] {
				continue
			}
			if without.persons[row.ChildKey] {
				row.ChildKey = 0
			}
			w.hold(p, row)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
