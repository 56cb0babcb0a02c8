package zone

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// identity is what makes a delivery known.
type identity struct {
	content
	settings string
}

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

// ingestion is one run of Ingest.
type ingestion struct {
	options  IngestOptions
	zone     *Zone
	manifest manifest // with the batches so far
	writer   *writer
	files    []*file
	resolver resolvers
	known    map[identity]bool
	sizes    map[int64]bool     // of known deliveries
	inside   map[content]string // content of compressed files by their own hash
	done     int64
	total    int64
	dropped  map[int]bool // deliveries that leave with the next commit
	skipped  map[int]int
	refused  []Refused
	here     map[content]string        // the deliveries of this run that the zone holds, with a file of each
	aside    map[content]ingest.Counts // of those set aside
	read     []Delivery
	stale    int
	archives archiveSums
}

// plan lists the files and says which deliveries must go from the zone: those to
// be read again, and those that a longer file begins with.
func (in *ingestion) plan() error {
	in.skipped, in.dropped = make(map[int]int), make(map[int]bool)
	var faults []error
	for i := range in.options.Feeds {
		feed := &in.options.Feeds[i]
		for _, path := range feed.Files {
			size, err := source.Size(path)
			if refusal(err) != "" {
				err = nil // opening it will say so
			}
			if err != nil {
				faults = append(faults, fmt.Errorf("zone: feed %q: %w", feed.Name, err))
				continue
			}
			f := &file{feed: feed, path: path, size: size, school: schoolOf(feed, path), open: source.EndsOpen(path)}
			f.settings = in.settings(feed, f.school)
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
	if err := findBegun(in.files); err != nil {
		return err
	}
	present := make(map[content]bool)
	wanted := make(map[identity]bool)
	for _, f := range in.files {
		if err := in.hashIfKnownSize(f); err != nil {
			return err
		}
		if f.inside != "" && f.begun == nil {
			present[f.content()] = true
			wanted[f.identity()] = true
		}
	}
	grown, err := in.grown(present)
	if err != nil {
		return err
	}
	in.takeBack(present, wanted, grown)
	in.files = slices.DeleteFunc(in.files, func(f *file) bool {
		if f.begun != nil {
			in.total -= f.size
			in.skipped[f.feed.Number]++
		}
		return f.begun != nil
	})
	return nil
}

// shortHead is how much of each file is held to tell which others it may begin.
const shortHead = 1 << 10

// findBegun finds the files that end within a record, and that another of their
// feed begins with: the half-written and the whole delivery lie side by side.
func findBegun(files []*file) error {
	heads := make(map[*file][]byte)
	short := func(f *file) ([]byte, error) {
		if head, ok := heads[f]; ok {
			return head, nil
		}
		head, err := headOf(f.path)
		heads[f] = bytes.Clone(head[:min(len(head), shortHead)])
		return heads[f], err
	}
	for _, half := range files {
		if !half.open {
			continue
		}
		start, err := short(half)
		if err != nil {
			return err
		}
		for _, whole := range files {
			if whole == half || whole.feed != half.feed || whole.school != half.school || whole.path == source.Stdin {
				continue
			}
			head, err := short(whole)
			if err != nil {
				return err
			}
			if !bytes.HasPrefix(head, start) {
				continue
			}
			longer, err := beginsWith(whole.path, half.path, half.size)
			if err != nil {
				return err
			}
			if longer {
				half.begun = whole
				break
			}
		}
	}
	return nil
}

// beginsWith reports whether a file, decoded, is longer than the plain file half
// and begins with it. What cannot be read begins with nothing.
func beginsWith(whole, half string, size int64) (bool, error) {
	head, err := headOf(half)
	if err != nil {
		return false, err
	}
	start, err := headOf(whole)
	if err != nil || !bytes.HasPrefix(start, head) || int64(len(start)) < min(size+1, source.HeadSize) {
		return false, err
	}
	hashes, err := source.Prefixes(whole, []int64{size, size + 1})
	if refusal(err) != "" || err == nil && len(hashes) < 2 {
		return false, nil
	} else if err != nil {
		return false, err
	}
	hash, err := source.Hash(half)
	return err == nil && hash == hashes[0], err
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

// grown finds the deliveries whose own file is gone, and that another file begins
// with: a log that was read while it was still being written to. What was read
// then must go before the file is read, or its records would count twice.
func (in *ingestion) grown(present map[content]bool) (map[content]bool, error) {
	gone := make(map[int][]Delivery) // by feed
	for _, d := range in.zone.Deliveries() {
		if !present[d.content()] && d.Events > 0 {
			gone[d.Feed] = append(gone[d.Feed], d)
		}
	}
	grown := make(map[content]bool)
	for _, f := range in.files {
		if f.begun != nil || len(gone[f.feed.Number]) == 0 {
			continue
		}
		head, err := headOf(f.path)
		if err != nil {
			return nil, err
		}
		var sizes []int64
		for _, d := range gone[f.feed.Number] {
			n := min(d.size(), source.HeadSize)
			if int64(len(head)) >= n && headHash(head[:n]) == d.Head {
				sizes = append(sizes, d.size())
			}
		}
		if len(sizes) == 0 {
			continue
		}
		slices.Sort(sizes)
		hashes, err := source.Prefixes(f.path, sizes)
		if refusal(err) != "" {
			continue
		} else if err != nil {
			return nil, err
		}
		for _, hash := range hashes {
			grown[content{f.feed.Number, hash}] = true
		}
	}
	return grown, nil
}

// takeBack chooses the deliveries that leave the zone, to be read again: those
// that were read under other settings, and those that have grown. One whose file
// is gone stays as it was read, and is counted when that was under other settings.
func (in *ingestion) takeBack(present map[content]bool, wanted map[identity]bool, grown map[content]bool) {
	current := make(map[int]*ingest.Feed)
	for i := range in.options.Feeds {
		current[in.options.Feeds[i].Number] = &in.options.Feeds[i]
	}
	for _, d := range in.manifest.Deliveries {
		id := identity{d.content(), d.Settings}
		switch feed := current[d.Feed]; {
		case grown[d.content()], present[d.content()] && !wanted[id]:
			in.dropped[d.Number] = true
			continue
		case !present[d.content()] && feed != nil && in.settings(feed, d.School) != d.Settings:
			in.stale++
		}
		in.known[id] = true
	}
	if len(in.dropped) > 0 && len(in.dropped) == len(in.manifest.Deliveries) {
		in.manifest.NextDelivery = 1
	}
}

// schoolOf is the school that a file's name says it is of.
func schoolOf(feed *ingest.Feed, path string) string {
	if feed.School == nil {
		return ""
	}
	return feed.School(source.Name(path))
}

// settings is the hash of what decides how a file is read.
func (in *ingestion) settings(feed *ingest.Feed, school string) string {
	sum := sha256.New()
	people := ""
	if in.options.People != nil {
		people = in.options.People.Hash()
	}
	if feed.IgnoreCase {
		people += " ignore case"
	}
	fmt.Fprintf(sum, "%q %q %q %q %q %q %q %q", feed.Name, feed.Accounts, feed.Format.Name(),
		feed.Format.Version(), feed.Settings, people, in.options.Key.ID(), school)
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
		f.sha256, err = source.Hash(f.path)
		if refusal(err) != "" {
			return nil
		} else if err != nil {
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
