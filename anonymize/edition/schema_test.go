package edition_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestSchemas freezes what an edition may hold. A change of a golden is a change
// of the contract with researchers and with the audit.
func TestSchemas(t *testing.T) {
	var text string
	for _, s := range []*parquet.Schema{
		parquet.NewSchema(edition.TableParents, parquet.SchemaOf(edition.ParentRow{})),
		parquet.NewSchema(edition.TableSums, parquet.SchemaOf(edition.SumRow{})),
		parquet.NewSchema(edition.TableTimes, parquet.SchemaOf(edition.TimeRow{})),
		parquet.NewSchema(edition.TableWeeks, parquet.SchemaOf(edition.WeekRow{})),
		parquet.NewSchema(edition.TableCoverage, parquet.SchemaOf(edition.CoverageRow{})),
		parquet.NewSchema(edition.TableSchoolMeasures, parquet.SchemaOf(edition.SchoolRow{})),
	} {
		text += s.String() + "\n\n"
	}
	golden(t, "schemas.golden", text)
}

// TestMeasures freezes the approved list of what the cell tables may hold.
func TestMeasures(t *testing.T) {
	seen := map[string]bool{}
	text := ""
	for _, m := range edition.Measures {
		if seen[m.Name] {
			t.Errorf("%s stands twice", m.Name)
		}
		seen[m.Name] = true
		if len(m.Populations) == 0 || m.X == "" || m.Y == "" {
			t.Errorf("%s: populations, x or y is not said", m.Name)
		}
		text += m.Name + "\n\tx: " + m.X + "\n\ty: " + m.Y + "\n"
		for _, p := range m.Populations {
			text += "\tof: " + p + "\n"
		}
		if m.Schools() {
			text += "\talso by school\n"
		}
	}
	golden(t, "measures.golden", text)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; hint: go test -update, and read the change", name)
	}
}
