package source

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"
)

// TestImpatient reads from a side that says nothing, one that drips, and one that is slow but comes.
func TestImpatient(t *testing.T) {
	const silence = 500 * time.Millisecond
	for name, c := range map[string]struct {
		piece int
		every time.Duration
		ends  bool
	}{
		"says nothing": {1, time.Hour, true},
		"drips":        {1, silence / 20, true},
		"comes slowly": {leastInSilence, silence / 10, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ours, theirs := net.Pipe()
			defer ours.Close()
			done := make(chan struct{})
			defer close(done)
			go func() {
				for {
					select {
					case <-done:
						return
					case <-time.After(c.every):
						theirs.Write(make([]byte, c.piece))
					}
				}
			}()
			conn := Impatient(ours, silence)
			var err error
			for begun := time.Now(); err == nil && time.Since(begun) < 3*silence; {
				_, err = conn.Read(make([]byte, leastInSilence))
			}
			if c.ends && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("error %v, want a deadline", err)
			}
			if !c.ends && err != nil {
				t.Errorf("error %v", err)
			}
		})
	}
}
