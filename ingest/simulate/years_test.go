package simulate

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest"
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
	for _, name := range []string{"study-cas.toml", "direct.json", "raw/registers/messages.csv", "raw/registers/demarches.csv"} {
		if _, ok := runs[0][name]; !ok {
			t.Errorf("no %s", name)
		}
	}
}

func TestYearsRefuses(t *testing.T) {
	for name, c := range map[string]Config{
		"years": {Years: 4}, "both": {Years: 1, Weeks: 12}, "selection": {Years: 1, Selection: "luck"}, "selection of weeks": {Selection: SelectionLatent},
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
		1: {"2025-09-01", "", 1, 0, 36}, 2: {"2024-09-02", "2026-03-16", 3, 1, 72}, 3: {"2023-09-04", "2025-03-17", 5, 1, 107},
	} {
		w, err := newYears(years)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.date(0).Format(time.DateOnly); got != want.start {
			t.Errorf("%d years begin on %s", years, got)
		}
		if got := w.date(w.days - 1).Format(time.DateOnly); got != "2026-07-05" {
			t.Errorf("%d years end on %s", years, got)
		}
		text := studyText(w)
		if n := strings.Count(text, "[[deadline]]"); n != want.deadlines {
			t.Errorf("%d years: %d deadlines", years, n)
		}
		if n := strings.Count(text, "[[event]]"); n != want.events {
			t.Errorf("%d years: %d events", years, n)
		}
		for z, c := range w.zones {
			if n := len(c.monday); n < want.weeks-2 || n > want.weeks+2 {
				t.Errorf("%d years, zone %d: %d school weeks", years, z, n)
			}
		}
	}
}

// What is planted in years must be there: a lockdown that visits show, visits
// that deadlines and contents bring, failures, a second instrument, polling.
func TestYearsPlants(t *testing.T) {
	w, err := newYears(2)
	if err != nil {
		t.Fatal(err)
	}
	r := newRegion(w, 3, 1200, 12, false, true)
	n, daily := map[string]int{}, [2]float64{}
	for number := range r.basins() {
		b := newBasin(r, number)
		b.behave()
		for i := range b.events {
			e := &b.events[i]
			day, _ := w.local(e.ts)
			p := &b.people[e.who]
			if p.role == roleParent && acts(e) {
				daily[0] += indicate(day >= w.lockdown[0]-28 && day < w.lockdown[0]) / 28
				daily[1] += indicate(day >= w.lockdown[0] && day < w.lockdown[0]+19) / 19
			}
			n["failed"] += oneIf(ingest.Action(e.action) == ingest.ActionLoginFailed)
			n["visio"] += oneIf(e.visio)
			n["app"] += oneIf(b.byApp(e))
			n["books"] += oneIf(is(e, ingest.ServiceReportBook))
			n["grants"] += oneIf(is(e, ingest.ServiceGrants))
			n["blogs"] += oneIf(is(e, ingest.ServiceBlog))
			n["handed in"] += oneIf(ingest.Action(e.action) == ingest.ActionSubmit)
		}
		for _, l := range b.loans {
			n["loans"] += oneIf(l.start != noDay)
			n["waiting"] += oneIf(l.start == noDay)
		}
		n["messages"] += len(b.messages)
		n["meetings"] += len(b.meetings)
		n["procedures"] += len(b.procedures())
		for i := range b.schools {
			n["changes"] += oneIf(b.schools[i].deferFrom > 0 && b.schools[i].deferFrom < w.days)
		}
	}
	for _, kind := range []string{"failed", "visio", "app", "books", "grants", "blogs", "handed in", "loans", "waiting", "messages", "meetings", "procedures"} {
		if n[kind] < 10 {
			t.Errorf("%s: %d", kind, n[kind])
		}
	}
	if n["changes"] < 1 {
		t.Error("no school changed its setting")
	}
	if daily[1] < 1.4*daily[0] {
		t.Errorf("%.0f events a day before the lockdown, %.0f in it", daily[0], daily[1])
	}
}

// The application polls for people who never come, and for those who do between
// their visits; nothing else in its log lies outside a visit.
func TestAppPolling(t *testing.T) {
	dir := t.TempDir()
	if err := Write(t.Context(), dir, Config{Years: 1, Parents: 800, Schools: 16, Seed: 3}, nil); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "raw/app/*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no log of the application (%v)", err)
	}
	polls, actions := 0, 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			polling := false
			for _, path := range appPolls {
				polling = polling || bytes.Contains(line, []byte("GET "+path+" "))
			}
			polls, actions = polls+oneIf(polling), actions+oneIf(!polling)
		}
	}
	if polls < 3*actions || actions < 100 {
		t.Errorf("%d polls, %d actions", polls, actions)
	}
}
