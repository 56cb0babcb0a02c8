package subject

import (
	"fmt"
	"math"
	"os"

	"github.com/parquet-go/parquet-go"
)

// A slice is a range of person keys that is computed at a time, and the event
// files that hold it.
type slice struct {
	low, high int64 // both included
	files     []string
	name      string
}

// keys are the arguments of a statement for one slice.
func (s slice) keys() map[string]any { return map[string]any{"low": s.low, "high": s.high} }

// eventsPerSlice is about how many events are computed at a time, over all that work at the
// same time: within an engine of 200 MB.
const eventsPerSlice = 500_000

// cutSlices cuts the buckets of the zone into ranges of about eventsPerSlice
// events: neighbouring small buckets go together, large ones are divided. Keys
// are pseudonyms, hence uniform.
func (b *Builder) cutSlices() error {
	buckets := b.o.Zone.Buckets()
	limit := b.sliceLimit()
	var current slice
	var held int64
	for i := range buckets {
		bucket := (i + buckets/2) % buckets // in the order of signed keys, so that neighbours make one range
		files := b.o.Zone.EventFiles(bucket)
		n, err := countRows(files)
		if err != nil {
			return err
		}
		if held > 0 && held+n > limit {
			b.slices, held = append(b.slices, current), 0
		}
		low, high := bucketRange(bucket, buckets)
		if parts := n / limit; parts > 1 {
			b.slices = append(b.slices, divide(low, high, int(parts), files)...)
			held = 0
			continue
		}
		if held == 0 {
			current = slice{low: low}
		}
		current.high, current.files, held = high, append(current.files, files...), held+max(n, 1)
		current.name = fmt.Sprintf("bucket %d", bucket)
	}
	if held > 0 {
		b.slices = append(b.slices, current)
	}
	return nil
}

// sliceLimit is about how many rows are computed at a time: all, where the engine divides them itself.
func (b *Builder) sliceLimit() int64 {
	switch {
	case b.o.eventsPerSlice > 0:
		return b.o.eventsPerSlice
	case !b.engine.Bounded():
		return math.MaxInt64 / 2
	}
	return int64(eventsPerSlice / max(b.o.Threads, 1))
}

// divide cuts a range of keys into equal parts of the same files.
func divide(low, high int64, parts int, files []string) []slice {
	width := (uint64(high) - uint64(low)) / uint64(parts)
	slices := make([]slice, parts)
	for i := range slices {
		first := uint64(low) + uint64(i)*(width+1)
		slices[i] = slice{low: int64(first), high: int64(first + width), files: files,
			name: fmt.Sprintf("part %d", i+1)}
	}
	slices[parts-1].high = high
	return slices
}

// countRows adds up the rows of Parquet files from their footers.
func countRows(files []string) (int64, error) {
	var n int64
	for _, name := range files {
		rows, err := rowsOf(name)
		if err != nil {
			return 0, fmt.Errorf("subject: events: %w", err)
		}
		n += rows
	}
	return n, nil
}

func rowsOf(name string) (int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	p, err := parquet.OpenFile(f, info.Size(), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return 0, err
	}
	return p.NumRows(), nil
}

// bucketRange is the smallest and the largest person key of a bucket: a bucket
// is the high bits of the key read as an unsigned number.
func bucketRange(bucket, buckets int) (low, high int64) {
	if buckets == 1 {
		return -1 << 63, 1<<63 - 1
	}
	width := ^uint64(0)/uint64(buckets) + 1
	first := uint64(bucket) * width
	return int64(first), int64(first + width - 1)
}
