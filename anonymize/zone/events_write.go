package zone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"
)

// defaultFlushRows is how many rows are held before they are sorted and written. It is
// a constant, so that neither memory nor cores change what is in a file.
const defaultFlushRows = 1 << 20

// partition is the rows of one month and bucket that wait to be written.
type partition struct {
	month  int32
	bucket int
	n      int
	blocks []*block
}

// block is a piece of a partition: growing costs no copying, and a block serves
// again after a flush.
type block [blockRows]EventRow

const blockRows = 1 << 9

func (p *partition) row(i int32) *EventRow { return &p.blocks[i/blockRows][i%blockRows] }

// writer gathers rows by month and bucket and writes them, sorted by time, to
// files in the partial folder; commit gives the files their names.
type writer struct {
	disk    durable.Disk
	dir     string // events/
	threads int
	limit   int // rows held at most, about
	months  map[int32]*[Buckets]partition
	free    []*block
	held    int
	segment int
	files   []partFile
}

type partFile struct {
	dataFile
	partial string // where it lies until commit
	segment int
}

func newWriter(disk durable.Disk, dir string, threads, limit int) *writer {
	return &writer{disk: disk, dir: dir, threads: threads, limit: limit, months: make(map[int32]*[Buckets]partition)}
}

// add takes the rows of a chunk.
func (w *writer) add(ctx context.Context, b *rows) error {
	var parts []*[Buckets]partition
	for _, month := range b.months {
		p := w.months[month]
		if p == nil {
			p = new([Buckets]partition)
			for i := range p {
				p[i].month, p[i].bucket = month, i
			}
			w.months[month] = p
		}
		parts = append(parts, p)
	}
	for i := range b.events {
		part := b.parts[i]
		w.hold(&parts[part>>bucketBits][part&(Buckets-1)], &b.events[i])
	}
	if w.held += len(b.events); w.held >= w.limit {
		return w.flush(ctx)
	}
	return nil
}

// hold appends a row to a partition.
func (w *writer) hold(p *partition, row *EventRow) {
	if p.n%blockRows == 0 {
		p.blocks = append(p.blocks, w.block())
	}
	*p.row(int32(p.n)) = *row
	p.n++
}

func (w *writer) block() *block {
	if n := len(w.free); n > 0 {
		b := w.free[n-1]
		w.free = w.free[:n-1]
		return b
	}
	return new(block)
}

// flush writes every partition that holds rows, on all cores.
func (w *writer) flush(ctx context.Context) error {
	var full []*partition
	for _, p := range w.months {
		for i := range p {
			if p[i].n > 0 {
				full = append(full, &p[i])
			}
		}
	}
	slices.SortFunc(full, func(a, b *partition) int {
		return cmp.Or(cmp.Compare(a.month, b.month), cmp.Compare(a.bucket, b.bucket))
	})
	partial := filepath.Join(w.dir, partialDir)
	if err := w.disk.MkdirAll(partial, 0o700); err != nil {
		return fmt.Errorf("zone: write events: %w", err)
	}
	files := make([]partFile, len(full))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(w.threads)
	for i, p := range full {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			f := partFile{dataFile: dataFile{Month: p.month, Bucket: p.bucket, Rows: int64(p.n)}, segment: w.segment}
			f.partial = filepath.Join(partial, fmt.Sprintf("%03d-%d-%02d.parquet", w.segment, p.month, p.bucket))
			err := w.write(&f, p)
			files[i] = f
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("zone: write events: %w", err)
	}
	w.files = append(w.files, files...)
	w.segment++
	w.held = 0
	for _, p := range full {
		w.free = append(w.free, p.blocks...)
		p.blocks, p.n = p.blocks[:0], 0
	}
	return nil
}

// write writes the rows of a partition, sorted, and completes f.
func (w *writer) write(f *partFile, p *partition) error {
	file, err := w.disk.OpenFile(f.partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	pw := parquet.NewGenericWriter[EventRow](file,
		parquet.Compression(&parquet.Snappy),
		parquet.CreatedBy("entscope", "1", "0"),
		parquet.MaxRowsPerRowGroup(1<<17))
	order := sortedOrder(p)
	rows := make([]EventRow, 256)
	first, last := p.row(0).Delivery, p.row(0).Delivery
	for len(order) > 0 {
		n := min(len(order), len(rows))
		for i, from := range order[:n] {
			rows[i] = *p.row(from.row)
			first, last = min(first, rows[i].Delivery), max(last, rows[i].Delivery)
		}
		if _, err := pw.Write(rows[:n]); err != nil {
			return err
		}
		order = order[n:]
	}
	if err := pw.Close(); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	f.Bytes, f.First, f.Last = info.Size(), int(first), int(last)
	return nil
}

func folderOf(month int32, bucket int) string {
	return fmt.Sprintf("month=%d/bucket=%02d", month, bucket)
}

type place struct {
	ts     int64
	person int64
	row    int32
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.ts, b.ts), cmp.Compare(a.person, b.person), cmp.Compare(a.row, b.row))
}

// sortedOrder is the order of the rows by time, then person, then as they came.
// Logs are nearly in order, so an insertion sort is tried first.
func sortedOrder(of *partition) []place {
	places := make([]place, of.n)
	budget := 16 * of.n
	for i := range places {
		row := of.row(int32(i))
		p := place{row.TsMs, row.PersonKey, int32(i)}
		j := i
		for ; j > 0 && budget > 0 &&
			(places[j-1].ts > p.ts || places[j-1].ts == p.ts && places[j-1].person > p.person); j-- {
			places[j] = places[j-1]
			budget--
		}
		places[j] = p
	}
	if budget <= 0 {
		slices.SortFunc(places, comparePlaces)
	}
	return places
}

// place gives the files written since the last commit their names in the zone;
// name is that of the batch. Rewritten files have theirs.
func (w *writer) place(name string) ([]dataFile, error) {
	folders := make(map[string]bool)
	var files []dataFile
	for _, f := range w.files {
		folder := folderOf(f.Month, f.Bucket)
		dir := filepath.Join(w.dir, filepath.FromSlash(folder))
		if !folders[dir] {
			if err := w.disk.MkdirAll(dir, 0o700); err != nil {
				return nil, fmt.Errorf("zone: place events: %w", err)
			}
			folders[dir] = true
		}
		if f.Path == "" {
			f.Path = fmt.Sprintf("%s/%s-%03d.parquet", folder, name, f.segment)
		}
		if err := w.disk.Rename(f.partial, filepath.Join(w.dir, filepath.FromSlash(f.Path))); err != nil {
			return nil, fmt.Errorf("zone: place events: %w", err)
		}
		files = append(files, f.dataFile)
	}
	var faults []error
	for dir := range folders {
		faults = append(faults, w.disk.Sync(dir), w.disk.Sync(filepath.Dir(dir)))
	}
	w.files, w.segment = nil, 0
	return files, errors.Join(faults...)
}

// drop forgets all that was not committed.
func (w *writer) drop() error {
	clear(w.months)
	w.free = nil
	w.files, w.segment, w.held = nil, 0, 0
	return w.disk.RemoveAll(filepath.Join(w.dir, partialDir))
}
