package tabular

import (
	"strings"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// TestFaults: a record that is refused for a field tells which, its line, the shape and what would fit, never a value.
func TestFaults(t *testing.T) {
	m := &Mapping{
		Delimiter: ";", DateTime: "01/02/2006 15:04",
		Columns: map[string]any{"at": "Date", "device": "Matériel", "id": "N°"},
		Values:  map[string]map[string]string{"device": {"Téléphone": "phone", "Ordinateur": "computer"}},
	}
	fields := []Field{{Name: "at", Kind: DateTime}, {Name: "device"}, {Name: "id", Required: true}}
	for _, c := range []struct {
		name, row string
		want      ingest.FieldFault
	}{
		{"day first", "25/09/2025 18:00;Ordinateur;1", ingest.FieldFault{
			Field: "at", Reason: ingest.ReasonTimestamp, Shape: "99/99/9999 99:99", Near: "02/01/2006 15:04"}},
		{"a word nearly known", "09/25/2025 18:00;Ordinateurs;1", ingest.FieldFault{
			Field: "device", Reason: ingest.ReasonUnknownValue, Shape: "Aaaaaaaaaaa", Near: "Ordinateur"}},
		{"a word nobody knows", "09/25/2025 18:00;X;1", ingest.FieldFault{
			Field: "device", Reason: ingest.ReasonUnknownValue, Shape: "A"}},
		{"nothing where something is needed", "09/25/2025 18:00;Ordinateur;", ingest.FieldFault{
			Field: "id", Reason: ingest.ReasonMissingField}},
	} {
		rows, err := Open(strings.NewReader("Date;Matériel;N°\n"+c.row+"\n"), m, fields, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got ingest.FieldFault
		line := int64(0)
		rows.OnFault(func(f ingest.FieldFault, at int64) { got, line = f, at })
		for rows.Next() {
		}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if line != 2 {
			t.Errorf("%s: line %d", c.name, line)
		}
	}
}
