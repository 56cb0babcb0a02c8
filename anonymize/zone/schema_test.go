package zone_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/zone"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestSchemas freezes the rows of the restricted zone.
func TestSchemas(t *testing.T) {
	var text string
	for _, s := range []*parquet.Schema{
		parquet.NewSchema("EventRow", parquet.SchemaOf(zone.EventRow{})),
		parquet.NewSchema("PersonRow", parquet.SchemaOf(zone.PersonRow{})),
		parquet.NewSchema("AccountRow", parquet.SchemaOf(zone.AccountRow{})),
		parquet.NewSchema("MembershipRow", parquet.SchemaOf(zone.MembershipRow{})),
		parquet.NewSchema("LinkRow", parquet.SchemaOf(zone.LinkRow{})),
		parquet.NewSchema("SchoolRow", parquet.SchemaOf(zone.SchoolRow{})),
		parquet.NewSchema("CalendarRow", parquet.SchemaOf(zone.CalendarRow{})),
		parquet.NewSchema("PublicationRow", parquet.SchemaOf(zone.PublicationRow{})),
		parquet.NewSchema("AccompanimentRow", parquet.SchemaOf(zone.AccompanimentRow{})),
		parquet.NewSchema("EquipmentRow", parquet.SchemaOf(zone.EquipmentRow{})),
		parquet.NewSchema("MessageRow", parquet.SchemaOf(zone.MessageRow{})),
		parquet.NewSchema("ContentRow", parquet.SchemaOf(zone.ContentRow{})),
		parquet.NewSchema("SettingRow", parquet.SchemaOf(zone.SettingRow{})),
		parquet.NewSchema("ReportBookRow", parquet.SchemaOf(zone.ReportBookRow{})),
		parquet.NewSchema("ProcedureRow", parquet.SchemaOf(zone.ProcedureRow{})),
		parquet.NewSchema("LoanRow", parquet.SchemaOf(zone.LoanRow{})),
		parquet.NewSchema("TrainingRow", parquet.SchemaOf(zone.TrainingRow{})),
		parquet.NewSchema("MeetingRow", parquet.SchemaOf(zone.MeetingRow{})),
	} {
		text += s.String() + "\n\n"
	}
	golden(t, "restricted.golden", text)
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
