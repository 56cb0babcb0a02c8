package main

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// forbidDumps keeps the memory of the process, keys and names among it, off the
// disk and from other processes of the same user: no core dump, and none of
// ptrace(2) or /proc/PID/mem.
func forbidDumps() error {
	err := errors.Join(
		unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}),
		unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0),
	)
	if err != nil {
		return fmt.Errorf("forbid core dumps: %w", err)
	}
	return nil
}
