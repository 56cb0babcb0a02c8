package simulate

import (
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/simulate/region"
)

func TestYearsSameBytes(t *testing.T) {
	c := Config{Years: 2, Parents: 400, Schools: 12, Seed: 5}
	var runs []map[string][32]byte
	for _, threads := range []int{1, 3} {
		dir := t.TempDir()
		c.Threads = threads
		if err := Write(t.Context(), dir, c, nil); err != nil {
			t.Fatal(err)
		}
		runs = append(runs, hashes(t, dir))
	}
	if len(runs[0]) < 60 || len(runs[0]) != len(runs[1]) {
		t.Fatalf("%d and %d files", len(runs[0]), len(runs[1]))
	}
	for name, h := range runs[0] {
		if runs[1][name] != h {
			t.Errorf("%s differs", name)
		}
	}
	for _, name := range []string{"study-cas.toml", "direct.json", "raw/registers/messages.csv",
		"raw/registers/demarches.csv"} {
		if _, ok := runs[0][name]; !ok {
			t.Errorf("no %s", name)
		}
	}
}

func TestYearsRefuses(t *testing.T) {
	for name, c := range map[string]Config{
		"years": {Years: 4}, "both": {Years: 1, Weeks: 12}, "selection": {Years: 1, Selection: "luck"},
		"selection of weeks": {Selection: region.SelectionLatent},
	} {
		if err := Write(t.Context(), t.TempDir(), c, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestYearsCalendar(t *testing.T) {
	for years, want := range map[int]struct {
		start, lockdown   string
		deadlines, events int
		weeks             int
	}{
		1: {"2025-09-01", "", 1, 0, 36}, 2: {"2024-09-02", "2026-03-16", 3, 1, 72},
		3: {"2023-09-04", "2025-03-17", 5, 1, 107},
	} {
		w, err := region.NewYears(years)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.Date(0).Format(time.DateOnly); got != want.start {
			t.Errorf("%d years begin on %s", years, got)
		}
		if got := w.Date(w.Days - 1).Format(time.DateOnly); got != "2026-07-05" {
			t.Errorf("%d years end on %s", years, got)
		}
		data, err := (&study{Window: w}).render()
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if n := strings.Count(text, "[[deadline]]"); n != want.deadlines {
			t.Errorf("%d years: %d deadlines", years, n)
		}
		if n := strings.Count(text, "[[event]]"); n != want.events {
			t.Errorf("%d years: %d events", years, n)
		}
		for z, c := range w.Zones {
			if n := len(c.Monday); n < want.weeks-2 || n > want.weeks+2 {
				t.Errorf("%d years, zone %d: %d school weeks", years, z, n)
			}
		}
	}
}
