// Package aggregate reads the totals a platform publishes about itself, and makes
// the same totals of the events we decode, so that an operator can lay one alongside
// the other (entscope check --against). It holds counts by month and profile,
// never a person.
//
//  1. Read reads a file of the platform: the CSV exports of entcore's statistics
//     module (entcorestats.go) or RECIA's monthly XML (recia.go).
//  2. Count decodes the feeds and makes our own totals (count.go).
//  3. Compare puts both in one table and says which rule explains a difference
//     (compare.go).
//
// Sources: edificeio/statistics fd12ae4 (2026-06-22), column names of its i18n;
// GIP-RECIA/frequentation_portail 933e484 (2025), include/import-functions.php.
package aggregate

import (
	"bytes"
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/tabular"
)

// Limits of a platform's file. An export of a whole region for a year, by day, is
// about 2 million rows.
const (
	maxFile = 256 << 20 // bytes, decoded
	maxRows = 4 << 20   // distinct rows of all files together
)

// Errors of a file that is none of ours. They hold nothing of its text.
var (
	ErrFormat = errors.New("neither an entcore statistics export nor a RECIA monthly file")
	ErrTooBig = errors.New("file or number of rows beyond the limit")
)

// Kind is which totals a file has.
type Kind string

// Kinds.
const (
	Accounts  Kind = "entcore accounts"   // logins, unique visitors
	Access    Kind = "entcore access"     // accesses to applications
	Connector Kind = "entcore connectors" // accesses to connectors
	Devices   Kind = "entcore devices"    // logins by device
	Sessions  Kind = "recia sessions"     // sessions, different users
)

// Format is the format of the feeds that hold the events of such a file.
func (k Kind) Format() string {
	if k == Sessions {
		return "uportal"
	}
	return "entcore"
}

// Cell is what a total is about.
type Cell struct {
	// Month is year·100 + month, as ingest.Month has it.
	Month   int32
	Profile ingest.Profile
}

// MonthName writes a month as "2025-09".
func (c Cell) MonthName() string { return fmt.Sprintf("%04d-%02d", c.Month/100, c.Month%100) }

// Figures are the totals of a cell. Visitors is -1 where they are not known.
type Figures struct {
	Logins, Accesses, Visitors int64
}

// Platform is what the files of a platform say.
type Platform struct {
	Tables  map[Kind]map[Cell]Figures
	Schools map[Kind]int // how many distinct schools, classes or structures
	// Rows are those used, Repeated those that say again what another row said,
	// Totals those over all profiles, which would count everything twice.
	Rows, Repeated, Totals int64
	Rejects                map[ingest.Reason]int64

	seed    maphash.Seed
	rows    map[uint64]struct{} // every row's key: file kind, school, profile, date, module
	schools map[uint64]struct{}
	months  map[uint64]struct{} // kind, school, profile, month: a second row of it makes visitors unknown
}

// NewPlatform returns an empty Platform.
func NewPlatform() *Platform {
	return &Platform{
		Tables: map[Kind]map[Cell]Figures{}, Schools: map[Kind]int{}, Rejects: map[ingest.Reason]int64{},
		seed: maphash.MakeSeed(), rows: map[uint64]struct{}{}, schools: map[uint64]struct{}{},
		months: map[uint64]struct{}{},
	}
}

// Read adds a file. The path serves RECIA's importer convention only: the month
// of YYYY/MM/mois_<siren>.xml is that of its folder.
func (p *Platform) Read(path string, r io.Reader) error {
	limited := &limitedReader{r: r, left: maxFile}
	head := make([]byte, 512)
	n, err := io.ReadFull(limited, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return fmt.Errorf("aggregate: read: %w", err)
	}
	head = head[:n]
	text := io.MultiReader(bytes.NewReader(head), limited)
	for bytes.HasPrefix(head, bom) { // some installs write it twice
		head = head[len(bom):]
		if _, err := io.CopyN(io.Discard, text, int64(len(bom))); err != nil {
			return fmt.Errorf("aggregate: read: %w", err)
		}
	}
	if start := bytes.TrimLeft(head, " \t\r\n"); len(start) > 0 && start[0] == '<' {
		err = p.readRecia(path, text)
	} else {
		err = p.readStats(text)
	}
	if err != nil {
		return fmt.Errorf("aggregate: %w", err)
	}
	return nil
}

var bom = []byte("\xef\xbb\xbf")

// row is one total of one school.
type row struct {
	kind          Kind
	school, about []byte // about: the application or device
	date          []byte
	profile       []byte
	month         int32
	figures       Figures
}

// add counts a row unless it has been counted or is a total of others.
func (p *Platform) add(r *row) error {
	profile, total, ok := profileOf(r.profile)
	switch {
	case total:
		p.Totals++
		return nil
	case !ok:
		p.Rejects[ingest.ReasonUnknownValue]++
		return nil
	}
	key := p.key(r.kind, r.school, []byte{byte(profile)}, r.date, r.about)
	if _, again := p.rows[key]; again {
		p.Repeated++
		return nil
	}
	if len(p.rows) >= maxRows {
		return ErrTooBig
	}
	p.rows[key] = struct{}{}
	p.Rows++
	if school := p.key(r.kind, r.school); !known(p.schools, school) {
		p.Schools[r.kind]++
	}
	table := p.Tables[r.kind]
	if table == nil {
		table = map[Cell]Figures{}
		p.Tables[r.kind] = table
	}
	cell := Cell{r.month, profile}
	f := table[cell]
	f.Logins += r.figures.Logins
	f.Accesses += r.figures.Accesses
	// Visitors of days or weeks do not add up to those of the month.
	month := p.key(r.kind, r.school, []byte{byte(profile), byte(r.month), byte(r.month >> 8), byte(r.month >> 16)})
	if known(p.months, month) || r.figures.Visitors < 0 || f.Visitors < 0 {
		f.Visitors = -1
	} else {
		f.Visitors += r.figures.Visitors
	}
	table[cell] = f
	return nil
}

func known(set map[uint64]struct{}, key uint64) bool {
	_, ok := set[key]
	set[key] = struct{}{}
	return ok
}

func (p *Platform) key(kind Kind, parts ...[]byte) uint64 {
	var h maphash.Hash
	h.SetSeed(p.seed)
	h.WriteString(string(kind))
	for _, part := range parts {
		h.WriteByte(0)
		h.Write(part)
	}
	return h.Sum64()
}

// profileOf reads a profile's name as entcore (French, English, raw) and RECIA
// write it; total is true for "all profiles".
func profileOf(name []byte) (profile ingest.Profile, total, ok bool) {
	switch tabular.Fold(string(name)) {
	case "relative", "relatives", "parent", "parents":
		return ingest.ProfileParent, false, true
	case "student", "students", "eleve", "eleves", "pupil", "pupils":
		return ingest.ProfilePupil, false, true
	case "teacher", "teachers", "enseignant", "enseignants":
		return ingest.ProfileTeacher, false, true
	case "personnel", "personnels", "staff", "personneldetablissementnonenseignant":
		return ingest.ProfileAdmin, false, true
	case "guest", "guests", "invite", "invites", "tuteurdestage":
		return ingest.ProfileOther, false, true
	case "personneldecollectivite":
		return ingest.ProfileLocalBody, false, true
	case "", "total", "all", "tous", "allprofiles", "tousprofils", "tousprofilsconfondus":
		return 0, true, true
	}
	return 0, false, false
}

// limitedReader fails, rather than ends, where there is more than it may read.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (l *limitedReader) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, ErrTooBig
	}
	n, err := l.r.Read(b[:min(int64(len(b)), l.left)])
	l.left -= int64(n)
	return n, err
}

// whole reads a count: digits only, with the spaces some locales put between
// thousands.
func whole(b []byte) (n int64, ok bool) {
	digits := 0
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
			digits++
		case c == ' ', c == '"':
		case c == 0xc2 && i+1 < len(b) && b[i+1] == 0xa0: // no-break space
			i++
		default:
			return 0, false
		}
	}
	return n, digits > 0 && digits <= 12
}
