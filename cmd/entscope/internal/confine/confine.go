// Package confine runs the program again in a child process that can do little, for work on files that somebody
// else made: what takes over the reader of such a file finds nothing to take.
//
// The parent restricts the thread it starts the child from (Landlock), so that the child, before its first
// instruction, can read the named paths and what the system needs to load a program, write one folder, and connect
// to nothing. The child then bounds itself (Enter): memory, CPU, no program started, no socket opened, no other
// process looked into (seccomp). Both need Linux; Missing says what is missing elsewhere.
package confine

import (
	"errors"
	"time"
)

// Rules are what the child may use.
type Rules struct {
	// Read are files and folders; what does not exist is left out.
	Read []string
	// Write is the one folder that may be written; it is the child's TMPDIR.
	Write string
}

// Limits bound the child; every field must be set.
type Limits struct {
	// AddressMB is its address space, of which the most is reserved and never used, in MiB.
	AddressMB int
	CPU       time.Duration
}

// ErrKilled says that the child did not end by itself: a fault of memory, or beyond its limits.
var ErrKilled = errors.New("the reader was killed")

// variable tells the child that it is one.
const variable = "ENTSCOPE_CONFINED"
