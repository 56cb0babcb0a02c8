package source

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/entscope/entscope/anonymize/durable"
)

func TestSpool(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stdin", "front")
	for i, tt := range []struct {
		r     io.Reader
		n     int64
		files int
		err   error
	}{
		{strings.NewReader(""), 0, 0, nil},
		{strings.NewReader("abc"), 3, 1, nil},
		{strings.NewReader("abc"), 3, 1, nil},
		{io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(io.ErrUnexpectedEOF)), 0, 1, io.ErrUnexpectedEOF},
		{strings.NewReader("abcd"), 4, 2, nil},
	} {
		n, err := Spool(context.Background(), durable.Disk{}, dir, tt.r)
		list, _ := os.ReadDir(dir)
		if n != tt.n || !errors.Is(err, tt.err) || len(list) != tt.files {
			t.Errorf("%d: %d bytes, %v, %d files", i, n, err, len(list))
		}
	}
	file := filepath.Join(dir, "ba7816bf8f01cfea414140de.log") // SHA-256 of abc: FIPS 180-4, appendix
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 3 {
		t.Errorf("%v %v", info, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Spool(ctx, durable.Disk{}, dir, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
