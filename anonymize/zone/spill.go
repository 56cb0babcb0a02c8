package zone

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// spill keeps the rows of a register of many rows on disk, in 256 files by the high bits of a key: what is known of a
// message lies in one file, and a hundred million rows are 400,000 in each.
type spill struct {
	disk   durable.Disk
	dir    string
	width  int // values of a row
	parts  [spillParts]*spillPart
	buffer []byte
}

const spillParts = 256

type spillPart struct {
	*bufio.Writer
	file durable.File
	rows int
}

// add appends a row to part n.
func (s *spill) add(n int, row []int64) error {
	part, err := s.part(n)
	if err != nil {
		return err
	}
	s.buffer = s.buffer[:0]
	for _, v := range row {
		s.buffer = binary.AppendVarint(s.buffer, v)
	}
	part.rows++
	_, err = part.Write(s.buffer)
	return err
}

func (s *spill) part(n int) (*spillPart, error) {
	if s.parts[n] == nil {
		if err := s.disk.MkdirAll(s.dir, 0o700); err != nil {
			return nil, err
		}
		name := filepath.Join(s.dir, fmt.Sprintf("%03d", n))
		file, err := s.disk.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		s.parts[n] = &spillPart{Writer: bufio.NewWriterSize(file, 1<<15), file: file}
	}
	return s.parts[n], nil
}

// each hands on the rows of one part after the other, in the order of signed keys; in a part in reading order.
func (s *spill) each(use func([][]int64) error) error {
	for n := range spillParts {
		part := s.parts[n^spillParts/2]
		if part == nil {
			continue
		}
		rows, err := part.read(s.width)
		if err != nil {
			return err
		}
		if err := use(rows); err != nil {
			return err
		}
	}
	return nil
}

// read reads the rows of a part.
func (p *spillPart) read(width int) ([][]int64, error) {
	if err := p.Flush(); err != nil {
		return nil, err
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(p.file, 1<<16)
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

// close closes the files.
func (s *spill) close() error {
	var err error
	for _, part := range s.parts {
		if part != nil {
			err = errors.Join(err, part.file.Close())
		}
	}
	return err
}
