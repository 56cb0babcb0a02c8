package tabular

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/ingest"
)

// The fixed-width reading gives what package time gives, in zones with and
// without daylight saving, days of the change included.
func TestClockProperty(t *testing.T) {
	layouts := []string{"2006-01-02 15:04:05", "02/01/2006 15:04", "2006-01-02T15:04:05", "02.01.2006", "20060102",
		"2006/01/02 15:04:05"}
	zones := []string{"Europe/Paris", "Indian/Reunion", "Pacific/Noumea", "America/Miquelon", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		layout := rapid.SampledFrom(layouts).Draw(t, "layout")
		// 2000, two changes of 2025
		from := rapid.SampledFrom([]int64{946684800, 1743292800, 1761436800}).Draw(t, "around")
		want := time.Unix(from+rapid.Int64Range(-7200, 86400*3).Draw(t, "second"), 0).In(zone)
		text := want.Format(layout)
		want, err = time.ParseInLocation(layout, text, zone)
		if err != nil {
			t.Fatal(err)
		}
		if earlier := want.Add(-time.Hour); earlier.Format(layout) == text { // twice: the first
			want = earlier
		}
		c, err := newClock(layout, zone)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ready(); err != nil {
			t.Fatal(err)
		}
		if c.layouts[0].pieces == nil {
			t.Fatal("no fixed-width reading")
		}
		fast, reason := c.moment([]byte(text), false, Moment{})
		if reason != "" || fast.TsMs != want.UnixMilli() || fast.Day != dayOf(want) || int(fast.Hour) != want.Hour() {
			t.Fatalf("%q: %+v %s, want %v", text, fast, reason, want)
		}
		c.layouts[0].pieces = nil
		if slow, reason := c.moment([]byte(text), false, Moment{}); slow != fast || reason != "" {
			t.Fatalf("%q: %+v by time, %+v by width", text, slow, fast)
		}
		if day, _ := c.moment([]byte(text), true, Moment{}); day.Day != fast.Day || day.Hour != 12 {
			t.Fatalf("%q: day %+v", text, day)
		}
	})
}

func TestClockTexts(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		layout, text, want string
		reason             ingest.Reason
	}{
		{"02/01/2006", "29/02/2024", "2024-02-29T12:00:00+01:00", ""},
		{"02/01/2006", "29/02/2025", "", ingest.ReasonTimestamp},
		{"02/01/2006", "1/9/2025", "", ingest.ReasonTimestamp},
		{"2/1/2006", "1/9/2025", "2025-09-01T12:00:00+02:00", ""},
		{"Mon Jan _2 15:04:05 MST 2006", "Wed Jun 20 10:02:27 CEST 2018", "2018-06-20T10:02:27+02:00", ""},
		{"Mon Jan _2 15:04:05 MST 2006", "Wed Jun 20 10:02:27 XYZ 2018", "", ingest.ReasonTimestamp},
		{"2006-01-02 15:04:05", "2025-09-08 12:34:56.789", "2025-09-08T12:34:56+02:00", ""},
		{"2006-01-02 15:04:05", "2025-09-08 12:34:60", "", ingest.ReasonTimestamp},
		{"2006-01-02 15:04:05", "2025-09-08 12:34:56 x", "", ingest.ReasonTimestamp},
		{"2006-01-02 15:04:05-0700", "2025-09-08 12:34:56+0000", "2025-09-08T14:34:56+02:00", ""},
		{"2006-01-02", "1899-12-31", "", ingest.ReasonTimeRange},
		{"2006-01-02", "1965-05-01", "1965-05-01T12:00:00+01:00", ""},
	} {
		c, err := newClock(test.layout, paris)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.ready(); err != nil {
			t.Fatal(err)
		}
		m, reason := c.moment([]byte(test.text), len(test.text) <= 10, Moment{})
		got := ""
		if m.Known {
			got = time.UnixMilli(m.TsMs).In(paris).Format(time.RFC3339)
		}
		if got != test.want || reason != test.reason {
			t.Errorf("%q as %q: %s %q, want %s %q", test.text, test.layout, got, reason, test.want, test.reason)
		}
	}
}
