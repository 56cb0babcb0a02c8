package policy

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/policy/keyline"
)

// Recodings.
const (
	FullDomain = "full-domain"
	Cell       = "cell"
)

// Policy is a parsed policy.
type Policy struct {
	// Delimiter is that of a CSV input, 0 when the policy leaves it open.
	Delimiter rune
	// Person is the column of the person, "" when each row is one person; Units
	// are columns of further protected units.
	Person string
	Units  []string

	K                int
	SuppressionLimit float64
	AverageRisk      float64
	KnownRows        int
	WholeProfile     bool
	Metric           kanon.Metric
	Recoding         string
	// NonMinimal raises cells at random above the lowest value that holds their class.
	NonMinimal       bool
	QuasiIdentifiers []QuasiIdentifier
	Sensitive        []Sensitive
	Keep             []string
	// KnownToSchool are columns that the registers of a school know, beside the
	// quasi-identifiers.
	KnownToSchool  []string
	Transformation map[string]int
	Search         kanon.SearchOptions
	// Cells are the thresholds of cell tables, nil when the policy has none.
	Cells *Cells
	// Attack says how the person table is attacked before it leaves, nil when it is not.
	Attack *Attack
	// Population is what is asked against those who hold a population, nil when nothing is.
	Population *Population
}

// QuasiIdentifier is one [[quasi_identifier]].
type QuasiIdentifier struct {
	Name      string
	Hierarchy Hierarchy
	Weight    float64
	MaxLevel  int // -1: the top
	// Unknown is where values without a place go, "" when they are refused.
	Unknown string
}

// Hierarchy is where a hierarchy comes from: a file or a recipe.
type Hierarchy struct {
	File      string
	Delimiter rune // 0: found out from the first line
	// Annuaire says that the file is the ministry's directory of schools.
	Annuaire bool
	Recipe   hierarchy.Recipe
}

// Sensitive is one [[sensitive]].
type Sensitive struct {
	kanon.Sensitive
	Tree *Hierarchy // of hierarchical t
	// MayBeAbsent allows a rare value or an order that nobody bears.
	MayBeAbsent bool
	// Missing is what a missing value is: MissingCategory, or "" to refuse it.
	Missing string
}

// MissingCategory counts a missing value as a value of its own.
const MissingCategory = "category"

type document struct {
	// column of the person; without it each row is one person
	Person string `toml:"person"`
	// columns of further units that k counts, such as ["child", "family"]
	Units []string `toml:"units"`
	// least number of distinct persons, and of each unit, in a class; needed but for an edition of cells alone
	K *int `toml:"k"`
	// share of persons and of rows that may be left out, 0 to 1; 0 if unset
	SuppressionLimit float64 `toml:"suppression_limit"`
	// most that classes ÷ persons may be, above 0, at most 1
	AverageRisk *float64 `toml:"average_risk"`
	// k^m-anonymity of persons with several rows: whatever so many rows of a person are known, k
	// persons have such rows; 1 to 3
	KnownRows *int `toml:"known_rows"`
	// k persons share the set of all rows of each person with several
	WholeProfile bool `toml:"whole_profile"`
	// what is made least; loss if unset
	Metric *string `toml:"metric" hints:"loss,loss-arithmetic,aecs,discernibility,entropy,precision,height"`
	// one level for a column (full-domain, if unset) or for each cell
	Recoding *string `toml:"recoding" hints:"full-domain,cell"`
	// true: cells are raised at random above the lowest value that holds their class, so that downcoding
	// is right by chance alone; with recoding = "cell"
	NonMinimal bool `toml:"non_minimal"`
	// columns that leave as they are; a column that is named nowhere does not leave
	Keep []string `toml:"keep"`
	// of an edition: columns that the registers of a school know too; the manifest says who is unique by them
	KnownToSchool []string `toml:"known_to_school"`
	// level of each quasi-identifier: a solution that is checked, not searched
	Transformation map[string]int `toml:"transformation"`
	// level that a quasi-identifier may not exceed, by name
	MaxLevel map[string]int `toml:"max_level"`
	// how a CSV is read
	Input inputTable `toml:"input"`
	// bounds of the search
	Search searchTable `toml:"search"`
	// what an attacker may know
	QuasiIdentifiers []quasiTable `toml:"quasi_identifier"`
	// what must not be learnt of a person
	Sensitive []sensitiveTable `toml:"sensitive"`
	// thresholds of the cell tables of an edition
	Cells *Cells `toml:"cells"`
	// how the person table of an edition is attacked before it leaves
	Attack *Attack `toml:"attack"`
	// what is asked against those who hold a table of the persons among whom these are
	Population *Population `toml:"population"`
}

type inputTable struct {
	// one character; found in the header if unset
	Delimiter *string `toml:"delimiter"`
}

type searchTable struct {
	// largest lattice that is searched to the end; beyond it the best found with a bound
	MaxNodes int64 `toml:"max_nodes"`
	// most nodes that are checked
	MaxChecks int `toml:"max_checks"`
	// such as "60s"; at its end the best found with a bound
	TimeLimit string `toml:"time_limit"`
}

type quasiTable struct {
	// needed; the column
	Name string `toml:"name"`
	// a file alongside the policy, a recipe, or a built-in name; "flat" (itself or nothing) if unset
	Hierarchy any `toml:"hierarchy"`
	// how much its loss counts; 1 if unset
	Weight *float64 `toml:"weight"`
	// level that it may not exceed; the top if unset
	MaxLevel *int `toml:"max_level"`
	// where values go that have no place in the hierarchy; they are refused if unset
	Unknown string `toml:"unknown"`
}

// ErrPolicy says that a policy file is unusable.
var ErrPolicy = errors.New("unusable policy")

// Parse reads a policy with quasi-identifiers. All faults are returned at once,
// each with its line; errors.Is(err, ErrPolicy).
func Parse(data []byte) (*Policy, error) {
	d, r, err := decode(data)
	if err != nil {
		return nil, err
	}
	p := r.policy(d)
	if len(r.faults) > 0 {
		return nil, errors.Join(r.faults...)
	}
	return p, nil
}

// Keys are those of a policy, for lists of them.
func Keys() reflect.Type { return reflect.TypeFor[document]() }

// decode reads the text strictly.
func decode(data []byte) (*document, *reader, error) {
	var d document
	lines, filled, err := keyline.Decode(data, &d, nil)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	if !filled {
		return nil, nil, err
	}
	r := &reader{lines: lines}
	if err != nil { // go on: the other faults are wanted too
		r.faults = append(r.faults, err)
	}
	return &d, r, nil
}

// reader turns a document into a policy and collects the faults.
type reader struct {
	lines  keyline.Lines
	faults []error
}

// fault notes one fault at a key such as "quasi_identifier[1].weight"; where the
// key is not written, at the table that should hold it.
func (r *reader) fault(key, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if line := r.lines.Of(key); line > 0 {
		text = fmt.Sprintf("line %d: %s", line, text)
	}
	r.faults = append(r.faults, fmt.Errorf("%w: %s", ErrPolicy, text))
}

func (r *reader) policy(d *document) *Policy {
	p := &Policy{
		Person: d.Person, Units: d.Units, SuppressionLimit: d.SuppressionLimit,
		Metric: kanon.Loss, Recoding: FullDomain, NonMinimal: d.NonMinimal, Keep: d.Keep, KnownToSchool: d.KnownToSchool,
		Transformation: d.Transformation, Cells: d.Cells,
	}
	switch {
	case d.K == nil:
		r.fault("k", "k must be set")
	case *d.K < 1:
		r.fault("k", "k must be at least 1")
	default:
		p.K = *d.K
	}
	if !(d.SuppressionLimit >= 0 && d.SuppressionLimit <= 1) {
		r.fault("suppression_limit", "suppression_limit must be in [0, 1]")
	}
	if d.AverageRisk != nil {
		if p.AverageRisk = *d.AverageRisk; !(p.AverageRisk > 0 && p.AverageRisk <= 1) {
			r.fault("average_risk", "average_risk must be in ]0, 1]")
		}
	}
	if d.KnownRows != nil {
		if p.KnownRows = *d.KnownRows; p.KnownRows < 1 || p.KnownRows > kanon.MostKnownRows {
			r.fault("known_rows", "known_rows must be 1 to %d", kanon.MostKnownRows)
		}
	}
	if p.WholeProfile = d.WholeProfile; (p.WholeProfile || p.KnownRows > 1) && d.Person == "" {
		r.fault("person",
			"known_rows and whole_profile are of persons with several rows: person must name their column")
	}
	if d.Metric != nil {
		p.Metric = kanon.Metric(*d.Metric)
		if !slices.Contains(kanon.Metrics, p.Metric) {
			names := make([]string, len(kanon.Metrics))
			for i, m := range kanon.Metrics {
				names[i] = string(m)
			}
			r.fault("metric", "metric %v", vocabulary.Unknown(*d.Metric, names))
		}
	}
	if d.Recoding != nil {
		p.Recoding = *d.Recoding
		if p.Recoding != FullDomain && p.Recoding != Cell {
			r.fault("recoding", "recoding %v", vocabulary.Unknown(*d.Recoding, []string{FullDomain, Cell}))
		}
	}
	if p.NonMinimal && p.Recoding != Cell {
		r.fault("non_minimal", "non_minimal needs %q recoding", Cell)
	}
	if p.Recoding == Cell && p.Transformation != nil {
		r.fault("transformation", "a transformation can be pinned for %q recoding only", FullDomain)
	}
	if p.Recoding == Cell && (p.WholeProfile || p.KnownRows > 1) {
		r.fault("recoding", "known_rows and whole_profile need %q recoding", FullDomain)
	}
	r.input(d, p)
	r.search(d, p)
	r.quasiIdentifiers(d, p)
	r.names(d, p)
	for i := range d.Sensitive {
		r.sensitive(&d.Sensitive[i], fmt.Sprintf("sensitive[%d]", i), p)
	}
	if p.Cells != nil {
		r.cells(p.Cells, false)
	}
	if p.Attack = d.Attack; p.Attack != nil {
		r.attack(p.Attack)
	}
	if p.Population = d.Population; p.Population != nil {
		r.population(p)
	}
	return p
}

func (r *reader) input(d *document, p *Policy) {
	if d.Input.Delimiter == nil {
		return
	}
	delimiter, ok := oneCharacter(*d.Input.Delimiter)
	if !ok {
		r.fault("input.delimiter", "input.delimiter must be one character")
		return
	}
	p.Delimiter = delimiter
}

// oneCharacter is the text as a delimiter of a CSV, false when it cannot be one.
func oneCharacter(text string) (rune, bool) {
	delimiter := []rune(text)
	if len(delimiter) != 1 || strings.ContainsRune("\"\n\r\ufffd", delimiter[0]) {
		return 0, false
	}
	return delimiter[0], true
}

func (r *reader) search(d *document, p *Policy) {
	if d.Search.MaxNodes < 0 || d.Search.MaxChecks < 0 {
		r.fault("search", "search.max_nodes and search.max_checks must be positive")
	}
	p.Search = kanon.SearchOptions{MaxNodes: d.Search.MaxNodes, MaxChecks: d.Search.MaxChecks, Fixed: d.Transformation}
	if d.Search.TimeLimit != "" {
		limit, err := time.ParseDuration(d.Search.TimeLimit)
		if err != nil || limit <= 0 {
			r.fault("search.time_limit", "search.time_limit must be a duration such as \"30s\"")
		}
		p.Search.TimeLimit = limit
	}
}

func (r *reader) quasiIdentifiers(d *document, p *Policy) {
	if len(d.QuasiIdentifiers) == 0 {
		r.fault("quasi_identifier", "no [[quasi_identifier]]")
	}
	for i := range d.QuasiIdentifiers {
		q, key := &d.QuasiIdentifiers[i], fmt.Sprintf("quasi_identifier[%d]", i)
		out := QuasiIdentifier{Name: q.Name, MaxLevel: -1, Unknown: q.Unknown}
		if q.Weight != nil {
			out.Weight = *q.Weight
			if !(*q.Weight > 0 && *q.Weight < 1e9) {
				r.fault(key+".weight", "quasi-identifier %q: weight must be positive", q.Name)
			}
		}
		limited := q.MaxLevel != nil
		if limited {
			out.MaxLevel = *q.MaxLevel
		}
		if level, ok := d.MaxLevel[q.Name]; ok {
			if limited {
				r.fault(key+".max_level", "quasi-identifier %q: max_level is set twice", q.Name)
			}
			out.MaxLevel, limited = level, true
		}
		if limited && (out.MaxLevel < 0 || out.MaxLevel > 255) {
			r.fault(key+".max_level", "quasi-identifier %q: max_level is not a level", q.Name)
		}
		h, err := hierarchyOf(q.Hierarchy)
		if err != nil {
			r.fault(key+".hierarchy", "quasi-identifier %q: %v", q.Name, err)
		}
		out.Hierarchy = h
		p.QuasiIdentifiers = append(p.QuasiIdentifiers, out)
	}
}

// names refuses names that are missing, twice, or of nothing.
func (r *reader) names(d *document, p *Policy) {
	use := map[string]string{}
	take := func(key, name, as string) {
		if name == "" {
			r.fault(key, "%s without a name", as)
			return
		}
		if before, ok := use[name]; ok && !(before == "sensitive" && as == "sensitive") {
			r.fault(key, "%q is %s and %s", name, before, as)
		}
		use[name] = as
	}
	if d.Person != "" {
		take("person", d.Person, "the person")
	}
	for _, u := range d.Units {
		take("units", u, "a unit")
	}
	quasi := map[string]bool{}
	for i, q := range d.QuasiIdentifiers {
		take(fmt.Sprintf("quasi_identifier[%d].name", i), q.Name, "a quasi-identifier")
		quasi[q.Name] = true
	}
	for i, s := range d.Sensitive {
		take(fmt.Sprintf("sensitive[%d].name", i), s.Name, "sensitive")
	}
	for _, k := range d.Keep {
		take("keep", k, "kept")
	}
	known := map[string]bool{}
	for _, name := range d.KnownToSchool {
		if as := use[name]; known[name] || as != "sensitive" && as != "kept" {
			r.fault("known_to_school", "known_to_school: %q is named twice, or is neither sensitive nor kept", name)
		}
		known[name] = true
	}
	for name := range d.MaxLevel {
		if !quasi[name] {
			r.fault("max_level."+name, "max_level of %q, which is no quasi-identifier", name)
		}
	}
	for name := range d.Transformation {
		if !quasi[name] {
			r.fault("transformation."+name, "transformation of %q, which is no quasi-identifier", name)
		}
	}
}
