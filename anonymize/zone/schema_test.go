package zone_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/anonymize/zone/zonetest"
	"github.com/entscope/entscope/ingest/register"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestSchemas freezes the rows of the restricted zone; TestRegisterRows those of its registers.
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
	} {
		text += s.String() + "\n\n"
	}
	golden(t, "restricted.golden", text)
}

// The structs of fixtures have the schemas of the descriptors.
func TestRegisterRows(t *testing.T) {
	for name, row := range map[string]any{
		"publications": zonetest.PublicationRow{}, "contents": zonetest.ContentRow{}, "settings": zonetest.SettingRow{},
		"report_books": zonetest.ReportBookRow{}, "training": zonetest.TrainingRow{}, "messages": zonetest.MessageRow{},
		"accompaniment": zonetest.AccompanimentRow{}, "equipment": zonetest.EquipmentRow{},
		"procedures": zonetest.ProcedureRow{},
		"loans":      zonetest.LoanRow{}, "meetings": zonetest.MeetingRow{},
	} {
		r := register.Named(name)
		if got, want := parquet.NewSchema(r.RowName,
			parquet.SchemaOf(row)).String(), zone.RegisterSchema(r).String(); got != want {
			t.Errorf("got %s\nwant %s", got, want)
		}
	}
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
