package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gz(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func zst(data []byte) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll(data, nil)
}

func zipped(files map[string][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, _ := z.Create(name)
		w.Write(data)
	}
	z.Close()
	return b.Bytes()
}

func TestOpen(t *testing.T) {
	text := []byte(strings.Repeat("some lines of a log\n", 10_000))
	for name, tt := range map[string]struct {
		file, want []byte
		err        error
	}{
		"plain":              {text, text, nil},
		"empty":              {nil, nil, nil},
		"three bytes":        {[]byte("abc"), []byte("abc"), nil},
		"gzip":               {gz(text), text, nil},
		"gzip of two parts":  {slices.Concat(gz(text[:999]), gz(text[999:])), text, nil},
		"zstd":               {zst(text), text, nil},
		"gzip cut short":     {gz(text)[:400], nil, ErrCorrupt},
		"gzip damaged":       {flip(gz(text), 100), nil, ErrCorrupt},
		"gzip wrong sum":     {flip(gz(text), len(gz(text))-6), nil, ErrCorrupt},
		"gzip of the header": {gz(text)[:5], nil, ErrCorrupt},
		"zstd cut short":     {zst(text)[:30], nil, ErrCorrupt},
		"zip of two":         {zipped(map[string][]byte{"a": text, "b": text}), nil, ErrArchive},
		"zip of none":        {zipped(map[string][]byte{"folder/": nil}), nil, ErrArchive},
		"zip cut short":      {zipped(map[string][]byte{"a": text})[:100], nil, ErrCorrupt},
		"empty zip":          {zipped(nil), nil, ErrArchive},
		"zip bomb":           {zipped(map[string][]byte{"a": make([]byte, freeExpansion+1)}), nil, ErrExpansion},
		"gzip bomb":          {gz(make([]byte, freeExpansion+1)), nil, ErrExpansion},
		"gzip twice":         {gz(gz(text)), nil, ErrNested},
		"zip in gzip":        {gz(zipped(map[string][]byte{"a": text})), nil, ErrNested},
		"tar in gzip":        {gz(tarred(text)), nil, ErrNested},
		"tar":                {tarred(text), nil, ErrNested},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := Open(write(t, "log", tt.file))
			if err != nil {
				if !errors.Is(err, tt.err) || tt.err == nil {
					t.Fatal(err)
				}
				return
			}
			defer d.Close()
			got, err := io.ReadAll(d)
			if tt.err != nil {
				if !errors.Is(err, tt.err) {
					t.Fatalf("error %v, want %v", err, tt.err)
				}
				return
			}
			if content, n := d.Content(); bytes.Equal(tt.file, tt.want) != (content == "") ||
				content != "" && (content != hexSum(tt.want) || n != int64(len(tt.want))) {
				t.Errorf("content %s of %d bytes", content, n)
			}
			sum := sha256.Sum256(tt.file)
			hash, sumErr := d.Sum()
			if err != nil || sumErr != nil || !bytes.Equal(got, tt.want) || hash != hex.EncodeToString(sum[:]) ||
				d.BytesRead() != int64(len(tt.file)) || d.Size != int64(len(tt.file)) {
				t.Fatalf("%d bytes, hash %s, %v %v", len(got), hash, err, sumErr)
			}
		})
	}
}

func tarred(data []byte) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: "a.log", Size: int64(len(data)), Mode: 0o600, Format: tar.FormatPAX})
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func flip(b []byte, i int) []byte {
	b[i] ^= 0x55
	return b
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestHash(t *testing.T) {
	path := write(t, "x", []byte("abc"))
	// FIPS 180-4, appendix
	if got, err := Hash(path); err != nil || got != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("%s %v", got, err)
	}
	if n, err := Size(path); n != 3 || err != nil {
		t.Errorf("size %d %v", n, err)
	}
}

func TestGzipContent(t *testing.T) {
	text := []byte("some text")
	path := write(t, "x", gz(text))
	if n, ok := GzipSize(path); n != 9 || !ok {
		t.Errorf("%d %v", n, ok)
	}
	file, content, err := HashContent(path)
	if err != nil || content != hexSum(text) || file != hexSum(gz(text)) {
		t.Errorf("%s %s %v", file, content, err)
	}
	for _, other := range [][]byte{nil, text, zst(text), gz(text)[:10]} {
		if n, ok := GzipSize(write(t, "y", other)); ok {
			t.Errorf("a size of %d from %d bytes", n, len(other))
		}
	}
}

func TestPrefixes(t *testing.T) {
	path := write(t, "x", []byte("abcdef"))
	got, err := Prefixes(path, []int64{0, 3, 3, 6, 7})
	if err != nil || len(got) != 4 || got[1] != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" ||
		got[2] != got[1] {
		t.Errorf("%v %v", got, err)
	}
	if whole, _ := Hash(path); len(got) == 4 && got[3] != whole {
		t.Error("the whole is not its own prefix")
	}
}

func TestGlob(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.log", "a.log", "c.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	os.Mkdir(filepath.Join(dir, "folder.log"), 0o700)
	files, err := Glob(dir, []string{"*.log", "a.*", filepath.Join(dir, "c.txt")})
	if err != nil {
		t.Fatal(err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	if !slices.Equal(files, []string{"a.log", "b.log", "c.txt"}) {
		t.Errorf("%v", files)
	}
	_, err = Glob(dir, []string{"nothing*", "folder.log", "["})
	if !errors.Is(err, ErrEmpty) || !errors.Is(err, filepath.ErrBadPattern) || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("not all faults at once: %v", err)
	}
}
