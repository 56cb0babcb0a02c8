package directory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/tabular"
)

// Table is the files of one mapped CSV.
type Table struct {
	Files   []string
	Mapping *tabular.Mapping
	// Accounts is the namespace of the accounts that the table names.
	Accounts string
	// Expected is how many records it should have; 0 is unknown.
	Expected int64
}

// Expected are the numbers of records that the exports should have; 0 is unknown.
type Expected struct{ AAF, SIECLE, Imports int64 }

// Options says what to read. Files are names that Open understands; globs are
// expanded by the caller. What is empty or nil is not read.
type Options struct {
	AAF []string
	// SIECLE are ElevesAvecAdresses and ResponsablesAvecAdresses of each school,
	// the feed where there is no AAF.
	SIECLE []string
	// Imports are the CSVs that entcore's directory imports, Onde's exports among
	// them, with repeated child columns; the school is the UAI in the file's path.
	Imports  []string
	Accounts []Table
	Persons  []Table
	// Merges are tables of persons whom the directory has twice (two académies,
	// two degrees, a correction): person is the same as same_as.
	Merges []Table
	// Objections are tables of persons who object to being studied: see ObjectionFields.
	Objections []Table
	Schools    *Table
	Calendar   []string

	// Registers reads the registers, whose rows name persons and schools: it is called when these are known. nil: there
	// are none.
	Registers func(context.Context, *Lookup) error

	Expected Expected
	// IgnoreCase are the namespaces in which accounts that differ by case alone are one.
	IgnoreCase []string
	// Start and End are the first and last day of the window, in days since 1970.
	Start, End int32
	// Zone is the time zone of the study.
	Zone *time.Location
	// Open opens a file; nil opens those of the file system, decompressed.
	Open func(name string) (io.ReadCloser, error)
}

// Directory is what was read: raw identifiers, in memory only. A person, a
// school or a place is an index into Persons, Schools.
type Directory struct {
	Persons []Person
	// Links are in no order and hold one entry for each pair.
	Links       []Link
	Memberships []Membership
	Accounts    []Account
	// Namespaces are those of persons and accounts.
	Namespaces []string
	Schools    []School
	// Aliases are the names by which systems call a school, to its index.
	Aliases  map[string]int32
	Calendar []CalendarDay
	// Levels and Classes are the texts that memberships point into.
	Levels, Classes []string

	// Files accounts for every record of every file, in reading order.
	Files []FileCounts
	// Sizes are how many there are of each kind: of pupils, links, accounts of a namespace, rows of a register. They
	// are those of the files: what is not kept because somebody objects is counted.
	// Declared are the tables of which the study says how many records they have.
	Sizes    map[string]int64
	Declared []Declared
	// Joins say how well the parts of the directory and the registers fit together.
	Joins []join.Join
	// Warnings are doubts about the whole, without any text of a record.
	Warnings []string

	// Objections are the accounts that objections name, also those of nobody known.
	Objections []Objection

	persons, accounts *ids
}

// Objection is an account whose events are not taken.
type Objection struct {
	Namespace int32
	Account   string // its raw identifier
}

// Person is one person of the directory.
type Person struct {
	Namespace int32 // in Namespaces: "aaf/parent", "person/pupil", …
	Profile   ingest.Profile
	// CreatedDay and ActivatedDay are of the person's first account; -1 unknown.
	CreatedDay, ActivatedDay int32
	// EmailKnown and PhoneKnown are 1, 0, or -1 unknown.
	EmailKnown, PhoneKnown int8
	// SocialBand is 1 (low) to 5 (high), 0 unknown.
	SocialBand int8
	// Family is the index of the first person of the connected component of links.
	Family int32
	// Same is the person's own index, or that of the person he or she is merged
	// into, to whom then everything belongs.
	Same int32
	// Objects says that the person objects to being studied: no row, link or event of
	// theirs may be kept.
	Objects bool

	own      bool // there is a record of the person, and not only of others who name him or her
	stranger bool // only a table of accounts names the person
}

// PersonID is the raw identifier of person i in its namespace.
func (d *Directory) PersonID(i int32) []byte { return trimNamespace(d.persons.at(i)) }

// AccountID is the raw identifier of account i in its namespace.
func (d *Directory) AccountID(i int32) []byte { return trimNamespace(d.accounts.at(i)) }

// Link is a guardian–child link: indexes of persons.
type Link struct {
	Child, Guardian int32
	// LegalRank is 1 for the first legal guardian, 2 for the second, 0 for none.
	LegalRank int8
}

// Membership says that a person belongs to a school from a day to a day, both included.
type Membership struct {
	Person, School, Level, Class int32 // indexes; Class -1 unknown
	FromDay, ToDay               int32
}

// Account says whose an account is.
type Account struct {
	Namespace int32
	Person    int32
}

// FileCounts accounts for the records of one file: read = used + ignored + rejects.
type FileCounts struct {
	// Name is the file's base name.
	Name string `json:"name"`
	// Kind is what it was read as: "aaf/Eleve", "accounts", "schools", …
	Kind    string                  `json:"kind"`
	Used    int64                   `json:"used"`
	Ignored int64                   `json:"ignored"`
	Rejects map[ingest.Reason]int64 `json:"rejects,omitempty"`
	// Fields are the fields for which records were refused.
	Fields []ingest.FaultCount `json:"fields,omitempty"`
	// DateOrders are of the columns whose days could be read the other way.
	DateOrders []*ingest.DateOrder `json:"date_orders,omitempty"`
	// Cut says that it ends in the middle of a record, Open that its last line has no end: it may be cut.
	Cut  bool `json:"cut,omitempty"`
	Open bool `json:"open,omitempty"`
	// SHA256 is of the file as delivered; empty when Options.Open was given.
	SHA256 string `json:"sha256,omitempty"`

	path string
	// objecting are the ignored records that name somebody who objects.
	objecting int64
}

// Read is the number of records read.
func (f *FileCounts) Read() int64 {
	n := f.Used + f.Ignored
	for _, r := range f.Rejects {
		n += r
	}
	return n
}

func (f *FileCounts) reject(reason ingest.Reason) {
	if f.Rejects == nil {
		f.Rejects = map[ingest.Reason]int64{}
	}
	f.Rejects[reason]++
}

// Read reads everything the options name. Its errors are those of files that
// cannot be read or mapped; records that cannot be used are counted in Files.
func Read(ctx context.Context, o Options) (*Directory, error) {
	if o.Zone == nil {
		return nil, errors.New("directory: no time zone")
	}
	if o.End < o.Start {
		return nil, errors.New("directory: the window is empty")
	}
	b := newBuilder(o)
	steps := []func(context.Context) error{b.readSchools, b.readAAF, b.readSIECLE, b.readImports, b.readPersons,
		b.readAccounts, b.readMerges, b.readObjections, b.resolve, b.readCalendar}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, fmt.Errorf("directory: %w", err)
		}
	}
	if o.Registers != nil {
		if err := o.Registers(ctx, newLookup(b)); err != nil {
			return nil, fmt.Errorf("directory: %w", err)
		}
	}
	b.families()
	b.sizes()
	b.expected()
	b.joinParts()
	// Nobody is looked up any more.
	for _, t := range []*ids{b.d.persons, b.d.accounts} {
		t.slots = nil
	}
	return b.d, nil
}

// day is the number of days from 1970-01-01 to a civil date.
func day(year int, month time.Month, d int) int32 {
	return int32(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func date(day int32) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }

// yearBounds are the first and last day of the school year that holds a day:
// 1 August to 31 July.
func yearBounds(d int32) (from, to int32) {
	t := date(d)
	year := t.Year()
	if t.Month() < time.August {
		year--
	}
	return day(year, time.August, 1), day(year+1, time.July, 31)
}

// texts are the strings of ids, in their order.
func texts(t *ids) []string {
	out := make([]string, t.len())
	for i := range out {
		out[i] = string(t.at(int32(i)))
	}
	return slices.Clip(out)
}
