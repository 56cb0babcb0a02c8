package source

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A Delivery is an open file, read as decoded bytes.
type Delivery struct {
	file   *os.File
	raw    *hashing
	stream io.Reader
	inside *hashing // of the decoded bytes, where they are others
	close  func()
	head   []byte // of the decoded bytes
	last   byte   // of the decoded bytes
	// Size is the size of the file as delivered, 0 for standard input.
	Size int64
}

// Open opens a delivery: a file, one in an archive as Glob names it, or Stdin.
func Open(path string) (*Delivery, error) {
	if archive, index, ok := splitMember(path); ok {
		return openMember(archive, index)
	}
	if path == Stdin {
		d := &Delivery{file: os.Stdin, raw: newHashing(os.Stdin), close: func() {}}
		return d, d.decode(d.allowed)
	}
	if z, err := onlyMember(path); err == nil {
		return openMember(path, z)
	} else if !errors.Is(err, errNoArchive) {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("source: %w", err)
	}
	d := &Delivery{file: f, Size: info.Size(), raw: newHashing(f), close: func() {}}
	if err := d.decode(d.allowed); err != nil {
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
	magicEmpty = []byte("PK\x05\x06") // a zip without files
)

// HeadSize is how many decoded bytes tell a delivery from most others.
const HeadSize = 4096

// allowed is how far a file may expand; standard input, by what was read of it.
func (d *Delivery) allowed() int64 { return max(freeExpansion, max(d.Size, d.raw.n)*maxExpansion) }

// decode puts the decoder that the first bytes ask for before the stream.
func (d *Delivery) decode(allowed func() int64) error {
	head, err := peek(d.raw)
	if err != nil {
		return err
	}
	whole := io.MultiReader(bytes.NewReader(head), d.raw)
	switch {
	case bytes.HasPrefix(head, magicGzip):
		z, err := gzip.NewReader(bufio.NewReaderSize(whole, 1<<16))
		if err != nil {
			return fmt.Errorf("source: gzip header: %w", ErrCorrupt)
		}
		d.stream = z
	case bytes.HasPrefix(head, magicZstd):
		z, err := zstd.NewReader(whole, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return fmt.Errorf("source: zstd: %w", err)
		}
		closeRaw := d.close
		d.stream, d.close = z, func() { z.Close(); closeRaw() }
	case bytes.HasPrefix(head, magicBzip2):
		d.stream = bzip2.NewReader(bufio.NewReaderSize(whole, 1<<16))
	case archived(head):
		return fmt.Errorf("source: %w", ErrNested)
	default:
		d.head, d.stream = head, whole
		return nil
	}
	d.inside = newHashing(&limited{r: d.stream, allowed: allowed})
	if d.head, err = peek(d.inside); err != nil {
		return err
	}
	if packed(d.head) || archived(d.head) {
		return fmt.Errorf("source: %w", ErrNested)
	}
	d.stream = io.MultiReader(bytes.NewReader(d.head), d.inside)
	return nil
}

// peek reads the first bytes.
func peek(r io.Reader) ([]byte, error) {
	head := make([]byte, HeadSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, fmt.Errorf("source: read: %w", err)
	}
	return head[:n], nil
}

// packed tells compressed bytes, archived those of a zip or a tar.
func packed(head []byte) bool {
	return bytes.HasPrefix(head, magicGzip) || bytes.HasPrefix(head, magicZstd) || bytes.HasPrefix(head, magicBzip2)
}

func archived(head []byte) bool {
	const tar = 257 // where a tar has its magic (POSIX.1-1988)
	return bytes.HasPrefix(head, magicZip) || bytes.HasPrefix(head, magicEmpty) ||
		len(head) > tar && bytes.HasPrefix(head[tar:], []byte("ustar"))
}

// Read implements io.Reader on the decoded bytes.
func (d *Delivery) Read(p []byte) (int, error) {
	n, err := d.stream.Read(p)
	if n > 0 {
		d.last = p[n-1]
	}
	return n, err
}

// Head is the first HeadSize decoded bytes, or all if there are fewer.
func (d *Delivery) Head() []byte { return d.head }

// OpenEnded tells, once the delivery has been read to the end, that it does not
// end with the end of a record, as one does that is still being written.
func (d *Delivery) OpenEnded() bool { return len(d.head) > 0 && openEnded(d.last) }

// openEnded reports whether a file that ends so may go on within its last record:
// logs end with the end of a line, JSON with a bracket.
func openEnded(last byte) bool { return !bytes.ContainsRune([]byte("\n\r]}"), rune(last)) }

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

func newHashing(r io.Reader) *hashing { return &hashing{r: r, sum: sha256.New()} }

// limited refuses to go on beyond a limit.
type limited struct {
	r       io.Reader
	n       int64
	allowed func() int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if l.n += int64(n); l.n > l.allowed() {
		return 0, ErrExpansion
	}
	if err != nil && err != io.EOF {
		err = ErrCorrupt // not what the decompressor says of the bytes
	}
	return n, err
}
