package source

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Errors of a server.
var (
	// ErrTemporary is a fault that may be gone later: the network, a busy server.
	ErrTemporary = errors.New("the server cannot be reached for now")
	// ErrDenied is a server that does not let us in, or is not the one it should be.
	ErrDenied = errors.New("access denied")
	// ErrServer is an answer that is no use.
	ErrServer = errors.New("the server gave no usable answer")
	// ErrGone is a file, or a folder, that the server does not have (any more).
	ErrGone = errors.New("not on the server")
	// ErrMoved is a file that changed while it was fetched.
	ErrMoved = errors.New("changed while it was fetched")
	// ErrSecret is a file of a secret that is not safe or not there.
	ErrSecret = errors.New("secret unusable")
)

// Entry is a file on a server as its list shows it.
type Entry struct {
	// Name is the path below the place that is pulled, with "/".
	Name string
	// Size is -1 where the server does not tell.
	Size     int64
	Modified time.Time
	// Version is what the server calls this state of the file: an ETag.
	Version string
}

// Fault gives a transport's error its kind: ErrTemporary, or none.
func Fault(err error) error {
	var (
		verify *tls.CertificateVerificationError
		dns    *net.DNSError
		op     *net.OpError
		timed  net.Error
	)
	switch {
	case err == nil, errors.Is(err, ErrTemporary), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &verify):
		return fmt.Errorf("%w: %w", ErrDenied, err)
	case errors.As(err, &dns) && dns.IsNotFound && !dns.IsTemporary:
		return err
	case errors.As(err, &op), errors.As(err, &timed) && timed.Timeout(),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", ErrTemporary, err)
	}
	return err
}

// Secret is a password or a token. It prints as a placeholder.
type Secret struct{ text string }

// Reveal is the secret itself, for the one call that sends it.
func (s Secret) Reveal() string { return s.text }

// String implements fmt.Stringer.
func (Secret) String() string { return "(secret)" }

// GoString implements fmt.GoStringer.
func (Secret) GoString() string { return "(secret)" }

// MarshalText implements encoding.TextMarshaler.
func (Secret) MarshalText() ([]byte, error) { return []byte("(secret)"), nil }

// ReadSecret reads the one line of a secret's file. The file must be closed to
// everybody but its owner. The secret of no file is empty.
func ReadSecret(path string) (Secret, error) {
	if path == "" {
		return Secret{}, nil
	}
	data, err := ReadPrivate(path)
	if err != nil {
		return Secret{}, err
	}
	text := strings.TrimRight(string(data), "\r\n")
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		return Secret{}, fmt.Errorf("source: %w: %s does not hold one line", ErrSecret, path)
	}
	return Secret{text}, nil
}

// ReadPrivate reads a small file that must be closed to everybody but its owner.
func ReadPrivate(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("source: %w: %w", ErrSecret, err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("source: %w: %w", ErrSecret, err)
	case !info.Mode().IsRegular() || info.Size() > 64<<10:
		return nil, fmt.Errorf("source: %w: %s is not a small file", ErrSecret, path)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("source: %w: %s is open to others (mode %04o); hint: chmod 600", ErrSecret, path,
			info.Mode().Perm())
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("source: %w: %w", ErrSecret, err)
	}
	return data, nil
}

// ErrNoResume is a server that cannot go on in the middle of this file.
var ErrNoResume = errors.New("the transfer must begin again")

// leastInSilence is how many bytes must come within a silence: one that drips is as good as silent.
const leastInSilence = 4 << 10

// Impatient is conn with an end to each silence of the other side, and to each answer of which fewer than 4 KiB
// come in the time of a silence.
func Impatient(conn net.Conn, silence time.Duration) net.Conn {
	return &impatient{Conn: conn, silence: silence}
}

type impatient struct {
	net.Conn
	silence time.Duration

	mu    sync.Mutex
	since time.Time // the last 4 KiB, or our last word
	came  int       // bytes since then
}

func (c *impatient) Read(p []byte) (int, error) {
	c.mu.Lock()
	if c.since.IsZero() {
		c.since = time.Now()
	}
	until := c.since.Add(c.silence)
	c.mu.Unlock()
	if err := c.SetReadDeadline(until); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.came += n; c.came >= leastInSilence {
		c.since, c.came = time.Now(), 0
	}
	return n, err
}

// Write is our turn: the other side's begins after it.
func (c *impatient) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since, c.came = time.Now(), 0
	// A read that waits, as in an idle connection, waits from now on.
	return n, errors.Join(err, c.SetReadDeadline(c.since.Add(c.silence)))
}
