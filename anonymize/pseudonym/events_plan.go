package pseudonym

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/ingest/source"
)

// identity is what makes a delivery known.
type identity struct {
	feed             int
	sha256, settings string
}

// file is one file of a feed.
type file struct {
	feed     *Feed
	path     string
	size     int64
	school   int32
	settings string
	sha256   string // if it had to be known before reading
}

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
		in.sizes[d.Bytes] = true
	}
	present := make(map[[2]string]bool) // feed number and content
	wanted := make(map[identity]bool)
	for _, f := range in.files {
		if err := in.hashIfKnownSize(f); err != nil {
			return err
		}
		if f.sha256 != "" {
			present[[2]string{fmt.Sprint(f.feed.Number), f.sha256}] = true
			wanted[identity{f.feed.Number, f.sha256, f.settings}] = true
		}
	}
	in.keepBatches(present, wanted)
	return nil
}

// keepBatches drops the batches that hold a delivery read under other settings,
// when all their deliveries can be read again, and remembers the others'.
func (in *ingestion) keepBatches(present map[[2]string]bool, wanted map[identity]bool) {
	var keep []batch
	for _, b := range in.manifest.Batches {
		outdated, all := 0, true
		for _, d := range b.Deliveries {
			there := present[[2]string{fmt.Sprint(d.Feed), d.SHA256}]
			all = all && there
			if there && !wanted[identity{d.Feed, d.SHA256, d.Settings}] {
				outdated++
			}
		}
		if outdated > 0 && all {
			continue
		}
		in.stale += outdated
		keep = append(keep, b)
		for _, d := range b.Deliveries {
			in.known[identity{d.Feed, d.SHA256, d.Settings}] = true
			if outdated > 0 { // kept although outdated: not a second time
				for _, f := range in.files {
					if f.sha256 == d.SHA256 && f.feed.Number == d.Feed {
						in.known[identity{d.Feed, d.SHA256, f.settings}] = true
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

func (in *ingestion) hashIfKnownSize(f *file) (err error) {
	if f.sha256 == "" && in.sizes[f.size] {
		f.sha256, err = source.Hash(f.path)
	}
	return err
}
