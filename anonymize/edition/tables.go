package edition

import (
	"bytes"
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Kinds of edition, as Manifest.Kind spells them.
const (
	KindResearch = "research"
	KindSchools  = "schools"
	KindTable    = "table" // of entscope table: no edition
)

//go:embed tables.toml
var tablesText []byte

// Table describes one table of an edition to its readers. Texts are French.
type Table struct {
	Name, Title, Description string
	Columns                  []Column
}

// Column describes one column of a table.
type Column struct {
	Name        string
	Type        string // integer or string, as a Table Schema spells it
	Title       string
	Description string
	Values      []string // all the values there are; nil is an open list
}

// rowTypes are the rows of each table, whose tags and order the columns have.
var rowTypes = map[string]reflect.Type{
	TableParents:        reflect.TypeFor[ParentRow](),
	TableSums:           reflect.TypeFor[SumRow](),
	TableTimes:          reflect.TypeFor[TimeRow](),
	TableWeeks:          reflect.TypeFor[WeekRow](),
	TableSchoolMeasures: reflect.TypeFor[SchoolRow](),
	TableCoverage:       reflect.TypeFor[CoverageRow](),
}

// described is tables.toml.
type described struct {
	Table []struct {
		Name, Title, Description string
		Editions                 []string
		Values                   map[string][]string // of this table alone
	}
	Histogram text
	Column    map[string]text
}

type text struct {
	Title, Description string
	Values             []string
}

// Tables describes the tables of a kind of edition, in the order of the codebook.
// The error is a fault of the embedded descriptions, never of the input.
func Tables(kind string) ([]Table, error) {
	var d described
	if err := toml.NewDecoder(bytes.NewReader(tablesText)).DisallowUnknownFields().Decode(&d); err != nil {
		return nil, fmt.Errorf("edition: tables.toml: %w", err)
	}
	var tables []Table
	for _, t := range d.Table {
		if !slices.Contains(t.Editions, kind) {
			continue
		}
		row, ok := rowTypes[t.Name]
		if !ok {
			return nil, fmt.Errorf("edition: tables.toml: no table %s", t.Name)
		}
		table := Table{Name: t.Name, Title: t.Title, Description: t.Description}
		for i := range row.NumField() {
			c, err := d.column(row.Field(i))
			if err != nil {
				return nil, fmt.Errorf("edition: tables.toml: %s: %w", t.Name, err)
			}
			if values, ok := t.Values[c.Name]; ok {
				c.Values = values
			}
			table.Columns = append(table.Columns, c)
		}
		tables = append(tables, table)
	}
	return tables, nil
}

// column describes a field of a row.
func (d *described) column(field reflect.StructField) (Column, error) {
	name, _, _ := strings.Cut(field.Tag.Get("parquet"), ",")
	of, ok := d.Column[name]
	if bin, found := strings.CutPrefix(name, "h"); !ok && found && len(bin) == 2 {
		of = text{Title: fmt.Sprintf(d.Histogram.Title, bin), Description: fmt.Sprintf(d.Histogram.Description, bin)}
	} else if !ok {
		return Column{}, fmt.Errorf("column %s is not described", name)
	}
	c := Column{Name: name, Type: "integer", Title: of.Title, Description: of.Description, Values: of.Values}
	if field.Type.Kind() == reflect.String {
		c.Type = "string"
	}
	if name == "grouping" {
		c.Values = Wide // which has all of Few, Whole, Graded and Groupings
	}
	return c, nil
}
