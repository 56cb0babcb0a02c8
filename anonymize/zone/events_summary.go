package zone

import (
	"cmp"
	"slices"

	"github.com/entscope/entscope/ingest"
)

// Summary says what an ingestion, or a check, found. It holds totals only.
type Summary struct {
	Feeds []FeedSummary `json:"feeds"`
	// Read is how many deliveries were read now, Known how many were already.
	Read  int `json:"read"`
	Known int `json:"known"`
	// Stale is how many deliveries stand as an older directory or older settings
	// had them, since their files are no longer there to be read.
	Stale int `json:"stale,omitempty"`
	// Refused are the deliveries that were left out.
	Refused []Refused `json:"refused,omitempty"`
	// Files are the deliveries one by one: of a check only.
	Files []FileSummary `json:"files,omitempty"`
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
	// Gone is how many deliveries the zone holds whose files are not there: of a
	// check only, and not in the counts.
	Gone int `json:"gone,omitempty"`
	ingest.Counts
	ingest.Span
}

// series are the deliveries of one feed and school: the same events may be in
// two of them.
type series struct {
	feed   int
	school string
}

func (d *Delivery) series() series { return series{d.Feed, d.School} }

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
	ends, count := make(map[series]int64), make(map[int]int)
	for _, d := range byStart {
		s := d.series()
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
