package tabular_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// A register as a school keeps it, and the mapping that reads it. The second row
// has a day that does not exist: it is refused by line and reason alone.
func ExampleOpen() {
	file := "Responsable;Date de l'aide*;Forme\n" +
		"2867253;03/10/2025;Atelier\n" +
		"2867254;31/09/2025;Atelier\n"
	mapping := &tabular.Mapping{
		Columns: map[string]any{"person": "Responsable", "date": "date de l'aide", "form": 3},
		Values:  map[string]map[string]string{"form": {"Présentation": "1", "Atelier": "3"}},
		Date:    "02/01/2006",
	}
	fields := []tabular.Field{
		{Name: "person", Required: true}, {Name: "date", Kind: tabular.Date, Required: true},
		{Name: "form", Kind: tabular.Integer},
	}
	rows, err := tabular.Open(strings.NewReader(file), mapping, fields, time.UTC, func(r ingest.Reject) {
		fmt.Printf("line %d: %s\n", r.Line, r.Reason)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for rows.Next() {
		fmt.Printf("%s %s form %d\n", rows.Text(0), time.Unix(int64(rows.Day(1))*86400, 0).UTC().Format(time.DateOnly),
			rows.Number(2))
	}
	// Output:
	// 2867253 2025-10-03 form 3
	// line 3: unreadable timestamp
}

// A mapping tells all its faults at once.
func ExampleMapping_CheckFields() {
	mapping := &tabular.Mapping{Delimiter: ";;", Columns: map[string]any{"peron": "Responsable"}, Date: "JJ/MM/AAAA"}
	fmt.Println(mapping.CheckFields([]tabular.Field{{Name: "person", Required: true}}))
	// Output:
	// delimiter ";;" is not one ASCII character
	// date: layout "JJ/MM/AAAA" is not a Go layout (2006-01-02 15:04:05 written in the file's way)
	// field person is not mapped
	// columns: field "peron" is not one of person; did you mean "person"?
}
