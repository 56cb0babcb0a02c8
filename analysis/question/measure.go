package question

import (
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

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

var kinds = []Kind{Share, EventShare, Rate, Index, Ratio, Gap, Difference, Duration, Bounds, Quantile, Coverage}

// Measure is one number that answers a question.
type Measure struct {
	Name string `toml:"name"`
	// Label names it by itself: in French for the codebook, in English too when a
	// page shows it. Row is its label among the measures of a figure, Label when empty.
	Label Text `toml:"label"`
	Row   Text `toml:"row"`
	Kind  Kind `toml:"kind"`
	// Estimator says how it is computed (see package indicator); empty is Σx/Σy over
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
	// Window says that the number depends on how long was looked, which its texts say where
	// they have "{window}": « en 14 semaines ».
	Window bool `toml:"window"`
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
	// PartOf are shares of the same persons, of whom these are some: its number is never above
	// theirs but by noise.
	PartOf []Ref `toml:"part_of"`
	// Absent is the reason when the edition has no row of the sources; that of the
	// question when empty.
	Absent Text `toml:"absent"`
}

// common are the groupings of the published report, unless a measure says so.
var common = edition.Groupings[1:]

// RowLabel is the label among the measures of a figure.
func (m Measure) RowLabel() Text {
	if m.Row != (Text{}) {
		return m.Row
	}
	return m.Label
}

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
		c, _ := edition.FindCurve(m.Curve)
		return carries(c.By, grouping)
	case m.Column != "":
		return slices.Contains(common, grouping)
	case len(m.Sources) == 0:
		return len(m.By) > 0
	}
	for _, source := range m.Sources {
		s, _ := edition.FindMeasure(source)
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
