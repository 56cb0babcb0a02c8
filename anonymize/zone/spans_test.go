package zone

import (
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
)

// TestSpans: a feed of many records that begins long after the window, or ends long before it, is doubtful.
func TestSpans(t *testing.T) {
	day := func(text string) int64 {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at.UnixMilli()
	}
	dayOf := func(text string) int32 { return int32(day(text) / dayMs) }
	s := Study{Start: dayOf("2025-09-08"), End: dayOf("2026-07-03"), Last: dayOf("2025-12-14")}
	for _, c := range []struct {
		first, last string
		events      int64
		want        string
	}{
		{"2025-09-09", "2025-12-12", 5000, ""},
		{"2025-09-09", "2025-11-12", 5000, "its last record is of 2025-11-12, and the window goes on to 2025-12-14"},
		{"2025-10-09", "2025-12-12", 5000, "its first record is of 2025-10-09"},
		{"2025-09-09", "2025-11-12", 50, ""},
		{"2025-10-09", "2025-10-09", 5000, "one instant"},
		{"2024-10-09", "2024-11-09", 5000, ""}, // all of it is outside, which is said elsewhere
	} {
		f := FeedSummary{Name: "f", Span: ingest.Span{FirstMs: day(c.first), LastMs: day(c.last)}}
		f.Events = c.events
		v := s.ofSpans(&Summary{Feeds: []FeedSummary{f}})
		said := strings.Join(v.Doubts, "\n")
		if (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s to %s: %q, want %q", c.first, c.last, said, c.want)
		}
	}
}
