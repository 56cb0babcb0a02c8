package directory

import (
	"bytes"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/format/delimited"
)

// Publication is one publication of grades to a class: a time, no grade.
type Publication struct {
	School, Class int32
	TsMs          int64
	LocalDate     int32
}

// Accompaniment is one line of the accompaniment register.
type Accompaniment struct {
	Person, LocalDate int32
	// Form is 1 présentation, 2 tutoriel ou documentation, 3 atelier ou
	// médiateur, 4 parent ressource; Collective 1 or 0.
	Form, Collective int8
}

// Equipment is one answer to the equipment survey; -1 is no answer.
type Equipment struct {
	Child                    int32
	HasComputer, HasFixedNet int8
	LocalDate                int32
}

// Fields of the registers. person and child are the directory's identifiers.
var (
	PublicationFields = []delimited.Field{
		{Name: "school", Required: true}, {Name: "class", Required: true}, {Name: "at", Kind: delimited.DateTime, Required: true},
	}
	AccompanimentFields = []delimited.Field{
		{Name: "person", Required: true}, {Name: "date", Kind: delimited.Date, Required: true}, {Name: "form", Kind: delimited.Integer}, {Name: "mode"},
	}
	EquipmentFields = []delimited.Field{
		{Name: "child", Required: true}, {Name: "computer", Kind: delimited.Flag}, {Name: "network", Kind: delimited.Flag}, {Name: "date", Kind: delimited.Date},
	}
)

func (b *builder) readRegisters() error {
	b.schoolClasses()
	for _, register := range []struct {
		kind   string
		table  *Table
		fields []delimited.Field
		row    func(*delimited.Rows) ingest.Reason
	}{
		{"publications", b.o.Publications, PublicationFields, b.publicationRow},
		{"accompaniment", b.o.Accompaniment, AccompanimentFields, b.accompanimentRow},
		{"equipment", b.o.Equipment, EquipmentFields, b.equipmentRow},
	} {
		if register.table == nil {
			continue
		}
		for _, name := range register.table.Files {
			if err := b.table(name, register.kind, register.table, register.fields, register.row); err != nil {
				return err
			}
		}
	}
	b.d.Classes = texts(b.classes)
	return nil
}

// schoolClasses makes the classes of the directory the start of those of the registers.
func (b *builder) schoolClasses() {
	b.classes = newIDs()
	for _, c := range b.d.Classes {
		b.classes.add([]byte(c))
	}
}

// publicationRow reads a time of publication. A class that the directory does
// not have is kept: it may be that of pupils who left.
func (b *builder) publicationRow(rows *delimited.Rows) ingest.Reason {
	if tooLong(rows, 0, 1) {
		return ingest.ReasonTooLong
	}
	school := b.placeSchool(rows.Text(0))
	b.d.Schools[school].Perimeter = true
	code := rows.Text(1)
	if i := bytes.LastIndexByte(code, '$'); i >= 0 {
		code = code[i+1:]
	}
	class, _ := b.classes.add([]byte(b.d.Schools[school].UAI + "$" + string(code)))
	at := rows.Moment(2)
	b.d.Publications = append(b.d.Publications, Publication{School: school, Class: class, TsMs: at.TsMs, LocalDate: at.Day})
	return ""
}

func (b *builder) accompanimentRow(rows *delimited.Rows) ingest.Reason {
	person := b.find(ingest.ProfileParent, rows.Text(0))
	form, ok := rows.Number(2), true
	collective := int8(0)
	switch delimited.Fold(string(rows.Text(3))) {
	case "", "individual", "individuel", "0":
	case "collective", "collectif", "1":
		collective = 1
	default:
		ok = false
	}
	if person < 0 || !ok || form < 0 || form > 4 {
		return ingest.ReasonUnknownValue
	}
	b.d.Accompaniment = append(b.d.Accompaniment, Accompaniment{Person: person, LocalDate: rows.Day(1), Form: int8(form), Collective: collective})
	return ""
}

func (b *builder) equipmentRow(rows *delimited.Rows) ingest.Reason {
	child := b.find(ingest.ProfilePupil, rows.Text(0))
	if child < 0 {
		return ingest.ReasonUnknownValue
	}
	answer := func(f int) int8 {
		if !rows.Has(f) {
			return -1
		}
		return int8(rows.Number(f))
	}
	b.d.Equipment = append(b.d.Equipment, Equipment{Child: child, HasComputer: answer(1), HasFixedNet: answer(2), LocalDate: rows.Day(3)})
	return ""
}
