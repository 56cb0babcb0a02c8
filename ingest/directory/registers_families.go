package directory

import (
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

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

// Procedure is a téléservice that the family of a child may complete.
type Procedure struct {
	Child int32
	Kind  int8 // 1 bourse, 2 orientation, 3 affectation, 4 fiche de renseignements
	// DeadlineDay is -1 unknown, DoneDay -1 not done.
	DeadlineDay, DoneDay int32
}

// Loan is a loan of equipment to the family of a child, or the wait for one.
type Loan struct {
	Child int32
	// RequestedDay is -1 unknown, StartDay -1 still waiting, EndDay -1 not given back.
	RequestedDay, StartDay, EndDay int32
}

// Meeting is one person invited to one remote meeting.
type Meeting struct {
	Meeting int32 // see MeetingID
	Person  int32
	// LocalDate is the day of the meeting; Joined 1 or 0.
	LocalDate int32
	Joined    int8
}

// Fields of the registers of families. person (a parent) and child are accounts
// of the table's namespace or the directory's identifiers.
var (
	AccompanimentFields = []tabular.Field{
		{Name: "person", Required: true}, {Name: "date", Kind: tabular.Date, Required: true}, {Name: "form", Kind: tabular.Integer}, {Name: "mode"},
	}
	EquipmentFields = []tabular.Field{
		{Name: "child", Required: true}, {Name: "computer", Kind: tabular.Flag}, {Name: "network", Kind: tabular.Flag}, {Name: "date", Kind: tabular.Date},
	}
	// ProcedureFields: kind is bourse, orientation, affectation or fiche.
	ProcedureFields = []tabular.Field{
		{Name: "child", Required: true}, {Name: "kind", Required: true}, {Name: "deadline", Kind: tabular.Date}, {Name: "done", Kind: tabular.Date},
	}
	// LoanFields: a row has a day of request or of start.
	LoanFields = []tabular.Field{
		{Name: "child", Required: true}, {Name: "requested", Kind: tabular.Date}, {Name: "start", Kind: tabular.Date}, {Name: "end", Kind: tabular.Date},
	}
	// MeetingFields: without the column joined, the register lists who joined.
	MeetingFields = []tabular.Field{
		{Name: "meeting", Required: true}, {Name: "person", Required: true}, {Name: "date", Kind: tabular.Date, Required: true}, {Name: "joined", Kind: tabular.Flag},
	}
)

var procedureKinds = words{
	"1": 1, "bourse": 1, "bourses": 1, "grant": 1,
	"2": 2, "orientation": 2, "guidance": 2,
	"3": 3, "affectation": 3, "placement": 3,
	"4": 4, "fiche": 4, "ficherenseignements": 4, "fichederenseignements": 4, "form": 4,
}

func (b *builder) accompanimentRow(t *Table, rows *tabular.Rows) ingest.Reason {
	person := b.namedAs(t, ingest.ProfileParent, rows.Text(0))
	form, ok := rows.Number(2), true
	collective := int8(0)
	switch tabular.Fold(string(rows.Text(3))) {
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

func (b *builder) equipmentRow(t *Table, rows *tabular.Rows) ingest.Reason {
	child := b.namedAs(t, ingest.ProfilePupil, rows.Text(0))
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

func (b *builder) procedureRow(t *Table, rows *tabular.Rows) ingest.Reason {
	child := b.namedAs(t, ingest.ProfilePupil, rows.Text(0))
	kind, ok := procedureKinds.read(rows.Text(1))
	if child < 0 || !ok {
		return ingest.ReasonUnknownValue
	}
	b.d.Procedures = append(b.d.Procedures, Procedure{Child: child, Kind: kind, DeadlineDay: rows.Day(2), DoneDay: rows.Day(3)})
	return ""
}

func (b *builder) loanRow(t *Table, rows *tabular.Rows) ingest.Reason {
	child := b.namedAs(t, ingest.ProfilePupil, rows.Text(0))
	requested, start, end := rows.Day(1), rows.Day(2), rows.Day(3)
	switch {
	case child < 0:
		return ingest.ReasonUnknownValue
	case requested < 0 && start < 0:
		return ingest.ReasonMissingField
	case !ordered(requested, start, end):
		return ingest.ReasonTimeRange
	}
	b.d.Loans = append(b.d.Loans, Loan{Child: child, RequestedDay: requested, StartDay: start, EndDay: end})
	return ""
}

func (b *builder) meetingRow(t *Table, rows *tabular.Rows) ingest.Reason {
	if tooLong(rows, 0) {
		return ingest.ReasonTooLong
	}
	person := b.namedAs(t, ingest.ProfileParent, rows.Text(1))
	if person < 0 {
		return ingest.ReasonUnknownValue
	}
	meeting, _ := b.d.meetings.add(rows.Text(0))
	joined := int8(rows.Number(3))
	if !rows.Mapped(3) {
		joined = 1
	}
	b.d.Meetings = append(b.d.Meetings, Meeting{Meeting: meeting, Person: person, LocalDate: rows.Day(2), Joined: joined})
	return ""
}
