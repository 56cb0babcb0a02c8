package draft

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/source"
)

// headSize is how much of a file is looked at before it is read with what was recognised.
const headSize = 1 << 18

// Kind is what a file is to a study.
type Kind int

// Kinds of file.
const (
	Unknown Kind = iota
	Events
	Persons
	Accounts
	AAF
	SIECLE
	Imports
	Schools
	Calendar
	Register
)

// File is a file as it was recognised.
type File struct {
	Path string
	Kind Kind
	// Format and Settings read a log.
	Format   string
	Settings format.Settings
	// Seen says what was seen, and Doubt what is not sure; "" where nothing is.
	Seen, Doubt string
	// Span is from the first to the last event of a log.
	Span ingest.Span
	// Read, Events and Rejected count the records of a log.
	Read, Events, Rejected int64

	table    *table
	register *register.Register
	accounts map[uint64]bool
}

// readHead is the beginning of a file, unpacked, up to its last whole line.
func readHead(path string) ([]byte, error) {
	d, err := source.Open(path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	head, err := io.ReadAll(io.LimitReader(bufio.NewReader(d), headSize))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if bytes.IndexByte(head, '\n') < 0 {
		head = bytes.ReplaceAll(head, []byte{'\r'}, []byte{'\n'}) // the line ends of an old Mac
	}
	if len(head) == headSize {
		if end := bytes.LastIndexByte(head, '\n'); end > 0 {
			head = head[:end+1]
		}
	}
	return head, nil
}

// same reports whether two logs are read as one feed.
func (f *File) same(g *File) bool {
	if f.Kind != g.Kind || f.Format != g.Format || f.Settings.Map != g.Settings.Map ||
		f.Settings.Layout != g.Settings.Layout {
		return false
	}
	if f.table == nil || g.table == nil {
		return f.table == g.table
	}
	return strings.Join(f.table.columnLines(), "\n") == strings.Join(g.table.columnLines(), "\n")
}
