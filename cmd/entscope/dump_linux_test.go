package main

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestNoCoreDump(t *testing.T) {
	if err := forbidDumps(); err != nil {
		t.Fatal(err)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("a core may have %d bytes, at most %d", limit.Cur, limit.Max)
	}
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if dumpable != 0 {
		t.Errorf("the process can be dumped (%d)", dumpable)
	}
}
