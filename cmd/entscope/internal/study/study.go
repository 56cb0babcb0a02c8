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

	"github.com/entscope/entscope/anonymize/policy/keyline"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/format/mapped"
	"github.com/entscope/entscope/ingest/join"
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
	// the folders of the three zones
	Output Output `toml:"output" need:"yes"`
	// bounds of memory, threads and rejects
	Limits Limits `toml:"limits" need:"yes"`
	// what the controller states to the data-protection officer
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

// Source is one feed of events.
type Source struct {
	// a word that names the feed in every count
	Name string `toml:"name" need:"yes" example:"cas"`
	// what writes the feed
	Format string `toml:"format" need:"yes" words:"@formats"`
	// What the format reads, by format.
	format.Settings
	// files and patterns, or "-" for standard input
	Files []string `toml:"files" need:"yes" example:"inbox/*.log.gz"`
	// the namespace of the account identifiers in the feed, as an account list declares it
	Accounts string `toml:"accounts" need:"yes" example:"cas"`
	// of the times in the feed that carry no zone; the study's if unset
	Timezone string `toml:"timezone"`
	// UAI of the one school that the whole feed speaks of
	School string `toml:"school" example:"0750001A"`
	// a regular expression whose first group finds the school's UAI in the file's path
	SchoolPattern string `toml:"school_pattern" example:"([0-9]{7}[A-Z])"`
	// how many records its deliveries have in all, where it is known; fewer are a warning, or end the run beyond
	// limits.max_loss_share
	Expect int64 `toml:"expect" example:"1204311"`
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
	// files and patterns
	Files []string `toml:"files" need:"yes"`
	// the namespace of the identifiers in it, where these are not the directory's
	Accounts string `toml:"accounts"`
	// needed, but for schools in the ministry's own headings; how its columns are read
	CSV tabular.Mapping `toml:"csv"`
	// how many rows its files have in all, without headings, where it is known: another number is a warning, fewer
	// beyond limits.max_loss_share end the run
	Expect int64 `toml:"expect" example:"48210"`
}

// Directory says who has which account and who is whose guardian.
type Directory struct {
	// AAF XML exports: pupils, guardians, links, schools
	AAF []string `toml:"aaf" example:"aaf/*.xml"`
	// SIECLE exports
	SIECLE []string `toml:"siecle" example:"siecle/*.zip"`
	// CSV imports of entcore and Onde; the UAI stands in the path
	Imports []string `toml:"imports" example:"imports/0750001A/*.csv"`
	// one list for each platform: whose account is whose
	Accounts []Table `toml:"accounts"`
	// people and their links as plain CSV, where there is no AAF, SIECLE or import
	Persons []Table `toml:"persons"`
	// accounts that are one person
	Merges []Table `toml:"merges"`
	// how many records the exports have, where it is known
	Expect Expect `toml:"expect"`
}

// Expect are the numbers of records of exports that are no tables: another number is a
// warning, fewer beyond limits.max_loss_share end the run.
type Expect struct {
	// requests in all AAF files
	AAF int64 `toml:"aaf"`
	// pupils, persons and links in all SIECLE files
	SIECLE int64 `toml:"siecle"`
	// rows in all imports, without headings
	Imports int64 `toml:"imports"`
}

// Reference is public data on schools and days.
type Reference struct {
	// UAI, level, IPS, REP status, sector, académie, zone, opening of the ENT
	Schools *Table `toml:"schools"`
	// the ministry's calendar of school holidays
	Calendar *FileGlobs `toml:"calendar"`
	// the national open data, profils-appareils of the DNMA and IPS files: the report and the school pages show the share
	// of parents' visits on a phone in France, of the same level and quintile of IPS, beside their own
	National *FileGlobs `toml:"national"`
}

// FileGlobs is a list of files in a format of their own.
type FileGlobs struct {
	// files and patterns
	Files []string `toml:"files" need:"yes"`
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

// Output names the folders of the three zones.
type Output struct {
	// personal data: pseudonymised events and people
	Restricted string `toml:"restricted" need:"yes" example:"restricted"`
	// for researchers in a secure environment
	Editions string `toml:"editions" need:"yes" example:"editions"`
	// for everybody, once the audit has passed
	Published string `toml:"published" need:"yes" example:"published"`
	// the register of releases; it belongs to the key and to no study
	Releases string `toml:"releases" default:"beside the master key" example:"/srv/keys/entscope.releases"`
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
	// how long the restricted zone is kept: an older one ends each run with exit code 3
	Retention string `toml:"retention" example:"12 months"`
	// when all this is looked at again
	NextReview string `toml:"next_review"`
}

// Limits bound the batch.
type Limits struct {
	// MiB, at least 128: 40 % for the engine, the rest for Go
	MemoryMB int `toml:"memory_mb" need:"yes" example:"2048"`
	// threads of the engine and of ingestion
	Threads int `toml:"threads" need:"yes" example:"2"`
	// above 0, at most 1: a delivery with a larger share of rejected records is set aside; a feed ends the run (exit
	// code 5)
	MaxRejectShare float64 `toml:"max_reject_share" need:"yes" example:"0.02"`
	// 0.5 if unset: the least share of the accounts of a feed that the directory knows, and of each other join; below,
	// the run ends (exit code 5)
	MinKnownShare *float64 `toml:"min_known_share" example:"0.5"`
	// 0.8 if unset: a join below this share is a warning (exit code 3)
	SureKnownShare *float64 `toml:"sure_known_share" example:"0.8"`
	// 0.1 if unset: the share of pupils, links, accounts of a list or rows of a register that may be gone since they
	// were accepted last; beyond, the run ends (exit code 5), and from 0.4 % on it is a warning
	MaxLossShare *float64 `toml:"max_loss_share" example:"0.1"`
}

// Shares a study need not set.
const (
	minKnownShare  = 0.5
	sureKnownShare = 0.8
	maxLossShare   = 0.1
)

// Joins are the floors of the joins.
func (l *Limits) Joins() join.Floors {
	known := shareOr(l.MinKnownShare, minKnownShare)
	return join.Floors{Known: known, Sure: shareOr(l.SureKnownShare, max(known, sureKnownShare))}
}

// LossShare is the share of a table that may be gone.
func (l *Limits) LossShare() float64 { return shareOr(l.MaxLossShare, maxLossShare) }

func shareOr(share *float64, unset float64) float64 {
	if share == nil {
		return unset
	}
	return *share
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
	return errors.Join(faults...)
}

func (s *Study) checkLimits(fault func(string, ...any)) {
	joins, loss := s.Limits.Joins(), s.Limits.LossShare()
	for _, l := range []struct {
		key    string
		within bool
		format string
		value  any
	}{
		{"memory_mb", s.Limits.MemoryMB >= 128, "%d is not at least 128", s.Limits.MemoryMB},
		{"threads", s.Limits.Threads >= 1, "%d is not at least 1", s.Limits.Threads},
		{"max_reject_share", s.Limits.MaxRejectShare > 0 && s.Limits.MaxRejectShare <= 1,
			"%g is not above 0 and at most 1", s.Limits.MaxRejectShare},
		{"min_known_share", isShare(joins.Known), "%g is not a share from 0 to 1", joins.Known},
		{"sure_known_share", isShare(joins.Sure) && joins.Sure >= joins.Known,
			"%g is not a share from min_known_share to 1", joins.Sure},
		{"max_loss_share", isShare(loss), "%g is not a share from 0 to 1", loss},
	} {
		if path := "limits." + l.key; !l.within && s.lines[path] > 0 {
			fault("%s: "+l.format, s.where(path, path), l.value)
		}
	}
}

func isShare(x float64) bool { return x >= 0 && x <= 1 }

func (s *Study) checkSources(fault func(string, ...any)) {
	if len(s.Sources) > 127 {
		fault("source: %d feeds, at most 127", len(s.Sources))
	}
	seen, piped := map[string]bool{}, ""
	for i, src := range s.Sources {
		at, path := fmt.Sprintf("source %d (%s)", i+1, src.Name), fmt.Sprintf("source[%d]", i)
		if src.Name != "" && (!word.MatchString(src.Name) || seen[src.Name]) {
			fault("%s: name is not a word, or used twice", s.where(at, path+".name"))
		}
		seen[src.Name] = true
		if f, err := format.Lookup(src.Format); err == nil {
			if err := f.Check(&src.Settings); err != nil {
				fault("%s: %w", s.where(at, path), err)
			}
		}
		if src.Files != nil && len(src.Files) == 0 {
			fault("%s: files is empty", s.where(at, path+".files"))
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
		s.checkLooked(src, path, at, fault)
		if src.CSV != nil {
			s.mappingFaults(mapped.Check(src.CSV), fault, at, path+".csv")
		}
		if r, ok := s.Remote(src); ok {
			if err := r.Check(); err != nil && slices.Contains(source.Kinds, r.Kind) {
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
			fault("%s: school_pattern: %v", s.where(at, path+".school_pattern"), err)
		}
	}
}

func (s *Study) checkTables(fault func(string, ...any)) {
	check := func(at, path string, t *Table, fields []tabular.Field) {
		if t == nil {
			return
		}
		if t.Files != nil && len(t.Files) == 0 {
			fault("%s: files is empty", s.where(at, path+".files"))
		}
		if s.lines[path+".csv"] == 0 && len(t.CSV.Columns)+len(t.CSV.Constants) == 0 {
			fault("%s: csv is not set: it says which column is which field (%s)", s.where(at, path),
				strings.Join(names(fields), ", "))
			return
		}
		s.mappingFaults(t.CSV.CheckFields(fields), fault, at, path+".csv")
	}
	for i := range s.Directory.Accounts {
		at, path := fmt.Sprintf("directory.accounts %d", i+1), fmt.Sprintf("directory.accounts[%d]", i)
		if s.Directory.Accounts[i].Accounts == "" {
			fault("%s: accounts is not set: the namespace of its account ids, as the feeds name it", s.where(at, path))
		}
		check(at, path, &s.Directory.Accounts[i], directory.AccountFields)
	}
	for i := range s.Directory.Persons {
		check(fmt.Sprintf("directory.persons %d", i+1), fmt.Sprintf("directory.persons[%d]", i),
			&s.Directory.Persons[i], directory.PersonFields)
	}
	for i := range s.Directory.Merges {
		check(fmt.Sprintf("directory.merges %d", i+1), fmt.Sprintf("directory.merges[%d]", i),
			&s.Directory.Merges[i], directory.MergeFields)
	}
	if t := s.Objections; t != nil {
		check("objections", "objections", t, directory.ObjectionFields)
		s.checkAccounts("objections", t, fault)
	}
	if t := s.Reference.Schools; t != nil && len(t.CSV.Columns) > 0 { // open data needs no mapping
		check("reference.schools", "reference.schools", t, directory.SchoolFields)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Registers)) {
		at := "registers." + name
		if r := register.Named(name); r != nil {
			check(at, at, s.Registers[name], r.Tabular())
			s.checkAccounts(at, s.Registers[name], fault)
		}
	}
}

// names are those of the fields.
func names(fields []tabular.Field) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Name
	}
	return list
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
		fault("%s: accounts %q is the namespace of no table of the directory (%s)", s.where(at, at+".accounts"),
			t.Accounts, strings.Join(known, ", "))
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
