package draft

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/tabular"
)

// fields are the columns that a kind of table takes, by field.
func (t *table) fields(kind Kind) map[string]int {
	columns := map[string]int{}
	names := map[Kind][]string{Events: eventFields, Persons: personFields, Accounts: accountFields}[kind]
	for _, field := range names {
		if i, ok := t.columns[field]; ok {
			columns[field] = i
		}
	}
	if _, ok := columns["person"]; kind == Persons && !ok {
		columns["person"] = columns["account"]
	}
	return columns
}

// columnLines are the columns, a line of TOML each.
func (t *table) columnLines() []string {
	var lines []string
	for field, i := range t.columns {
		lines = append(lines, field+" = "+quoted(t.headings[i]))
	}
	slices.Sort(lines)
	return lines
}

// columns writes how a table is cut, and which column is which field.
func (w *writer) columns(name string, t *table, columns map[string]int) {
	delimiter := t.delimiter
	if delimiter == "\t" {
		delimiter = "tab"
	}
	w.line("[%s]\ndelimiter = %s\ncharset = %q", name, quoted(delimiter), t.charset)
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(columns)) {
		parts = append(parts, field+" = "+quoted(t.headings[columns[field]]))
	}
	w.line("columns = { %s }", strings.Join(parts, ", "))
	used := map[int]bool{}
	for _, i := range columns {
		used[i] = true
	}
	var unread []string
	for i, h := range t.headings {
		if !used[i] {
			unread = append(unread, h)
		}
	}
	if len(unread) > 0 {
		w.line("# not read: %s", oneLine(strings.Join(unread, ", ")))
	}
}

// table writes how a table is read.
func (w *writer) table(name string, t *table, columns map[string]int) {
	w.columns(name, t, columns)
	for _, field := range categories {
		if _, ok := columns[field]; ok && len(t.values[field]) > 0 {
			w.words(field, t.values[field])
		}
	}
	for _, field := range times {
		if _, ok := columns[field]; ok && t.dates[field] != "" {
			key := "date"
			if field == "at" {
				key = "datetime"
			}
			w.line("%s = %s", key, quoted(t.dates[field]))
			if field != "at" {
				break // one layout for the days of a table
			}
		}
	}
}

// words writes what each value of a column of categories means.
func (w *writer) words(field string, counts map[string]int64) {
	var known, unknown []string
	for _, raw := range slices.Sorted(maps.Keys(counts)) {
		if word, ok := meaning(field, raw); ok && list(field).Check(word) == nil {
			known = append(known, quoted(raw)+" = "+quoted(word))
		} else if list(field).Check(raw) != nil {
			unknown = append(unknown, raw)
		}
	}
	if len(known) > 0 {
		w.line("values.%s = { %s }", field, strings.Join(known, ", "))
	}
	if len(unknown) > 0 {
		w.doubt(fmt.Sprintf("values.%s: what %s means; words: %s", field, strings.Join(unknown, ", "),
			strings.Join(list(field).Words(), ", ")))
	}
}

// list is the files, or the pattern of all that a folder holds of their kind, which those to
// come will fit too.
func (w *writer) list(files []*File) string {
	var names, paths []string
	for _, f := range files {
		if path := archiveOf(f.Path); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	if pattern, ok := patternOf(paths); ok {
		return "[" + quoted(w.relative(pattern)) + "]"
	}
	for _, path := range paths {
		names = append(names, quoted(w.relative(Pattern(path))))
	}
	return "[" + strings.Join(names, ", ") + "]"
}

func list(field string) vocabulary.List {
	switch field {
	case "profile":
		return vocabulary.Profiles()
	case "service":
		return vocabulary.Services()
	case "action":
		return vocabulary.Actions()
	}
	return vocabulary.Devices()
}

// mapping is how a table of events is read, for the reader.
func (t *table) mapping(zone string) tabular.Mapping {
	m := tabular.Mapping{
		Delimiter: t.delimiter, Charset: t.charset, Columns: map[string]any{}, DateTime: t.dates["at"], Timezone: zone,
		Values: map[string]map[string]string{},
	}
	if m.Delimiter == "\t" {
		m.Delimiter = "tab"
	}
	for field, i := range t.fields(Events) {
		m.Columns[field] = t.headings[i]
		if counts := t.values[field]; slices.Contains(categories, field) && len(counts) > 0 {
			m.Values[field] = map[string]string{}
			for raw := range counts {
				if word, ok := meaning(field, raw); ok && list(field).Check(word) == nil {
					m.Values[field][raw] = word
				}
			}
		}
	}
	return m
}
