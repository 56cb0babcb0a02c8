//go:build !linux

package confine

import (
	"context"
	"errors"
)

// Missing says why a child cannot be confined here.
func Missing() string { return "only Linux has Landlock and seccomp" }

// Run is never called where something is Missing.
func Run(context.Context, Rules, []string) (int, error) { return 0, errors.New(Missing()) }

// Enter has nothing to do where no child is made.
func Enter(Limits) (bool, error) { return false, nil }
