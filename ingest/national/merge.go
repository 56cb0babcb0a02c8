package national

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"golang.org/x/sync/errgroup"
)

// groupRows bounds a row group, and so what is held in memory of a département.
const groupRows = 1 << 16

// fate is what became of the accepted rows of a file when all rows of the kind were
// laid side by side.
type fate struct {
	repeated   int64 // told again, with the same numbers
	superseded int64 // a newer version of the same school and week stands instead
	contrary   int64 // of those, by another row of the same file
	// firstContrary is such a row; its line is that within its block.
	firstContrary place
}

func (f *fate) add(o fate) {
	f.repeated += o.repeated
	f.superseded += o.superseded
	if o.contrary > 0 && (f.contrary == 0 || o.firstContrary.before(f.firstContrary)) {
		f.firstContrary = o.firstContrary
	}
	f.contrary += o.contrary
}

// merged is what the rows of a kind came to.
type merged struct {
	rows   int64
	weeks  map[int32]int64 // rows of each week
	filled []int64         // rows with a value, of each column
	total  []int64
	fates  []fate // of each source
}

func newMerged(columns, sources int) *merged {
	return &merged{weeks: map[int32]int64{}, filled: make([]int64, columns), total: make([]int64, columns),
		fates: make([]fate, sources)}
}

func (m *merged) add(o *merged) {
	m.rows += o.rows
	for w, n := range o.weeks {
		m.weeks[w] += n
	}
	for i := range o.filled {
		m.filled[i] += o.filled[i]
		m.total[i] += o.total[i]
	}
	for i := range o.fates {
		m.fates[i].add(o.fates[i])
	}
}

// part is a département on its way into the table.
type part struct {
	groups []*parquet.ConcurrentRowGroupWriter
	merged *merged
	err    error
}

// merge writes the table of a kind: sorted by school and week, each once. rank orders
// the sources: of two versions of a row, that of the higher rank stands.
func merge(ctx context.Context, out io.Writer, k Kind, s *spill, rank []int, threads int) (*merged, error) {
	columns := columnsOf(k)
	all := newMerged(len(columns), len(rank))
	writer := parquet.NewGenericWriter[any](out, append(slices.Clone(writerOptions), weekSchema(k))...)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(threads + 1)
	parts := make(chan chan part, threads)
	group.Go(func() error { // row groups are put in place in order
		for waiting := range parts {
			var p part
			select {
			case p = <-waiting:
			case <-ctx.Done():
				return ctx.Err()
			}
			if p.err != nil {
				return p.err
			}
			for _, g := range p.groups {
				if _, err := g.Commit(); err != nil {
					return fmt.Errorf("national: table %s: %w", k, err)
				}
			}
			all.add(p.merged)
		}
		return nil
	})
	for d := range departments {
		if len(s.pages[d]) == 0 {
			continue
		}
		done := make(chan part, 1)
		select {
		case parts <- done:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			p := s.part(d, len(columns), rank, writer.BeginRowGroup)
			done <- p
			return p.err
		})
	}
	close(parts)
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("national: table %s: %w", k, err)
	}
	return all, nil
}

// part sorts a département and writes its row groups.
func (s *spill) part(d, columns int, rank []int, begin func() *parquet.ConcurrentRowGroupWriter) (p part) {
	text, rows, err := s.department(d, columns)
	if err != nil {
		return part{err: err}
	}
	slices.SortFunc(rows, func(a, b waiting) int {
		return cmp.Or(cmp.Compare(a.uai, b.uai), cmp.Compare(a.week, b.week),
			cmp.Compare(rank[b.source], rank[a.source]),
			cmp.Compare(b.at.block, a.at.block), cmp.Compare(b.at.Line, a.at.Line))
	})
	p.merged = newMerged(columns, len(rank))
	kept := p.merged.once(text, rows)
	for from := 0; from < len(kept); from += groupRows {
		g := begin()
		if err := p.merged.write(g, text, kept[from:min(from+groupRows, len(kept))]); err != nil {
			return part{err: fmt.Errorf("national: %w", err)}
		}
		p.groups = append(p.groups, g)
	}
	return p
}

// once keeps the first of the rows of one school and week.
func (m *merged) once(text []byte, rows []waiting) []waiting {
	kept := rows[:0]
	for _, r := range rows {
		if len(kept) == 0 {
			kept = append(kept, r)
			continue
		}
		k := kept[len(kept)-1]
		if k.uai != r.uai || k.week != r.week {
			kept = append(kept, r)
			continue
		}
		f := fate{superseded: 1}
		switch {
		case bytes.Equal(text[k.offset:k.end], text[r.offset:r.end]):
			f = fate{repeated: 1}
		case k.source == r.source:
			f.contrary, f.firstContrary = 1, r.at
		}
		m.fates[r.source].add(f)
	}
	return kept
}

// write writes the columns of a row group, one after the other.
func (m *merged) write(g *parquet.ConcurrentRowGroupWriter, text []byte, rows []waiting) error {
	n := len(m.filled)
	matrix := make([]int64, len(rows)*n)
	for i := range rows {
		rows[i].values(text, matrix[i*n:(i+1)*n])
		m.weeks[rows[i].week]++
	}
	m.rows += int64(len(rows))
	writers := g.ColumnWriters()
	put := func(column int, value func(i int) parquet.Value) error {
		var batch [1024]parquet.Value
		for from := 0; from < len(rows); from += len(batch) {
			some := batch[:min(len(batch), len(rows)-from)]
			for i := range some {
				some[i] = value(from + i)
			}
			if _, err := writers[column].WriteRowValues(some); err != nil {
				return err
			}
		}
		return nil
	}
	years := map[int32]parquet.Value{}
	for _, r := range rows {
		if _, ok := years[r.week]; !ok {
			years[r.week] = parquet.ByteArrayValue([]byte(schoolYear(r.week))).Level(0, 0, 2)
		}
	}
	var code uint64
	var name parquet.Value
	err := put(0, func(i int) parquet.Value {
		if rows[i].uai != code {
			code = rows[i].uai
			name = parquet.ByteArrayValue([]byte(uai(code))).Level(0, 0, 0)
		}
		return name
	})
	if err == nil {
		err = put(1, func(i int) parquet.Value { return parquet.Int32Value(rows[i].week).Level(0, 0, 1) })
	}
	if err == nil {
		err = put(2, func(i int) parquet.Value { return years[rows[i].week] })
	}
	for c := 0; c < n && err == nil; c++ {
		err = put(weekKeys+c, func(i int) parquet.Value {
			v := matrix[i*n+c]
			if v == null {
				return parquet.NullValue().Level(0, 0, weekKeys+c)
			}
			m.filled[c]++
			m.total[c] += v
			return parquet.Int64Value(v).Level(0, 1, weekKeys+c)
		})
	}
	return err
}
