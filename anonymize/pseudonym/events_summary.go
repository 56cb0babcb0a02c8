package pseudonym

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/source"
)

// Summary says what an ingestion, or a check, found. It holds totals only.
type Summary struct {
	Feeds []FeedSummary `json:"feeds"`
	// Read is how many deliveries were read now, Known how many were already.
	Read  int `json:"read"`
	Known int `json:"known"`
	// Stale is how many deliveries stand as an older directory or older settings
	// had them, since files of their batch are no longer there to be read.
	Stale int `json:"stale,omitempty"`
	// Refused are the deliveries that were left out.
	Refused []Refused `json:"refused,omitempty"`
}

// FeedSummary is what the zone holds of one feed.
type FeedSummary struct {
	Number     int    `json:"number"`
	Name       string `json:"name"`
	Format     string `json:"format"`
	Version    string `json:"version"`
	Deliveries int    `json:"deliveries"`
	Bytes      int64  `json:"bytes"`
	// Overlaps is how many deliveries begin before an earlier one, of the same
	// school where the file tells it, has ended: several front ends, or a day that
	// was delivered twice in different files. Records without an identifier of
	// their own would then count twice.
	Overlaps int `json:"overlaps,omitempty"`
	ingest.Counts
	ingest.Span
}

// Refused is a delivery that could not be read as it is.
type Refused struct {
	Feed   string `json:"feed"`
	File   string `json:"file"` // base name
	Reason string `json:"reason"`
}

func summarise(feeds []Feed, deliveries []Delivery) []FeedSummary {
	list := make([]FeedSummary, len(feeds))
	index := make(map[int]int)
	for i, f := range feeds {
		list[i] = FeedSummary{Number: f.Number, Name: f.Name, Format: f.Format.Name(), Version: f.Format.Version()}
		index[f.Number] = i
	}
	for _, d := range deliveries {
		i, ok := index[d.Feed]
		if !ok {
			continue
		}
		list[i].Deliveries++
		list[i].Bytes += d.Bytes
		list[i].Counts.Add(&d.Counts)
		list[i].Join(d.Span)
	}
	for feed, n := range overlaps(deliveries) {
		if i, ok := index[feed]; ok {
			list[i].Overlaps = n
		}
	}
	return list
}

// overlaps counts the overlapping deliveries of each feed.
func overlaps(deliveries []Delivery) map[int]int {
	byStart := slices.Clone(deliveries)
	slices.SortFunc(byStart, func(a, b Delivery) int {
		return cmp.Or(cmp.Compare(a.FirstMs, b.FirstMs), cmp.Compare(a.Number, b.Number))
	})
	type series struct {
		feed     int
		settings string // differ by school
	}
	ends, count := make(map[series]int64), make(map[int]int)
	for _, d := range byStart {
		s := series{d.Feed, d.Settings}
		if d.Events == 0 {
			continue
		}
		if end, ok := ends[s]; ok && d.FirstMs < end {
			count[d.Feed]++
		}
		ends[s] = max(ends[s], d.LastMs)
	}
	return count
}

func (in *ingestion) summary() *Summary {
	s := &Summary{
		Feeds: summarise(in.options.Feeds, in.zone.Deliveries()),
		Read:  len(in.read), Stale: in.stale, Refused: in.refused,
	}
	for _, n := range in.skipped {
		s.Known += n
	}
	return s
}

// Check decodes every delivery of the feeds, writes nothing, and accounts for
// their records. It needs no key.
func Check(ctx context.Context, feeds []Feed, threads int, progress func(done, total int64)) (*Summary, error) {
	var (
		deliveries []Delivery
		refused    []Refused
		total      int64
		done       int64
		seen       = make(map[identity]bool)
		known      int
	)
	for _, f := range feeds {
		for _, path := range f.Files {
			if size, err := source.Size(path); err == nil {
				total += size
			}
		}
	}
	for i := range feeds {
		f := &feeds[i]
		for _, path := range f.Files {
			d, err := checkOne(ctx, f, path, max(1, threads))
			if reason := refusal(err); reason != "" {
				refused = append(refused, Refused{f.Name, filepath.Base(path), reason})
				continue
			} else if err != nil {
				return nil, err
			}
			if done += d.Bytes; progress != nil {
				progress(done, total)
			}
			school := ""
			if f.School != nil {
				school = f.School(filepath.Base(path))
			}
			id := identity{d.content(), school}
			if seen[id] {
				known++
				continue
			}
			seen[id] = true
			d.Settings = school
			deliveries = append(deliveries, *d)
		}
	}
	return &Summary{Feeds: summarise(feeds, deliveries), Read: len(deliveries), Known: known, Refused: refused}, nil
}

func checkOne(ctx context.Context, f *Feed, path string, threads int) (*Delivery, error) {
	open, err := source.Open(path)
	if err != nil {
		return nil, err
	}
	defer open.Close()
	d := &Delivery{Feed: f.Number, Name: f.Name, Bytes: open.Size}
	if d.Counts, d.Span, err = ingest.Account(ctx, open, f.Format, threads); err != nil {
		return nil, err
	}
	if d.SHA256, err = open.Sum(); err != nil {
		return nil, err
	}
	d.Content, d.ContentBytes = open.Content()
	if !d.Balanced() {
		return nil, fmt.Errorf("pseudonym: feed %q: %w", f.Name, errors.New("records do not add up"))
	}
	return d, nil
}
