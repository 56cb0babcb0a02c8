package register

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/ingest/grade"
	"github.com/entscope/entscope/ingest/tabular"
)

// Register describes one register.
type Register struct {
	// Name is its key under [registers] of a study, and its table in the zone; RowName names the table's schema.
	Name    string `toml:"name"`
	RowName string `toml:"row"`
	// FR and EN say what a row is.
	FR string `toml:"fr"`
	EN string `toml:"en"`
	// Readers are the questions whose measures read it.
	Readers []string `toml:"readers"`
	// Example is a row with a value in every field, in their order.
	Example string `toml:"example"`
	// Perimeter is true where a row is activity of its school in the ENT: the school belongs to the perimeter, also
	// when the directory does not have it. A list of settings or trainings may cover more schools than the study.
	Perimeter bool `toml:"perimeter"`
	// Many is true of a register with more rows than memory holds.
	Many bool `toml:"many"`
	// Order names the columns by which the table is ordered, so that it does not tell the order in which the register
	// was read; "-" before a name is descending.
	Order []string `toml:"order"`
	// Key names the columns that no two rows share: the first row in Order is kept. Without it no two rows are the
	// same.
	Key []string `toml:"key"`
	// Open names columns in which a negative value was still open at the time of the export: such a row is out of date
	// when the next one in Order is the same in every column before.
	Open []string `toml:"open"`
	// Once names columns that no two rows share, in the place of Key where rows are told apart as they were read: the
	// first is kept, with the earliest positive value of the column Earliest. The column Counts, where it is 0, becomes
	// the number of rows kept that are the same in the first column of Once. A row with 0 in Counts and in all columns
	// of Once but the first names nobody: it is not the same as any other.
	Once     []string `toml:"once"`
	Earliest string   `toml:"earliest"`
	Counts   string   `toml:"counts"`
	// Ordered names fields whose days, where they are known, follow each other.
	Ordered []string `toml:"ordered"`
	// SomeOf names fields of which a row has at least one.
	SomeOf []string `toml:"some_of"`
	// Fields are what the study maps to columns of the file.
	Fields []Field `toml:"field"`
	// Columns are what the fields become, those of the table first, then the hidden ones.
	Columns []Column `toml:"-"`
}

// Field is one field of a register.
type Field struct {
	Name string `toml:"name"`
	Type Type   `toml:"type"`
	// Column is the column of the table; Day and Hour those of the local day and hour of an instant.
	Column string `toml:"column"`
	Day    string `toml:"day"`
	Hour   string `toml:"hour"`
	// Bits is the width of an integer or of words, 8 when 0.
	Bits int `toml:"bits"`
	// Required fields must be mapped, and a row without a value is refused.
	Required bool `toml:"required"`
	// Empty is the value where a row says nothing, Unmapped where the register has no such column; 0, or Empty, when
	// nil. Of a day it is always -1.
	Empty    *int64 `toml:"empty"`
	Unmapped *int64 `toml:"unmapped"`
	// Least and Most bound an integer.
	Least *int64 `toml:"least"`
	Most  *int64 `toml:"most"`
	// Words are those allowed. With Of, each is one of them only where that field has the word When; where it has the
	// word Names, any text is a name, and its number is the rank among the register's names.
	Words []Word `toml:"words"`
	Of    string `toml:"of"`
	Names string `toml:"names"`
	// Namespace is that in which an identifier is pseudonymised; of a person, that of the accounts nobody knows.
	Namespace string `toml:"namespace"`
	// Within names the field of the school to which an identifier belongs.
	Within string `toml:"within"`
	// Begins names the identifier that stands for an empty one; without the column both have the same key.
	Begins string `toml:"begins"`
	// Profile names the field with the profile of a person.
	Profile string `toml:"profile"`
	// After names the instant before which this one cannot be, but for GraceMs, the precision of the coarsest clock.
	After   string `toml:"after"`
	GraceMs int64  `toml:"grace_ms"`
	// FR and EN say what the field means.
	FR string `toml:"fr"`
	EN string `toml:"en"`

	at    int // of Register.Columns
	words map[int64]map[string]int64
}

// Word is a word that a field allows.
type Word struct {
	Is   int64    `toml:"is"`
	Word string   `toml:"word"`
	Also []string `toml:"also"`
	When string   `toml:"when"`
}

// Type is what a field holds.
type Type string

// Types of field.
const (
	School  Type = "school"
	Class   Type = "class"   // of the row's school, which may stand before it, as AAF writes it: "0001$6A"
	Parent  Type = "parent"  // a parent the directory knows
	Pupil   Type = "pupil"   // a pupil the directory knows
	Person  Type = "person"  // anybody, of the profile in another field
	Profile Type = "profile" // a profile of the DNMA
	ID      Type = "id"      // an identifier, pseudonymised
	Instant Type = "instant" // milliseconds since 1970
	Day     Type = "day"     // days since 1970
	Until   Type = "until"   // an instant, or a day, which lasts until midnight
	Integer Type = "integer"
	Flag    Type = "flag"
	Words   Type = "words"
	Level   Type = "level" // a grade level
)

// Column is a column of the zone's table.
type Column struct {
	Name string
	Kind Kind
	// Bits is the width of an integer.
	Bits int
	// Namespace is that of an Identifier.
	Namespace string
	// Same is the column whose key stands for an Identifier that the register does not have, -1 none: then it is 0.
	Same int
	// Hidden columns are no part of the table: they tell rows apart.
	Hidden bool
}

// Kind is how the value of a column comes about.
type Kind int

// Kinds of column.
const (
	Number     Kind = iota // the value itself
	Somebody               // the key of a person of the directory, 0 for nobody
	Identifier             // the key of a raw identifier
	Text                   // a text of few: a grade level
	Name                   // a number or, where the row has a text, 1 + its rank among the texts
)

//go:embed registers.toml
var described []byte

// All are the registers, in the order of the zone's manifest.
func All() []*Register { return all() }

var all = sync.OnceValue(func() []*Register {
	registers, err := parse(described)
	if err != nil {
		panic(err) // part of the program, which a test reads
	}
	return registers
})

// Names are those of the registers.
func Names() []string {
	var names []string
	for _, r := range All() {
		names = append(names, r.Name)
	}
	return names
}

// Named is the register of a name, nil if there is none.
func Named(name string) *Register {
	for _, r := range All() {
		if r.Name == name {
			return r
		}
	}
	return nil
}

func parse(data []byte) ([]*Register, error) {
	var file struct {
		Register []*Register `toml:"register"`
	}
	d := toml.NewDecoder(strings.NewReader(string(data))).DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("register: %w", err)
	}
	for _, r := range file.Register {
		if err := r.prepare(); err != nil {
			return nil, fmt.Errorf("register %s: %w", r.Name, err)
		}
	}
	return file.Register, nil
}

// prepare makes the columns and words of a register, and checks what names fields and columns.
func (r *Register) prepare() error {
	var hidden []Column
	for i := range r.Fields {
		f := &r.Fields[i]
		f.at = len(r.Columns)
		columns := f.columns()
		if columns == nil {
			return fmt.Errorf("field %s: type %q is not known", f.Name, f.Type)
		}
		if f.Type == Person {
			hidden = append(hidden,
				Column{Name: f.Namespace, Kind: Identifier, Namespace: f.Namespace, Same: -1, Hidden: true})
		}
		r.Columns = append(r.Columns, columns...)
	}
	for _, c := range hidden {
		if c.Namespace != "" {
			r.Columns = append(r.Columns, c)
		}
	}
	for i := range r.Fields {
		f := &r.Fields[i]
		for _, name := range []string{f.Of, f.Within, f.Begins, f.Profile, f.After} {
			if name != "" && r.Field(name) == nil {
				return fmt.Errorf("field %s: there is no field %s", f.Name, name)
			}
		}
		if f.Begins != "" {
			r.Columns[f.at].Same = r.Field(f.Begins).at
		}
		f.prepareWords(r.Field(f.Of))
	}
	for _, name := range slices.Concat(r.Ordered, r.SomeOf) {
		if r.Field(name) == nil {
			return fmt.Errorf("there is no field %s", name)
		}
	}
	for _, name := range slices.Concat(r.Order, r.Key, r.Open, r.Once) {
		if r.Column(strings.TrimPrefix(name, "-")) < 0 {
			return fmt.Errorf("there is no column %s", name)
		}
	}
	return nil
}

// columns are those that a field becomes, nil for a type that is none.
func (f *Field) columns() []Column {
	one := func(kind Kind, bits int) []Column {
		return []Column{{Name: f.Column, Kind: kind, Bits: bits, Namespace: f.Namespace, Same: -1}}
	}
	switch f.Type {
	case School, Day:
		return one(Number, 32)
	case Class:
		return []Column{{Name: f.Column, Kind: Identifier, Bits: 64, Namespace: "class", Same: -1}}
	case ID:
		return one(Identifier, 64)
	case Parent, Pupil, Person:
		return []Column{{Name: f.Column, Kind: Somebody, Bits: 64, Same: -1}}
	case Until:
		return one(Number, 64)
	case Instant:
		columns := one(Number, 64)
		if f.Day != "" {
			columns = append(columns, Column{Name: f.Day, Bits: 32, Same: -1})
		}
		if f.Hour != "" {
			columns = append(columns, Column{Name: f.Hour, Bits: 8, Same: -1})
		}
		return columns
	case Words:
		if f.Names != "" {
			return one(Name, f.bits())
		}
		return one(Number, f.bits())
	case Integer, Flag, Profile:
		return one(Number, f.bits())
	case Level:
		return one(Text, 0)
	}
	return nil
}

func (f *Field) bits() int {
	if f.Bits == 0 {
		return 8
	}
	return f.Bits
}

// prepareWords finds the numbers of words by the number of the word they depend on, 0 for those that do not.
func (f *Field) prepareWords(of *Field) {
	f.words = map[int64]map[string]int64{}
	for _, w := range f.Words {
		when := int64(0)
		if of != nil {
			when, _ = of.number([]byte(w.When), 0)
		}
		if f.words[when] == nil {
			f.words[when] = map[string]int64{}
		}
		for _, text := range append([]string{w.Word, fmt.Sprint(w.Is)}, w.Also...) {
			f.words[when][tabular.Fold(text)] = w.Is
		}
	}
}

// number is that of a word.
func (f *Field) number(text []byte, when int64) (n int64, ok bool) {
	n, ok = f.words[when][tabular.Fold(string(text))]
	return n, ok
}

// Field is the field of a name, nil if there is none.
func (r *Register) Field(name string) *Field {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return &r.Fields[i]
		}
	}
	return nil
}

// Column is the place of a column, -1 if there is none.
func (r *Register) Column(name string) int {
	return slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
}

// Table are the columns of the zone's table.
func (r *Register) Table() []Column {
	return slices.DeleteFunc(slices.Clone(r.Columns), func(c Column) bool { return c.Hidden })
}

// Tabular are the fields as a mapping knows them.
func (r *Register) Tabular() []tabular.Field {
	kinds := map[Type]tabular.Kind{
		Instant: tabular.DateTime, Day: tabular.Date, Until: tabular.Until, Integer: tabular.Integer,
		Flag: tabular.Flag,
	}
	fields := make([]tabular.Field, len(r.Fields))
	for i, f := range r.Fields {
		fields[i] = tabular.Field{Name: f.Name, Kind: kinds[f.Type], Required: f.Required, Check: r.Fields[i].check()}
	}
	return fields
}

// check checks a word that the study itself writes; nil for a field that takes any text.
func (f *Field) check() func(word string) error {
	switch {
	case f.Type == Level:
		return func(word string) error { return known(grade.Level(word) != "", word, grade.Levels()) }
	case f.Type == Profile:
		return vocabulary.Profiles().Check
	case f.Type == Flag:
		return func(word string) error {
			_, ok := tabular.ParseFlag([]byte(word))
			return known(ok, word, []string{"oui", "non", "yes", "no"})
		}
	case f.Type == Words && f.Names == "":
		return func(word string) error {
			_, ok := f.number([]byte(word), 0)
			return known(ok, word, f.wordList())
		}
	}
	return nil
}

func known(ok bool, word string, allowed []string) error {
	if ok {
		return nil
	}
	return vocabulary.Unknown(word, allowed)
}

// wordList are the words of a field, one for each number.
func (f *Field) wordList() []string {
	var list []string
	for _, w := range f.Words {
		list = append(list, w.Word)
	}
	return list
}
