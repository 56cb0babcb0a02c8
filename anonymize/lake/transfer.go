package lake

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/source/s3"
)

// errLength is an object of another length than it should have.
var errLength = errors.New("an object of another length")

// try does something that may fail for now, up to four times.
func (s *Store) try(ctx context.Context, do func() error) error {
	for attempt := 0; ; attempt++ {
		err := do()
		if err == nil || !errors.Is(err, source.ErrTemporary) || attempt == len(s.pauses) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(s.pauses[attempt]):
		}
	}
}

// listTime bounds the time of a list, which a server could go on with for ever.
const listTime = 10 * time.Minute

// list is all that stands below the prefix.
func (s *Store) list(ctx context.Context) (map[string]source.Entry, error) {
	var entries []source.Entry
	err := s.try(ctx, func() (err error) {
		within, cancel := context.WithTimeout(ctx, listTime)
		defer cancel()
		entries, err = s.server.List(within)
		return err
	})
	there := make(map[string]source.Entry, len(entries))
	for _, e := range entries {
		there[e.Name] = e
	}
	return there, err
}

// get reads an object of at most so many bytes.
func (s *Store) get(ctx context.Context, object string, most int64) (data []byte, err error) {
	err = s.try(ctx, func() error {
		var b bytes.Buffer
		if _, err := s.read(ctx, object, &b, most); err != nil {
			return err
		}
		data = b.Bytes()
		return nil
	})
	if errors.Is(err, errLength) {
		err = fmt.Errorf("%w: object %s: %w", ErrDamaged, object, err)
	}
	return data, err
}

// read copies an object of at most so many bytes, and gives their SHA-256.
func (s *Store) read(ctx context.Context, object string, to io.Writer, most int64) (sum string, err error) {
	body, err := s.server.Open(ctx, source.Entry{Name: object}, 0)
	if err != nil {
		return "", err
	}
	defer body.Close()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(to, hash), io.LimitReader(body, most+1))
	if err != nil {
		return "", source.Fault(err)
	}
	if n > most {
		return "", errLength
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// put makes a small object; the error wraps s3.ErrThere where its name is taken.
func (s *Store) put(ctx context.Context, object string, data []byte) error {
	sum := sha256.Sum256(data)
	return s.try(ctx, func() error {
		return s.server.Put(ctx, object, bytes.NewReader(data), int64(len(data)), hex.EncodeToString(sum[:]))
	})
}

// mostOfAPut is how many bytes the protocol takes in one step, and so under one condition.
const mostOfAPut = 5 << 30

// putFile makes an object of a file. One of that name, of a run that was killed or lost, is read back.
func (s *Store) putFile(ctx context.Context, object, path string, size int64, sum string) error {
	if size > mostOfAPut {
		return fmt.Errorf("%w: %s is larger than a store takes in one step (5 GiB)", ErrUnfit, filepath.Base(path))
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	err = s.try(ctx, func() error {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		// A section has no Close, which the client would call.
		return s.server.Put(ctx, object, io.NewSectionReader(f, 0, size), size, sum)
	})
	if !errors.Is(err, s3.ErrThere) {
		return err
	}
	var is string
	err = s.try(ctx, func() (err error) {
		is, err = s.read(ctx, object, io.Discard, size)
		return err
	})
	if err == nil && is != sum || errors.Is(err, errLength) {
		return fmt.Errorf("%w: object %s has other bytes than its name says", ErrDamaged, object)
	}
	return err
}

// getFile makes a file of an object, whole or not at all.
func (s *Store) getFile(ctx context.Context, object, path string, size int64, sum string) error {
	if err := s.o.Disk.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	partial := filepath.Join(filepath.Dir(path), durable.Temporary(filepath.Base(path)))
	err := s.try(ctx, func() error {
		f, err := s.o.Disk.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		is, err := s.read(ctx, object, f, size)
		if err == nil && sum != "" && is != sum || errors.Is(err, errLength) {
			err = fmt.Errorf("%w: object %s has other bytes than are listed", ErrDamaged, object)
		}
		return errors.Join(err, f.Close())
	})
	if err == nil {
		err = s.o.Disk.Place(partial, path)
	}
	if err != nil {
		return errors.Join(err, ignoreGone(s.o.Disk.Remove(partial)))
	}
	return nil
}

func ignoreGone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// remove removes objects.
func (s *Store) remove(ctx context.Context, objects []string) error {
	for _, object := range objects {
		if err := s.try(ctx, func() error { return s.server.Remove(ctx, object) }); err != nil {
			return err
		}
	}
	return nil
}
