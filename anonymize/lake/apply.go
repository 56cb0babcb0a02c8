package lake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/anonymize/zone"
)

// transfers is how many objects are on their way at once.
const transfers = 4

// apply makes the folder what listing n says. What it holds beyond goes, shards too: they are in the zone, or stale.
// The manifest comes last, and until all is there the folder counts as no cache of any listing.
func (s *Store) apply(ctx context.Context, n int, at state) error {
	sealed, err := s.get(ctx, s.listing(n), mostOfAList)
	if err != nil {
		return err
	}
	l, err := s.decode(n, sealed)
	if err != nil {
		return err
	}
	known := map[content]entry{}
	if at.Whole {
		known = at.files()
	}
	if err := s.writeState(state{Listing: n}); err != nil {
		return err
	}
	lacking, manifest, err := s.compare(l, known)
	if err != nil {
		return err
	}
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(transfers)
	for _, e := range lacking {
		group.Go(func() error { return s.getFile(within, s.object(e), s.file(e.Path), e.Bytes, e.SHA256) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if manifest != nil {
		if err := s.getFile(ctx, s.object(*manifest), s.file(manifest.Path), manifest.Bytes, manifest.SHA256); err != nil {
			return err
		}
	}
	if err := zone.DropShards(s.o.Disk, s.o.Dir); err != nil {
		return err
	}
	if err := s.since(l.Since); err != nil {
		return err
	}
	return s.writeState(state{Listing: n, Whole: true, Files: l.Files})
}

// compare removes what the folder has beyond a listing, or of other bytes, and gives what it lacks, the manifest apart.
// Of known files, which never change under their names, the size is enough.
func (s *Store) compare(l *listing, known map[content]entry) (lacking []entry, manifest *entry, err error) {
	listed := map[string]entry{}
	for _, e := range l.Files {
		listed[e.Path] = e
	}
	here := map[string]bool{}
	paths, err := s.here()
	if err != nil {
		return nil, nil, err
	}
	for _, path := range paths {
		e, ok := listed[path]
		if ok {
			_, trusted := known[e.content()]
			if here[path], err = s.same(e, trusted && immutable(path)); err != nil {
				return nil, nil, err
			}
		}
		if !here[path] {
			if err := s.o.Disk.Remove(s.file(path)); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, e := range l.Files {
		switch {
		case here[e.Path]:
		case zone.IsManifest(e.Path):
			manifest = &e
		default:
			lacking = append(lacking, e)
		}
	}
	return lacking, manifest, nil
}

// immutable reports whether a file of the zone keeps its bytes as long as it has its name.
func immutable(path string) bool { return strings.HasSuffix(path, ".parquet") }

// here lists the files of the folder that a zone may consist of, manifests first: without one the others do not count.
func (s *Store) here() (paths []string, err error) {
	var others []string
	err = fs.WalkDir(os.DirFS(s.o.Dir), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir() || !zone.IsContent(path):
			return err
		case zone.IsManifest(path):
			paths = append(paths, path)
		default:
			others = append(others, path)
		}
		return nil
	})
	return append(paths, others...), err
}

// same reports whether a file has the bytes of an entry.
func (s *Store) same(e entry, trusted bool) (bool, error) {
	info, err := os.Lstat(s.file(e.Path))
	if err != nil || !info.Mode().IsRegular() || info.Size() != e.Bytes {
		return false, err
	}
	if trusted {
		return true, nil
	}
	sum, err := hashOf(s.file(e.Path))
	return sum == e.SHA256, err
}

func hashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// since gives the salt the time at which the zone began, by which its age is told.
func (s *Store) since(began time.Time) error {
	path := filepath.Join(s.o.Dir, pseudonym.SaltFile)
	info, err := os.Stat(path)
	if err == nil && info.ModTime().After(began) {
		err = os.Chtimes(path, began, began)
	}
	return err
}
