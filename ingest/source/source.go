// Package source is where the bytes of a delivery come from.
//
//  1. Glob lists the files a study's patterns name, in a fixed order.
//     Package pull brings deliveries from servers (Remote) to such files.
//  2. Open opens one as a stream of decoded bytes: gzip, zstd, bzip2 and a zip
//     of one file are undone on the way (told by their magic numbers, not by the
//     name), within a limit on how far they may expand, while the SHA-256 of the
//     bytes as delivered is computed: a delivery is hashed once, by the same
//     reading that decodes it. Nothing is unpacked to disk, so that the names in
//     an archive do not matter.
//
// A delivery's identity is that hash: the same file under another name is the
// same delivery.
package source

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Limits on expansion: logs compress 10 to 40 times, a bomb a thousand times.
const (
	freeExpansion = 64 << 20 // bytes that any file may become
	maxExpansion  = 250      // times its size, beyond that
	maxWindow     = 128 << 20
)

// Errors of a delivery that cannot be read as it is.
var (
	ErrExpansion = errors.New("compressed file expands beyond the limit")
	ErrEmpty     = errors.New("no file")
	// ErrCorrupt is a compressed file that is damaged or still being written.
	ErrCorrupt = errors.New("compressed file is damaged or cut short")
	// ErrArchive is a zip that does not hold exactly one file.
	ErrArchive = errors.New("archive does not hold exactly one file")
)

// Glob lists the files that the patterns name, relative to dir, each once, in
// the order of their names within a pattern and of the patterns. A pattern
// without a file is an error: a feed that is missing must be seen.
func Glob(dir string, patterns []string) ([]string, error) {
	var (
		files  []string
		faults []error
		seen   = make(map[string]bool)
	)
	for _, pattern := range patterns {
		full := pattern
		if !filepath.IsAbs(full) {
			full = filepath.Join(dir, pattern)
		}
		matches, err := filepath.Glob(full)
		if err != nil {
			faults = append(faults, fmt.Errorf("source: pattern %q: %w", pattern, err))
			continue
		}
		slices.Sort(matches)
		found := false
		for _, m := range matches {
			if strings.HasPrefix(filepath.Base(m), ".") && !strings.HasPrefix(filepath.Base(pattern), ".") {
				continue // as in a shell: notes and unfinished transfers
			}
			info, err := os.Stat(m)
			if err != nil {
				faults = append(faults, fmt.Errorf("source: pattern %q: %w", pattern, err))
				continue
			}
			if !info.Mode().IsRegular() {
				continue
			}
			found = true
			if !seen[m] {
				seen[m] = true
				files = append(files, m)
			}
		}
		if !found {
			faults = append(faults, fmt.Errorf("source: pattern %q: %w", pattern, ErrEmpty))
		}
	}
	return files, errors.Join(faults...)
}

// A Delivery is an open file, read as decoded bytes.
type Delivery struct {
	file   *os.File
	raw    *hashing
	stream io.Reader
	inside *hashing // of the decoded bytes, where they are others
	close  func()
	// Size is the size of the file as delivered.
	Size int64
}

// Open opens a delivery.
func Open(path string) (*Delivery, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("source: %w", err)
	}
	d := &Delivery{file: f, Size: info.Size(), raw: &hashing{r: f, sum: sha256.New()}, close: func() {}}
	if err := d.decompress(); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

var (
	magicGzip  = []byte{0x1f, 0x8b}
	magicZstd  = []byte{0x28, 0xb5, 0x2f, 0xfd}
	magicBzip2 = []byte("BZh")
	magicZip   = []byte("PK\x03\x04")
)

func (d *Delivery) decompress() error {
	head := make([]byte, 4)
	n, err := io.ReadFull(d.raw, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("source: read: %w", err)
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), d.raw)
	limit := max(freeExpansion, d.Size*maxExpansion)
	switch {
	case bytes.HasPrefix(head, magicGzip):
		z, err := gzip.NewReader(bufio.NewReaderSize(whole, 1<<16))
		if err != nil {
			return fmt.Errorf("source: gzip header: %w", ErrCorrupt)
		}
		d.stream = &limited{r: z, left: limit}
	case bytes.HasPrefix(head, magicZstd):
		z, err := zstd.NewReader(whole, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return fmt.Errorf("source: zstd: %w", err)
		}
		d.stream, d.close = &limited{r: z, left: limit}, z.Close
	case bytes.HasPrefix(head, magicZip):
		z, err := zip.NewReader(d.file, d.Size)
		if err != nil {
			return fmt.Errorf("source: zip: %w", ErrCorrupt)
		}
		inner, err := onlyFile(z)
		if err != nil {
			return err
		}
		d.stream, d.close = &limited{r: inner, left: limit}, func() { inner.Close() }
	case bytes.HasPrefix(head, magicBzip2):
		d.stream = &limited{r: bzip2.NewReader(bufio.NewReaderSize(whole, 1<<16)), left: limit}
	default:
		d.stream = whole
		return nil
	}
	d.inside = &hashing{r: d.stream, sum: sha256.New()}
	d.stream = d.inside
	return nil
}

// onlyFile opens the one file of an archive.
func onlyFile(z *zip.Reader) (io.ReadCloser, error) {
	var only *zip.File
	for _, f := range z.File {
		if !f.Mode().IsRegular() {
			continue
		}
		if only != nil {
			return nil, fmt.Errorf("source: zip: %w", ErrArchive)
		}
		only = f
	}
	if only == nil {
		return nil, fmt.Errorf("source: zip: %w", ErrArchive)
	}
	inner, err := only.Open()
	if err != nil {
		return nil, fmt.Errorf("source: zip: %w", ErrCorrupt)
	}
	return inner, nil
}

// Read implements io.Reader on the decoded bytes.
func (d *Delivery) Read(p []byte) (int, error) { return d.stream.Read(p) }

// BytesRead is how many bytes of the file have been read so far.
func (d *Delivery) BytesRead() int64 { return d.raw.n }

// Sum reads what is left of the file and returns the SHA-256 of all of it, in
// hexadecimal.
func (d *Delivery) Sum() (string, error) {
	if _, err := io.Copy(io.Discard, d.raw); err != nil {
		return "", fmt.Errorf("source: read: %w", err)
	}
	return hex.EncodeToString(d.raw.sum.Sum(nil)), nil
}

// Content is the SHA-256 of the decoded bytes, in hexadecimal, and their number,
// once they have been read to the end: the same log, plain and compressed, has
// one content. It is "" for a file that is not compressed.
func (d *Delivery) Content() (hash string, size int64) {
	if d.inside == nil {
		return "", 0
	}
	return hex.EncodeToString(d.inside.sum.Sum(nil)), d.inside.n
}

// Close releases the file.
func (d *Delivery) Close() error {
	d.close()
	return d.file.Close()
}

// Size is the size of a file as delivered.
func Size(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, fmt.Errorf("source: %w", err)
	}
	return info.Size(), nil
}

// Hash is the SHA-256 of a file, in hexadecimal, without decoding it.
func Hash(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("source: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.CopyBuffer(sum, struct{ io.Reader }{f}, make([]byte, 1<<18)); err != nil {
		return "", fmt.Errorf("source: read: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// GzipSize is the size that a gzip file of one member says its content has
// (modulo 4 GiB, RFC 1952); ok is false for other files. It costs two reads.
func GzipSize(path string) (size int64, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer f.Close()
	var b [4]byte
	if _, err := f.ReadAt(b[:2], 0); err != nil || !bytes.Equal(b[:2], magicGzip) {
		return 0, false
	}
	info, err := f.Stat()
	if err != nil || info.Size() < 18 {
		return 0, false
	}
	if _, err := f.ReadAt(b[:], info.Size()-4); err != nil {
		return 0, false
	}
	return int64(binary.LittleEndian.Uint32(b[:])), true
}

// HashContent is the SHA-256 of a compressed file and of its content.
func HashContent(path string) (file, content string, err error) {
	d, err := Open(path)
	if err != nil {
		return "", "", err
	}
	defer d.Close()
	if _, err := io.CopyBuffer(io.Discard, struct{ io.Reader }{d}, make([]byte, 1<<18)); err != nil {
		return "", "", err
	}
	content, _ = d.Content()
	file, err = d.Sum()
	return file, content, err
}

// Prefixes are the SHA-256 of the first sizes[i] bytes of a file, for ascending
// sizes that are not beyond its end: by them a log that went on growing is seen
// to begin with what was delivered before.
func Prefixes(path string, sizes []int64) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	defer f.Close()
	var (
		sum    = sha256.New()
		at     int64
		hashes []string
		buf    = make([]byte, 1<<18)
	)
	for _, size := range sizes {
		n, err := io.CopyBuffer(sum, struct{ io.Reader }{io.LimitReader(f, size-at)}, buf)
		if at += n; err != nil {
			return nil, fmt.Errorf("source: read: %w", err)
		}
		if at < size {
			break
		}
		hashes = append(hashes, hex.EncodeToString(sum.Sum(nil)))
	}
	return hashes, nil
}

// hashing hashes what passes through it.
type hashing struct {
	r   io.Reader
	sum hash.Hash
	n   int64
}

func (h *hashing) Read(p []byte) (int, error) {
	n, err := h.r.Read(p)
	h.sum.Write(p[:n])
	h.n += int64(n)
	return n, err
}

// limited refuses to go on beyond a limit.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, ErrExpansion
	}
	if err != nil && err != io.EOF {
		err = ErrCorrupt // not what the decompressor says of the bytes
	}
	return n, err
}
