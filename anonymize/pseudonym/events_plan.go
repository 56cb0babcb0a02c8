package pseudonym

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/ingest/source"
)

// identity is what makes a delivery known.
type identity struct {
	content
	settings string
}

// file is one file of a feed.
type file struct {
	feed     *Feed
	path     string
	size     int64
	school   int32
	settings string
	sha256   string // of the file, if it had to be known before reading
	inside   string // of its content, if that is known then
	blocked  bool   // holds a delivery that stays in the zone
}

// content is what a feed delivered: feed number and hash of the decoded bytes.
type content struct {
	feed   int
	sha256 string
}

// content is what the file holds, as far as it is known before reading.
func (f *file) content() content { return content{f.feed.Number, f.inside} }

func (f *file) identity() identity { return identity{f.content(), f.settings} }

// plan lists the files and lets go of batches that must be read again.
func (in *ingestion) plan() error {
	in.skipped = make(map[int]int)
	var faults []error
	for i := range in.options.Feeds {
		feed := &in.options.Feeds[i]
		for _, path := range feed.Files {
			info, err := os.Stat(path)
			if err != nil {
				faults = append(faults, fmt.Errorf("pseudonym: feed %q: %w", feed.Name, err))
				continue
			}
			f := &file{feed: feed, path: path, size: info.Size()}
			f.settings = in.settings(f)
			in.files = append(in.files, f)
			in.total += f.size
		}
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for _, d := range in.zone.Deliveries() {
		in.remember(&d)
	}
	for _, a := range in.manifest.Aliases {
		in.sizes[a.Bytes] = true
		in.inside[content{a.Feed, a.SHA256}] = a.Content
	}
	present := make(map[content]bool)
	wanted := make(map[identity]bool)
	for _, f := range in.files {
		if err := in.hashIfKnownSize(f); err != nil {
			return err
		}
		if f.inside != "" {
			present[f.content()] = true
			wanted[f.identity()] = true
		}
	}
	grown, err := in.grown(present)
	if err != nil {
		return err
	}
	in.keepBatches(present, wanted, grown)
	return nil
}

// grown finds the files that begin with a delivery whose own file is gone: a log
// that was read while it was still being written to. What was read then must go
// before the file is read, or its records would count twice.
func (in *ingestion) grown(present map[content]bool) (map[content]*file, error) {
	gone := make(map[int][]Delivery) // by feed
	for _, d := range in.zone.Deliveries() {
		if !present[d.content()] && d.Events > 0 {
			gone[d.Feed] = append(gone[d.Feed], d)
		}
	}
	grown := make(map[content]*file)
	for _, f := range in.files {
		var sizes []int64
		for _, d := range gone[f.feed.Number] {
			if d.Bytes < f.size {
				sizes = append(sizes, d.Bytes)
			}
		}
		if len(sizes) == 0 {
			continue
		}
		slices.Sort(sizes)
		hashes, err := source.Prefixes(f.path, sizes)
		if err != nil {
			return nil, err
		}
		for _, hash := range hashes {
			grown[content{f.feed.Number, hash}] = f
		}
	}
	return grown, nil
}

// keepBatches drops the batches that hold a delivery read under other settings,
// or one that has grown, when all their deliveries can be read again, and
// remembers the others'.
func (in *ingestion) keepBatches(present map[content]bool, wanted map[identity]bool, grown map[content]*file) {
	var keep []batch
	for _, b := range in.manifest.Batches {
		outdated, all := 0, true
		for _, d := range b.Deliveries {
			there, longer := present[d.content()], grown[d.content()] != nil
			all = all && (there || longer)
			if longer || there && !wanted[identity{d.content(), d.Settings}] {
				outdated++
			}
		}
		if outdated > 0 && all {
			continue
		}
		in.stale += outdated
		keep = append(keep, b)
		for _, d := range b.Deliveries {
			in.known[identity{d.content(), d.Settings}] = true
			if f := grown[d.content()]; f != nil {
				f.blocked = true
			}
			if outdated > 0 { // kept although outdated: not a second time
				for _, f := range in.files {
					if f.content() == d.content() {
						in.known[f.identity()] = true
					}
				}
			}
		}
	}
	in.manifest.Batches = keep
	if len(keep) == 0 {
		in.manifest.NextDelivery = 1
	}
}

// settings is the hash of what decides how a file is read.
func (in *ingestion) settings(f *file) string {
	sum := sha256.New()
	people := ""
	if in.options.People != nil {
		people = in.options.People.Hash()
	}
	school := ""
	if f.feed.School != nil {
		if school = f.feed.School(filepath.Base(f.path)); school != "" {
			f.school = schoolKey(in.options.People, []byte(school))
		}
	}
	fmt.Fprintf(sum, "%q %q %q %q %q %q %q %q", f.feed.Name, f.feed.Accounts, f.feed.Format.Name(),
		f.feed.Format.Version(), f.feed.Settings, people, in.options.Key.ID(), school)
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// remember makes a delivery recognisable by its size and hash.
func (in *ingestion) remember(d *Delivery) {
	in.sizes[d.Bytes] = true
	if d.Content != "" {
		in.sizes[d.ContentBytes] = true
		in.inside[content{d.Feed, d.SHA256}] = d.Content
	}
}

// hashIfKnownSize hashes a file that may be known: most are not, and are hashed
// by the reading. A gzip whose content has a known size is looked into first: to
// find out while reading would cost the batch.
func (in *ingestion) hashIfKnownSize(f *file) (err error) {
	if size, ok := source.GzipSize(f.path); ok && f.inside == "" && !in.sizes[f.size] && in.sizes[size] {
		f.sha256, f.inside, err = source.HashContent(f.path)
		if refusal(err) != "" { // the reading will say so
			f.sha256, f.inside = "", ""
			return nil
		}
		return err
	}
	if f.sha256 == "" && in.sizes[f.size] {
		if f.sha256, err = source.Hash(f.path); err != nil {
			return err
		}
	}
	if f.sha256 != "" && f.inside == "" {
		f.inside = f.sha256
		if inside := in.inside[content{f.feed.Number, f.sha256}]; inside != "" {
			f.inside = inside
		}
	}
	return nil
}
