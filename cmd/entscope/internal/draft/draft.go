// Package draft looks at files that an operator has and drafts the study that reads them:
// which format writes a log and in which layout, how a table is delimited, encoded and dated,
// which column is which field and which French word is which word of the vocabulary.
//
// Each guess bears what was seen. What is doubtful is not guessed: it stands in the draft as
// a comment, and in what is left to decide. Of a record nothing is kept but headings and the
// few words of columns that hold categories.
//
//	files ──► Look (log.go, table.go, words.go) ──► []File ──► New ──► Draft.Text (toml.go)
package draft

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/format"
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
	accounts map[uint64]bool
}

// Look recognises one file, whose times are in zone where they name none.
func Look(ctx context.Context, path, zone string) (*File, error) {
	head, err := readHead(path)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path}
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		f.Seen = "empty"
		return f, nil
	case bytes.Contains(head, []byte("ficAlimMENESR")):
		f.Kind, f.Seen = AAF, "XML of ficAlimMENESR"
		return f, nil
	case bytes.Contains(head, []byte("<BEE_ELEVES")), bytes.Contains(head, []byte("<BEE_RESPONSABLES")):
		f.Kind, f.Seen = SIECLE, "XML of SIECLE"
		return f, nil
	}
	open, err := newOpener(zone)
	if err != nil {
		return nil, err
	}
	recognised := open.log(f, head, false)
	if !recognised {
		if recognised, err = f.asTable(path, head, zone); err != nil {
			return nil, err
		}
	}
	recognised = recognised || f.Doubt == noTable && open.log(f, head, true)
	if !recognised || f.Kind != Events {
		return f, nil
	}
	return f, f.account(ctx, open)
}

// account reads the whole of a log with what was recognised.
func (f *File) account(ctx context.Context, open *opener) error {
	reader, err := open.format(f.Format, f.Settings)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(f.Path), err)
	}
	d, err := source.Open(f.Path)
	if err != nil {
		return err
	}
	defer d.Close()
	found, err := ingest.Account(ctx, d, reader, 2, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(f.Path), err)
	}
	f.Span, f.Read, f.Events, f.Rejected = found.Span, found.Read, found.Events, found.Rejected()
	return nil
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
