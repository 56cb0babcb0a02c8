package main

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func TestExitCode(t *testing.T) {
	full := &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	for _, c := range []struct {
		name string
		err  error
		want int
	}{
		{"nothing", nil, exitDone},
		{"something", errors.New("x"), exitUnexpected},
		{"a code of its own", withExit(exitRefused, errors.New("x")), exitRefused},
		{"a full disk", fmt.Errorf("report: %w", full), exitTryAgain},
		{"a disk that does not answer", fmt.Errorf("ingest: %w", syscall.EIO), exitTryAgain},
		{"an input that cannot be read", withExit(exitInput, fmt.Errorf("%w: %w", study.ErrInput, syscall.EIO)),
			exitTryAgain},
		{"the engine's disk", errors.New("IO Error: Could not write file: No space left on device"), exitTryAgain},
		{"the engine's memory", fmt.Errorf("anonymize: %w", engine.ErrMemory), exitTryAgain},
		{"the machine's memory", syscall.ENOMEM, exitTryAgain},
		{"a usage fault beside", withExit(exitUsage, full), exitUsage},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%s: exit code %d, want %d", c.name, got, c.want)
		}
	}
}
