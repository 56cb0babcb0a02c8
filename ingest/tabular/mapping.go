package tabular

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// Mapping says how a delimited file is to be read. It is a table of study.toml.
type Mapping struct {
	// one ASCII character, or "tab"
	Delimiter string `toml:"delimiter" default:";" example:"tab"`
	// one ASCII character, or "none"; the double quote if unset
	Quote string `toml:"quote" example:"none"`
	// the character set; other spellings of these names are read too
	Charset string `toml:"charset" hints:"@charsets" default:"utf-8"`
	// false for a file without a header
	Header *bool `toml:"header" default:"true"`
	// number of lines before the header, at most 1000
	Skip int `toml:"skip" default:"0"`
	// begins the lines to be ignored
	Comment string `toml:"comment" example:"#"`
	// for a field, the column's name or its position from 1. Names are compared without case, accents, spaces,
	// asterisks and apostrophes when none is exactly the same; the second column of one name is "name#2"
	Columns map[string]any `toml:"columns" example:"account=Identifiant,at=Date de connexion"`
	// for a field, the meaning of each raw value; "*" stands for all others. Without "*", a value that is not listed
	// refuses the row
	Values map[string]map[string]string `toml:"values" example:"profile=Responsable:parent"`
	// fields that are the same in every row
	Constants map[string]string `toml:"constants" example:"service=grades"`
	// layout of days: how 2 January 2006 would be written, alternatives separated by "|"; or "unix", "unix_ms",
	// "days_since:2013-10-01", or "days_since" (the day is in the field "origin")
	Date string `toml:"date" example:"02/01/2006"`
	// layout of instants, as for date
	DateTime string `toml:"datetime" example:"02/01/2006 15:04"`
	// day and month stand as date and datetime say, although no day may be beyond the 12th: no warning of it
	DatesSure bool `toml:"dates_sure" default:"false" json:",omitempty"`
	// of times without an offset; the study's if unset
	Timezone string `toml:"timezone" example:"Europe/Paris"`
	// the table of the catalog in which the values of the field service are looked up, for a file of events. What it
	// lacks is counted by the shape of its name
	Catalog string `toml:"catalog" hints:"@names"`
	// admits rows shorter or longer than the header
	Ragged bool `toml:"ragged" default:"false"`
}

// Kind is the type of a field.
type Kind int

// Kinds of field.
const (
	Text     Kind = iota
	Date          // a day
	DateTime      // an instant
	// Until is the end of a time given: an instant, or a day, which lasts until
	// 24:00 local. What the date layout reads is a day.
	Until
	Integer // a whole number
	Tenths  // a decimal number (comma or point), kept in tenths
	// Presence is whether the column holds anything: the value itself, an
	// address or a number, is never handed on.
	Presence
	Flag // oui/non, yes/no, O/N, true/false, 1/0
)

// Field is one field that a reader of rows asks for.
type Field struct {
	Name string
	Kind Kind
	// Required fields must be mapped, and a row without a value is refused.
	Required bool
	// Check says what is wrong with a value that the mapping itself writes, in its
	// values or constants; nil where any text will do. An empty value says nothing.
	Check func(value string) error
}

// Fault is a mistake in a mapping.
type Fault struct {
	// Key leads from the mapping's table to what is wrong: "values", "profile", "Élève".
	Key []string
	Err error
}

// Error is that of the mistake alone.
func (f *Fault) Error() string { return f.Err.Error() }

// Unwrap is the mistake.
func (f *Fault) Unwrap() error { return f.Err }

// faults collects the mistakes of a mapping.
type faults []error

func (f *faults) add(err error, key ...string) {
	if err != nil {
		*f = append(*f, &Fault{key, err})
	}
}

func (f *faults) addf(key []string, format string, args ...any) {
	f.add(fmt.Errorf(format, args...), key...)
}

// Check reports all faults of the mapping that show without knowing which fields
// its reader asks for, each as a *Fault.
func (m *Mapping) Check() error {
	var found faults
	_, err := m.delimiter()
	found.add(err, "delimiter")
	_, err = m.quote()
	found.add(err, "quote")
	_, err = charset(m.Charset)
	found.add(err, "charset")
	if m.Timezone != "" {
		if _, err := time.LoadLocation(m.Timezone); err != nil || m.Timezone == "Local" {
			found.addf([]string{"timezone"}, "timezone %q is not known", m.Timezone)
		}
	}
	if m.Skip < 0 || m.Skip > 1000 {
		found.addf([]string{"skip"}, "skip is not between 0 and 1000")
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		found.add(m.checkColumn(name), "columns", name)
		if _, both := m.Constants[name]; both {
			found.addf([]string{"constants", name}, "field %s is both a column and a constant", name)
		}
	}
	for _, l := range []struct{ key, layout string }{{"date", m.Date}, {"datetime", m.DateTime}} {
		if l.layout == "" {
			continue
		}
		if c, err := newClock(l.layout, time.UTC); err != nil {
			found.addf([]string{l.key}, "%s: %w", l.key, err)
		} else if c.needsOrigin() && !m.Maps("origin") {
			found.addf([]string{l.key}, "%s: days_since needs a day after a colon, or the field origin", l.key)
		} else if ambiguous(l.layout) {
			found.addf([]string{l.key},
				"%s: day and month are exchanged in one of its layouts: 09/07 would be either", l.key)
		}
	}
	return errors.Join(found...)
}

func (m *Mapping) checkColumn(name string) error {
	switch c := m.Columns[name].(type) {
	case string:
		if c == "" {
			return fmt.Errorf("columns.%s is empty", name)
		}
		if !m.hasHeader() {
			return fmt.Errorf("columns.%s: a file without headings needs positions", name)
		}
	case int, int64:
		if n := position(c); n < 1 || n > MaxFields {
			return fmt.Errorf("columns.%s: positions go from 1 to %d", name, MaxFields)
		}
	default:
		return fmt.Errorf("columns.%s is neither a heading nor a position", name)
	}
	return nil
}

// CheckFields reports all faults of the mapping for a reader of these fields,
// each as a *Fault.
func (m *Mapping) CheckFields(fields []Field) error {
	var found faults
	for i := range fields {
		m.checkField(&fields[i], &found)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	unknown := func(table, name string) {
		if !slices.Contains(names, name) {
			found.addf([]string{table, name}, "%s: field %w", table, vocabulary.Unknown(name, names))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		unknown("columns", name)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Values)) {
		unknown("values", name)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Constants)) {
		unknown("constants", name)
	}
	return errors.Join(m.Check(), errors.Join(found...))
}

// checkField reports what is wrong with the mapping of one field.
func (m *Mapping) checkField(f *Field, found *faults) {
	mapped := m.Maps(f.Name)
	at := []string{"columns", f.Name}
	switch {
	case !mapped && f.Required:
		found.addf(at, "field %s is not mapped", f.Name)
	case !mapped:
	case f.Kind == Date && f.Name != "origin" && m.Date == "":
		found.addf(at, "field %s: the layout of its date is not set", f.Name)
	case f.Kind == DateTime && m.DateTime == "":
		found.addf(at, "field %s: the layout of its datetime is not set", f.Name)
	case f.Kind == Until && m.Date == "" && m.DateTime == "":
		found.addf(at, "field %s: neither the layout of a date nor that of a datetime is set", f.Name)
	}
	if f.Check == nil {
		return
	}
	if value := m.Constants[f.Name]; value != "" {
		if err := f.Check(value); err != nil {
			found.addf([]string{"constants", f.Name}, "constants.%s: %w", f.Name, err)
		}
	}
	for _, raw := range slices.Sorted(maps.Keys(m.Values[f.Name])) {
		if value := m.Values[f.Name][raw]; value != "" {
			if err := f.Check(value); err != nil {
				found.addf([]string{"values", f.Name, raw}, "values.%s: %w", f.Name, err)
			}
		}
	}
}

// Maps reports whether the field has a column or a constant; without a mapping it has none.
func (m *Mapping) Maps(field string) bool {
	if m == nil {
		return false
	}
	_, column := m.Columns[field]
	_, constant := m.Constants[field]
	return column || constant
}

func (m *Mapping) hasHeader() bool { return m.Header == nil || *m.Header }

func (m *Mapping) delimiter() (byte, error) {
	switch {
	case m.Delimiter == "":
		return ';', nil
	case m.Delimiter == "tab" || m.Delimiter == "\\t":
		return '\t', nil
	case len(m.Delimiter) == 1 && m.Delimiter[0] < 0x80 && !strings.ContainsAny(m.Delimiter, "\r\n\x00"):
		return m.Delimiter[0], nil
	}
	return 0, fmt.Errorf("delimiter %q is not one ASCII character", m.Delimiter)
}

func (m *Mapping) quote() (byte, error) {
	delimiter, _ := m.delimiter()
	switch {
	case m.Quote == "none":
		return 0, nil
	case m.Quote == "" && delimiter != '"':
		return '"', nil
	case len(m.Quote) == 1 && m.Quote[0] < 0x80 && !strings.ContainsAny(m.Quote, "\r\n\x00") && m.Quote[0] != delimiter:
		return m.Quote[0], nil
	}
	return 0, fmt.Errorf("quote %q is not one ASCII character other than the delimiter, nor \"none\"", m.Quote)
}

func position(column any) int {
	switch n := column.(type) {
	case int:
		return n
	case int64:
		return int(min(max(n, -1), MaxFields+1))
	}
	return 0
}

// Fold is the form in which column names and values are compared: lower case, no
// accents, only letters, digits and '#', '+', '-', '%', '<', '=', '>'.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.IsLetter(r):
			b.WriteRune(unicode.ToLower(r))
		case unicode.IsDigit(r) || strings.ContainsRune("#+-%<=>", r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
