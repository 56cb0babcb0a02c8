package indicator

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/edition"
)

//go:embed catalogue.toml
var catalogueTOML []byte

// Kind says what sort of number a measure is; it decides how it is protected
// and shown.
type Kind string

// Kinds of measures.
const (
	Share      Kind = "share"       // of distinct persons, 0 to 1
	EventShare Kind = "event_share" // of visits, days or weeks, 0 to 1
	Rate       Kind = "rate"        // per week, per day
	Index      Kind = "index"       // Gini and the like
	Ratio      Kind = "ratio"       // 1 is « no difference »
	Gap        Kind = "gap"         // difference of shares, −1 to 1
	Bounds     Kind = "bounds"      // a share known between two bounds
	Quantile   Kind = "quantile"    // of a count, known to lie in a bin of the histogram
	Coverage   Kind = "coverage"    // of feeds; no person behind it
)

// Measure is one number an indicator gives.
type Measure struct {
	Name  string `toml:"name"`
	Label string `toml:"label"` // French
	Kind  Kind   `toml:"kind"`
	// Sources are the measures of edition.Measures (or the curve of times) it is
	// made of; Column is the column of the person table; Service the DNMA code
	// in the weeks table.
	Sources []string `toml:"sources"`
	Column  string   `toml:"column"`
	Service int8     `toml:"service"`
	// Populations are its denominators.
	Populations []string `toml:"populations"`
	// Groups is false when it is given for the whole population only; By lists the
	// groupings it is given for, all of them when it is empty.
	Groups *bool    `toml:"groups"`
	By     []string `toml:"by"`
	// Absent is the reason when the edition has no row of the sources.
	Absent string `toml:"absent"`
	// Missing is the reason when no edition carries it yet.
	Missing string `toml:"missing"`
}

// ByGroup reports whether the measure is also given by a grouping.
func (m Measure) ByGroup(grouping string) bool {
	return (m.Groups == nil || *m.Groups) && (len(m.By) == 0 || slices.Contains(m.By, grouping))
}

// Line is a figure of another source shown beside ours, without a test.
type Line struct {
	Value float64 `toml:"value"`
	Label string  `toml:"label"`
}

// Indicator is one question of the declared list. Texts are French.
type Indicator struct {
	ID          string `toml:"id"`
	Tier        string `toml:"tier"` // A core, B optional, C needs a feed that may be missing
	Question    string `toml:"question"`
	Definition  string `toml:"definition"`
	Denominator string `toml:"denominator"`
	// Reads says whose feed must have run: visits, grades, register, directory,
	// coverage, manifest.
	Reads string `toml:"reads"`
	// Questions name the SQL of package query.
	Questions []string  `toml:"questions"`
	Measures  []Measure `toml:"measure"`
	Method    string    `toml:"method"`
	Caveat    string    `toml:"caveat"`
	Reference string    `toml:"reference"`
	// Missing is why the question is « non mesurable » in every edition so far.
	Missing string `toml:"missing"`
	// Stigmatising indicators need more persons.
	Stigmatising bool  `toml:"stigmatising"`
	Line         *Line `toml:"line"`
}

var catalogue = sync.OnceValues(func() ([]Indicator, error) { return parseCatalogue(catalogueTOML) })

// Catalogue returns the declared list in its order.
func Catalogue() ([]Indicator, error) {
	list, err := catalogue()
	return slices.Clone(list), err
}

// IDs returns the ids of the declared list in its order.
func IDs() []string {
	list, err := catalogue()
	if err != nil {
		return nil
	}
	ids := make([]string, len(list))
	for i, ind := range list {
		ids[i] = ind.ID
	}
	return ids
}

// Lookup finds an indicator by id.
func Lookup(id string) (Indicator, error) {
	list, err := catalogue()
	if err != nil {
		return Indicator{}, err
	}
	for _, ind := range list {
		if ind.ID == id {
			return ind, nil
		}
	}
	return Indicator{}, fmt.Errorf("indicator: no indicator %q", id)
}

// measure finds a measure of an indicator by name.
func (ind Indicator) measure(name string) (Measure, bool) {
	for _, m := range ind.Measures {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}

func parseCatalogue(data []byte) ([]Indicator, error) {
	var file struct {
		Indicators []Indicator `toml:"indicator"`
	}
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("indicator: catalogue: %w", err)
	}
	var faults []error
	seen := map[string]bool{}
	for _, ind := range file.Indicators {
		if seen[ind.ID] {
			faults = append(faults, fmt.Errorf("indicator: %s is declared twice", ind.ID))
		}
		seen[ind.ID] = true
		faults = append(faults, ind.check()...)
	}
	return file.Indicators, errors.Join(faults...)
}

// check finds what is wrong in one declaration.
func (ind Indicator) check() []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("indicator: "+ind.ID+": "+format, args...))
	}
	for name, text := range map[string]string{"question": ind.Question, "definition": ind.Definition,
		"denominator": ind.Denominator, "method": ind.Method, "caveat": ind.Caveat, "reference": ind.Reference} {
		if text == "" {
			fault("no %s", name)
		}
	}
	if !slices.Contains([]string{"A", "B", "C"}, ind.Tier) {
		fault("tier %q", ind.Tier)
	}
	if (ind.Missing == "") == (len(ind.Measures) == 0) {
		fault("needs either measures or the reason why it has none")
	}
	for _, q := range ind.Questions {
		if _, err := query.SQL(q); err != nil {
			fault("no question %q", q)
		}
	}
	for _, m := range ind.Measures {
		if m.Label == "" || len(m.Populations) == 0 || !slices.Contains(kinds, m.Kind) {
			fault("measure %s is incomplete", m.Name)
		}
		for _, s := range m.Sources {
			if !approved(s) {
				fault("measure %s: %s is not an approved measure", m.Name, s)
			}
		}
	}
	return faults
}

var kinds = []Kind{Share, EventShare, Rate, Index, Ratio, Gap, Bounds, Quantile, Coverage}

// curveFirstLogin is the one curve of the times table.
const curveFirstLogin = "D3.first_login"

// approved reports whether the edition's reviewed list has the measure.
func approved(name string) bool {
	return name == curveFirstLogin || slices.ContainsFunc(edition.Measures, func(m edition.Measure) bool { return m.Name == name })
}
