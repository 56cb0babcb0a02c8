package microdata

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// Job is one table to anonymise.
type Job struct {
	Input, Policy, Out string
	// Sealed is the map from released rows to persons, for the operator alone: a file
	// outside Out, or none.
	Sealed string
	// Software is what the manifest says made the table.
	Software string
	Threads  int
	// Draw gives keyed uniform numbers, for a policy that raises cells at random.
	Draw func(parts ...int64) uint64
	// Sign signs the manifest; nil leaves it unsigned.
	Sign edition.Sign
	// identifiersKept releases a kept identifier all the same, by which a test counts
	// the persons in what is released.
	identifiersKept bool
}

// Report is what `entscope table --json` prints.
type Report struct {
	Rows     int    `json:"rows"`
	Persons  int    `json:"persons"`
	Recoding string `json:"recoding"`
	// NonMinimal says that cells were raised at random.
	NonMinimal        bool               `json:"non_minimal,omitempty"`
	Transformation    map[string]int     `json:"transformation"`
	Score             float64            `json:"score"`
	Metric            string             `json:"metric"`
	SuppressedPersons int                `json:"suppressed_persons"`
	SuppressedRows    int                `json:"suppressed_rows"`
	Classes           int                `json:"classes"`
	K                 int                `json:"k"`
	UnitsK            map[string]int     `json:"units_k"`
	L                 map[string]float64 `json:"l"`
	T                 map[string]float64 `json:"t"`
	Sensitive         []Claim            `json:"sensitive"`
	LatticeNodes      int64              `json:"lattice_nodes"`
	NodesChecked      int64              `json:"nodes_checked"`
	ProvedOptimal     bool               `json:"proved_optimal"`
	// Bound is a score that no solution can be below; it is Score when proved.
	Bound float64 `json:"bound"`
	// CellShare is the mean hierarchy share per cell: 0 nothing lost, 1 all.
	CellShare      float64  `json:"cell_share"`
	DroppedColumns []string `json:"dropped_columns"`
	// Doubts are columns in which several spellings were taken for one value.
	Doubts []Doubt `json:"doubts,omitempty"`
	// Kept measures the columns that leave as they are.
	Kept []Kept `json:"kept,omitempty"`
	// RowShare is the largest share of one person in the rows of a class.
	RowShare float64 `json:"row_share"`
	// Population is what is left to those who hold the population that the policy names.
	Population *Presence `json:"population,omitempty"`
	Warnings   []string  `json:"warnings"`
	// WholeTable is what the same policy would lose if every class were compared with the whole table
	// alone; nil where that is what was asked, or nobody may be suppressed.
	WholeTable    *Loss   `json:"whole_table,omitempty"`
	SecondsSearch float64 `json:"seconds_search"`
	SecondsTotal  float64 `json:"seconds_total"`
}

// Claim is one model that was asked and what the released table achieves.
type Claim struct {
	Name  string  `json:"name"`
	Model string  `json:"model"`
	Bound float64 `json:"bound"`
	// C is the constant of recursive (c,l), whose l is Bound.
	C        float64 `json:"c,omitempty"`
	Achieved float64 `json:"achieved"`
}

// Loss is what a solution loses.
type Loss struct {
	Score             float64 `json:"score"`
	SuppressedPersons int     `json:"suppressed_persons"`
	SuppressedRows    int     `json:"suppressed_rows"`
}

// Anonymize does the job. Nothing is written unless the policy is met.
func Anonymize(ctx context.Context, job Job) (*Report, error) {
	start := time.Now()
	r, err := prepare(job)
	if err != nil {
		return nil, err
	}
	p, kp := r.policy, r.bound
	out, report, err := search(ctx, r.table, kp, p)
	if err != nil {
		return nil, err
	}
	if report.WholeTable, err = againstTable(ctx, r.table, kp, p.Recoding); err != nil {
		return nil, err
	}
	report.DroppedColumns = append([]string{}, r.in.Dropped...)
	report.Doubts = r.in.Doubts
	if report.Kept, err = measureKept(out, p); err != nil && !job.identifiersKept {
		return nil, err
	}
	report.RowShare = rowShare(out, p)
	report.Warnings = warnings(p, report)
	if err := seal(job.Sealed, r.table, out); err != nil {
		return nil, err
	}
	if err := write(job.Out, out, manifest(job, r, report, out), job.Sign); err != nil {
		if job.Sealed != "" {
			err = errors.Join(err, os.Remove(job.Sealed)) // made above, of a table that is not there
		}
		return nil, err
	}
	report.SecondsTotal = time.Since(start).Seconds()
	return report, nil
}

// ReadPolicy reads a policy, and gives its text too.
func ReadPolicy(path string) ([]byte, *policy.Policy, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %s: %w", policy.ErrPolicy, filepath.Base(path), pathless(err))
	}
	p, err := policy.Parse(text)
	return text, p, err
}

// ready is a job whose table and policy were read.
type ready struct {
	text   []byte
	policy *policy.Policy
	in     *Input
	table  *kanon.Table
	bound  *kanon.Policy
}

// prepare reads the policy and the table of a job, and binds one to the other.
func prepare(job Job) (*ready, error) {
	text, p, err := ReadPolicy(job.Policy)
	if err != nil {
		return nil, err
	}
	if slices.Contains(p.Units, unitPerson) {
		return nil, fmt.Errorf("%w: units: %q names the persons of a manifest, no further unit", policy.ErrPolicy,
			unitPerson)
	}
	if job.Out != "" {
		if err := errors.Join(free(job.Out), apart(job.Sealed, job.Out)); err != nil {
			return nil, err
		}
	}
	in, err := Read(job.Input, Options{
		Delimiter: p.Delimiter, Columns: p.Columns(), Person: p.Person, Units: p.Units, Sensitive: sensitive(p),
	})
	if err != nil {
		return nil, err
	}
	// A table is what its columns hold, whatever their order: rows leave sorted by columns in
	// the order of their names, as the file has them.
	slices.SortFunc(in.Table.Columns, func(a, b kanon.Column) int { return strings.Compare(a.Name, b.Name) })
	if err := p.Match(in.Table); err != nil {
		return nil, err
	}
	table, bound, err := bind(p, in, job.Policy)
	if err != nil {
		return nil, err
	}
	bound.Search.Threads = job.Threads
	if p.NonMinimal {
		if job.Draw == nil {
			return nil, fmt.Errorf("%w: non_minimal needs a key", policy.ErrPolicy)
		}
		bound.NonMinimal = job.Draw
	}
	return &ready{text, p, in, table, bound}, nil
}

// Beside reads the files that a policy names, which lie beside it.
func Beside(policyFile string) policy.Files {
	return func(name string) ([]byte, error) {
		path := beside(policyFile, name)
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return nil, errors.New("it is no plain file") // a device may have no end, and a pipe no beginning
		}
		data, err := os.ReadFile(path)
		return data, pathless(err)
	}
}

// beside is the path of a file that a policy names.
func beside(policyFile, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(policyFile), name)
}

// sensitive are the columns that a model protects.
func sensitive(p *policy.Policy) []string {
	var names []string
	for _, s := range p.Sensitive {
		names = append(names, s.Name)
	}
	return names
}

// search finds and applies the solution, and measures what it achieves.
func search(ctx context.Context, t *kanon.Table, kp *kanon.Policy, p *policy.Policy) (*kanon.Table, *Report, error) {
	start := time.Now()
	sol, out, err := solve(ctx, t, kp, p.Recoding)
	if err != nil {
		return nil, nil, err
	}
	if sol.Kept == 0 {
		return nil, nil, nothingLeft(ctx, t, kp)
	}
	seconds := time.Since(start).Seconds()
	if out == nil {
		if out, err = sol.Apply(t); err != nil {
			return nil, nil, err
		}
	}
	r := &Report{
		Rows: sol.Rows, Persons: sol.Persons, Recoding: p.Recoding, Transformation: sol.Levels,
		NonMinimal: kp.NonMinimal != nil && len(sol.Levels) == 0,
		Score:      sol.Score, Metric: string(sol.Metric),
		SuppressedPersons: sol.SuppressedPersons, SuppressedRows: sol.SuppressedRows,
		Classes: sol.Classes, K: sol.AchievedK, UnitsK: sol.UnitsK,
		L: map[string]float64{}, T: map[string]float64{}, Sensitive: []Claim{},
		LatticeNodes: sol.LatticeNodes, NodesChecked: sol.NodesChecked,
		ProvedOptimal: sol.ProvedOptimal, Bound: sol.Bound, CellShare: sol.CellShare,
		SecondsSearch: seconds, Population: presence(sol.Population),
	}
	for i, a := range sol.Achieved {
		if math.IsInf(a.Value, 0) || math.IsNaN(a.Value) {
			return nil, nil, fmt.Errorf("microdata: %s of %q is not finite", a.Model, a.Name)
		}
		r.Sensitive = append(r.Sensitive, Claim{a.Name, string(a.Model), a.Bound, kp.Sensitive[i].C, a.Value})
	}
	return out, r, r.measureLT(out, kp)
}

// solve finds a solution; it gives its table too where cells are recoded one by one.
func solve(ctx context.Context, t *kanon.Table, kp *kanon.Policy, recoding string) (*kanon.Solution, *kanon.Table, error) {
	if recoding == policy.Cell {
		return kanon.Recode(ctx, t, kp)
	}
	sol, err := kanon.Search(ctx, t, kp)
	return sol, nil, err
}

// againstTable solves a policy again, with every class compared with the whole table alone. Where
// nobody may be suppressed the whole table is what leaves, and there is nothing to say.
func againstTable(ctx context.Context, t *kanon.Table, kp *kanon.Policy, recoding string) (*Loss, error) {
	asked := *kp
	asked.Sensitive = slices.Clone(kp.Sensitive)
	more := false
	for i := range asked.Sensitive {
		s := &asked.Sensitive[i]
		more = more || s.ComparesReleased()
		s.WholeTable = true
	}
	if !more || kp.SuppressionLimit == 0 {
		return nil, nil
	}
	sol, _, err := solve(ctx, t, &asked, recoding)
	if err != nil {
		return nil, err
	}
	return &Loss{sol.Score, sol.SuppressedPersons, sol.SuppressedRows}, nil
}

// nothingLeft is the refusal of a policy that is met by suppressing everybody,
// with what the same search says when nobody may be.
func nothingLeft(ctx context.Context, t *kanon.Table, kp *kanon.Policy) error {
	strict := *kp
	strict.SuppressionLimit = 0
	if _, err := kanon.Search(ctx, t, &strict); err != nil {
		return fmt.Errorf("microdata: every row would be suppressed: %w", err)
	}
	return fmt.Errorf("microdata: every row would be suppressed: %w", kanon.ErrUnsatisfiable)
}

// measureLT fills l and t of every sensitive attribute, counted again on the
// table that leaves: l as the policy asks it, else distinct; t by the distance
// that the policy asks, else equal.
func (r *Report) measureLT(out *kanon.Table, kp *kanon.Policy) error {
	var models []kanon.Sensitive
	chosen := map[string][2]bool{}
	for _, s := range kp.Sensitive {
		done := chosen[s.Name]
		switch rule, _ := privacy.Of(s.Model); {
		case rule.AtLeast:
			done[0] = true
			models = append(models, s)
		case rule.Key == "t":
			done[1] = true
			models = append(models, s)
		}
		chosen[s.Name] = done
	}
	for name, done := range chosen {
		if !done[0] {
			models = append(models, kanon.Sensitive{Name: name, Model: privacy.DistinctL, Bound: 1})
		}
		if !done[1] {
			models = append(models, kanon.Sensitive{Name: name, Model: privacy.TEqual, Bound: 1})
		}
	}
	if len(models) == 0 || out.Rows() == 0 {
		return nil
	}
	var quasi []string
	for _, q := range kp.QuasiIdentifiers {
		quasi = append(quasi, q.Name)
	}
	classes, err := kanon.Classify(out, quasi, models)
	if err != nil {
		return err
	}
	for _, a := range classes.Measure() {
		if rule, _ := privacy.Of(a.Model); !rule.AtLeast {
			r.T[a.Name] = max(r.T[a.Name], a.Value)
			continue
		}
		if old, ok := r.L[a.Name]; !ok || a.Value < old {
			r.L[a.Name] = a.Value
		}
	}
	return nil
}

func warnings(p *policy.Policy, r *Report) []string {
	out := []string{}
	if p.Person == "" {
		out = append(out, edition.NoteRowsArePersons)
	}
	if len(r.DroppedColumns) > 0 {
		out = append(out, fmt.Sprintf("%d columns that the policy does not name were left out", len(r.DroppedColumns)))
	}
	if !r.ProvedOptimal && p.Transformation == nil && p.Recoding == policy.FullDomain {
		out = append(out, "the lattice was too large to prove the optimum: the solution is the best found")
	}
	return out
}

// unitPerson names the persons among the units of a manifest, whatever the column that tells them.
const unitPerson = "person"

// manifest says what is promised of the table. It holds nothing that is a function
// of the raw rows alone: a digest of them would let anybody who knows the
// quasi-identifiers test who bears which sensitive value. Nor does it say what the
// search ruled out, which depends on who bears what inside a class, nor what it sought and lost, which no
// reader can recount, nor a name of a column that does not leave but for those of units: that is in the
// Report, which stays with the operator.
func manifest(job Job, made *ready, r *Report, out *kanon.Table) *edition.Manifest {
	config := sha256.Sum256(made.text)
	a := made.policy.Promise()
	a.AchievedK, a.Classes, a.Transformation = int64(r.K), int64(r.Classes), r.Transformation
	a.SuppressedPersons, a.SuppressedRows = int64(r.SuppressedPersons), int64(r.SuppressedRows)
	if among := a.Among; among != nil { // what was not asked is not told
		among.Persons = int64(r.Population.Persons)
		if among.KMap > 0 {
			among.AchievedKMap = int64(r.Population.KMap)
		}
		if among.DeltaMax > 0 {
			among.AchievedDeltaMin, among.AchievedDeltaMax = r.Population.DeltaMin, r.Population.DeltaMax
		}
	}
	achieved := make([]float64, len(r.Sensitive))
	for i, c := range r.Sensitive {
		achieved[i] = c.Achieved
	}
	a.Sensitive = policy.Claims(made.bound, achieved, out)
	a.UnitsK = map[string]int64{}
	for name, k := range r.UnitsK {
		if !slices.Contains(made.policy.Units, name) {
			name = unitPerson
		}
		a.UnitsK[name] = int64(k)
	}
	return &edition.Manifest{
		Kind: edition.KindTable, Subject: unitPerson, Software: job.Software, ConfigHash: hex.EncodeToString(config[:]),
		Population: edition.Population{Persons: int64(r.Persons)}, Anonymity: a,
		Notes: made.policy.Notes(len(r.Transformation) > 0),
	}
}
