package national_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest/national"
)

// TestParentDevices adds up the last complete school year of each school, with the IPS
// of the nearest year, however often a file is given.
func TestParentDevices(t *testing.T) {
	dir, truth := simulate(t, 0)
	device := filepath.Join(dir, "dnma/fr-en-dnma-par-uai-profils-appareils.csv")
	files := []string{device, device}
	for _, level := range []string{"ecoles-ap2022", "colleges-ap2023", "lycees-ap2023"} {
		files = append(files, filepath.Join(dir, "ips/fr-en-ips-"+level+".csv"))
	}
	got, err := national.ReadParentDevices(context.Background(), files, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got.SchoolYear != "2025-2026" || !got.Synthetic {
		t.Errorf("%s, synthetic %v", got.SchoolYear, got.Synthetic)
	}
	var phone, all int64
	for _, s := range got.Schools {
		phone += s.Smartphone
		all += s.All
		if s.Level == "" || s.IPSTenths == 0 || s.Pupils == 0 {
			t.Errorf("%+v", s)
		}
	}
	written := truth.Totals["profils-appareils"]["2025-2026"]
	if phone != written["parent_smartphone"] {
		t.Errorf("smartphone %d, written %d", phone, written["parent_smartphone"])
	}
	if want := written["parent_smartphone"] + written["parent_ordinateur"] + written["parent_tablette"] +
		written["parent_autresappareil"]; all != want {
		t.Errorf("all %d, written %d", all, want)
	}
	if said := strings.Join(got.Warnings,
		"\n"); said != "profils_appareils#2: the same bytes as another file: read once" {
		t.Errorf("warnings %q", said)
	}
	if _, err := national.ReadParentDevices(context.Background(), files[2:], 2); !errors.Is(err, national.ErrUnknown) {
		t.Errorf("without devices: %v", err)
	}
}

// TestReadProfiles gives the rows of some schools, the newest of each.
func TestReadProfiles(t *testing.T) {
	older := file(t, "older.csv", []byte(profileText(40)))
	newer := file(t, "newer.csv", []byte(strings.Replace(profileText(41), ";100;18;", ";150;18;", 1)))
	rows, _, err := national.ReadProfiles(context.Background(), []string{newer, older},
		func(at national.SchoolWeek) bool { return at.UAI == "0010005A" }, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 41 {
		t.Errorf("%d rows", len(rows))
	}
	first := rows[national.SchoolWeek{UAI: "0010005A", WeekDay: 18141}]
	if first.Visits[2] != 150 || first.Users[2] != 18 || first.Visits[0] != 310 {
		t.Errorf("first week %+v", first)
	}
}
