package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/anonymize/durable"
)

// Spool keeps what comes on a stream that can be read once, standard input, as a
// file of mode 0600 in dir, so that a run that is killed can be repeated. It is
// hashed while it is read and named by that hash: the same stream twice is one
// file. It returns the number of bytes; an empty stream leaves no file. A stream
// that breaks off, or a kill in the middle, leaves nothing that counts.
func Spool(ctx context.Context, disk durable.Disk, dir string, r io.Reader) (int64, error) {
	partial := filepath.Join(dir, ".partial")
	n, err := spool(ctx, disk, dir, partial, r)
	if err != nil {
		return 0, fmt.Errorf("source: standard input: %w", errors.Join(err, disk.RemoveAll(partial)))
	}
	return n, nil
}

func spool(ctx context.Context, disk durable.Disk, dir, partial string, r io.Reader) (int64, error) {
	if err := disk.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	f, err := disk.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(f, sum)}, interruptible{ctx, r}, make([]byte, 1<<18))
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, disk.Remove(partial)
	}
	if err := f.Close(); err != nil {
		return 0, err
	}
	return n, disk.Place(partial, filepath.Join(dir, hex.EncodeToString(sum.Sum(nil)[:12])+".log"))
}

// interruptible is a reader that ends with its context, at the next read. It keeps the context because io.Reader takes
// none, and lives for one call of spool.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}
