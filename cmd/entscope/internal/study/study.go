// Package study reads study.toml, the one description of a batch: which logs,
// which directory, which policies, where results go.
//
// Reading is strict. An unknown key is an error that shows its line, and every
// fault of the file is reported at once. Paths are relative to the file. No
// secret stands in it: the key is a file of its own.
package study

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/policy/keyline"
)

// Study is a checked study.toml.
type Study struct {
	// Dir is the folder of study.toml; every path of the file starts there.
	Dir string `toml:"-"`
	// Hash is the SHA-256 of what study.toml and the policies it names mean.
	Hash string `toml:"-"`
	// PolicyHash is that of the policies of the editions alone.
	PolicyHash string `toml:"-"`

	// what is studied and when
	About About `toml:"study" need:"yes"`
	// where the master key lies
	Key Key `toml:"key" need:"yes"`
	// one for each feed of events
	Sources []Source `toml:"source" need:"yes"`
	// which service a name in the logs is, beyond the built-in catalog
	Catalog Catalog `toml:"catalog"`
	// who has which account and who is whose guardian
	Directory Directory `toml:"directory"`
	// public data on schools and days
	Reference Reference `toml:"reference"`
	// what is kept alongside the logs, by name; see entscope help registers
	Registers map[string]*Table `toml:"registers" words:"@registers"`
	// Objections lists the persons who object to being studied: nothing of them reaches the restricted zone.
	Objections *Table `toml:"objections"`
	// days before which families should be ready
	Deadlines []Deadline `toml:"deadline"`
	// events of the world before and after which series are compared
	Events []Event `toml:"event"`
	// the privacy policies; see entscope help policy
	Policies Policies `toml:"policies" need:"yes"`
	// which questions are computed; see entscope help indicators
	Indicators Indicators `toml:"indicators"`
	// what was written down before the edition was opened; see entscope help plan
	Plan Plan `toml:"plan"`
	// the folders of the three zones
	Output Output `toml:"output" need:"yes"`
	// bounds of memory, threads and rejects
	Limits Limits `toml:"limits" need:"yes"`
	// what computes the behaviours of a study that one machine does not hold
	Engine Engine `toml:"engine"`
	// an S3-compatible store that holds the restricted zone; output.restricted is its cache then
	Store Store `toml:"store"`
	// what the controller states to the data-protection officer and to families; nothing is published without
	Legal Legal `toml:"legal"`

	lines keyline.Lines
	unfit error // what of the text does not fit the keys
}

// About says what is studied and when.
type About struct {
	// a word: letters, digits, - and _
	Name string `toml:"name" need:"yes" example:"notes-des-familles"`
	// a word that is part of every pseudonym: studies of another purpose cannot be joined
	Purpose string `toml:"purpose" need:"yes" example:"usages-familles"`
	// a word, printed on pages
	SchoolYear string `toml:"school_year" need:"yes" example:"2025-2026"`
	// a word that names the editions
	Term string `toml:"term" need:"yes" example:"2025-T1"`
	// first local day of the window
	Start toml.LocalDate `toml:"start" need:"yes" example:"2025-09-08"`
	// last local day of the window, included
	End toml.LocalDate `toml:"end" need:"yes" example:"2025-12-14"`
	// of the schools, as the IANA names it, such as "Indian/Reunion"
	Timezone string `toml:"timezone" need:"yes" example:"Europe/Paris"`
	// whose behaviour is studied
	Subject string `toml:"subject" need:"yes" words:"parent,pupil"`
	// the logs are simulated; printed on every page
	Synthetic bool `toml:"synthetic" default:"false"`
	// the edition that this study corrects, said in the manifest of the new one
	Supersedes string `toml:"supersedes"`
}

// Key says where the master key lies; Identity is the age identity that opens it.
type Key struct {
	// the master key, made by entscope key init
	File string `toml:"file" need:"yes" example:"master.key"`
	// the age identity that opens a key sealed with --recipient
	Identity string `toml:"identity"`
}

// Policies are the privacy policies, one file each.
type Policies struct {
	// of the research edition: k, quasi-identifiers, sensitive attributes, cells
	Research string `toml:"research" need:"yes" example:"policies/research.toml"`
	// thresholds of the schools edition
	Schools string `toml:"schools" need:"yes" example:"policies/schools.toml"`
	// protection of what is published
	Publication string `toml:"publication" need:"yes" example:"policies/publication.toml"`
}

// Indicators lists what to compute; an empty list computes all.
type Indicators struct {
	// identifiers of questions; all when empty
	Compute []string `toml:"compute" words:"@questions" example:"L1,N3"`
}

// Plan names the analysis plan of the study.
type Plan struct {
	// the document that entscope plan wrote; without one the report says that nothing was planned
	File string `toml:"file" example:"plan.toml"`
}

// Output names the folders of the three zones.
type Output struct {
	// personal data: pseudonymised events and people
	Restricted string `toml:"restricted" need:"yes" example:"restricted"`
	// for researchers in a secure environment
	Editions string `toml:"editions" need:"yes" example:"editions"`
	// for everybody, once the audit has passed
	Published string `toml:"published" need:"yes" example:"published"`
	// the day the publication is issued, as its pages and its citation say it
	Issued toml.LocalDate `toml:"issued" example:"2026-01-20"`
	// the register of releases; it belongs to the key and to no study
	Releases string `toml:"releases" default:"beside the master key" example:"/srv/keys/entscope.register"`
}

// Read reads and checks the study at path.
func Read(path string) (*Study, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	s, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("study %s: %w", filepath.Base(path), err)
	}
	if s.Dir, err = filepath.Abs(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("study: %w", err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("study %s: %w", filepath.Base(path), err)
	}
	if err := s.hash(data); err != nil {
		return nil, fmt.Errorf("study %s: %w", filepath.Base(path), err)
	}
	return s, nil
}

// turning finds a character that turns the direction of writing, or its escape.
var turning = regexp.MustCompile(`[\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]|` +
	`(?i)\\u(0000)?(061c|200[ef]|202[a-e]|206[6-9])`)

// parse reads the text of a study. Characters that turn the direction of writing are
// refused, since they make a line read as what it is not, here and on a page.
func parse(data []byte) (*Study, error) {
	for i, line := range bytes.Split(data, []byte("\n")) {
		if turning.Match(line) {
			return nil, fmt.Errorf("line %d: it holds an invisible character that turns the direction of writing", i+1)
		}
	}
	s := &Study{}
	lines, filled, err := keyline.Decode(data, s, Words())
	if !filled {
		return nil, err
	}
	s.lines, s.unfit = lines, err
	return s, nil
}

var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// check reports every fault of the study at once. What is not set has been found
// when the text was read.
func (s *Study) check() error {
	faults := []error{s.unfit}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, f := range []struct{ key, value string }{
		{"study.name", s.About.Name}, {"study.purpose", s.About.Purpose},
		{"study.school_year", s.About.SchoolYear}, {"study.term", s.About.Term},
	} {
		if f.value != "" && !word.MatchString(f.value) {
			fault("%s: %q is not a word of letters, digits, - and _", s.where(f.key, f.key), f.value)
		}
	}
	unset := toml.LocalDate{}
	if s.About.Start != unset && s.About.End != unset && s.Window().Days() < 1 {
		fault("%s: the window is empty", s.where("study.start, study.end", "study.start"))
	}
	if s.Output.Issued != unset && s.Output.Issued.AsTime(time.UTC).Before(s.About.End.AsTime(time.UTC)) {
		fault("%s: %s is before the end of the study", s.where("output.issued", "output.issued"), s.Output.Issued)
	}
	if s.About.Timezone != "" {
		if _, err := time.LoadLocation(s.About.Timezone); err != nil {
			at := s.where("study.timezone", "study.timezone")
			fault("%s: %q is not a time zone, such as Europe/Paris", at, s.About.Timezone)
		}
	}
	s.checkSources(fault)
	s.checkTables(fault)
	s.checkDeclared(fault)
	s.checkCatalog(fault)
	s.checkPaths(fault)
	s.checkLimits(fault)
	s.checkEngine(fault)
	s.checkStore(fault)
	return errors.Join(faults...)
}

// Path is name relative to the study's folder.
func (s *Study) Path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.Dir, name)
}

// Issued is the day of issue, as an ISO date; empty where it is not said.
func (s *Study) Issued() string {
	if s.Output.Issued == (toml.LocalDate{}) {
		return ""
	}
	return s.Output.Issued.String()
}
