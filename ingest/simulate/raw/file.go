package raw

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// file is a raw file that appears with the first thing written to it, compressed
// when its name ends in .gz. It keeps its first fault for close.
type file struct {
	path   string
	header string // what it begins with
	w      *bufio.Writer
	under  []io.Closer // what w writes to, from the outermost
	err    error
}

// open creates the file, if it is not open yet.
func (f *file) open() {
	if f.w != nil || f.err != nil {
		return
	}
	if f.err = os.MkdirAll(filepath.Dir(f.path), 0o755); f.err != nil {
		return
	}
	disk, err := os.Create(f.path)
	if f.err = err; err != nil {
		return
	}
	f.w, f.under = bufio.NewWriterSize(disk, 1<<18), []io.Closer{disk}
	if strings.HasSuffix(f.path, ".gz") {
		var z *gzip.Writer
		if z, f.err = gzip.NewWriterLevel(disk, gzip.BestSpeed); f.err != nil {
			return
		}
		f.w, f.under = bufio.NewWriterSize(z, 1<<16), []io.Closer{z, disk}
	}
	_, f.err = f.w.WriteString(f.header)
}

func (f *file) write(b []byte) {
	if f.open(); f.err == nil {
		_, f.err = f.w.Write(b)
	}
}

func (f *file) printf(format string, args ...any) {
	if f.open(); f.err == nil {
		_, f.err = fmt.Fprintf(f.w, format, args...)
	}
}

// close closes the file, if anything was written, and returns its first fault.
func (f *file) close() error {
	faults := []error{f.err}
	if f.w != nil {
		faults = append(faults, f.w.Flush())
	}
	for _, c := range f.under {
		faults = append(faults, c.Close())
	}
	f.w, f.under = nil, nil
	return errors.Join(faults...)
}

// months are files of one record after the other, one for each local month.
type months struct {
	file
	name func(month string) string // path of the file of a month, as "202509"
}

// turn opens the file of a month, when the records come to it.
func (m *months) turn(month string) {
	if path := m.name(month); m.err == nil && path != m.path {
		m.err = m.close()
		m.path = path
	}
}
