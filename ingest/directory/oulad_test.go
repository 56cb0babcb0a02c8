package directory

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/entscope/entscope/ingest/tabular"
)

// oulad is the mapping of studentInfo.csv as a directory of persons: one row for
// each registration, several for some students. "20-Oct" is 10-20 % after a
// spreadsheet.
var oulad = tabular.Mapping{
	Delimiter: ",", Columns: map[string]any{"person": "id_student", "school": "code_module", "social_band": "imd_band"},
	Constants: map[string]string{"profile": "pupil"},
	Values: map[string]map[string]string{"social_band": {
		"0-10%": "1", "20-Oct": "1", "20-30%": "2", "30-40%": "2", "40-50%": "3", "50-60%": "3", "60-70%": "4",
		"70-80%": "4", "80-90%": "5", "90-100%": "5",
	}},
}

func readOULAD(t *testing.T, file string) *Directory {
	t.Helper()
	d, err := Read(context.Background(),
		Options{Persons: []Table{{Files: []string{file}, Accounts: "vle", Mapping: &oulad}}, Start: 15979, End: 16200,
			Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if f := d.Files[0]; f.Ignored != 1 || len(f.Rejects) > 0 {
		t.Errorf("%+v", f)
	}
	return d
}

// Persons are counted, not rows: a student of two courses is one person with
// two memberships.
func TestOULADExcerpt(t *testing.T) {
	d := readOULAD(t, "testdata/oulad-studentInfo.csv")
	if d.Files[0].Used != 51 || len(d.Persons) != 33 || len(d.Accounts) != 33 || len(d.Memberships) != 38 {
		t.Errorf("%d rows, %d persons, %d accounts, %d memberships", d.Files[0].Used, len(d.Persons), len(d.Accounts),
			len(d.Memberships))
	}
	bands := map[int8]int{}
	for _, p := range d.Persons {
		bands[p.SocialBand]++
	}
	if bands[0] == 0 || bands[1] == 0 || bands[5] == 0 {
		t.Errorf("bands %v", bands)
	}
}

// The whole file, where the shared folder exists; the excerpt is the test.
func TestOULADWhole(t *testing.T) {
	const file = "../../../shared/data/oulad/studentInfo.csv"
	if _, err := os.Stat(file); err != nil {
		t.Skip("no shared folder")
	}
	d := readOULAD(t, file)
	if d.Files[0].Used != 32593 || len(d.Persons) != 28785 || len(d.Memberships) != 31284 {
		t.Errorf("%d rows, %d persons, %d memberships", d.Files[0].Used, len(d.Persons), len(d.Memberships))
	}
}
