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
	"time"

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
	final  byte   // the last of them that is no space
	again  repeat // of the decoded bytes
	// Size is the size of the file as delivered, 0 for standard input. A log may
	// grow while it is read: Size is what it had when it was opened, and no byte
	// beyond is read.
	Size     int64
	path     string    // of a plain file, whose bytes must stay as they are
	modified time.Time // when it was opened
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
	d := &Delivery{file: f, raw: newHashing(f), close: func() {}}
	if info.Mode().IsRegular() {
		d.Size, d.path, d.modified = info.Size(), path, info.ModTime()
		d.raw = newHashing(io.LimitReader(f, d.Size))
	}
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
		d.head, d.stream, d.again = head, whole, newRepeat(head)
		return nil
	}
	d.inside = newHashing(&limited{r: d.stream, allowed: allowed})
	if d.head, err = peek(d.inside); err != nil {
		return err
	}
	if packed(d.head) || archived(d.head) {
		return fmt.Errorf("source: %w", ErrNested)
	}
	d.stream, d.again = io.MultiReader(bytes.NewReader(d.head), d.inside), newRepeat(d.head)
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
		d.again.read(p[:n])
		d.last = p[n-1]
		if text := bytes.TrimRight(p[:n], space); len(text) > 0 {
			d.final = text[len(text)-1]
		}
	}
	return n, err
}

// Head is the first HeadSize decoded bytes, or all if there are fewer.
func (d *Delivery) Head() []byte { return d.head }

// OpenEnded tells, once the delivery has been read to the end, that it does not
// end with the end of a record, as one does that is still being written.
func (d *Delivery) OpenEnded() bool { return len(d.head) > 0 && openEnded(d.head, d.last, d.final) }

// Repeats tells, of what was read of the delivery, that it holds its beginning once more.
func (d *Delivery) Repeats() bool { return d.again.found }

const space = " \t\r\n"

// openEnded reports whether a file that begins and ends so may go on within its last
// record: JSON ends with the bracket that it began with, everything else with the end of
// a line. final is its last byte that is no space.
func openEnded(head []byte, last, final byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), space)
	if list, ok := bytes.CutPrefix(text, []byte("[")); ok {
		if list = bytes.TrimLeft(list, space); len(list) > 0 && bytes.IndexByte([]byte(`{["]`), list[0]) >= 0 {
			return final != ']'
		}
	}
	if bytes.HasPrefix(text, []byte("{")) {
		return final != '}'
	}
	return last != '\n' && last != '\r'
}

// BytesRead is how many bytes of the file have been read so far.
func (d *Delivery) BytesRead() int64 { return d.raw.n }

// Sum reads what is left of the file and returns the SHA-256 of all of it, in
// hexadecimal. The error is ErrChanged when the file no longer begins with the
// bytes that were read.
func (d *Delivery) Sum() (string, error) {
	if _, err := io.Copy(io.Discard, d.raw); err != nil {
		return "", fmt.Errorf("source: read: %w", err)
	}
	sum := d.raw.sum.Sum(nil)
	if err := d.unchanged(sum); err != nil {
		return "", fmt.Errorf("source: %w", err)
	}
	return hex.EncodeToString(sum), nil
}

// unchanged compares what was read with the file as it is now: what was appended
// meanwhile is for the next reading, but bytes that are gone or others would
// leave a delivery that no file begins with, and that is never taken back.
func (d *Delivery) unchanged(sum []byte) error {
	if d.path == "" {
		return nil
	}
	opened, err := d.file.Stat()
	if err != nil {
		return err
	}
	named, err := os.Stat(d.path)
	if errors.Is(err, os.ErrNotExist) {
		return ErrChanged
	} else if err != nil {
		return err
	}
	if !os.SameFile(opened, named) || d.raw.n != d.Size || opened.Size() < d.Size {
		return ErrChanged
	}
	if opened.Size() == d.Size && opened.ModTime().Equal(d.modified) {
		return nil
	}
	again := sha256.New()
	n, err := io.Copy(again, io.NewSectionReader(d.file, 0, d.Size))
	if err != nil {
		return err
	}
	if n != d.Size || !bytes.Equal(again.Sum(nil), sum) {
		return ErrChanged
	}
	return nil
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
