package edition

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Manifest says what an edition is and what it promises. It is written last;
// a folder without it is not an edition. It holds no clock and no path.
type Manifest struct {
	Version   int    `json:"version"` // of this schema: 1
	Kind      string `json:"kind"`    // research or schools
	Study     string `json:"study"`
	Term      string `json:"term"`
	Start     string `json:"start"` // ISO dates, both included
	End       string `json:"end"`
	Subject   string `json:"subject"` // parent or pupil
	Synthetic bool   `json:"synthetic"`
	// Software, InputHash, ConfigHash and KeyID say what it was made from.
	Software   string `json:"software"`
	InputHash  string `json:"input_hash,omitempty"`
	ConfigHash string `json:"config_hash"`
	KeyID      string `json:"key_id"`
	Supersedes string `json:"supersedes,omitempty"`
	// Booking is where the edition stands in the register of releases.
	Booking Booking `json:"register"`
	Files   []File  `json:"files"`
	// Population counts those in scope before any suppression: persons, children and families with the noise of a
	// cell of them, and no fewer persons than rows that left.
	Population Population `json:"population"`
	// Anonymity is what the person table promises; nil in a schools edition.
	Anonymity *Anonymity `json:"anonymity,omitempty"`
	// Thresholds are what the cell tables promise.
	Thresholds Thresholds `json:"thresholds"`
	// Perturbation is the noise of the cell tables.
	Perturbation Perturbation `json:"perturbation"`
	// Widths are what protection costs, by table: sums and the person table.
	Widths map[string]Widths `json:"widths,omitempty"`
	// Recounted names the counts of the restricted zone that were made twice before the
	// operator signed, by separate SQL, with the same result. The numbers stay in the house.
	Recounted []string `json:"recounted,omitempty"`
	// Joins say how well the inputs fit together; JoinFloor is the least share that
	// the study takes, in percent.
	Joins     []Join `json:"joins,omitempty"`
	JoinFloor int64  `json:"join_floor,omitempty"`
	// Declared are the events and deadlines that the study names.
	Declared []Declared `json:"declared,omitempty"`
	// Plan is the analysis plan that the study named when this was made; nil for none.
	Plan *Plan `json:"plan,omitempty"`
	// Combined are the editions whose cells this one puts together, of another controller each
	// (package combine); nil of an edition that was made from logs.
	Combined []Part `json:"combined,omitempty"`
	// Unnamed names, for each of the Families that an earlier edition of these schools told already, that edition; this
	// one tells nothing of them then.
	Unnamed map[string]string `json:"unnamed,omitempty"`
	// Notes are sentences for people: what was left out and why.
	Notes []string `json:"notes"`
}

// Part is one of the editions that a combination puts together.
type Part struct {
	// Name is the study's, with the check value of its key where two studies have one name.
	Name       string     `json:"name"`
	Manifest   string     `json:"manifest"` // SHA-256 of its manifest
	KeyID      string     `json:"key_id"`
	Population Population `json:"population"`
	// Clusters is how many of the clusters are its own: those of a part follow those of the parts before,
	// from 0.
	Clusters int32 `json:"clusters"`
}

// WidthsWithin is the ratio of widths that protection should cost at most.
const WidthsWithin = 1.2

// Widths compares the intervals that a protected table gives with those of all persons and
// all schools, unprotected, over the figures that had one. It is measured inside the wall.
type Widths struct {
	Figures int64   `json:"figures"`
	Lost    int64   `json:"lost"`   // have no interval any more
	Median  float64 `json:"median"` // width on the unprotected one, of those that are left
	Mean    float64 `json:"mean"`   // of the same
	Within  float64 `json:"within"` // share of all with a ratio of at most WidthsWithin
}

// Cost notes what the protection of a table costs; nil is nothing to compare.
func (m *Manifest) Cost(table string, w *Widths) {
	if w == nil {
		return
	}
	if m.Widths == nil {
		m.Widths = map[string]Widths{}
	}
	m.Widths[table] = *w
}

// Plan is an analysis plan by its hash, and the editions of the same period that had been
// made without it before.
type Plan struct {
	SHA256  string   `json:"sha256"`
	Earlier []string `json:"earlier,omitempty"`
}

// Booking is how the register of releases stood before the line of a release: a register
// that has no such head was cut back, or is another one. It names no release.
type Booking struct {
	Lines int    `json:"lines"` // before its own
	Head  string `json:"head"`  // the chain of the last of them, "" of none
}

// Kinds of Declared.
const (
	DeclaredEvent    = "event"
	DeclaredDeadline = "deadline"
)

// Declared is an event of the world (a lockdown, a charter, a rollout, a change of
// publication delay) before and after which series are compared, or a deadline
// before which families should be ready.
type Declared struct {
	Kind  string `json:"kind"` // DeclaredEvent or DeclaredDeadline
	Name  string `json:"name"`
	Label string `json:"label"` // French, as printed
	Start string `json:"start"` // ISO date; of a deadline, its day
	End   string `json:"end,omitempty"`
	// Levels and Grades are whom a deadline concerns; empty means everybody.
	Levels []string `json:"levels,omitempty"`
	Grades []string `json:"grades,omitempty"`
}

// File is one file of the edition.
type File struct {
	Name   string `json:"name"`
	Table  string `json:"table,omitempty"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	Rows   int64  `json:"rows,omitempty"`
}

// Population counts distinct persons in scope. Schools are public, and exact.
type Population struct {
	Persons  int64 `json:"persons"`
	Children int64 `json:"children"`
	Families int64 `json:"families"`
	Schools  int64 `json:"schools"`
}

// Anonymity is the promise of the person table and how it was reached. Every
// number counts distinct persons of the protected units.
type Anonymity struct {
	K                int64            `json:"k"`          // promised
	AchievedK        int64            `json:"achieved_k"` // smallest class
	QuasiIdentifiers []string         `json:"quasi_identifiers"`
	Transformation   map[string]int   `json:"transformation"` // quasi-identifier → level of its hierarchy
	Sensitive        []SensitiveClaim `json:"sensitive"`
	SuppressionLimit float64          `json:"suppression_limit"`
	// In an edition both are what the rows leave of Population, so that they tell no more than these.
	SuppressedPersons int64 `json:"suppressed_persons"`
	SuppressedRows    int64 `json:"suppressed_rows"`
	Classes           int64 `json:"classes"`
	// Metric and ProvedOptimal tell of the search for an edition; a table (package microdata) is silent on it. The
	// value of the metric stands nowhere: with the rows of an edition it would give the persons taken out.
	Metric        string `json:"metric"`
	ProvedOptimal bool   `json:"proved_optimal"`
	// Exchanged says that behaviours were exchanged among the rows of each class.
	Exchanged bool `json:"exchanged"`
	// KnownRows m: k persons have any m rows that a person with several has (k^m-anonymity);
	// WholeProfile: and all of them.
	KnownRows    int  `json:"known_rows,omitempty"`
	WholeProfile bool `json:"whole_profile,omitempty"`
	// Among is the promise against those who hold a table of the persons among whom these
	// are; nil when none was made.
	Among *AmongClaim `json:"among,omitempty"`
	// LeftOut are the behaviours that no row carries, since an attack on them told more than
	// the policy bounds.
	LeftOut []string `json:"left_out,omitempty"`
	// Attacks are those that twins of the table stood; empty when there were too few
	// persons to attack, or none.
	Attacks []AttackResult `json:"attacks,omitempty"`
	// Withheld names the earlier release that holds the rows of these persons; the
	// table is empty then.
	Withheld string `json:"withheld,omitempty"`
	// UnitsK is k by protected unit: account, child, family; of a table person, and the units of its policy. All but
	// the first are counted inside the wall and attested.
	UnitsK map[string]int64 `json:"units_k"`
	// KnownToSchool is what is left to who has the registers of a school as well.
	KnownToSchool *Known `json:"known_to_school,omitempty"`
}

// AmongClaim is a promise against those who hold a population: the least number of its persons
// in a class that leaves (k-map), and the least and the largest share, over its classes, of
// those who are in the table (δ-presence). A bound of 0 was not asked.
type AmongClaim struct {
	Persons          int64   `json:"persons"` // of the population
	KMap             int64   `json:"k_map,omitempty"`
	AchievedKMap     int64   `json:"achieved_k_map"`
	DeltaMin         float64 `json:"delta_min,omitempty"`
	DeltaMax         float64 `json:"delta_max,omitempty"`
	AchievedDeltaMin float64 `json:"achieved_delta_min"`
	AchievedDeltaMax float64 `json:"achieved_delta_max"`
}

// Known counts the rows of the person table, as they leave, that the quasi-identifiers and the
// columns that a register knows tell apart from all others.
type Known struct {
	Columns []string `json:"columns"`
	Unique  int64    `json:"unique"`
}

// AgainstTable is the Against of a bound that says nothing of what leaves.
const AgainstTable = "table"

// SensitiveClaim is one promised bound on a sensitive attribute.
type SensitiveClaim struct {
	Name string `json:"name"`
	// Model is a model of package privacy.
	Model    string  `json:"model"`
	Bound    float64 `json:"bound"`
	Achieved float64 `json:"achieved"`
	// C is the constant of recursive diversity, whose l is Bound and whose achieved
	// value is the least C.
	C float64 `json:"c,omitempty"`
	// Against is AgainstTable where classes are held to the distribution of the whole table alone,
	// and empty where a model that compares holds them to what leaves, too.
	Against string `json:"against,omitempty"`
	// Order lists the values from low to high where the distance is ordered.
	Order []string `json:"order,omitempty"`
	// Rare is the value a one-sided bound speaks of.
	Rare string `json:"rare,omitempty"`
	// Tree is the hierarchy of the distance: for each value that leaves, the value
	// and its node at each level, up to the one that holds all.
	Tree [][]string `json:"tree,omitempty"`
}

// AttackResult is one attack on twins of the person table: see package attack. Shares
// and risks have three digits; who are all attacked are as many as Population says.
type AttackResult struct {
	Attack   string  `json:"attack"` // singling out, linkability, inference
	Attacker string  `json:"attacker"`
	Secret   string  `json:"secret,omitempty"`
	Source   string  `json:"source,omitempty"` // what a linkability joins the rows with
	Persons  int64   `json:"persons"`          // attacked, each a target and a control
	Twins    int64   `json:"twins"`
	Targeted float64 `json:"targeted"`   // share of the attacks on targets that succeed
	Baseline float64 `json:"controlled"` // the same when these persons are not in the table
	Risk     float64 `json:"risk"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Bound    float64 `json:"bound"` // of High, promised
}

// Thresholds are the floors of the cell tables, in distinct persons.
type Thresholds struct {
	CellPersons   int64 `json:"cell_persons"`
	StaffPersons  int64 `json:"staff_persons"`
	SchoolPersons int64 `json:"school_persons"`
	ClusterOf     int64 `json:"cluster_schools"` // schools in a cluster of the person table
	// Unnamed is the least number of schools in a cluster of a measure that may never
	// stand on a school page; 0 in a schools edition.
	Unnamed int64 `json:"unnamed_schools,omitempty"`
}

// Perturbation is the noise of the cell tables (package perturb), drawn under a key
// derived from that of KeyID. A variance of 0 says that the cells are exact.
type Perturbation struct {
	// Table names the solved tables: the SHA-256 of their probabilities, 16 digits.
	Table    string  `json:"table,omitempty"`
	Variance float64 `json:"variance"`          // of a count, in persons²
	Maximum  int     `json:"maximum,omitempty"` // largest noise of a count
	Least    int     `json:"least,omitempty"`   // no count is from 1 to below it
	// Step is the step of a magnitude, as a fraction of the largest contribution: its
	// noise has Step²·Variance in those, and at most Step·Maximum.
	Step float64 `json:"step,omitempty"`
}

// Text is manifest.json: the same manifest has the same text, and no other.
func (m *Manifest) Text() ([]byte, error) {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("edition: manifest: %w", err)
	}
	return append(data, '\n'), nil
}

// Descriptions are the files that explain the tables of the edition to people and
// machines, by name: they follow from the manifest.
func (m *Manifest) Descriptions() (map[string][]byte, error) {
	text, err := codebook(m)
	if err != nil {
		return nil, err
	}
	machine, err := dataPackage(m)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"CODEBOOK.fr.md": text, "datapackage.json": machine}, nil
}

// Metadata goes into the Parquet file of a table, so that a lone file says what it is.
func (m *Manifest) Metadata(table string) map[string]string {
	entries := map[string]string{
		"entscope.study": m.Study, "entscope.term": m.Term, "entscope.table": table, "entscope.software": m.Software,
		"entscope.status": "pseudonymised personal data, k-anonymised: not anonymous by itself",
	}
	if m.Synthetic {
		entries["entscope.synthetic"] = "true"
	}
	return entries
}

// Read reads the manifest of the edition that root is opened on.
func Read(root *os.Root) (*Manifest, error) {
	f, err := OpenPlain(root, "manifest.json")
	if err != nil {
		return nil, fmt.Errorf("edition: read manifest: %w", err)
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, 16<<20))
	d.DisallowUnknownFields()
	var m Manifest
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("edition: manifest.json: %w", err)
	}
	if m.Version != 1 {
		return nil, fmt.Errorf("edition: manifest.json: version %d is not 1", m.Version)
	}
	return &m, nil
}

// ErrHash says that a file is not the one its manifest lists.
var ErrHash = errors.New("content differs from the manifest")

// Verify recomputes the size and hash of every file of the manifest. All
// faults are returned at once; each wraps ErrHash or the reason of the failure.
func (m *Manifest) Verify(root *os.Root) error {
	var faults []error
	for _, want := range m.Files {
		sum, n, err := hashFile(root, want.Name)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("edition: %s: %w", want.Name, err))
		case sum != want.SHA256 || n != want.Bytes:
			faults = append(faults, fmt.Errorf("edition: %s: %w", want.Name, ErrHash))
		}
	}
	return errors.Join(faults...)
}

func hashFile(root *os.Root, name string) (string, int64, error) {
	f, err := OpenPlain(root, name)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, err
}
