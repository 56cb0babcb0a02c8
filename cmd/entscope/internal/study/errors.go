package study

import "errors"

// Faults of what a study names, which decide the exit code.
var (
	// ErrConfig: the study, a policy or the key is not usable.
	ErrConfig = errors.New("configuration")
	// ErrInput: the input cannot be used.
	ErrInput = errors.New("input unusable")
	// ErrLocked: another run holds the lock.
	ErrLocked = errors.New("another run holds the lock")
)
