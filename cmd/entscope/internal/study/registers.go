package study

import (
	"slices"

	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/tabular"
)

// Registers are the CSVs that schools, the académie or the products keep beside
// the logs. Each is optional: what only it can tell is then not measurable.
type Registers struct {
	// Of schools: grades published to a class, other contents published, what a
	// school has set, livrets scolaires published, training of the staff.
	Publications *Table `toml:"publications"`
	Contents     *Table `toml:"contents"`
	Settings     *Table `toml:"settings"`
	ReportBooks  *Table `toml:"report_books"`
	Training     *Table `toml:"training"`
	// Messages, one row for each recipient: times and sizes, no text.
	Messages *Table `toml:"messages"`
	// Of families: who was accompanied, the survey of equipment, téléservices to
	// be completed, loans of equipment, remote meetings.
	Accompaniment *Table `toml:"accompaniment"`
	Equipment     *Table `toml:"equipment"`
	Procedures    *Table `toml:"procedures"`
	Loans         *Table `toml:"loans"`
	Meetings      *Table `toml:"meetings"`
}

// namedTable is a register under its key.
type namedTable struct {
	name   string
	table  *Table
	fields []tabular.Field
}

func (r *Registers) all() []namedTable {
	return []namedTable{
		{"publications", r.Publications, directory.PublicationFields},
		{"contents", r.Contents, directory.ContentFields},
		{"settings", r.Settings, directory.SettingFields},
		{"report_books", r.ReportBooks, directory.ReportBookFields},
		{"training", r.Training, directory.TrainingFields},
		{"messages", r.Messages, directory.MessageFields},
		{"accompaniment", r.Accompaniment, directory.AccompanimentFields},
		{"equipment", r.Equipment, directory.EquipmentFields},
		{"procedures", r.Procedures, directory.ProcedureFields},
		{"loans", r.Loans, directory.LoanFields},
		{"meetings", r.Meetings, directory.MeetingFields},
	}
}

// namespaces are those of the accounts that the tables of the directory name.
func (s *Study) namespaces() []string {
	var known []string
	for _, t := range slices.Concat(s.Directory.Accounts, s.Directory.Persons) {
		if t.Accounts != "" && !slices.Contains(known, t.Accounts) {
			known = append(known, t.Accounts)
		}
	}
	return known
}
