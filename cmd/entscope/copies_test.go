//go:build chain

package main

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What one publication held back, no copy of the study tells: not one of other questions, nor
// one whose term ends a day earlier; one of other rules or other noise does not leave.
func TestCopiesTellNothingMore(t *testing.T) {
	t.Parallel()
	region := ownDemo(t)
	text, err := os.ReadFile(filepath.Join(region, "study.toml"))
	if err != nil {
		t.Fatal(err)
	}
	first := figuresOf(t, filepath.Join(region, "published"))

	// study writes a copy under a name of its own, with some of the text replaced.
	study := func(name string, replace ...string) string {
		t.Helper()
		zones := []string{`name = "demo"`, `name = "` + name + `"`}
		for _, zone := range []string{"restricted", "editions", "published"} {
			zones = append(zones, `"`+zone+`"`, `"`+name+"/"+zone+`"`)
		}
		file := filepath.Join(region, name+".toml")
		if err := os.WriteFile(file, []byte(strings.NewReplacer(append(zones, replace...)...).Replace(string(text))),
			0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	few := []string{"[limits]", "[indicators]\ncompute = [\"L2\", \"L3\", \"N5\"]\n\n[limits]"}
	for name, replace := range map[string][]string{
		"asked": few, // under a salt of its own
		// A day less has noise of its own, and holds to what the days held back all the same.
		"shorter": append(few, "end = 2025-12-14", "end = 2025-12-13"),
	} {
		file := study(name, replace...)
		if name == "shorter" {
			copyZone(t, region, name)
		}
		command(t, -1, "run", file)
		published := filepath.Join(region, name, "published")
		told, compared := 0, 0
		for of, status := range figuresOf(t, published) {
			if first[of] == "suppressed" {
				if compared++; status == "published" {
					told++
				}
			}
		}
		if told > 0 {
			t.Errorf("%s: %d of %d figures that the study held back are told", name, told, compared)
		}
		if compared == 0 {
			t.Errorf("%s: the study held nothing back of what it shows", name)
		}
		if _, err := os.Stat(filepath.Join(published, "overrides.json")); err != nil {
			t.Errorf("%s: alone it would have told no more: the test tries nothing: %v", name, err)
		}
		var editions []string
		for _, kind := range []string{"research", "schools"} {
			dirs, err := filepath.Glob(filepath.Join(region, name, "editions", kind+"-*"))
			if err != nil || len(dirs) != 1 {
				t.Fatal(dirs, err)
			}
			editions = append(editions, "--edition", dirs[0])
		}
		command(t, 0, append([]string{"audit", "--published", published}, editions...)...)
	}

	policies := filepath.Join(region, "policies")
	rules, err := os.ReadFile(filepath.Join(policies, "publication.toml"))
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(rules), "base = 5 ", "base = 7 ", 1)
	if err := os.WriteFile(filepath.Join(policies, "other.toml"), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	// The copy that asked has its editions: what is refused is to publish them by other rules.
	asked, err := os.ReadFile(filepath.Join(region, "asked.toml"))
	if err != nil {
		t.Fatal(err)
	}
	rounded := filepath.Join(region, "rounded.toml")
	write(t, rounded, []byte(strings.NewReplacer("asked/published", "rounded/published",
		"policies/publication.toml", "policies/other.toml").Replace(string(asked))))
	code, _, errOut := entscope(t, "run", rounded)
	if code != exitRefused {
		t.Errorf("another rounding: exit %d, want %d", code, exitRefused)
	}
	if !strings.Contains(errOut, "under another publication policy") {
		t.Errorf("the refusal does not say why: %s", errOut)
	}
	if _, err := os.Stat(filepath.Join(region, "rounded", "published")); err == nil {
		t.Error("another rounding was published")
	}

	var scaled []string
	for _, name := range []string{"research.toml", "schools.toml"} {
		cells, err := os.ReadFile(filepath.Join(policies, name))
		if err != nil {
			t.Fatal(err)
		}
		wider := strings.Replace(string(cells), "step = 0.4", "step = 0.8", 1)
		if err := os.WriteFile(filepath.Join(policies, "wider-"+name), []byte(wider), 0o600); err != nil {
			t.Fatal(err)
		}
		scaled = append(scaled, "policies/"+name, "policies/wider-"+name)
	}
	copyZone(t, region, "scaled")
	code, _, errOut = entscope(t, "run", study("scaled", scaled...))
	if code != exitRefused {
		t.Errorf("other noise: exit %d, want %d", code, exitRefused)
	}
	if !strings.Contains(errOut, "have other noise") {
		t.Errorf("the refusal does not say why: %s", errOut)
	}
}

// copyZone gives a copy of a study, in a folder of that name, the zone of the study: it does not ingest again.
func copyZone(t *testing.T, region, name string) {
	t.Helper()
	to := filepath.Join(region, name)
	if err := errors.Join(os.MkdirAll(to, 0o700), copied(filepath.Join(region, "restricted"), to)); err != nil {
		t.Fatal(err)
	}
}

// figuresOf are the figures of a publication, by name, with their status.
func figuresOf(t *testing.T, published string) map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(published, "data", "figures.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	out := map[string]string{}
	for _, row := range rows[1:] {
		var of []string
		for _, name := range []string{"question", "measure", "population", "school", "grouping", "group"} {
			of = append(of, row[column[name]])
		}
		out[strings.Join(of, "|")] = row[column["status"]]
	}
	return out
}
