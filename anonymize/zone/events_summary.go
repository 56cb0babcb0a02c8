package zone

import (
	"cmp"
	"slices"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/join"
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
	// Shards are those whose work lies there, or lay there and was taken; Taken is how many deliveries of Read they had
	// decoded.
	Shards []ShardState `json:"shards,omitempty"`
	Taken  int          `json:"taken,omitempty"`
	// Refused are the deliveries that were left out.
	Refused []Refused `json:"refused,omitempty"`
	// Files are the deliveries one by one: of a check only.
	Files []FileSummary `json:"files,omitempty"`
	// Joins say whom the feeds name that the directory knows, Outside how many events of each feed are outside the
	// window.
	Joins   []join.Join      `json:"joins,omitempty"`
	Outside map[string]int64 `json:"outside,omitempty"`
	// Services are how many events there are of each in the window: of a check only.
	Services map[string]int64 `json:"services,omitempty"`
	// Doubts and Faults are what a run would warn of and what it would refuse: of a check only.
	Doubts []string `json:"doubts,omitempty"`
	Faults []string `json:"faults,omitempty"`
	// Unverified are the feeds of which nothing says how many records there should be: a loss at the end of a line
	// would not be seen. Of a check only.
	Unverified []string `json:"unverified,omitempty"`

	present map[int]*ingest.Counts // by feed, of the deliveries of this run, those set aside too
	open    map[int]int            // by feed, how many of them end within a record
	// What a list of checksums or an earlier delivery says of them, by feed.
	unlisted map[int]int
	absent   map[int][]string
	shrunk   []shrunk
	repeats  map[int][]string          // names, by feed
	orders   map[int]*ingest.DateOrder // of feeds whose days could be read the other way
	// events of accounts that the directory has in another case
	otherCase map[int]int64
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

// Refused is a delivery that could not be read as it is.
type Refused struct {
	Feed   string `json:"feed"`
	File   string `json:"file"` // base name
	Reason string `json:"reason"`
}

// compareLists lays the files of each feed beside its list of checksums.
func (s *Summary) compareLists(feeds []ingest.Feed, files []*file, read []Delivery) {
	s.unlisted, s.absent = make(map[int]int), make(map[int][]string)
	for i := range feeds {
		f := &feeds[i]
		s.unlisted[f.Number], s.absent[f.Number] = listing(f, files, read)
	}
}

func summarise(feeds []ingest.Feed, deliveries []Delivery) []FeedSummary {
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

// Status is what an ingestion makes of a delivery.
type Status string

// What an ingestion makes of a delivery.
const (
	// StatusNew: it is read.
	StatusNew Status = "new"
	// StatusIngested: the zone holds it; it is not read again, unless the
	// directory or the settings have changed.
	StatusIngested Status = "ingested"
	// StatusAgain: another file has the same content, packed or not; one is read.
	StatusAgain Status = "delivered again"
	// StatusBegun: it ends within a record, and a longer file begins with it; that
	// one is read.
	StatusBegun Status = "half-written"
	// StatusAside: it has more rejects than the study allows, and is left out.
	StatusAside Status = "set aside"
	// StatusRefused: it cannot be read as it is, and is left out until it can.
	StatusRefused Status = "refused"
)

// FileSummary accounts for one delivery.
type FileSummary struct {
	Feed   string `json:"feed"`
	File   string `json:"file"`
	Status Status `json:"status"`
	// Reason is why it is refused or set aside.
	Reason string `json:"reason,omitempty"`
	// Headings is what is wrong with the headings, if the format binds to them and
	// cannot: then each record is a reject. It holds no text of the file.
	Headings string `json:"headings,omitempty"`
	// Fields are the fields for which records are refused, where the format tells.
	Fields []ingest.FaultCount `json:"fields,omitempty"`
	// Of is the file that is read in its place.
	Of    string `json:"of,omitempty"`
	Bytes int64  `json:"bytes"`
	// OpenEnded: it ends within a record. It is read as far as it goes; when it
	// comes whole, what was read of it is taken back.
	OpenEnded bool `json:"open_ended,omitempty"`
	// Completes: the zone holds a delivery that was cut short, which this one
	// begins with; that one is taken back.
	Completes bool `json:"completes,omitempty"`
	// Late: it ends before what the zone already holds of its feed and school.
	Late bool `json:"late,omitempty"`
	// Overlap is set when its time and that of others, of its feed and school,
	// overlap. Records that are in both count once.
	Overlap *Overlap `json:"overlap,omitempty"`
	// The counts of what is not read are 0.
	ingest.Counts
	ingest.Span
}

// Overlap is the time that a delivery shares with others.
type Overlap struct {
	// With is one of them, Files how many they are.
	With  string `json:"with"`
	Files int    `json:"files"`
	ingest.Span
}
