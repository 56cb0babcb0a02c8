package release

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/pseudonym"
)

// Kinds of entries. Those of editions are edition.KindResearch and KindSchools.
const (
	KindPublication = "publication"
	KindTables      = "tables"    // what a researcher asked for, protected beside a publication
	KindOwn         = "own-table" // a researcher's own table of aggregates (entscope protect)
	KindRecall      = "recall"    // every copy of Name was taken back and destroyed
	KindWithdraw    = "withdraw"  // Name was removed in the run that made it: it never left
)

// Entry is one line of the register. It holds no clock and no count.
type Entry struct {
	Number int    `json:"number"` // from 1
	Kind   string `json:"kind"`
	Name   string `json:"name"` // the folder's, such as research-2025-T1
	Study  string `json:"study"`
	Start  string `json:"start"` // ISO dates, both included
	End    string `json:"end"`
	// Made identifies what it was made from: input, configuration, software.
	Made string `json:"made"`
	// Asked says which tables of which edition they are, where Kind is KindTables.
	Asked string `json:"asked,omitempty"`
	// Persons says that rows of persons were among it.
	Persons bool `json:"persons"`
	// Withheld names the release that held such rows already, for which these have none.
	Withheld string `json:"withheld,omitempty"`
	// Subject is whose behaviour an edition studies: parent or pupil.
	Subject string `json:"subject,omitempty"`
	// Families are those of what must not be known of a school (edition.Families) of which an edition has any row.
	Families []string `json:"families,omitempty"`
	// Elsewhere is Verdict.Unnamed.
	Elsewhere map[string]string `json:"elsewhere,omitempty"`
	// Unnamed names, in an entry without Subject, the edition that told all families, so that this one tells none: it was
	// written before families were booked.
	Unnamed string `json:"unnamed,omitempty"`
	// Plan is the SHA-256 of the analysis plan that an edition was made under.
	Plan string `json:"plan,omitempty"`
	// Noise names the noise that its cells were drawn with; empty for none.
	Noise string `json:"noise,omitempty"`
	// Draw names the draw of that noise.
	Draw string `json:"draw,omitempty"`
	// Told is a keyed hash of what the cells of an edition tell.
	Told string `json:"told,omitempty"`
	// First is what Draw would have been by the census alone.
	First string `json:"first,omitempty"`
	// Floors names the floors of the cells and clusters of an edition.
	Floors string `json:"floors,omitempty"`
	// Config identifies the policies and the software that an edition was made by.
	Config string `json:"config,omitempty"`
	// Small and Most are the Rules that it left under: none after it leaves under weaker ones.
	Small int `json:"small,omitempty"`
	Most  int `json:"most,omitempty"`
	// Census is sealed with the lasting key; empty for what is made of editions.
	Census []byte `json:"census,omitempty"`
	// Of are the numbers of the entries of the editions that a publication is made of.
	Of []int `json:"of,omitempty"`
	// Cells is what an own table or a publication told and held back, sealed with the lasting key.
	Cells []byte `json:"cells,omitempty"`
	// Folder is Candidate.Folder, sealed with the lasting key; empty in what an earlier version booked, and of no study.
	Folder []byte `json:"folder,omitempty"`
	// Chain is a keyed hash of this line and the chain before it.
	Chain string `json:"chain"`
}

// Register is the register of releases of one master key. It is not safe for
// concurrent use; Lock of its file is the caller's.
type Register struct {
	// Disk is where it is written; the zero Disk is the machine's.
	Disk durable.Disk

	// Begun is told where a register begins, once its first line is there; nil is silent.
	Begun func(file string)

	path    string
	key     *pseudonym.LastingKey
	entries []Entry
}

// ErrDamaged says that the register is not what was written: a line is missing,
// altered, or another key's.
var ErrDamaged = errors.New("the register of releases is damaged")

// ErrRecalled says that a copy lies there of what the register says nobody has.
var ErrRecalled = errors.New("the register of releases says that every copy was taken back and destroyed")

// maxLine bounds a line: a census of 100,000 schools, sealed and as text.
const maxLine = 16 << 20

// Open reads a register and checks its chain; a file that is not there is an
// empty one.
func Open(path string, key *pseudonym.LastingKey) (*Register, error) {
	r := &Register{path: path, key: key}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("release: open register: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		n := len(r.entries) + 1
		e, err := parse(lines.Bytes())
		if err != nil {
			return nil, fmt.Errorf("release: %s: line %d is no entry: %w", path, n, ErrDamaged)
		}
		chain, err := r.chain(e)
		if err != nil {
			return nil, err
		}
		if e.Number != n || e.Chain != chain {
			return nil, fmt.Errorf("release: %s: line %d does not follow from what stands above it: %w; "+
				"hint: restore the file, or is it another master key's?", path, n, ErrDamaged)
		}
		r.entries = append(r.entries, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("release: %s: %w: %w", path, ErrDamaged, err)
	}
	return r, nil
}

// parse reads a line.
func parse(line []byte) (e Entry, err error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err = d.Decode(&e); err == nil && d.More() {
		err = ErrDamaged
	}
	return e, err
}

// Entries are the lines of the register, the oldest first.
func (r *Register) Entries() []Entry { return r.entries }

// chain is the keyed hash of an entry, without its own chain, and the chain before.
func (r *Register) chain(e Entry) (string, error) {
	before := ""
	if n := len(r.entries); n > 0 {
		before = r.entries[n-1].Chain
	}
	e.Chain = before
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("release: entry: %w", err)
	}
	sum := r.key.Hasher("release/chain").Sum(text)
	return hex.EncodeToString(sum[:]), nil
}

// append adds a line: it is durable when append returns. The census is nil for what
// is made of editions that were booked.
func (r *Register) append(e Entry, c *Census) error {
	e.Number = len(r.entries) + 1
	if c != nil {
		sealed, err := r.key.Seal("release/census", c.marshal())
		if err != nil {
			return err
		}
		e.Census = sealed
	}
	var err error
	if e.Chain, err = r.chain(e); err != nil {
		return err
	}
	var text bytes.Buffer
	for _, line := range append(r.entries[:len(r.entries):len(r.entries)], e) {
		b, err := json.Marshal(line)
		if err != nil {
			return fmt.Errorf("release: entry: %w", err)
		}
		text.Write(append(b, '\n'))
	}
	if err := r.Disk.WriteFile(r.path, text.Bytes(), 0o600); err != nil {
		return fmt.Errorf("release: the register %s cannot be written: %w; hint: output.releases names another place",
			r.path, err)
	}
	r.entries = append(r.entries, e)
	if e.Number == 1 && r.Begun != nil {
		r.Begun(r.path)
	}
	return nil
}

// Tells reports whether an edition tells anything of a family of what must not be known of a school, of the persons of
// a subject. One of which the register keeps no subject and families counts as telling all of everybody: rows of persons
// told then which addresses are known, in a column.
func (e Entry) Tells(family, subject string) bool {
	switch {
	case e.Kind != edition.KindResearch || e.Subject != "" && e.Subject != subject:
		return false
	case e.Subject == "":
		return e.Unnamed == "" || e.Persons && family == edition.FamilyContacts
	}
	return slices.Contains(e.Families, family)
}

// booked is the entry of a release of that name and making, which was not taken back.
func (r *Register) booked(kind, name, made string) (Entry, bool) {
	for _, e := range r.entries {
		if e.Kind == kind && e.Name == name && e.Made == made && r.fate(e) == "" {
			return e, true
		}
	}
	return Entry{}, false
}

// Holds refuses a register in which a release that is there does not stand: it
// was cut, or is not the one that the release was booked in.
func (r *Register) Holds(names []string) error {
	for _, name := range names {
		if !slices.ContainsFunc(r.entries, func(e Entry) bool { return e.Name == name }) {
			return fmt.Errorf("release: %s is not in %s: %w; hint: restore the register from its backup; "+
				"if it is lost, take every copy of it back, remove it and begin another period", name, r.path,
				ErrDamaged)
		}
	}
	return nil
}

// Before is how the register stands, or stood when a release of that name and making was
// booked.
func (r *Register) Before(c Candidate) edition.Booking {
	lines := len(r.entries)
	if e, known := r.booked(c.Kind, c.Name, c.Made); known {
		lines = e.Number - 1
	}
	return r.at(lines)
}

// Now is how the register stands.
func (r *Register) Now() edition.Booking { return r.at(len(r.entries)) }

func (r *Register) at(lines int) edition.Booking {
	if lines == 0 {
		return edition.Booking{}
	}
	return edition.Booking{Lines: lines, Head: r.entries[lines-1].Chain}
}

// Continues refuses a register that does not go on from where what (an edition, a
// publication, an earlier run) says that it stood, or has not its own line there; own is the
// name of that line, or the beginning of one that ends in '-', and empty for what has none. What lies there although a later
// line takes it back is ErrRecalled: another may have left since, beside which it must not stand.
func (r *Register) Continues(what, own string, b edition.Booking) error {
	isOwn := func(name string) bool {
		return name == own || strings.HasSuffix(own, "-") && strings.HasPrefix(name, own)
	}
	known := b.Lines
	if own != "" {
		known++
	}
	wrong := ""
	switch {
	case b.Lines > len(r.entries), known > len(r.entries):
		wrong = fmt.Sprintf("line %d, which it has not", len(r.entries)+1)
	case b.Lines < 0 || r.at(b.Lines) != b:
		wrong = fmt.Sprintf("another line %d", b.Lines)
	case own != "" && !isOwn(r.entries[b.Lines].Name):
		wrong = fmt.Sprintf("another line %d", known)
	case own != "" && r.fate(r.entries[b.Lines]) != "":
		return fmt.Errorf("release: %s lies there: %w, or that it never left; ways on: remove it, and go on once "+
			"nobody has a copy", what, ErrRecalled)
	default:
		return nil
	}
	return fmt.Errorf("release: %s knows %s with %s: %w, or an older copy of it; hint: restore it from its newest "+
		"backup; if that is lost, take every copy of what has left back, remove it, and begin another period under "+
		"another master key", what, r.path, wrong, ErrDamaged)
}

// Named reports whether a release that was made of something else bears a name.
func (r *Register) Named(name, made string) bool {
	for _, e := range r.entries {
		if e.Kind != KindRecall && e.Kind != KindWithdraw && e.Name == name && e.Made != made &&
			r.fate(e) != KindWithdraw {
			return true
		}
	}
	return false
}

// Booked reports whether a candidate stands in the register.
func (r *Register) Booked(c Candidate) bool {
	_, known := r.booked(c.Kind, c.Name, c.Made)
	return known
}

// Book enters what is about to leave, as Admit allowed it; entered is false when it stands there already. An error wraps
// ErrOtherCells where an edition of the same draw told other numbers.
func (r *Register) Book(c Candidate, v Verdict) (entered bool, err error) {
	e := Entry{
		Kind: c.Kind, Name: c.Name, Study: c.Study, Start: c.Start, End: c.End, Made: c.Made, Asked: c.Asked,
		Persons: v.Persons, Withheld: v.Earlier, Subject: c.Subject, Families: c.Families, Elsewhere: v.Unnamed,
		Plan: c.Plan, Of: c.Of, Noise: c.Noise, Draw: c.Draw, Floors: c.Floors,
		Config: c.Config, Small: c.Rules.Small, Most: c.Rules.Most,
	}
	if c.First != c.Draw {
		e.First = c.First
	}
	if isEdition(e) && c.Told != nil {
		sum := r.key.Hasher("release/told").Sum(c.Told)
		e.Told = hex.EncodeToString(sum[:16])
		if r.otherCells(e) {
			return false, fmt.Errorf("release: %s: %w", c.Name, ErrOtherCells)
		}
	}
	if _, known := r.booked(c.Kind, c.Name, c.Made); known {
		return false, nil
	}
	if c.Folder != "" {
		if e.Folder, err = r.key.Seal(sealedFolder, []byte(c.Folder)); err != nil {
			return false, err
		}
	}
	if c.Kind == KindPublication {
		if e.Cells, err = r.key.Seal(publishedCells, c.Cells); err != nil {
			return false, err
		}
	}
	return true, r.append(e, c.Census)
}

// Unplanned names the editions of c's kind whose days meet those of c and that left under
// another analysis plan than c's, or under none. One that was recalled had been seen.
func (r *Register) Unplanned(c Candidate) []string {
	var out []string
	for _, e := range r.entries {
		if e.Kind == c.Kind && e.Plan != c.Plan && e.Start <= c.End && c.Start <= e.End &&
			r.fate(e) != KindWithdraw && !slices.Contains(out, e.Name) {
			out = append(out, e.Name)
		}
	}
	return out
}

// Tables are what has left of tables that researchers asked for, in the order they left;
// one that was taken back was read by somebody.
func (r *Register) Tables() (asked []string) {
	for _, e := range r.entries {
		if e.Kind == KindTables && r.fate(e) != KindWithdraw {
			asked = append(asked, e.Asked)
		}
	}
	return asked
}

func (r *Register) census(e Entry) (*Census, error) {
	text, err := r.key.Open("release/census", e.Census)
	if err != nil {
		return nil, fmt.Errorf("release: line %d: %w", e.Number, err)
	}
	c := &Census{}
	if err := c.unmarshal(text); err != nil {
		return nil, fmt.Errorf("release: line %d: %w: %w", e.Number, err, ErrDamaged)
	}
	return c, nil
}
