package pseudonym_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/pseudonym"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestSchemas freezes the rows of the restricted zone.
func TestSchemas(t *testing.T) {
	var text string
	for _, s := range []*parquet.Schema{
		parquet.NewSchema("EventRow", parquet.SchemaOf(pseudonym.EventRow{})),
		parquet.NewSchema("PersonRow", parquet.SchemaOf(pseudonym.PersonRow{})),
		parquet.NewSchema("AccountRow", parquet.SchemaOf(pseudonym.AccountRow{})),
		parquet.NewSchema("MembershipRow", parquet.SchemaOf(pseudonym.MembershipRow{})),
		parquet.NewSchema("LinkRow", parquet.SchemaOf(pseudonym.LinkRow{})),
		parquet.NewSchema("SchoolRow", parquet.SchemaOf(pseudonym.SchoolRow{})),
		parquet.NewSchema("CalendarRow", parquet.SchemaOf(pseudonym.CalendarRow{})),
		parquet.NewSchema("PublicationRow", parquet.SchemaOf(pseudonym.PublicationRow{})),
		parquet.NewSchema("AccompanimentRow", parquet.SchemaOf(pseudonym.AccompanimentRow{})),
		parquet.NewSchema("EquipmentRow", parquet.SchemaOf(pseudonym.EquipmentRow{})),
		parquet.NewSchema("MessageRow", parquet.SchemaOf(pseudonym.MessageRow{})),
		parquet.NewSchema("ContentRow", parquet.SchemaOf(pseudonym.ContentRow{})),
		parquet.NewSchema("SettingRow", parquet.SchemaOf(pseudonym.SettingRow{})),
		parquet.NewSchema("ReportBookRow", parquet.SchemaOf(pseudonym.ReportBookRow{})),
		parquet.NewSchema("ProcedureRow", parquet.SchemaOf(pseudonym.ProcedureRow{})),
		parquet.NewSchema("LoanRow", parquet.SchemaOf(pseudonym.LoanRow{})),
		parquet.NewSchema("TrainingRow", parquet.SchemaOf(pseudonym.TrainingRow{})),
		parquet.NewSchema("MeetingRow", parquet.SchemaOf(pseudonym.MeetingRow{})),
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
