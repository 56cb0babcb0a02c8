package zone

import "github.com/entscope/entscope/ingest"

// Delivery is the ledger's line on one delivery. The counts hold totals only.
type Delivery struct {
	Number int    `json:"number"`
	Feed   int    `json:"feed"`
	Name   string `json:"name"` // of the feed
	SHA256 string `json:"sha256"`
	// Settings is the hash of all that decided how the delivery was read:
	// format, zone, catalog, study key, directory.
	Settings string `json:"settings"`
	// School is the school that the file's name, or the study, says it is of.
	School string `json:"school,omitempty"`
	Bytes  int64  `json:"bytes"`
	// Content and ContentBytes are those of the decoded bytes of a compressed
	// file: a delivery is the same, packed or not.
	Content      string `json:"content,omitempty"`
	ContentBytes int64  `json:"content_bytes,omitempty"`
	// Head is the hash of its first source.HeadSize decoded bytes: a file that
	// begins otherwise is not what it grew to.
	Head string `json:"head"`
	// OpenEnded says that it does not end with the end of a record: it was
	// probably still being written.
	OpenEnded bool `json:"open_ended,omitempty"`
	// Repeats says that it holds its beginning once more: a log that was appended to itself.
	Repeats bool  `json:"repeats,omitempty"`
	Lines   int64 `json:"lines"`
	// OtherCase is how many events are of accounts that the directory has in another case.
	OtherCase int64 `json:"other_case,omitempty"`
	// DateOrder is of a delivery whose days could be read the other way.
	DateOrder *ingest.DateOrder `json:"date_order,omitempty"`
	ingest.Counts
	ingest.Span
}

// content is what a feed delivered: feed number and hash of the decoded bytes.
type content struct {
	feed   int
	sha256 string
}

// content is what identifies the delivery.
func (d *Delivery) content() content {
	if d.Content != "" {
		return content{d.Feed, d.Content}
	}
	return content{d.Feed, d.SHA256}
}

// size is that of the decoded bytes.
func (d *Delivery) size() int64 {
	if d.Content != "" {
		return d.ContentBytes
	}
	return d.Bytes
}

// series are the deliveries of one feed and school: the same events may be in
// two of them.
type series struct {
	feed   int
	school string
}

func (d *Delivery) series() series { return series{d.Feed, d.School} }

// identity is what makes a delivery known.
type identity struct {
	content
	settings string
}
