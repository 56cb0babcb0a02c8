package crosstab

import (
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/policy/keyline"
)

// ErrPolicy says that a policy cannot be used.
var ErrPolicy = errors.New("unusable policy")

// Policy says what a table is and under which rules it is published.
type Policy struct {
	// needed; what the file holds
	Table TableRules `toml:"table"`
	// needed; what the table is by: its columns of codes
	Dimensions []Dimension `toml:"dimension"`
	// needed; which cells are unsafe
	Primary PrimaryRules `toml:"primary"`
	// needed; how wide an unsafe cell must stay, and what hiding another costs
	Secondary SecondaryRules `toml:"secondary"`
	// needed; what becomes of the table
	Release ReleaseRules `toml:"release"`
}

// TableRules say what the file holds: a row for each contribution, or for each cell.
type TableRules struct {
	// a name of the figures: tables of one name are protected together
	Name string `toml:"name" need:"yes"`
	// column that is summed, numbers of at least 0; contributors are counted if unset
	Value string `toml:"value"`
	// column that names the contributor, of a file with a row for each contribution
	Contributor string `toml:"contributor"`
	// column that counts the distinct contributors, of a file with a row for each cell
	Contributors string `toml:"contributors"`
	// columns of the largest contributions of a cell, the largest first
	Largest []string `toml:"largest"`
	// each contributor is in one cell alone, so that totals that the file lacks can be added up
	Disjoint bool `toml:"disjoint"`
	// delimiter of a CSV; found in the heading if unset
	Delimiter string `toml:"delimiter"`
}

// Dimension is a column of codes.
type Dimension struct {
	// the column
	Name string `toml:"name" need:"yes"`
	// the code of the total
	Total string `toml:"total" need:"yes"`
	// subtotals: the codes, or other subtotals, that each adds up
	Groups map[string][]string `toml:"groups"`
}

// PrimaryRules say which cells are unsafe. The rules of dominance are for values alone.
type PrimaryRules struct {
	// at least 3 (11 of persons at a school); distinct contributors of a cell
	Minimum int64 `toml:"minimum" need:"yes"`
	// n of (n, k) dominance, with dominance_percent
	DominanceN int `toml:"dominance_n"`
	// most that the n largest contributors may hold of a cell, in percent; values need this or p_percent
	DominancePercent float64 `toml:"dominance_percent"`
	// how far the others must protect the largest contributor from the second, in percent
	PPercent float64 `toml:"p_percent"`
	// whether everybody may know which cells are empty, or of contributors who brought nothing
	Zeros string `toml:"zeros" need:"yes" words:"shown,hidden"`
}

// SecondaryRules say how wide an unsafe cell must stay, and what hiding another costs.
type SecondaryRules struct {
	// needed of counts, at least 1; no unsafe count may be known within so many
	IntervalCount int64 `toml:"interval_count"`
	// at least 20; nor any unsafe cell within such a share of it
	IntervalPercent float64 `toml:"interval_percent" need:"yes"`
	// what makes a cell dear: each counts one, or its value, or its contributors
	Cost string `toml:"cost" need:"yes" words:"cells,value,contributors"`
	// whether who contributes to a cell alone must learn no more than everybody
	Insiders *bool `toml:"insiders" need:"yes"`
}

// ReleaseRules say what becomes of the table.
type ReleaseRules struct {
	// unsafe cells are hidden, all cells are rounded so that they still add up, or all have noise
	Method string `toml:"method" need:"yes" words:"suppress,round,noise"`
	// of rounding, at least 3: every cell is a multiple of it
	Base float64 `toml:"base"`
	// of noise: variance of a count, in contributors²
	Variance float64 `toml:"variance"`
	// of noise: its most, in contributors
	Maximum int `toml:"maximum"`
	// of noise: least count that may be left, but 0
	Least int `toml:"least"`
	// of noise: step of a value, as a fraction of the largest contribution
	Step float64 `toml:"step"`
}

// Methods of a release.
const (
	MethodSuppress = "suppress"
	MethodRound    = "round"
	MethodNoise    = "noise"
)

// ParsePolicy reads a policy; all faults at once.
func ParsePolicy(data []byte) (Policy, error) {
	var p Policy
	_, filled, err := keyline.Decode(data, &p, nil)
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	if !filled {
		return p, err
	}
	return p, errors.Join(err, p.Check())
}

// Check refuses what is unset, weaker than the least that protects, or for another kind of file.
func (p Policy) Check() error {
	var faults []error
	refuse := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf("%w: "+format, append([]any{ErrPolicy}, args...)...))
		}
	}
	p.checkTable(refuse)
	p.checkRules(refuse)
	return errors.Join(faults...)
}

func (p Policy) checkTable(refuse func(bool, string, ...any)) {
	t := p.Table
	refuse((t.Contributor == "") == (t.Contributors == ""),
		"table: one of contributor (a row for each contribution) and contributors (a row for each cell) must be set")
	refuse(t.Contributor != "" && len(t.Largest) > 0, "table.largest is for a file with a row for each cell")
	refuse(len([]rune(t.Delimiter)) > 1, "table.delimiter must be one character")
	refuse(len(p.Dimensions) == 0, "no [[dimension]]")
	var names []string
	for _, name := range append([]string{t.Value, t.Contributor, t.Contributors}, t.Largest...) {
		if name != "" {
			refuse(slices.Contains(names, name), "column %q is named twice", name)
			names = append(names, name)
		}
	}
	for _, d := range p.Dimensions {
		refuse(slices.Contains(names, d.Name), "column %q is named twice", d.Name)
		names = append(names, d.Name)
	}
	needed := max(p.Primary.DominanceN, map[bool]int{true: 2}[p.Primary.PPercent > 0])
	refuse(t.Contributors != "" && len(t.Largest) < needed,
		"table.largest names %d columns, and the rules of dominance ask for the %d largest", len(t.Largest), needed)
}

func (p Policy) checkRules(refuse func(bool, string, ...any)) {
	a, s, r, counts := p.Primary, p.Secondary, p.Release, p.Table.Value == ""
	refuse(a.Minimum < 3, "primary.minimum is %d, weaker than 3", a.Minimum)
	refuse((a.DominanceN == 0) != (a.DominancePercent == 0),
		"primary.dominance_n and primary.dominance_percent go together")
	refuse(a.DominanceN < 0 || a.DominanceN > 10, "primary.dominance_n is %d, not 1 to 10", a.DominanceN)
	refuse(a.DominancePercent != 0 && !(a.DominancePercent > 0 && a.DominancePercent <= 95),
		"primary.dominance_percent is %v, not above 0 and at most 95", a.DominancePercent)
	refuse(a.PPercent != 0 && !(a.PPercent >= 5 && a.PPercent <= 100), "primary.p_percent is %v, not 5 to 100",
		a.PPercent)
	refuse(counts && (a.PPercent != 0 || a.DominanceN != 0), "primary: the rules of dominance need table.value")
	refuse(!counts && a.PPercent == 0 && a.DominanceN == 0,
		"primary: a table of values needs p_percent, or dominance_n and dominance_percent")
	refuse(!(s.IntervalPercent >= 20 && s.IntervalPercent <= 100), "secondary.interval_percent is %v, not 20 to 100",
		s.IntervalPercent)
	refuse(counts && s.IntervalCount < 1, "secondary.interval_count is %d, weaker than 1", s.IntervalCount)
	refuse(!counts && s.IntervalCount != 0, "secondary.interval_count is for a table of counts")
	refuse((r.Method == MethodRound) != (r.Base != 0), "release.base goes with release.method = \"round\"")
	refuse(r.Method == MethodRound && !(r.Base >= 3), "release.base is %v, weaker than 3", r.Base)
	noise := r.Variance != 0 || r.Maximum != 0 || r.Least != 0 || r.Step != 0
	refuse(noise && r.Method != MethodNoise, "release: variance, maximum, least and step go with method = \"noise\"")
	if r.Method != MethodNoise {
		return
	}
	refuse(p.Table.Contributor == "", "release: noise follows who contributes: it needs table.contributor")
	refuse(!(r.Variance >= 1), "release.variance is %v, weaker than 1", r.Variance)
	_, err := perturb.NewNoise(r.noise(), func(...int64) uint64 { return 0 })
	refuse(err != nil, "release: %v", err)
}

// noise is the design of the noise.
func (r ReleaseRules) noise() perturb.Parameters {
	return perturb.Parameters{Variance: r.Variance, Maximum: r.Maximum, Least: r.Least, Step: r.Step}
}

// insiders reports whether whoever contributes alone is an attacker too.
func (p Policy) insiders() bool { return p.Secondary.Insiders != nil && *p.Secondary.Insiders }
