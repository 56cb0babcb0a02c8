package main

import (
	"context"
	"runtime/debug"

	"github.com/entscope/entscope/analysis/query"
)

// An edition of a million parents is read within 2 GiB: the engine takes one, Go's
// own memory less than the rest.
const (
	readingEngineMB = 1024
	readingGoMB     = 640
)

// openEdition opens the edition in dir for a command that computes on it; done closes it
// and removes what the engine spilled. An edition that cannot be read is an input that is
// at fault.
func openEdition(ctx context.Context, dir string) (ed *query.Edition, done func(), err error) {
	debug.SetMemoryLimit(readingGoMB << 20)
	config, clean, err := tempEngine(readingEngineMB, 2)
	if err != nil {
		return nil, nil, err
	}
	if ed, err = query.Open(ctx, dir, config); err != nil {
		clean()
		return nil, nil, withExit(exitInput, err)
	}
	return ed, func() {
		ed.Close()
		clean()
	}, nil
}
