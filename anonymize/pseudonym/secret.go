package pseudonym

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"github.com/entscope/entscope/anonymize/durable"
)

// maxKeyFile bounds what is read from a key file.
const maxKeyFile = 64 << 10

// ErrKeyRefused is wrapped by every error about a key that is present but must
// not be used: placeholder, too short, of low entropy, readable by others.
var ErrKeyRefused = errors.New("key refused")

// MasterKey is the secret of the controller: 256 random bits from which the key
// of each study is derived. It prints as a placeholder.
type MasterKey struct {
	redacted
	key *secret
}

// secret is a key, two pointers away from whoever holds it: fmt cannot call the
// Format of an unexported field and follows one pointer there (with a verb that
// does not fit), then shows an address.
type secret struct{ bytes *[32]byte }

// appendParts appends each part with its length before it (32 bits, big-endian),
// so that no two lists of parts give the same bytes.
func appendParts(b []byte, parts ...string) []byte {
	for _, p := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// readBounded reads a small file and its mode through one descriptor.
func readBounded(path string) ([]byte, fs.FileMode, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	content, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	return content, info.Mode().Perm(), err
}

// writeSecret creates path whole, with mode 0600 and durable; an existing
// file is never replaced, for it may be the only copy of a key in use.
func writeSecret(disk durable.Disk, path string, content []byte) error {
	err := disk.Create(path, content, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%w (hint: a key or salt is never overwritten)", err)
	}
	return err
}

// redacted gives the types that hold a secret one way to be shown: a placeholder.
type redacted struct{}

const placeholder = "[secret]"

func (redacted) String() string               { return placeholder }
func (redacted) Format(s fmt.State, _ rune)   { io.WriteString(s, placeholder) }
func (redacted) MarshalText() ([]byte, error) { return []byte(placeholder), nil }
func (redacted) LogValue() slog.Value         { return slog.StringValue(placeholder) }
