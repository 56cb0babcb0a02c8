package national

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
)

// Rows wait on disk, by département, for the others of their school. A kind has one
// file of pages; each page holds rows of one département.
const (
	departments = 1000
	pageSize    = 32 << 10
)

// errSpill is a file of ours that does not hold what was written to it.
var errSpill = errors.New("national: a temporary file was changed by another process")

// spill is the rows of one kind, waiting.
type spill struct {
	file  *os.File
	mutex sync.Mutex
	end   int64
	pages [departments][]page
	rows  int64
}

type page struct {
	at   int64
	size int32
	rows int32
}

// newSpill begins a file in a folder; it has no name that anybody could open.
func newSpill(dir string) (*spill, error) {
	f, err := os.CreateTemp(dir, "rows-*")
	if err != nil {
		return nil, fmt.Errorf("national: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &spill{file: f}, nil
}

func (s *spill) close() error { return s.file.Close() }

// spiller writes rows of one file, for one goroutine.
type spiller struct {
	to     *spill
	source uint64 // the number of the file
	open   [departments][]byte
	rows   [departments]int32
}

// add writes a row: its school, week and place, and each value plus one as a varint.
func (w *spiller) add(r *row, at place) error {
	d := department(r.uai)
	b := w.open[d]
	if b == nil {
		b = make([]byte, 0, pageSize+1024)
	}
	b = binary.BigEndian.AppendUint64(b, r.uai)
	b = binary.AppendUvarint(b, uint64(r.week))
	b = binary.AppendUvarint(b, w.source)
	b = binary.AppendUvarint(b, uint64(at.block))
	b = binary.AppendUvarint(b, uint64(at.Line))
	for _, v := range r.values {
		b = binary.AppendUvarint(b, uint64(v+1))
	}
	w.open[d] = b
	w.rows[d]++
	if len(b) < pageSize {
		return nil
	}
	return w.flushPage(d)
}

func (w *spiller) flushPage(d int) error {
	b := w.open[d]
	if len(b) == 0 {
		return nil
	}
	s := w.to
	s.mutex.Lock()
	at := s.end
	s.end += int64(len(b))
	s.pages[d] = append(s.pages[d], page{at, int32(len(b)), w.rows[d]})
	s.rows += int64(w.rows[d])
	s.mutex.Unlock()
	if _, err := s.file.WriteAt(b, at); err != nil {
		return fmt.Errorf("national: temporary file: %w", err)
	}
	w.open[d], w.rows[d] = b[:0], 0
	return nil
}

func (w *spiller) flush() error {
	for d := range w.open {
		if err := w.flushPage(d); err != nil {
			return err
		}
	}
	return nil
}

// waiting is a row of a département, with where its values stand.
type waiting struct {
	uai    uint64
	week   int32
	source uint32
	at     place
	offset int // of its values, in the département's bytes
	end    int
}

// department reads the rows of a département.
func (s *spill) department(d, columns int) (bytes []byte, rows []waiting, err error) {
	total, n := 0, 0
	for _, p := range s.pages[d] {
		total += int(p.size)
		n += int(p.rows)
	}
	bytes, rows = make([]byte, total), make([]waiting, 0, n)
	at := 0
	for _, p := range s.pages[d] {
		if _, err := s.file.ReadAt(bytes[at:at+int(p.size)], p.at); err != nil {
			return nil, nil, fmt.Errorf("national: temporary file: %w", err)
		}
		at += int(p.size)
	}
	for at = 0; at < total; {
		if total-at < 8 {
			return nil, nil, errSpill
		}
		r := waiting{uai: binary.BigEndian.Uint64(bytes[at:])}
		at += 8
		for _, into := range []func(uint64){
			func(v uint64) { r.week = int32(v) }, func(v uint64) { r.source = uint32(v) },
			func(v uint64) { r.at.block = uint32(v) }, func(v uint64) { r.at.Line = int64(v) },
		} {
			v, size := binary.Uvarint(bytes[at:])
			if size <= 0 {
				return nil, nil, errSpill
			}
			into(v)
			at += size
		}
		r.offset = at
		for range columns {
			for at < total && bytes[at] >= 0x80 {
				at++
			}
			at++
		}
		if r.end = at; at > total {
			return nil, nil, errSpill
		}
		rows = append(rows, r)
	}
	return bytes, rows, nil
}

// values decodes those of a waiting row into one slot of each column.
func (r *waiting) values(bytes []byte, into []int64) {
	at := r.offset
	for i := range into {
		v, size := binary.Uvarint(bytes[at:r.end])
		into[i] = int64(v) - 1
		at += size
	}
}
