package zone

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// file is one file of a feed.
type file struct {
	feed     *ingest.Feed
	path     string
	size     int64
	school   string
	settings string
	sha256   string // of the file, if it had to be known before reading
	inside   string // of its content, if that is known then
	open     bool   // ends within a record: may still be written
	begun    *file  // the longer file that begins with this one
	left     bool   // out of this run's batches: refused, set aside, or known once it was opened
}

// content is what the file holds, as far as it is known before reading.
func (f *file) content() content { return content{f.feed.Number, f.inside} }

func (f *file) identity() identity { return identity{f.content(), f.settings} }

// listedAs is the name that a list of checksums knows a file by.
func (f *file) listedAs() string {
	if archive := source.Archive(f.path); archive != "" {
		return path.Base(archive)
	}
	return path.Base(f.path)
}

// schoolOf is the school that a file's name says it is of.
func schoolOf(feed *ingest.Feed, path string) string {
	if feed.School == nil {
		return ""
	}
	return feed.School(source.Name(path))
}

// headOf is the beginning of a file, nil when it cannot be read as it is.
func headOf(path string) ([]byte, error) {
	d, err := source.Open(path)
	if refusal(err) != "" {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Head(), nil
}

func headHash(head []byte) string {
	sum := sha256.Sum256(head)
	return hex.EncodeToString(sum[:8])
}

// refusal is why a delivery cannot be read as it is, or "".
func refusal(err error) string {
	if errors.Is(err, ingest.ErrTruncated) {
		return source.ErrCorrupt.Error()
	}
	if errors.Is(err, os.ErrNotExist) { // listed, and gone when it was to be read
		return source.ErrChanged.Error()
	}
	for _, reason := range []error{
		source.ErrCorrupt, source.ErrChanged, source.ErrExpansion, source.ErrArchive, source.ErrNested,
		source.ErrEncrypted, source.ErrMethod, source.ErrChecksum, source.ErrSheet,
	} {
		if errors.Is(err, reason) {
			return reason.Error()
		}
	}
	return ""
}
