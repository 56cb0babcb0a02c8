package directory

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// The registers are CSVs that schools, the académie or the products keep beside
// the logs of the ENT: what was published, written, lent, trained, settled. Each
// is mapped like any other table. Of what is said they keep times, sizes, counts
// and codes: no text, no subject, no grade.
//
// A school is named as the sources name it (a UAI, an alias of the reference, a
// structure number). A person is named by an account of the table's namespace
// or, without one, by the directory's identifier. Words are compared as
// tabular.Fold has them; each also has the number under which it is kept. What
// names somebody nobody knows, or holds a word that is none, is refused as
// ingest.ReasonUnknownValue; times that contradict each other as
// ingest.ReasonTimeRange.

// register is one register: what it is booked as and how a row is read.
type register struct {
	kind   string
	table  *Table
	fields []tabular.Field
	row    func(*Table, *tabular.Rows) ingest.Reason
}

func (b *builder) registers() []register {
	return []register{
		{"publications", b.o.Publications, PublicationFields, b.publicationRow},
		{"contents", b.o.Contents, ContentFields, b.contentRow},
		{"settings", b.o.Settings, SettingFields, b.settingRow},
		{"report_books", b.o.ReportBooks, ReportBookFields, b.reportBookRow},
		{"training", b.o.Training, TrainingFields, b.trainingRow},
		{"messages", b.o.Messages, MessageFields, b.messageRow},
		{"accompaniment", b.o.Accompaniment, AccompanimentFields, b.accompanimentRow},
		{"equipment", b.o.Equipment, EquipmentFields, b.equipmentRow},
		{"procedures", b.o.Procedures, ProcedureFields, b.procedureRow},
		{"loans", b.o.Loans, LoanFields, b.loanRow},
		{"meetings", b.o.Meetings, MeetingFields, b.meetingRow},
	}
}

func (b *builder) readRegisters() error {
	b.schoolClasses()
	for _, r := range b.registers() {
		if r.table == nil {
			continue
		}
		if ns := r.table.Accounts; ns != "" && !b.hasAccounts(ns) {
			b.warn("%s: the directory has no account of the namespace %q", r.kind, ns)
		}
		for _, name := range r.table.Files {
			err := b.table(name, r.kind, r.table, r.fields, func(rows *tabular.Rows) ingest.Reason { return r.row(r.table, rows) })
			if err != nil {
				return err
			}
		}
	}
	b.d.Classes, b.d.Products = texts(b.classes), texts(b.products)
	return nil
}

// schoolClasses makes the classes of the directory the start of those of the registers.
func (b *builder) schoolClasses() {
	b.classes = newIDs()
	for _, c := range b.d.Classes {
		b.classes.add([]byte(c))
	}
}

// activeSchool is the school of a row that tells of activity in its ENT: it
// belongs to the perimeter, also when the directory does not have it.
func (b *builder) activeSchool(name []byte) int32 {
	school := b.placeSchool(name)
	b.d.Schools[school].Perimeter = true
	return school
}

// schoolClass numbers a class of a school, -1 for no name. A class that the
// directory does not have is kept: it may be that of pupils who left. A code may
// have its school before it, as AAF writes it.
func (b *builder) schoolClass(school int32, code []byte) int32 {
	if len(code) == 0 {
		return -1
	}
	if i := bytes.LastIndexByte(code, '$'); i >= 0 {
		code = code[i+1:]
	}
	n, _ := b.classes.add(append([]byte(b.d.Schools[school].UAI+"$"), code...))
	return n
}

func (b *builder) hasAccounts(namespace string) bool {
	_, ok := b.namespaces["account/"+namespace]
	return ok
}

// named is the person whom a register names by an account of its namespace or,
// without one, by the directory's identifier; -1 if nobody knows the name.
func (b *builder) named(t *Table, profile ingest.Profile, id []byte) int32 {
	if len(id) == 0 {
		return -1
	}
	if t.Accounts == "" {
		return b.find(profile, id)
	}
	if ns, ok := b.namespaces["account/"+t.Accounts]; ok {
		if n := b.d.accounts.find(key(ns, id)); n >= 0 {
			return b.d.Accounts[n].Person
		}
	}
	return -1
}

// namedAs is named, for persons of one profile only.
func (b *builder) namedAs(t *Table, profile ingest.Profile, id []byte) int32 {
	if n := b.named(t, profile, id); n >= 0 && b.d.Persons[n].Profile == profile {
		return n
	}
	return -1
}

// words are the spellings of a vocabulary, as tabular.Fold has them.
type words map[string]int8

// read is the number of a word; ok is false when the vocabulary has no such word.
func (w words) read(text []byte) (n int8, ok bool) {
	n, ok = w[tabular.Fold(string(text))]
	return n, ok
}

// ordered reports whether days that are known follow each other.
func ordered(days ...int32) bool {
	last := int32(-1)
	for _, day := range days {
		if day < 0 {
			continue
		}
		if day < last {
			return false
		}
		last = day
	}
	return true
}
