// Package study reads study.toml, the one description of a batch: which logs,
// which directory, which policies, where results go.
//
// Reading is strict. An unknown key is an error that shows its line, and every
// fault of the file is reported at once. Paths are relative to the file. No
// secret stands in it: the key is a file of its own.
package study

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/anonymize/policy/keyline"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/format/mapped"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/source"
	"github.com/entscope/entscope/ingest/tabular"
)

// Study is a checked study.toml.
type Study struct {
	// Dir is the folder of study.toml; every path of the file starts there.
	Dir string `toml:"-"`
	// Hash is the SHA-256 of what study.toml and the policies it names mean.
	Hash string `toml:"-"`

	About     About     `toml:"study"`
	Key       Key       `toml:"key"`
	Sources   []Source  `toml:"source"`
	Catalog   Catalog   `toml:"catalog"`
	Directory Directory `toml:"directory"`
	Reference Reference `toml:"reference"`
	// Registers are the tables of register.All that the study has, by name.
	Registers  map[string]*Table `toml:"registers"`
	Deadlines  []Deadline        `toml:"deadline"`
	Events     []Event           `toml:"event"`
	Policies   Policies          `toml:"policies"`
	Indicators Indicators        `toml:"indicators"`
	Output     Output            `toml:"output"`
	Limits     Limits            `toml:"limits"`
	Legal      Legal             `toml:"legal"`

	lines keyline.Lines
}

// About says what is studied and when.
type About struct {
	// needed; a word: letters, digits, - and _
	Name string `toml:"name"`
	// needed; a word that is part of every pseudonym: studies of another purpose cannot be joined
	Purpose string `toml:"purpose"`
	// needed; such as "2025-2026"
	SchoolYear string `toml:"school_year"`
	// needed; names the editions, such as "2025-T1"
	Term string `toml:"term"`
	// needed; first local day of the window
	Start toml.LocalDate `toml:"start"`
	// needed; last local day of the window, included
	End toml.LocalDate `toml:"end"`
	// needed; of the schools, such as "Europe/Paris" or "Indian/Reunion"
	Timezone string `toml:"timezone"`
	// needed; whose behaviour is studied: "parent" or "pupil"
	Subject string `toml:"subject"`
	// the logs are simulated; printed on every page
	Synthetic bool `toml:"synthetic"`
	// the edition that this study corrects, said in the manifest of the new one
	Supersedes string `toml:"supersedes"`
}

// Key says where the master key lies; Identity is the age identity that opens it.
type Key struct {
	// needed; the master key, made by entscope key init
	File string `toml:"file"`
	// the age identity that opens a key sealed with --recipient
	Identity string `toml:"identity"`
}

// Source is one feed of events.
type Source struct {
	// needed; a word that names the feed in every count
	Name string `toml:"name"`
	// needed; one of the formats of ingest/format/FORMATS.md
	Format string `toml:"format"`
	// What the format reads, by format.
	format.Settings
	// needed; files and patterns such as "inbox/*.log.gz", or "-" for standard input
	Files []string `toml:"files"`
	// needed; the namespace of the account identifiers in the feed, as an account list declares it
	Accounts string `toml:"accounts"`
	// of the times in the feed that carry no zone; the study's if unset
	Timezone string `toml:"timezone"`
	// UAI of the one school that the whole feed speaks of
	School string `toml:"school"`
	// a regular expression whose first group finds the school's UAI in the file's path
	SchoolPattern string `toml:"school_pattern"`
	// where deliveries are fetched from, into the folder of the first pattern; see entscope help sources
	Pull *source.Remote `toml:"pull"`
}

// Remote is where the source's deliveries come from, with paths and days of the
// study; ok is false for a source of local files.
func (s *Study) Remote(src Source) (r source.Remote, ok bool) {
	if src.Pull == nil {
		return source.Remote{}, false
	}
	zone := src.Timezone
	if zone == "" {
		zone = s.About.Timezone
	}
	return src.Pull.Within(s.Dir, s.About.Start, s.About.End, zone), true
}

// Table is a mapped CSV that is no feed of events.
type Table struct {
	// needed; files and patterns
	Files []string `toml:"files"`
	// the namespace of the identifiers in it, where these are not the directory's
	Accounts string `toml:"accounts"`
	// needed; how its columns are read
	CSV tabular.Mapping `toml:"csv"`
}

// Directory says who has which account and who is whose guardian.
type Directory struct {
	// AAF XML exports: pupils, guardians, links, schools
	AAF []string `toml:"aaf"`
	// SIECLE exports
	SIECLE []string `toml:"siecle"`
	// CSV imports of entcore and Onde; the UAI stands in the path
	Imports []string `toml:"imports"`
	// one list for each platform: whose account is whose
	Accounts []Table `toml:"accounts"`
	// people and their links as plain CSV, where there is no AAF, SIECLE or import
	Persons []Table `toml:"persons"`
	// accounts that are one person
	Merges []Table `toml:"merges"`
}

// Reference is public data on schools and days.
type Reference struct {
	// UAI, level, IPS, REP status, sector, académie, zone, opening of the ENT
	Schools *Table `toml:"schools"`
	// the ministry's calendar of school holidays
	Calendar *FileGlobs `toml:"calendar"`
}

// FileGlobs is a list of files in a format of their own.
type FileGlobs struct {
	// needed; files and patterns
	Files []string `toml:"files"`
}

// Policies are the privacy policies, one file each.
type Policies struct {
	// needed; of the research edition: k, quasi-identifiers, sensitive attributes, cells
	Research string `toml:"research"`
	// needed; thresholds of the schools edition
	Schools string `toml:"schools"`
	// needed; protection of what is published
	Publication string `toml:"publication"`
}

// Indicators lists what to compute; an empty list computes all.
type Indicators struct {
	// identifiers of questions, such as ["L1", "N3"]; all when empty
	Compute []string `toml:"compute"`
}

// Output names the folders of the three zones.
type Output struct {
	// needed; personal data: pseudonymised events and people
	Restricted string `toml:"restricted"`
	// needed; for researchers in a secure environment
	Editions string `toml:"editions"`
	// needed; for everybody, once the audit has passed
	Published string `toml:"published"`
}

// Legal is what the controller states to the data-protection officer; the audit
// prints it as stated, and says what is missing.
type Legal struct {
	// who decides why and how the data are processed
	Controller string `toml:"controller"`
	// who processes them on the controller's behalf
	Processors string `toml:"processors"`
	// article 6 GDPR, and the text that founds it
	LegalBasis string `toml:"legal_basis"`
	// why research is compatible with the purpose the logs were kept for
	Compatibility string `toml:"compatibility"`
	// reference of the impact assessment
	DPIA string `toml:"dpia"`
	// agreement with those who receive the edition
	Convention string `toml:"convention"`
	// how families were informed
	Notice string `toml:"notice"`
	// how a family objects, and what happens then
	Objections string `toml:"objections"`
	// who holds the master key
	KeyCustodians string `toml:"key_custodians"`
	// how long the restricted zone is kept, such as "12 months": an older one ends each run with exit code 3
	Retention string `toml:"retention"`
	// when all this is looked at again
	NextReview string `toml:"next_review"`
}

// Limits bound the batch.
type Limits struct {
	// needed; MiB, at least 128: 40 % for the engine, the rest for Go
	MemoryMB int `toml:"memory_mb"`
	// needed; threads of the engine and of ingestion
	Threads int `toml:"threads"`
	// needed; above 0, at most 1: a delivery with a larger share of rejected records is set aside; a feed ends the run
	// (exit code 5)
	MaxRejectShare float64 `toml:"max_reject_share"`
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
	var s Study
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		var unknown *toml.StrictMissingError
		if errors.As(err, &unknown) {
			return nil, fmt.Errorf("unknown key\n%s", unknown.String())
		}
		var at *toml.DecodeError
		if errors.As(err, &at) {
			row, _ := at.Position()
			return nil, fmt.Errorf("line %d: %w\n%s", row, at, at.String())
		}
		return nil, err
	}
	s.lines = keyline.Read(data)
	return &s, nil
}

var word = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// check reports every fault of the study at once.
func (s *Study) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, f := range []struct{ key, value string }{
		{"study.name", s.About.Name}, {"study.purpose", s.About.Purpose},
		{"study.school_year", s.About.SchoolYear}, {"study.term", s.About.Term},
	} {
		if !word.MatchString(f.value) {
			fault("%s: %q is not a word of letters, digits, - and _", f.key, f.value)
		}
	}
	if s.About.Subject != "parent" && s.About.Subject != "pupil" {
		fault("%s: %q is neither parent nor pupil", s.where("study.subject", "study.subject"), s.About.Subject)
	}
	if s.Window().Days() < 1 {
		fault("study.start, study.end: the window is empty")
	}
	if _, err := time.LoadLocation(s.About.Timezone); err != nil || s.About.Timezone == "" {
		at := s.where("study.timezone", "study.timezone")
		fault("%s: %q is not a time zone, such as Europe/Paris", at, s.About.Timezone)
	}
	if s.Key.File == "" {
		fault("key.file is not set; hint: entscope key init --out FILE")
	}
	s.checkSources(fault)
	s.checkTables(fault)
	s.checkDeclared(fault)
	for _, f := range []struct{ key, value string }{
		{"policies.research", s.Policies.Research}, {"policies.schools", s.Policies.Schools},
		{"policies.publication", s.Policies.Publication}, {"output.restricted", s.Output.Restricted},
		{"output.editions", s.Output.Editions}, {"output.published", s.Output.Published},
	} {
		if f.value == "" {
			fault("%s is not set", f.key)
		}
	}
	s.checkPaths(fault)
	if s.Limits.MemoryMB < 128 {
		fault("limits.memory_mb: %d is not at least 128", s.Limits.MemoryMB)
	}
	if s.Limits.Threads < 1 {
		fault("limits.threads: %d is not at least 1", s.Limits.Threads)
	}
	if s.Limits.MaxRejectShare <= 0 || s.Limits.MaxRejectShare > 1 {
		fault("limits.max_reject_share: %g is not above 0 and at most 1", s.Limits.MaxRejectShare)
	}
	return errors.Join(faults...)
}

func (s *Study) checkSources(fault func(string, ...any)) {
	if len(s.Sources) == 0 {
		fault("source: the study has no feed")
	}
	if len(s.Sources) > 127 {
		fault("source: %d feeds, at most 127", len(s.Sources))
	}
	seen, piped := map[string]bool{}, ""
	for i, src := range s.Sources {
		at, path := fmt.Sprintf("source %d (%s)", i+1, src.Name), fmt.Sprintf("source[%d]", i)
		if !word.MatchString(src.Name) || seen[src.Name] {
			fault("%s: name is missing, not a word, or used twice", at)
		}
		seen[src.Name] = true
		if f, err := format.Lookup(src.Format); err != nil {
			fault("%s: %w", s.where(at, path+".format"), err)
		} else if err := f.Check(&src.Settings); err != nil {
			fault("%s: %w", at, err)
		}
		if len(src.Files) == 0 {
			fault("%s: files is empty", at)
		}
		if slices.Contains(src.Files, source.Stdin) {
			if piped != "" {
				fault("%s: standard input (\"-\") belongs to source %s already", at, piped)
			}
			if src.Pull != nil {
				fault("%s: a source with [source.pull] does not read standard input", at)
			}
			piped = src.Name
		}
		if src.Accounts == "" {
			fault("%s: accounts (the namespace of its account ids) is not set", at)
		}
		if src.CSV != nil {
			s.mappingFaults(mapped.Check(src.CSV), fault, at, path+".csv")
		}
		if r, ok := s.Remote(src); ok {
			if err := r.Check(); err != nil {
				fault("%s: [source.pull]: %w", s.where(at, path+".pull.kind"), err)
			}
			if len(src.Files) > 0 && strings.ContainsAny(filepath.Dir(src.Files[0]), "*?[") {
				fault("%s: [source.pull] needs a first pattern whose folder is plain", at)
			}
		}
		if src.Timezone != "" {
			if _, err := time.LoadLocation(src.Timezone); err != nil {
				fault("%s: timezone %q is unknown", s.where(at, path+".timezone"), src.Timezone)
			}
		}
		if _, err := regexp.Compile(src.SchoolPattern); err != nil {
			fault("%s: school_pattern: %v", at, err)
		}
	}
}

func (s *Study) checkTables(fault func(string, ...any)) {
	check := func(at, path string, t *Table, fields []tabular.Field) {
		if t == nil {
			return
		}
		if len(t.Files) == 0 {
			fault("%s: files is empty", at)
		}
		s.mappingFaults(t.CSV.CheckFields(fields), fault, at, path+".csv")
	}
	for i := range s.Directory.Accounts {
		at := fmt.Sprintf("directory.accounts %d", i+1)
		if s.Directory.Accounts[i].Accounts == "" {
			fault("%s: accounts (the namespace) is not set", at)
		}
		check(at, fmt.Sprintf("directory.accounts[%d]", i), &s.Directory.Accounts[i], directory.AccountFields)
	}
	for i := range s.Directory.Persons {
		check(fmt.Sprintf("directory.persons %d", i+1), fmt.Sprintf("directory.persons[%d]", i),
			&s.Directory.Persons[i], directory.PersonFields)
	}
	for i := range s.Directory.Merges {
		check(fmt.Sprintf("directory.merges %d", i+1), fmt.Sprintf("directory.merges[%d]", i), &s.Directory.Merges[i],
			directory.MergeFields)
	}
	if t := s.Reference.Schools; t != nil && len(t.CSV.Columns) > 0 { // open data needs no mapping
		check("reference.schools", "reference.schools", t, directory.SchoolFields)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Registers)) {
		at := "registers." + name
		if r := register.Named(name); r != nil {
			check(at, at, s.Registers[name], r.Tabular())
			s.checkAccounts(at, s.Registers[name], fault)
		} else {
			fault("%s: %w", s.where("registers", at), vocabulary.Unknown(name, register.Names()))
		}
	}
}

// checkAccounts checks the namespace of the accounts that a register names.
func (s *Study) checkAccounts(at string, t *Table, fault func(string, ...any)) {
	var known []string
	for _, t := range slices.Concat(s.Directory.Accounts, s.Directory.Persons) {
		if t.Accounts != "" && !slices.Contains(known, t.Accounts) {
			known = append(known, t.Accounts)
		}
	}
	if t.Accounts != "" && !slices.Contains(known, t.Accounts) {
		fault("%s: accounts %q is the namespace of no table of the directory (%s)", at, t.Accounts,
			strings.Join(known, ", "))
	}
}

// hash covers what decides the output: the meaning of the study and of its policies,
// not how they are written, how much memory and how many threads may be used, nor the
// key. A comment makes no new edition.
func (s *Study) hash(data []byte) error {
	h := sha256.New()
	for _, name := range []string{"", s.Policies.Research, s.Policies.Schools, s.Policies.Publication} {
		if name != "" {
			var err error
			if data, err = os.ReadFile(s.Path(name)); err != nil {
				return fmt.Errorf("policy: %w", err)
			}
		}
		meaning, err := meaningOf(data)
		if err != nil && name == "" {
			return err
		}
		if err != nil { // said by whoever reads the policy
			meaning = data
		}
		fmt.Fprintf(h, "%d\x00%s", len(meaning), meaning)
	}
	s.Hash = hex.EncodeToString(h.Sum(nil))
	return nil
}

// meaningOf is a TOML text as JSON, keys sorted, without what no output depends on.
func meaningOf(text []byte) ([]byte, error) {
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	if limits, ok := tree["limits"].(map[string]any); ok {
		delete(limits, "memory_mb")
		delete(limits, "threads")
	}
	return json.Marshal(tree)
}

// Path is name relative to the study's folder.
func (s *Study) Path(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.Dir, name)
}

// Window is the study's period in days since 1970-01-01, both included.
type Window struct{ Start, End int32 }

// Days is the number of days of the window.
func (w Window) Days() int32 { return w.End - w.Start + 1 }

// Window returns the study's period.
func (s *Study) Window() Window {
	return Window{Start: day(s.About.Start), End: day(s.About.End)}
}

func day(d toml.LocalDate) int32 {
	return int32(d.AsTime(time.UTC).Unix() / 86400)
}
