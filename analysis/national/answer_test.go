package national

import (
	"context"
	"flag"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/entscope/entscope/analysis/indicator"
)

var seeds = flag.Int("national-seeds", 1, "worlds whose planted truth must come back")

func answerOf(t *testing.T, w world, o Options) *Answers {
	t.Helper()
	return answerIn(t, w.write(t), o)
}

func answerIn(t *testing.T, dir string, o Options) *Answers {
	t.Helper()
	o.Engine = testEngine(t)
	a, err := Answer(context.Background(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func find(t *testing.T, a *Answers, id, measure, population string, keys ...string) indicator.Result {
	t.Helper()
	of := map[string]string{}
	for i := 0; i < len(keys); i += 2 {
		of[keys[i]] = keys[i+1]
	}
	for _, r := range a.Results {
		if r.Indicator == id && r.Measure == measure && r.Population == population && maps.Equal(r.Group, of) {
			return r
		}
	}
	t.Fatalf("no result %s %s of %s %v", id, measure, population, of)
	return indicator.Result{}
}

// What was planted comes back inside the intervals: of 20 worlds, five misses of one
// figure have a probability of 0.3 % when intervals hold what they say.
func TestTruthComesBack(t *testing.T) {
	misses := map[string]int{}
	for seed := range *seeds {
		w := newWorld(uint64(seed + 1))
		a := answerOf(t, w, Options{})
		within := func(name string, truth float64, r indicator.Result) {
			if r.Low == nil {
				t.Fatalf("seed %d: %s has no interval: %s", seed, name, indicator.Written(r.Warnings))
			}
			if truth < *r.Low || truth > *r.High {
				misses[name]++
				t.Logf("seed %d: %s %v outside [%v, %v]", seed, name, truth, *r.Low, *r.High)
			}
		}
		within("level", w.level, find(t, a, "W3", "level_ratio", "parents", "event", "2020-03-16"))
		within("slope", math.Exp(w.slope), find(t, a, "W3", "slope_ratio", "parents", "event", "2020-03-16"))
		within("smartphone", 0.62, find(t, a, "W4", "smartphone", "parents"))
		within(
			"break",
			w.broken,
			find(t, a, "W2", "break_ratio", "schools", "school_year", "2025-2026", "profiles", "eleve/enseignant"),
		)
		q := distuv.UnitNormal.Quantile(0.2)
		ratio := distuv.UnitNormal.CDF(q+w.gradient) / distuv.UnitNormal.CDF(q-w.gradient)
		for _, l := range []string{"college", "lycee"} {
			within("gradient", ratio, find(t, a, "W6", "ratio", "parents", "level", l, "school_year", "2023-2024"))
		}
		within("growth", w.growth, find(t, a, "W1", "panel_change", "parents", "school_year", "2023-2024"))
		within("holidays", 0.2, find(t, a, "W7", "ratio", "parents"))
		for _, y := range a.Years[1:] {
			if (y.Break != nil) != (y.Label == "2025-2026") {
				t.Errorf("seed %d: %s: break %v", seed, y.Label, y.Break)
			}
		}
	}
	for name, n := range misses {
		if n > *seeds/5 {
			t.Errorf("%s: %d misses in %d worlds", name, n, *seeds)
		}
	}
}

// A break is printed on what crosses it, and never compared across unless asked for.
func TestBreakIsNoUse(t *testing.T) {
	dir := newWorld(1).write(t)
	a := answerIn(t, dir, Options{})
	change := find(t, a, "W1", "panel_change", "parents", "school_year", "2025-2026")
	if change.Status != indicator.NotMeasurable || change.Estimate != nil {
		t.Errorf("compared across a break: %v", change)
	}
	if b := a.Years[len(a.Years)-1].Break; strings.Join(b.Profiles, " ") != "eleve" {
		t.Errorf("the profile that changed is %v, want eleve", b.Profiles)
	}
	level := find(t, a, "W1", "visits_per_school_week", "parents", "school_year", "2025-2026")
	if !strings.Contains(indicator.Written(level.Warnings), "["+CodeBreak+"]") {
		t.Errorf("no mark of the break: %v", level.Warnings)
	}
	// an event in the broken year is held against the year before it, across the break
	late := Event{Day: time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC), Name: "x"}
	a = answerIn(t, dir, Options{Events: []Event{late}})
	if r := find(t, a, "W3", "level_ratio", "parents", "event", "2026-01-12"); r.Status != indicator.NotMeasurable {
		t.Errorf("an event across a break has a number: %v", r)
	}
	a = answerIn(t, dir, Options{Events: []Event{late}, AcrossBreaks: true})
	asked := find(t, a, "W1", "panel_change", "parents", "school_year", "2025-2026")
	if asked.Estimate == nil {
		t.Fatalf("asked for, and not compared: %v", asked)
	}
	if !strings.Contains(indicator.Written(asked.Warnings), "["+CodeAcross+"]") {
		t.Errorf("compared across a break without saying so: %v", asked.Warnings)
	}
	r := find(t, a, "W3", "level_ratio", "parents", "event", "2026-01-12")
	if r.Estimate == nil || *r.Low > 1 || *r.High < 1 {
		t.Errorf("nothing happened on that day: %v", r)
	}
}

// A feed that stopped is never a use at 0.
func TestStoppedFeedIsNoUse(t *testing.T) {
	w := newWorld(3)
	w.parents = "Académie 1"
	a := answerOf(t, w, Options{})
	notes := find(t, a, "W5", "notes", "all", "school_year", "2025-2026")
	if notes.Status != indicator.NotMeasurable {
		t.Errorf("a stopped service has a share: %v", notes)
	}
	before := find(t, a, "W5", "notes", "all", "school_year", "2024-2025")
	if before.Status != indicator.Published {
		t.Errorf("a service has no share before it stopped: %v", before)
	}
	gone := find(t, a, "W5", "absences", "all", "school_year", "2025-2026", "academie", "Académie 2")
	if gone.Status != indicator.NotMeasurable {
		t.Errorf("a service that stopped in an académie has a share there: %v", gone)
	}
	find(t, a, "W2", "stopped_feeds", "weeks", "column", "visites_notes", "since", "2025-09-01")
	find(
		t,
		a,
		"W2",
		"stopped_feeds",
		"weeks",
		"column",
		"visites_absences",
		"since",
		"2024-01-01",
		"academie",
		"Académie 2",
	)
	find(
		t,
		a,
		"W2",
		"stopped_feeds",
		"weeks",
		"column",
		"visites_parent",
		"since",
		"2026-01-05",
		"academie",
		"Académie 1",
	)
	// the académie whose parents' feed stopped looks like the others in the weeks before
	of := func(academie string) float64 {
		keys := []string{"school_year", "2025-2026", "academie", academie}
		return *find(t, a, "W1", "visits_per_school_week", "parents", keys...).Estimate
	}
	if ratio := of("Académie 1") / of("Académie 4"); ratio < 0.6 || ratio > 1.7 {
		t.Errorf("the silent académie has %.2f times the visits of another", ratio)
	}
	for _, wk := range a.weeks {
		if wk.academie == "Académie 1" && wk.day >= dayOf(time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)) &&
			wk.weeks > 0 {
			t.Fatalf("week %d of a silent feed counts as measured", wk.day)
		}
	}
}

// Shares of devices add up to 1, and sums are those of the files.
func TestSumsAndShares(t *testing.T) {
	a := answerOf(t, smallWorld(4), Options{})
	for _, population := range []string{"parents", "pupils"} {
		sum := 0.0
		for _, d := range Devices {
			sum += *find(t, a, "W4", d, population, "school_year", "2025-2026").Estimate
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("shares of the devices of %s add up to %v", population, sum)
		}
	}
	byYear, byWeek := 0.0, 0.0
	for _, r := range a.Results {
		if r.Indicator != "W1" || r.Measure != "visits" || r.Population != "parents" || len(r.Group) != 1 {
			continue
		}
		if r.Group["school_year"] != "" {
			byYear += *r.Estimate
		}
		if r.Group["week"] != "" {
			byWeek += *r.Estimate
		}
	}
	if byYear != byWeek {
		t.Errorf("visits by year %v, by week %v", byYear, byWeek)
	}
}

// Missing files: fewer answers, each with the file to download.
func TestMissingFiles(t *testing.T) {
	dir := smallWorld(5).write(t)
	put(t, filepath.Join(dir, "manifest.json"), `{"kind":"national","inputs":[{"kind":"profils"}]}`)
	a := answerIn(t, dir, Options{})
	for _, c := range []struct{ id, measure, population string }{
		{"W4", "smartphone", "parents"}, {"W5", "notes", "all"}, {"W6", "ratio", "parents"}, {"W7", "ratio", "parents"},
	} {
		r := find(t, a, c.id, c.measure, c.population)
		if r.Status != indicator.NotMeasurable ||
			!strings.Contains(indicator.Written(r.Warnings), "https://data.education.gouv.fr/") {
			t.Errorf("%s %s: %s %v", c.id, c.measure, r.Status, r.Warnings)
		}
	}
	if r := find(t, a, "W1", "visits_per_school_week", "parents", "school_year", "2024-2025"); r.Estimate == nil {
		t.Errorf("the profiles are there: %v", r)
	}
}

func TestRefusesAnEdition(t *testing.T) {
	dir := smallWorld(6).write(t)
	for name, spoil := range map[string]func(dir string) error{
		"no table":    func(dir string) error { return os.Remove(filepath.Join(dir, "services.parquet")) },
		"cut":         func(dir string) error { return os.Truncate(filepath.Join(dir, "profils.parquet"), 1000) },
		"no manifest": func(dir string) error { return os.Remove(filepath.Join(dir, "manifest.json")) },
		"kind": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "manifest.json"), []byte(`{"kind":"research"}`), 0o600)
		},
		"link": func(dir string) error {
			if err := os.Rename(filepath.Join(dir, "ips.parquet"), filepath.Join(dir, "x")); err != nil {
				return err
			}
			return os.Symlink("x", filepath.Join(dir, "ips.parquet"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			copied := t.TempDir()
			if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			if err := spoil(copied); err != nil {
				t.Fatal(err)
			}
			if _, err := Answer(context.Background(), copied, Options{Engine: testEngine(t)}); err == nil {
				t.Error("accepted")
			}
		})
	}
}
