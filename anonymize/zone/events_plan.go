package zone

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

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
	shards   []ShardState
	decoded  map[decodedKey]*decoded // by shards
}

// list lists the files of the feeds, and makes what was read of them before recognisable.
func (in *ingestion) list() error {
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
	if err := in.readShards(); err != nil {
		return err
	}
	return findBegun(in.files)
}

// plan lists the files and says which deliveries must go from the zone: those to
// be read again, and those that a longer file begins with.
func (in *ingestion) plan() error {
	in.skipped, in.dropped = make(map[int]int), make(map[int]bool)
	if err := in.list(); err != nil {
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
		} else if d := in.decoded[f.decodedKey()]; d != nil {
			f.inside = d.Delivery.content().sha256
		}
	}
	return nil
}

func (in *ingestion) progress(bytes int64) {
	in.done += bytes
	if in.options.Progress != nil {
		in.options.Progress(in.done, in.total)
	}
}

// tolerate is an *asideError of a delivery with too many rejects.
func (in *ingestion) tolerate(d *Delivery) error {
	if tooManyRejects(&d.Counts, in.options.MaxRejectShare) {
		return &asideError{d.content(), d.Counts}
	}
	return nil
}
