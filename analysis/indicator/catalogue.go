package indicator

import (
	"bytes"
	"cmp"
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
	EventShare Kind = "event_share" // of visits, days, weeks, messages or grades, 0 to 1
	Rate       Kind = "rate"        // per week, per day, or a mean
	Index      Kind = "index"       // Gini and the like
	Ratio      Kind = "ratio"       // 1 is « no difference »
	Gap        Kind = "gap"         // difference of shares, −1 to 1
	Difference Kind = "difference"  // of means, in their unit
	Duration   Kind = "duration"    // in the step of its curve
	Bounds     Kind = "bounds"      // a share known between two bounds
	Quantile   Kind = "quantile"    // of a count, known to lie in a bin of the histogram
	Coverage   Kind = "coverage"    // of feeds and schools; no person behind it
)

// Measure is one number an indicator gives.
type Measure struct {
	Name  string `toml:"name"`
	Label string `toml:"label"` // French
	Kind  Kind   `toml:"kind"`
	// Estimator says how it is computed (see estimators); empty is Σx/Σy over
	// clusters, or what the kind implies.
	Estimator string `toml:"estimator"`
	// Sources are the measures of edition.Measures it is made of, in the order the
	// estimator expects. Column is the column of the person table; Service the DNMA
	// code in the weeks table; Feed the pseudo feed of the coverage table.
	Sources []string `toml:"sources"`
	Column  string   `toml:"column"`
	Service int8     `toml:"service"`
	Feed    string   `toml:"feed"`
	// Curve is a life table of edition.Curves, Rival that of the competing event, At
	// the time (in the curve's step) or the count at which it is read, Quantile a
	// share of units or persons.
	Curve    string  `toml:"curve"`
	Rival    string  `toml:"rival"`
	At       float64 `toml:"at"`
	Quantile float64 `toml:"quantile"`
	// Along is the ordered grouping a gradient or a trend follows (IPS band when
	// empty), Form what of it is given.
	Along string `toml:"along"`
	Form  string `toml:"form"`
	// Scale (1 when 0) and Shift take the contributions to the unit of the measure;
	// Top (0: none) is the most it may be.
	Scale float64 `toml:"scale"`
	Shift float64 `toml:"shift"`
	Top   float64 `toml:"top"`
	// MinSchools is the number of schools below which there is no answer.
	MinSchools int64 `toml:"min_schools"`
	// Populations are its denominators.
	Populations []string `toml:"populations"`
	// Groups is false when it is given for the whole population only, Whole when it
	// is given for groups only; By lists the groupings it is given for, all those of
	// its sources when it is empty.
	Groups *bool    `toml:"groups"`
	Whole  *bool    `toml:"whole"`
	By     []string `toml:"by"`
	// PublishBy lists the groupings of the published report: the common ones when it
	// is empty, "all" for the whole population alone.
	PublishBy []string `toml:"publish_by"`
	// Absent is the reason when the edition has no row of the sources.
	Absent string `toml:"absent"`
}

// common are the groupings of the published report, unless a measure says so.
var common = edition.Groupings[1:]

// groupings are those the approved list knows, without the whole population.
var groupings = edition.Wide[1:]

// Carries reports whether the measure is given for a grouping by an edition that
// has its sources; "all" is the whole population.
func (m Measure) Carries(grouping string) bool {
	if grouping == "all" {
		return m.Whole == nil || *m.Whole
	}
	if m.Groups != nil && !*m.Groups || len(m.By) > 0 && !slices.Contains(m.By, grouping) {
		return false
	}
	switch {
	case m.Curve != "":
		c, _ := curve(m.Curve)
		return carries(c.By, grouping)
	case m.Column != "":
		return slices.Contains(common, grouping)
	case len(m.Sources) == 0:
		return len(m.By) > 0
	}
	for _, source := range m.Sources {
		s, _ := approved(source)
		if !carries(s.By, grouping) {
			return false
		}
	}
	return true
}

// carries reads a list of groupings of the approved lists, where nil is the usual.
func carries(by []string, grouping string) bool {
	if by == nil {
		by = edition.Groupings
	}
	return slices.Contains(by, grouping)
}

// Publishes reports whether the published report gives the measure by a grouping.
func (m Measure) Publishes(grouping string) bool {
	if !m.Carries(grouping) {
		return false
	}
	if len(m.PublishBy) > 0 && grouping != "all" {
		return slices.Contains(m.PublishBy, grouping)
	}
	return grouping == "all" || slices.Contains(common, grouping)
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
	// Absent is the reason of the measures that have none of their own.
	Absent string `toml:"absent"`
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
	for _, ind := range file.Indicators {
		for i := range ind.Measures {
			ind.Measures[i].Absent = cmp.Or(ind.Measures[i].Absent, ind.Absent)
		}
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
	if len(ind.Measures) == 0 {
		fault("has no measure")
	}
	for _, q := range ind.Questions {
		if _, err := query.SQL(q); err != nil {
			fault("no question %q", q)
		}
	}
	for _, m := range ind.Measures {
		if err := m.check(); err != nil {
			fault("measure %s: %w", m.Name, err)
		}
	}
	return faults
}

var kinds = []Kind{Share, EventShare, Rate, Index, Ratio, Gap, Difference, Duration, Bounds, Quantile, Coverage}

// check finds the first fault of a measure.
func (m Measure) check() error {
	if m.Label == "" || len(m.Populations) == 0 || !slices.Contains(kinds, m.Kind) {
		return errors.New("incomplete")
	}
	for _, s := range m.Sources {
		source, ok := approved(s)
		if !ok {
			return fmt.Errorf("%s is not an approved measure", s)
		}
		if !crosses[m.Estimator] && !slices.Contains(source.Populations, m.Populations[0]) {
			return fmt.Errorf("%s is not written for %s", s, m.Populations[0])
		}
	}
	for _, name := range []string{m.Curve, m.Rival} {
		c, ok := curve(name)
		switch {
		case name != "" && !ok:
			return fmt.Errorf("%s is not an approved curve", name)
		case name != "" && m.At > 0 && c.Edges != nil && !slices.Contains(c.Edges[1:], int32(m.At)):
			return fmt.Errorf("%v is no edge of %s", m.At, name)
		}
	}
	for _, g := range append(slices.Clone(m.By), m.PublishBy...) {
		if g != "all" && !m.Carries(g) {
			return fmt.Errorf("its sources have no grouping %s", g)
		}
	}
	if _, ok := tables[m.Estimator]; !ok && estimators[m.Estimator] == nil {
		return fmt.Errorf("no estimator %q", m.Estimator)
	}
	return nil
}

// crosses are the estimators that read a source under another population.
var crosses = map[string]bool{"never_bounds": true, "nonresponse": true, "naive_ratio": true}

// approved finds a measure of the edition's reviewed list.
func approved(name string) (edition.Measure, bool) {
	i := slices.IndexFunc(edition.Measures, func(m edition.Measure) bool { return m.Name == name })
	if i < 0 {
		return edition.Measure{}, false
	}
	return edition.Measures[i], true
}

// curve finds a life table of the edition's reviewed list.
func curve(name string) (edition.Curve, bool) {
	i := slices.IndexFunc(edition.Curves, func(c edition.Curve) bool { return c.Name == name })
	if i < 0 {
		return edition.Curve{}, false
	}
	return edition.Curves[i], true
}
