package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// Size is the size of a file as delivered.
func Size(path string) (int64, error) {
	if archive, index, ok := splitMember(path); ok {
		f, z, err := openArchive(archive)
		if err != nil {
			return 0, err
		}
		defer f.Close()
		if index > len(z.File) {
			return 0, fmt.Errorf("source: zip: %w", ErrCorrupt)
		}
		return int64(z.File[index-1].UncompressedSize64), nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, fmt.Errorf("source: %w", err)
	}
	return info.Size(), nil
}

// Hash is the SHA-256 of a file, in hexadecimal, without decoding it.
func Hash(path string) (string, error) {
	if _, _, ok := splitMember(path); ok {
		d, err := Open(path)
		if err != nil {
			return "", err
		}
		defer d.Close()
		return d.Sum()
	}
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

// EndsOpen is OpenEnded of a file that is neither compressed nor in an archive,
// for two reads; false of others.
func EndsOpen(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 || !info.Mode().IsRegular() {
		return false
	}
	var head, tail [64]byte
	n, _ := f.ReadAt(head[:], 0)
	end, _ := f.ReadAt(tail[:], max(0, info.Size()-int64(len(tail))))
	if end == 0 {
		return false
	}
	var final byte
	if text := bytes.TrimRight(tail[:end], space); len(text) > 0 {
		final = text[len(text)-1]
	}
	return !packed(head[:n]) && !archived(head[:n]) && openEnded(head[:n], tail[end-1], final)
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

// Prefixes are the SHA-256 of the first sizes[i] decoded bytes of a file, for
// ascending sizes that are not beyond its end: by them a log that went on growing
// is seen to begin with what was delivered before.
func Prefixes(path string, sizes []int64) ([]string, error) {
	d, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var (
		sum    = sha256.New()
		at     int64
		hashes []string
		buf    = make([]byte, 1<<18)
	)
	for _, size := range sizes {
		n, err := io.CopyBuffer(sum, struct{ io.Reader }{io.LimitReader(d, size-at)}, buf)
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
