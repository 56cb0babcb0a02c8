package edition

import (
	"bytes"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// TestTablesAreDescribed holds that tables.toml describes each table and each
// column, and none that there is not.
func TestTablesAreDescribed(t *testing.T) {
	tables, columns := map[string]bool{}, map[string]bool{}
	for _, kind := range []string{KindResearch, KindSchools} {
		list, err := Tables(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range list {
			tables[table.Name] = true
			if table.Title == "" {
				t.Errorf("%s has no title", table.Name)
			}
			if table.Description == "" {
				t.Errorf("%s has no description", table.Name)
			}
			for _, c := range table.Columns {
				columns[c.Name] = true
				if c.Title == "" {
					t.Errorf("%s.%s has no title", table.Name, c.Name)
				}
				if c.Description == "" {
					t.Errorf("%s.%s has no description", table.Name, c.Name)
				}
			}
		}
	}
	for name := range rowTypes {
		if !tables[name] {
			t.Errorf("%s is in no kind of edition", name)
		}
	}
	var d described
	if err := toml.NewDecoder(bytes.NewReader(tablesText)).DisallowUnknownFields().Decode(&d); err != nil {
		t.Fatal(err)
	}
	for name := range d.Column {
		if !columns[name] {
			t.Errorf("tables.toml describes %s, which no table has", name)
		}
	}
}
