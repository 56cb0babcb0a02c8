//go:build !linux

package durable

import "errors"

// exchange is known of Linux only.
func exchange(string, string) error { return errors.ErrUnsupported }
