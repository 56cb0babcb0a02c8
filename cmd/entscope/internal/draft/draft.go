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
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// Look recognises one file, whose times are in zone where they name none.
func Look(ctx context.Context, path, zone string) (*File, error) {
	head, err := readHead(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", source.Name(path), err)
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
	order, err := f.account(ctx, open)
	if err != nil || f.table == nil || !f.table.either {
		return f, err
	}
	switch verdict, by := order.Judge(0, 0); verdict {
	case ingest.OrderAsRead:
		f.Doubt, f.Seen = "", f.Seen+", the day first by "+by
	case ingest.OrderExchanged:
		f.Doubt, f.Seen = "", f.Seen+", the month first by "+by
		f.table.dates["at"] = order.Other
		mapping := f.table.mapping(zone)
		f.Settings.CSV = &mapping
		_, err = f.account(ctx, open)
	}
	return f, err
}

// account reads the whole of a log with what was recognised, and says what it saw of the order of day and month.
func (f *File) account(ctx context.Context, open *opener) (*ingest.DateOrder, error) {
	reader, err := open.format(f.Format, f.Settings)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(f.Path), err)
	}
	d, err := source.Open(f.Path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	found, err := ingest.Account(ctx, d, reader, 2, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(f.Path), err)
	}
	f.Span, f.Read, f.Events, f.Rejected = found.Span, found.Read, found.Events, found.Rejected()
	return found.DateOrder, nil
}
