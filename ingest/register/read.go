package register

import (
	"bytes"
	"context"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/grade"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/tabular"
)

// Table is the files of one register.
type Table struct {
	Register *Register
	Files    []string
	Mapping  *tabular.Mapping
	// Accounts is the namespace of the accounts that the register names; "" the directory's identifiers.
	Accounts string
	// Expected is how many rows it should have; 0 is unknown.
	Expected int64
}

// Row is one row of a register. It is the reader's, and valid until it has been handed on.
type Row struct {
	// Values are by column. That of a Somebody is the person's number in the directory, -1 for nobody.
	Values []int64
	// Texts are by column: the raw identifier of an Identifier, nil for none, the text of a Text or a Name.
	Texts [][]byte
}

// Directory is what registers are read with: files, and the schools and persons that their rows name.
type Directory interface {
	// Rows opens a file and books its rows; row returns why one cannot be used, and an error ends the reading.
	Rows(ctx context.Context, file, kind string, m *tabular.Mapping, fields []tabular.Field,
		row func(*tabular.Rows) (ingest.Reason, error)) error
	// HasAccounts reports whether the directory has accounts of a namespace.
	HasAccounts(namespace string) bool
	// School is the school of a name. In the perimeter it belongs to those that the study is about.
	School(name []byte, perimeter bool) (key int32, uai string)
	// Person is the number of a person and his or her profile, -1 if nobody knows the name, Objecting if the person
	// objects.
	Person(accounts string, profile ingest.Profile, id []byte) (int32, ingest.Profile)
	// Expect notes how many rows a register should have, once it has been read.
	Expect(register string, expected int64)
	// HasClass reports whether the directory has pupils in a class, which is named by "UAI$code"; Classes is how many
	// classes a school has.
	HasClass(name string) bool
	Classes(uai string) int64
	// Join books how the register and the directory fit together.
	Join(join.Join)
	// Warn books a doubt about the whole.
	Warn(format string, args ...any)
}

// Objecting is the number of a person who objects to being studied: a row that names one is ignored.
const Objecting int32 = -2

// Read reads tables and hands each row to add, in reading order; nil: the rows are only counted. An export may repeat
// the rows of an earlier one. An error is that of a file that cannot be read or mapped, or add's.
func Read(ctx context.Context, tables []Table, d Directory, add func(*Register, *Row) error) error {
	for _, t := range tables {
		if t.Accounts != "" && !d.HasAccounts(t.Accounts) {
			d.Warn("%s: the directory has no account of the namespace %q", t.Register.Name, t.Accounts)
		}
		n := len(t.Register.Columns)
		r := reader{Register: t.Register, accounts: t.Accounts, directory: d, add: add, buffers: make([][]byte, n)}
		r.row = Row{Values: make([]int64, n), Texts: make([][]byte, n)}
		r.named = named{classes: map[string]bool{}, schools: map[string]bool{}}
		for _, file := range t.Files {
			if err := d.Rows(ctx, file, t.Register.Name, t.Mapping, t.Register.Tabular(), r.read); err != nil {
				return err
			}
		}
		r.named.joins(t.Register.Name, d)
		if t.Expected > 0 {
			d.Expect(t.Register.Name, t.Expected)
		}
	}
	return nil
}

// reader reads the rows of one table.
type reader struct {
	*Register
	accounts  string
	directory Directory
	add       func(*Register, *Row) error
	row       Row
	buffers   [][]byte // of texts that are put together, by column
	buffer    []byte
	named     named
}

// read reads a row: what it says itself, then whom it names. A school is looked up last, for a row that is refused
// does not bring its school into the perimeter.
func (r *reader) read(rows *tabular.Rows) (ingest.Reason, error) {
	clear(r.row.Texts)
	for i := range r.Fields {
		if reason := r.value(rows, i); reason != "" {
			return reason, nil
		}
	}
	for i := range r.Fields {
		if reason := r.person(rows, i); reason != "" {
			return reason, nil
		}
	}
	if reason := r.times(rows); reason != "" {
		return reason, nil
	}
	uai := ""
	for i, f := range r.Fields {
		if f.Type == School {
			var key int32
			key, uai = r.directory.School(rows.Text(i), r.Perimeter)
			r.row.Values[f.at] = int64(key)
		}
	}
	r.name(rows, uai)
	if r.add == nil {
		return "", nil
	}
	for i := range r.Fields {
		r.identifier(rows, i, uai)
	}
	return "", r.add(r.Register, &r.row)
}

// value reads what a field says itself.
func (r *reader) value(rows *tabular.Rows, i int) ingest.Reason {
	f := &r.Fields[i]
	text := rows.Text(i)
	out := &r.row.Values[f.at]
	switch f.Type {
	case School, Class, Parent, Pupil, Person, ID:
		if len(text) > ingest.MaxID {
			return ingest.ReasonTooLong
		}
	case Day:
		*out = int64(rows.Day(i))
	case Instant, Until:
		r.moment(rows, i)
	case Integer, Flag:
		if *out = f.absent(rows.Mapped(i)); rows.Has(i) {
			*out = rows.Number(i)
			if f.Least != nil && *out < *f.Least || f.Most != nil && *out > *f.Most {
				return ingest.ReasonType
			}
		}
	case Profile:
		profile, ok := ingest.ParseProfile(text)
		if !ok {
			return ingest.ReasonUnknownValue
		}
		*out = int64(profile)
	case Level:
		level := grade.Level(string(text))
		if level == "" && len(text) > 0 {
			return ingest.ReasonUnknownValue
		}
		r.row.Texts[f.at] = []byte(level)
	case Words:
		return r.word(rows, i)
	}
	return ""
}

// absent is the value of a field of which a row says nothing.
func (f *Field) absent(mapped bool) int64 {
	switch {
	case !mapped && f.Unmapped != nil:
		return *f.Unmapped
	case f.Empty != nil:
		return *f.Empty
	}
	return 0
}

// moment reads an instant, its day and its hour.
func (r *reader) moment(rows *tabular.Rows, i int) {
	f := &r.Fields[i]
	values := r.row.Values[f.at:]
	m := rows.Moment(i)
	values[0] = f.absent(rows.Mapped(i))
	if m.Known {
		values[0] = m.TsMs
	}
	if f.Day != "" {
		values[1] = int64(rows.Day(i))
	}
	if f.Hour != "" {
		values[2] = int64(m.Hour)
	}
}

// word reads a word, or a name where the word it depends on says so.
func (r *reader) word(rows *tabular.Rows, i int) ingest.Reason {
	f := &r.Fields[i]
	text := rows.Text(i)
	if len(text) == 0 {
		r.row.Values[f.at] = f.absent(rows.Mapped(i))
		return ""
	}
	when := int64(0)
	if f.Of != "" {
		of := r.Field(f.Of)
		when = r.row.Values[of.at]
		if named, _ := of.number([]byte(f.Names), 0); f.Names != "" && named == when {
			return r.text(f, text)
		}
	}
	n, ok := f.number(text, when)
	if !ok {
		return ingest.ReasonUnknownValue
	}
	r.row.Values[f.at] = n
	return ""
}

// text reads a name, as tabular.Fold has it.
func (r *reader) text(f *Field, text []byte) ingest.Reason {
	if len(text) > ingest.MaxID {
		return ingest.ReasonTooLong
	}
	name := tabular.Fold(string(text))
	if name == "" {
		return ingest.ReasonUnknownValue
	}
	r.row.Values[f.at], r.row.Texts[f.at] = 0, []byte(name)
	return ""
}

// person finds the person whom a field names. A Parent or a Pupil is known, or the row is refused.
func (r *reader) person(rows *tabular.Rows, i int) ingest.Reason {
	f := &r.Fields[i]
	profile, known := ingest.ProfileUnknown, true
	switch f.Type {
	case Parent:
		profile = ingest.ProfileParent
	case Pupil:
		profile = ingest.ProfilePupil
	case Person:
		profile, known = ingest.Profile(r.row.Values[r.Field(f.Profile).at]), false
	default:
		return ""
	}
	person, is := int32(-1), profile
	if id := rows.Text(i); len(id) > 0 {
		person, is = r.directory.Person(r.accounts, profile, id)
	}
	if person == Objecting {
		return ingest.ReasonObjection
	}
	if known && (person < 0 || is != profile) {
		return ingest.ReasonUnknownValue
	}
	r.row.Values[f.at] = int64(person)
	return ""
}

// times checks what rows must have, and in which order.
func (r *reader) times(rows *tabular.Rows) ingest.Reason {
	some, last := len(r.SomeOf) == 0, int64(-1)
	for i, f := range r.Fields {
		for _, name := range r.SomeOf {
			some = some || f.Name == name && rows.Has(i)
		}
	}
	if !some {
		return ingest.ReasonMissingField
	}
	for _, name := range r.Ordered {
		if day := r.row.Values[r.Field(name).at]; day >= 0 {
			if day < last {
				return ingest.ReasonTimeRange
			}
			last = day
		}
	}
	for i, f := range r.Fields {
		if f.After == "" || !rows.Has(i) {
			continue
		}
		ts, first := &r.row.Values[f.at], r.row.Values[r.Field(f.After).at]
		if *ts < first-f.GraceMs {
			return ingest.ReasonTimeRange
		}
		*ts = max(*ts, first)
	}
	return ""
}

// identifier puts the raw identifier of a field before the school it belongs to.
func (r *reader) identifier(rows *tabular.Rows, i int, uai string) {
	f := &r.Fields[i]
	text := rows.Text(i)
	switch f.Type {
	case Class:
		if len(text) > 0 { // a class that the directory does not have is kept: it may be that of pupils who left
			r.within(f.at, uai, text[bytes.LastIndexByte(text, '$')+1:])
		}
	case ID:
		if len(text) == 0 && f.Begins != "" && rows.Mapped(i) {
			r.row.Texts[f.at] = r.row.Texts[r.Field(f.Begins).at]
			return
		}
		if len(text) == 0 {
			return
		}
		if f.Within == "" {
			r.row.Texts[f.at] = text
			return
		}
		r.within(f.at, uai, text)
	case Person:
		stranger := r.Column(f.Namespace)
		if f.Namespace != "" && r.row.Values[f.at] < 0 && len(text) > 0 {
			profile := byte(r.row.Values[r.Field(f.Profile).at])
			r.buffers[stranger] = append(append(r.buffers[stranger][:0], profile), text...)
			r.row.Texts[stranger] = r.buffers[stranger]
		}
	}
}

// within is an identifier after that of its school.
func (r *reader) within(column int, uai string, id []byte) {
	r.buffers[column] = append(append(append(r.buffers[column][:0], uai...), '$'), id...)
	r.row.Texts[column] = r.buffers[column]
}
