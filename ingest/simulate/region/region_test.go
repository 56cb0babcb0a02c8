package region

import (
	"math"
	"slices"
	"testing"

	"github.com/entscope/entscope/ingest"
)

func TestSchools(t *testing.T) {
	w, err := NewWindow(12)
	if err != nil {
		t.Fatal(err)
	}
	r := New(Plan{Window: w, Seed: 1, Parents: 40_000, Schools: 150})
	levels, eps, parents := [3]int{}, map[string]int{}, 0
	seen := map[string]bool{}
	for i := range r.Schools {
		s := &r.Schools[i]
		levels[s.Level]++
		eps[s.EP]++
		parents += s.parents
		if !ingest.ValidUAI(s.UAI) || seen[s.UAI] {
			t.Errorf("uai %s", s.UAI)
		}
		seen[s.UAI] = true
	}
	if slices.Min(levels[:]) < 30 || eps["REP"] != 20 || eps["REP+"] != 20 || parents != 40_000 {
		t.Errorf("levels %v, ep %v, parents %d", levels, eps, parents)
	}
	kinds := map[string]int{}
	for _, p := range r.Planted() {
		kinds[p.Kind]++
	}
	if kinds[PlantStopped] != 1 || kinds[PlantLate] != 1 || kinds[PlantGradesStop] < 2 {
		t.Errorf("plants %v", kinds)
	}
}

func TestPeople(t *testing.T) {
	w, err := NewWindow(12)
	if err != nil {
		t.Fatal(err)
	}
	r := New(Plan{Window: w, Seed: 1, Parents: 4000, Schools: 30})
	count := map[string]int{}
	for n := range r.Basins() {
		b := r.Basin(n)
		for i := range b.People {
			p := &b.People[i]
			switch p.Role {
			case RoleParent:
				count["parents"]++
				count["two schools"] += oneIf(p.SchoolCount == 2)
				count["helped"] += oneIf(p.Helped != NoDay)
				count["checkers"] += oneIf(p.checker)
				count["no email"] += oneIf(!p.Email)
				count["child only"] += oneIf(p.Kind == kindChildOnly)
				count["phone only"] += oneIf(p.phone == 1)
				count["late"] += oneIf(p.Created >= 0)
			case RolePupil:
				count["two guardians"] += oneIf(len(p.Parents) == 2)
				count["borrowed"] += oneIf(p.Borrowed)
			}
		}
		for i := range b.Events {
			e := &b.Events[i]
			_, hour := w.Local(e.TS)
			count["staff at night"] += oneIf(b.People[e.Who].Role == RoleStaff && hour >= 22 &&
				e.Action == ingest.ActionSend)
			if e.TS >= w.End() || e.TS < w.Midnight[0] {
				t.Fatal("an event outside the window")
			}
		}
	}
	if count["parents"] != 4000 {
		t.Errorf("%d parents", count["parents"])
	}
	for _, name := range []string{"two schools", "helped", "checkers", "no email", "child only", "phone only", "late",
		"two guardians", "borrowed", "staff at night"} {
		if count[name] < 10 {
			t.Errorf("%s: %d", name, count[name])
		}
	}
}

func TestCalendar(t *testing.T) {
	w, err := NewWindow(12)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Date(w.Days - 1).Format("2006-01-02"); got != "2025-12-14" {
		t.Errorf("the window ends on %s", got)
	}
	for z, c := range w.Zones {
		if len(c.Monday) != 12 {
			t.Errorf("zone %d: %d school weeks", z, len(c.Monday))
		}
	}
	// Every local second is read back, over the change of 26 October.
	for day := 40; day < 56; day++ {
		for second := 0; second < 86400; second += 599 {
			if d, h := w.Local(w.At(day, second)); d != day || h != second/3600 {
				t.Fatalf("day %d second %d is read as day %d hour %d", day, second, d, h)
			}
		}
	}
}

func TestAssumptions(t *testing.T) {
	a, err := ReadAssumptions()
	if err != nil {
		t.Fatal(err)
	}
	for name, hours := range map[string]Hours{"parents": a.ParentHours, "pupils": a.PupilHours, "staff": a.StaffHours} {
		sum := 0.0
		for _, b := range hours {
			sum += b.share
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("the hours of %s sum to %v", name, sum)
		}
	}
	schools := 0
	for _, s := range a.Strata {
		schools += s.Per30
		if !slices.Contains(LevelNames[:], s.Level) {
			t.Errorf("level %q", s.Level)
		}
	}
	if schools != 30 {
		t.Errorf("%d of thirty schools", schools)
	}
	if _, ok := a.List(true)["years"]; !ok {
		t.Error("a window of years lists nothing of it")
	}
	if _, ok := a.List(false)["years"]; ok {
		t.Error("a window of weeks lists what is said of years")
	}
	var n Numbers
	if err := n.set(map[string]any{"nb_theta": 0.8}); err == nil {
		t.Error("missing numbers were not noticed")
	}
	if err := n.set(map[string]any{"no_such_number": 0.8}); err == nil {
		t.Error("an unknown number was not noticed")
	}
}
