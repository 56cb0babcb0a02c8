package raw

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
)

// sink is a file being written, with the first error it met.
type sink struct {
	w   *bufio.Writer
	f   io.Closer
	err error
	n   int64
	buf []byte
}

func create(path string) (*sink, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &sink{w: bufio.NewWriterSize(f, 1<<18), f: f}, nil
}

func (s *sink) write(b []byte) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
	s.n += int64(len(b))
}

func (s *sink) text(t string) { s.write([]byte(t)) }

func (s *sink) close() error {
	if err := s.w.Flush(); s.err == nil {
		s.err = err
	}
	if err := s.f.Close(); s.err == nil {
		s.err = err
	}
	return s.err
}
