package zone

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// A log that lost lines on the way shows nothing of it: it ends with the end of a line, and no other input counts its
// records. What makes a loss visible is what its maker says of it (a number of records, checksums), or the same
// delivery as it came before. Where there is neither, check says so.

// archiveSums are the checksums of archives, which vouch for what is in them.
type archiveSums map[string]string

// vouched compares the checksum of a file with the one that it should have. A file that no list has is vouched for by
// nobody, and said so where the feed is judged.
func (s archiveSums) vouched(f *file, sum string) error {
	if f.feed.Checksums == nil {
		return nil
	}
	if archive := source.Archive(f.path); archive != "" {
		if s[archive] == "" {
			var err error
			if s[archive], err = source.Hash(archive); err != nil {
				return err
			}
		}
		sum = s[archive]
	}
	if want := f.feed.Checksums[f.listedAs()]; len(want) > 0 && !slices.Contains(want, sum) {
		return source.ErrChecksum
	}
	return nil
}

// listing lays the files of a feed beside its list of checksums: how many no list has, and which are listed, but
// neither here nor read before.
func listing(feed *ingest.Feed, files []*file, read []Delivery) (unlisted int, absent []string) {
	if feed.Checksums == nil {
		return 0, nil
	}
	here, held := map[string]bool{}, map[string]bool{}
	for _, f := range files {
		if f.feed != feed || f.path == source.Stdin {
			continue
		}
		name := f.listedAs()
		if here[name] = true; feed.Checksums[name] == nil {
			unlisted++
		}
	}
	for _, d := range read {
		if d.Feed == feed.Number {
			held[d.SHA256] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(feed.Checksums)) {
		if !here[name] && !slices.ContainsFunc(feed.Checksums[name], func(sum string) bool { return held[sum] }) {
			absent = append(absent, name)
		}
	}
	return unlisted, absent
}

// shrunk is a delivery that has the place of one that was read before and is gone, and fewer records.
type shrunk struct {
	feed     int
	now, was int64 // records
	name     string
}

// findShrunk finds, among the deliveries that are here, those that came before with more records: they begin with the
// same bytes, or begin and end with the same instants. What was read then stays.
func findShrunk(here, gone []Delivery, name func(*Delivery) string) (list []shrunk) {
	for i := range here {
		d := &here[i]
		for j := range gone {
			old := &gone[j]
			same := d.Head == old.Head || d.Events > 0 && d.Span == old.Span
			if same && d.series() == old.series() && d.Read < old.Read {
				list = append(list, shrunk{d.Feed, d.Read, old.Read, name(d)})
				break
			}
		}
	}
	return list
}

// findRepeats names, by feed, the deliveries that hold their beginning once more.
func findRepeats(here []Delivery, name func(*Delivery) string) map[int][]string {
	list := map[int][]string{}
	for i := range here {
		if d := &here[i]; d.Repeats {
			list[d.Feed] = append(list[d.Feed], name(d))
		}
	}
	return list
}

// ofCompleteness judges whether the deliveries of a feed are what their maker, or an earlier delivery, says they are.
func (l *Limits) ofCompleteness(f *ingest.Feed, s *Summary) (v Verdict) {
	for _, one := range s.shrunk {
		if one.feed == f.Number {
			v.doubt("feed %s: delivery %s has %d records, and had %d when it was read before: lines are missing; "+
				"what was read then stays", f.Name, one.name, one.now, one.was)
		}
	}
	if names := s.repeats[f.Number]; len(names) > 0 {
		v.doubt("feed %s: %s: records without an identifier count twice; deliver each log once", f.Name,
			few(names, "holds its beginning once more", "hold their beginning once more"))
	}
	if n := s.unlisted[f.Number]; n > 0 {
		v.doubt("feed %s: %d deliveries are not in its checksums", f.Name, n)
	}
	if absent := s.absent[f.Number]; len(absent) > 0 {
		v.doubt("feed %s: %s", f.Name,
			few(absent, "is in its checksums and not here", "are in its checksums and not here"))
	}
	return v
}

// few names the first of a list, and what is said of one or of several.
func few(names []string, one, several string) string {
	const named = 3
	text := strings.Join(names[:min(named, len(names))], ", ")
	switch {
	case len(names) == 1:
		return text + " " + one
	case len(names) > named:
		text += fmt.Sprintf(" and %d more", len(names)-named)
	}
	return text + " " + several
}

// unverified are the feeds of which nothing says how much there should be.
func unverified(feeds []ingest.Feed) (names []string) {
	for i := range feeds {
		if f := &feeds[i]; f.Expected == 0 && f.Checksums == nil && len(f.Files) > 0 {
			names = append(names, f.Name)
		}
	}
	return names
}
