package main

import (
	"context"
	"fmt"
	"io"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/lake"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// look says what the store of the zone holds; nil where the zone is a folder alone.
func look(ctx context.Context, s *study.Study) (*lake.Look, error) {
	store, err := pipeline.Store(durable.Disk{}, s)
	if err != nil || store == nil {
		return nil, err
	}
	defer store.Close()
	found, err := store.Look(ctx)
	return found, pipeline.OfStore(err)
}

// printStore says what stands on a store.
func printStore(out io.Writer, l *lake.Look) {
	switch {
	case l == nil:
	case l.Listing == 0:
		fmt.Fprintf(out, "\nstore %s: it holds no zone yet\n", l.Store)
	default:
		fmt.Fprintf(out, "\nstore %s: listing %d, %d objects, %d bytes\n", l.Store, l.Listing, l.Objects, l.Bytes)
		if l.Folder != l.Listing {
			fmt.Fprintf(out, "the folder has listing %d, and what is new was counted from there; the next run fetches %d\n",
				l.Folder, l.Listing)
		}
	}
}
