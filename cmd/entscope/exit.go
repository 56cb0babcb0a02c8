package main

import (
	"errors"
	"strings"
	"syscall"

	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/engine/trino"
	"github.com/entscope/entscope/anonymize/lake"
	"github.com/entscope/entscope/ingest/source"
)

// Exit codes of the command, fixed by the design.
const (
	exitDone       = 0
	exitUnexpected = 1
	exitUsage      = 2
	exitWarnings   = 3
	exitRefused    = 4 // privacy gate refused, nothing written
	exitInput      = 5
	exitLocked     = 6
	exitTryAgain   = 75
)

// exitCodes is what each code says to a user or a scheduler.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitDone, "done"},
	{exitUnexpected, "unexpected: a fault of entscope itself"},
	{exitUsage, "usage or configuration: the command line, study.toml, a policy or the key"},
	{exitWarnings, "done, with warnings"},
	{exitRefused, "a privacy gate refused: nothing was written"},
	{exitInput, "the input is unusable"},
	{exitLocked, "another run holds the lock"},
	{exitTryAgain, "try again: what failed may pass by itself or with more room, such as a server that does not " +
		"answer, a full disk or too little memory"},
}

// exitError carries the exit code of an error up to main.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// withExit gives err an exit code; a nil err stays nil.
func withExit(code int, err error) error {
	if err == nil {
		return nil
	}
	return &exitError{code: code, err: err}
}

// exitCode is the code of err: its own if it carries one, 0 for nil; 75 of what may
// pass by itself, and otherwise 1.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	code := exitUnexpected
	var e *exitError
	if errors.As(err, &e) {
		code = e.code
	}
	if (code == exitUnexpected || code == exitInput) && mayPass(err) {
		return exitTryAgain
	}
	return code
}

// mayPass reports whether err may pass by itself: a disk, the memory or the table of open files was full, a disk
// did not answer, an engine had no room, a file changed while it was read,
// or another machine was first on the zone's store. The engine has its faults as texts alone.
func mayPass(err error) bool {
	for _, fault := range []error{lake.ErrLost, syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.ENOMEM, syscall.EMFILE,
		syscall.ENFILE, source.ErrChanged, engine.ErrMemory, trino.ErrUnavailable} {
		if errors.Is(err, fault) {
			return true
		}
	}
	return strings.Contains(strings.ToLower(err.Error()), syscall.ENOSPC.Error())
}
