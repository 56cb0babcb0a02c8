package zone

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// spill keeps the rows of a register of many rows on disk, in 256 files by the high bits of a key: what is known of a
// message lies in one file, and a hundred million rows are 400,000 in each. A file is made once 32 KiB wait for it, and
// open while it is written to or read, and no longer: a machine may allow as few as 64.
type spill struct {
	disk  durable.Disk
	dir   string
	width int // values of a row
	parts [spillParts]*spillPart
}

const (
	spillParts = 256
	spillBytes = 1 << 15 // of a part that wait to be written
)

type spillPart struct {
	name    string
	rows    int
	waiting []byte
	written bool
}

// add appends a row to part n.
func (s *spill) add(n int, row []int64) error {
	part := s.part(n)
	for _, v := range row {
		part.waiting = binary.AppendVarint(part.waiting, v)
	}
	part.rows++
	if len(part.waiting) < spillBytes {
		return nil
	}
	return part.flush(s.disk)
}

func (s *spill) part(n int) *spillPart {
	if s.parts[n] == nil {
		s.parts[n] = &spillPart{name: filepath.Join(s.dir, fmt.Sprintf("%03d", n))}
	}
	return s.parts[n]
}

// flush writes what waits.
func (p *spillPart) flush(disk durable.Disk) error {
	flag := os.O_APPEND | os.O_WRONLY
	if !p.written {
		flag = os.O_CREATE | os.O_TRUNC | os.O_WRONLY
		if err := disk.MkdirAll(filepath.Dir(p.name), 0o700); err != nil {
			return err
		}
	}
	file, err := disk.OpenFile(p.name, flag, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(p.waiting)
	p.waiting, p.written = p.waiting[:0], true
	return errors.Join(err, file.Close())
}

// each hands on the rows of one part after the other, in the order of signed keys; in a part in reading order.
func (s *spill) each(use func([][]int64) error) error {
	for n := range spillParts {
		part := s.parts[n^spillParts/2]
		if part == nil {
			continue
		}
		rows, err := part.read(s.disk, s.width)
		if err != nil {
			return err
		}
		if err := use(rows); err != nil {
			return err
		}
	}
	return nil
}

// read reads the rows of a part; one that never filled what waits was never a file.
func (p *spillPart) read(disk durable.Disk, width int) ([][]int64, error) {
	var in io.ByteReader = bytes.NewReader(p.waiting)
	if p.written {
		if err := p.flush(disk); err != nil {
			return nil, err
		}
		file, err := os.Open(p.name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = bufio.NewReaderSize(file, 1<<16)
	}
	values, rows := make([]int64, p.rows*width), make([][]int64, p.rows)
	for i := range values {
		v, err := binary.ReadVarint(in)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	for i := range rows {
		rows[i] = values[i*width : (i+1)*width : (i+1)*width]
	}
	return rows, nil
}
