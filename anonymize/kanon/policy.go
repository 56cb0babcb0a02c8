package kanon

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/privacy"
)

// Policy is what a table must satisfy to leave, and what it may lose for that.
type Policy struct {
	// K is the least number of distinct units of every kind in a class; it must
	// be set (k = 1 has to be written).
	K int
	// SuppressionLimit is the share of persons, and of rows, that may be
	// suppressed: at most floor(limit × number) of each. A person counts as
	// suppressed when no row of theirs is left.
	SuppressionLimit float64
	Metric           Metric
	QuasiIdentifiers []QuasiIdentifier
	Sensitive        []Sensitive
	// Keep names further columns to release as they are. Columns that are named
	// nowhere in the policy do not leave.
	Keep []string
	// AverageRisk, when positive, is the most that classes ÷ persons may be
	// over the kept classes: the average prosecutor risk.
	AverageRisk float64
	// KnownRows, when above 1, is the m of k^m-anonymity (Terrovitis, Mamoulis & Kalnis, VLDB
	// 2008): whatever m rows of a person somebody knows, K persons have such rows.
	KnownRows int
	// WholeProfile asks that K persons share the set of all rows of each.
	WholeProfile bool
	// Population, when set, is what is asked against those who hold a table of the persons
	// among whom these are.
	Population *Population
	// NonMinimal, when set, has Recode raise cells at random, so that it tells nothing that a cell
	// is no higher than its class needs (raise.go). It gives keyed uniform numbers: the same table,
	// policy and key give the same recoding.
	NonMinimal func(parts ...int64) uint64
	Search     SearchOptions
}

// QuasiIdentifier is an attribute by which a person could be recognised.
type QuasiIdentifier struct {
	Name      string
	Hierarchy *hierarchy.Hierarchy
	// Weight is the attribute's share in the metric relative to the others; 0 is 1.
	Weight float64
	// MaxLevel is the coarsest level allowed; -1 is the top of the hierarchy, 0
	// means never generalised.
	MaxLevel int
}

// Metric is what Search makes least.
type Metric string

// The metrics. N is the number of rows, w the weights of the attributes, m
// their sum. A lower score is better.
const (
	// Loss is the geometric mean of the attribute losses plus one, less one:
	// Π(1+v)^(w/m) − 1, where v = (S − N/D)/(N − N/D), S = Σ over kept rows of
	// (hierarchy leaves under the value)/D + 1 per suppressed row, D = leaves of
	// the hierarchy; v is at least 1e-10 (Iyengar 2002, as ARX 3.9 computes it).
	Loss Metric = "loss"
	// LossArithmetic is Σ w·v/m with the same v.
	LossArithmetic Metric = "loss-arithmetic"
	// AECS is N ÷ number of classes, where the suppressed rows form one class
	// (LeFevre 2006, without the division by k).
	AECS Metric = "aecs"
	// Discernibility is Σ size² over kept classes + N per suppressed row
	// (Bayardo and Agrawal 2005).
	Discernibility Metric = "discernibility"
	// Entropy is the non-uniform entropy: Σ over rows and attributes of
	// w·log2(rows with the generalised value ÷ rows with the value), a
	// suppressed row counting as generalised to one value (Gionis and Tassa 2009).
	Entropy Metric = "entropy"
	// Precision is the mean over cells of level ÷ top level, 1 for each cell of
	// a suppressed row (Sweeney 2002, as a loss).
	Precision Metric = "precision"
	// Height is Σ w·level; suppression does not count (Samarati 2001).
	Height Metric = "height"
)

// Metrics are all the metrics.
var Metrics = []Metric{Loss, LossArithmetic, AECS, Discernibility, Entropy, Precision, Height}

// Sensitive asks one model of one attribute. An attribute may stand in several.
type Sensitive struct {
	Name  string
	Model privacy.Model
	// Bound is l, t, β, δ or α.
	Bound float64
	// C is the constant of RecursiveCL.
	C float64
	// Order lists the values from low to high for TOrdered: all of them, and
	// only values of the attribute. It is also the domain: values that no row
	// bears count in the number of values.
	Order []string
	// Rare is the value of BetaRare, and of Alpha when it is one-sided.
	Rare string
	// Hierarchy is the tree of THierarchical.
	Hierarchy *hierarchy.Hierarchy
	// WholeTable compares a class with the whole table alone, as ARX does, where the model compares at
	// all. What a reader has is the part that leaves: a class may be further from that than Bound.
	// Without it a class is held to both.
	WholeTable bool
}

// ComparesReleased reports whether classes are compared with what leaves, too.
func (s *Sensitive) ComparesReleased() bool {
	rule, _ := privacy.Of(s.Model)
	return rule.Relative && !s.WholeTable
}

// SearchOptions bound the search.
type SearchOptions struct {
	// MaxNodes is the most lattice nodes that are searched to the proof; larger
	// lattices are searched any-time. 0 is 4,194,304.
	MaxNodes int64
	// MaxChecks, when positive, ends an any-time search after as many checks.
	// It is counted and not timed, so that the same input gives the same output.
	MaxChecks int
	// TimeLimit, when positive, ends a search after as long: the proof is given up
	// after a half of it, and an any-time search takes what is left. The result
	// then depends on the machine; MaxChecks does not have that fault.
	TimeLimit time.Duration
	// Threads is the number of goroutines; 0 is 1. The result does not depend on it.
	Threads int
	// Fixed, when set, is the solution: its levels are checked and nothing else.
	Fixed map[string]int
}

const defaultMaxNodes = 1 << 22

// ErrUnsatisfiable says that no allowed generalisation satisfies the policy.
var ErrUnsatisfiable = errors.New("the policy cannot be met")

// ErrPolicy says that the policy is unusable with this table.
var ErrPolicy = errors.New("unusable policy")

// check gives all faults of the policy against the table.
func (p *Policy) check(t *Table) error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("kanon: %w: "+format, append([]any{ErrPolicy}, args...)...))
	}
	if p.K < 1 {
		fault("k must be set, and at least 1")
	}
	if p.K > math.MaxInt32 {
		fault("k is more than any table can hold")
	}
	if !(p.SuppressionLimit >= 0 && p.SuppressionLimit <= 1) {
		fault("suppression_limit must be in [0, 1]")
	}
	if !slices.Contains(Metrics, p.Metric) {
		fault("metric %q is not known", p.Metric)
	}
	if p.AverageRisk < 0 || p.AverageRisk > 1 || math.IsNaN(p.AverageRisk) {
		fault("average_risk must be in ]0, 1], or unset")
	}
	if p.KnownRows < 0 || p.KnownRows > MostKnownRows {
		fault("known_rows must be 1 to %d, or unset", MostKnownRows)
	}
	if len(p.QuasiIdentifiers) == 0 {
		fault("no quasi-identifier")
	}
	if p.Population != nil {
		for _, err := range p.Population.check(p.QuasiIdentifiers) {
			fault("population: %v", err)
		}
	}
	names := map[string]bool{}
	for _, q := range p.QuasiIdentifiers {
		switch {
		case names[q.Name]:
			fault("quasi-identifier %q stands twice", q.Name)
		case t.Column(q.Name) == nil:
			fault("quasi-identifier %q is not a column", q.Name)
		case q.Hierarchy == nil:
			fault("quasi-identifier %q has no hierarchy", q.Name)
		case q.MaxLevel < -1 || q.MaxLevel > q.Hierarchy.MaxLevel():
			fault("quasi-identifier %q: max_level %d is not a level of its hierarchy", q.Name, q.MaxLevel)
		case q.Weight < 0 || math.IsNaN(q.Weight) || math.IsInf(q.Weight, 0):
			fault("quasi-identifier %q: weight must be positive", q.Name)
		}
		names[q.Name] = true
	}
	for _, name := range p.Keep {
		if names[name] || t.Column(name) == nil {
			fault("kept column %q is a quasi-identifier, or not a column", name)
		}
	}
	for _, s := range p.Sensitive {
		if names[s.Name] {
			fault("%q is both a quasi-identifier and sensitive", s.Name)
		}
		if err := s.check(t); err != nil {
			fault("sensitive %q: %v", s.Name, err)
		}
	}
	return errors.Join(faults...)
}

// CheckBound refuses a bound that is not set or out of the range of its model.
func (s *Sensitive) CheckBound() error {
	if math.IsNaN(s.Bound) || math.IsInf(s.Bound, 0) {
		return errors.New("the bound is not a number")
	}
	rule, known := privacy.Of(s.Model)
	if !known {
		return fmt.Errorf("model %q is not known", s.Model)
	}
	if !rule.Admits(s.Bound, s.C) {
		return errors.New(rule.Range)
	}
	if rule.Rare == privacy.Must && s.Rare == "" {
		return errors.New("one-sided beta needs the rare value")
	}
	return nil
}

func (s *Sensitive) check(t *Table) error {
	column := t.Column(s.Name)
	if column == nil {
		return errors.New("is not a column")
	}
	if err := s.CheckBound(); err != nil {
		return err
	}
	if s.Model == privacy.THierarchical && (s.Hierarchy == nil || s.Hierarchy.Size(s.Hierarchy.MaxLevel()) != 1) {
		return errors.New("hierarchical t needs a hierarchy that ends in one value")
	}
	return s.checkValues(column)
}

// checkValues refuses a domain that does not hold every value of the column.
func (s *Sensitive) checkValues(column *Column) error {
	used := make([]bool, len(column.Values))
	for _, code := range column.Codes {
		used[code] = true
	}
	missing := 0
	for code, v := range column.Values {
		if !used[code] {
			continue
		}
		switch s.Model {
		case privacy.TOrdered:
			if !slices.Contains(s.Order, v) {
				missing++
			}
		case privacy.THierarchical:
			if _, ok := s.Hierarchy.Leaf(v); !ok {
				missing++
			}
		}
	}
	if missing > 0 {
		return fmt.Errorf("%d values of the column have no place in its order or hierarchy", missing)
	}
	sorted := slices.Sorted(slices.Values(s.Order))
	if len(slices.Compact(sorted)) != len(s.Order) {
		return errors.New("a value stands twice in its order")
	}
	return nil
}

// UnsatisfiableError says that no allowed node satisfies the policy, and which
// policies near it could be met. It names levels, shares and k, and no person.
type UnsatisfiableError struct {
	// Limit is a suppression limit with which everything else could be met, 0
	// when there is none below 1; K is such a k, 0 when there is none.
	Limit float64
	K     int
	// Capped are the quasi-identifiers that max_level holds below their top.
	Capped []string
}

func (e *UnsatisfiableError) Error() string {
	var nearest []string
	if e.Limit > 0 {
		nearest = append(nearest, fmt.Sprintf("suppression_limit = %g", e.Limit))
	}
	if e.K > 0 {
		nearest = append(nearest, fmt.Sprintf("k = %d", e.K))
	}
	if len(e.Capped) > 0 {
		nearest = append(nearest, "a higher max_level of "+strings.Join(e.Capped, ", "))
	}
	text := "kanon: " + ErrUnsatisfiable.Error() +
		": no allowed generalisation satisfies it within the suppression limit"
	if len(nearest) == 0 {
		return text + "; not even the coarsest of all does, whatever is suppressed"
	}
	return text + "; the nearest that could be met: " + strings.Join(nearest, ", or ")
}

// Unwrap makes errors.Is(err, ErrUnsatisfiable) true.
func (e *UnsatisfiableError) Unwrap() error { return ErrUnsatisfiable }
