package edition

import (
	"bytes"
	_ "embed"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
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
	Type        string // integer, string or date, as a Table Schema spells it
	Title       string
	Description string
	// Values are what a cell may hold, in their order, and what that says; nil is a list
	// that nobody keeps. Where Open is set a generalisation of them may stand there too.
	Values []Value
	Open   bool
}

// Words are all that a cell of a closed column may hold; nil of an open one.
func (c Column) Words() (out []string) {
	if c.Open {
		return nil
	}
	for _, v := range c.Values {
		out = append(out, v.Value)
	}
	return out
}

// Value is a word or a code of a column.
type Value struct{ Value, Text string }

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
		Values                   map[string][]Value // of this table alone
	}
	Histogram text
	Column    map[string]text
}

type text struct {
	Title, Description string
	Values             []Value
	Open               bool
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
	name, kind, _ := strings.Cut(field.Tag.Get("parquet"), ",")
	of, ok := d.Column[name]
	if bin, err := strconv.Atoi(strings.TrimPrefix(name, "h")); !ok && err == nil && bin < len(HistogramEdges) {
		of = text{Title: d.Histogram.Title, Description: fmt.Sprintf(d.Histogram.Description, binText(bin))}
	} else if !ok {
		return Column{}, fmt.Errorf("column %s is not described", name)
	}
	c := Column{Name: name, Type: "integer", Title: of.Title, Description: of.Description, Values: of.Values,
		Open: of.Open}
	switch {
	case kind == "date":
		c.Type = "date"
	case field.Type.Kind() == reflect.String:
		c.Type = "string"
	}
	switch name {
	case "profile":
		c.Values = coded(vocabulary.Profiles())
	case "service":
		c.Values = append([]Value{{"-1", "tous les services"}}, coded(vocabulary.Services())...)
	case "curve":
		for _, curve := range Curves {
			c.Values = append(c.Values, Value{curve.Name, curve.Event})
		}
	case "population":
		for _, p := range Denominators {
			c.Values = append(c.Values, Value{p.Name, strings.ReplaceAll(p.FR, "{parents}", "parents")})
		}
	case "measure":
		for _, m := range Measures {
			c.Values = append(c.Values, Value{m.Name, m.X + " / " + m.Y})
		}
	}
	return c, nil
}

// coded are the codes of a vocabulary with their words.
func coded(list vocabulary.List) (out []Value) {
	for _, e := range list {
		out = append(out, Value{strconv.Itoa(e.Code), e.French})
	}
	return out
}

// binText says which x a bin of the histogram counts.
func binText(bin int) string {
	from := HistogramEdges[bin]
	switch {
	case bin+1 == len(HistogramEdges):
		return fmt.Sprintf("%d ou plus", from)
	case HistogramEdges[bin+1]-from == 1:
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("de %d à %d", from, HistogramEdges[bin+1]-1)
}
