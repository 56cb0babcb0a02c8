package ingest

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestClockAgainstTime: the table of offsets gives what package time gives.
func TestClockAgainstTime(t *testing.T) {
	for _, zone := range []string{"Europe/Paris", "Indian/Reunion", "America/Martinique", "Pacific/Noumea",
		"America/Miquelon", "UTC", "Africa/Casablanca"} {
		c, err := NewClock(zone)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			ms := rapid.Int64Range(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(),
				time.Date(2099, 12, 1, 0, 0, 0, 0, time.UTC).UnixMilli()).Draw(t, "ms")
			at := time.UnixMilli(ms).In(loc)
			day, hour := c.Local(ms)
			want, _ := Days(at.Year(), int(at.Month()), at.Day())
			if day != want || int(hour) != at.Hour() {
				t.Fatalf("%s %v: day %d hour %d", zone, at, day, hour)
			}
			if m := Month(day); m != int32(at.Year()*100+int(at.Month())) {
				t.Fatalf("month %d", m)
			}
			_, seconds := at.Zone()
			wall := ms + int64(seconds)*1000
			back, ok := c.Instant(wall)
			if !ok || back > ms || c.Offset(back)+back != wall {
				t.Fatalf("%s %v: instant %d %v", zone, at, back, ok)
			}
		})
	}
}

func TestDaylightSaving(t *testing.T) {
	c, err := NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	wall := func(s string) int64 {
		ms, n, ok := WallTime([]byte(s))
		if !ok || n != len(s) {
			t.Fatalf("%q is no time", s)
		}
		return ms
	}
	for _, tt := range []struct {
		local, utc string
		ok         bool
	}{
		{"2025-03-30 01:59:59,999", "2025-03-30T00:59:59.999Z", true},
		{"2025-03-30 02:00:00", "", false},
		{"2025-03-30 02:59:59", "", false},
		{"2025-03-30 03:00:00", "2025-03-30T01:00:00Z", true},
		{"2025-10-26 01:59:59", "2025-10-25T23:59:59Z", true},
		{"2025-10-26 02:30:00", "2025-10-26T00:30:00Z", true}, // the first of two
		{"2025-10-26 03:00:00", "2025-10-26T02:00:00Z", true},
		{"2025-12-24T18:00:00.5", "", true},
	} {
		if tt.utc == "" && tt.ok {
			if _, n, ok := WallTime([]byte(tt.local)); !ok || n != 19 {
				t.Errorf("%s: read %d bytes", tt.local, n)
			}
			continue
		}
		ms, ok := c.Instant(wall(tt.local))
		if ok != tt.ok {
			t.Errorf("%s: ok %v", tt.local, ok)
			continue
		}
		if want, _ := time.Parse(time.RFC3339Nano, tt.utc); ok && ms != want.UnixMilli() {
			t.Errorf("%s = %v, want %s", tt.local, time.UnixMilli(ms).UTC(), tt.utc)
		}
	}
}

func TestClockRefuses(t *testing.T) {
	for _, zone := range []string{"", "Local", "Europe/Lutece"} {
		if _, err := NewClock(zone); err == nil {
			t.Errorf("zone %q accepted", zone)
		}
	}
	c, err := NewClock("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for ms, want := range map[int64]bool{
		0: false, 631152000000 - 1: false, 631152000000: true, 4102444800000 - 1: true, 4102444800000: false, -1: false,
		1 << 60: false,
	} {
		if c.Plausible(ms) != want {
			t.Errorf("%d plausible: %v", ms, !want)
		}
	}
}
