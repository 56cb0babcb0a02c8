package stats

import "fmt"

// Code names a doubt about a number, for programs.
type Code string

// The codes.
const (
	FewClusters   Code = "few_clusters"
	FewInGroup    Code = "few_clusters_in_group"
	SmallGroup    Code = "small_group"
	LargeClusters Code = "large_clusters"
	SmallErrors   Code = "small_errors"
	Alone         Code = "alone"
	Unequal       Code = "unequal_clusters"
	Alike         Code = "alike_clusters"
	AtBoundary    Code = "clusters_at_boundary"
	Undefined     Code = "undefined_without_clusters"
	NoScale       Code = "no_interval_on_scale"
	NoUnits       Code = "no_units"
	FewUnits      Code = "few_units"
	NoICC         Code = "no_icc"
	NoEvents      Code = "no_events"
	BoundsCross   Code = "bounds_cross"
	Separation    Code = "separation"
	NoConvergence Code = "no_convergence"
	Singular      Code = "singular"
	Collinear     Code = "collinear"
	FewPoints     Code = "few_points"
	NoDispersion  Code = "no_dispersion"
	NotIdentified Code = "not_identified"
	NotANumber    Code = "not_a_number"
	Negative      Code = "negative"
	OutOfRange    Code = "out_of_range"
	TooLarge      Code = "too_large"
	ExactFit      Code = "exact_fit"
	OneCarries    Code = "one_cluster_carries"
	NoLikeness    Code = "no_likeness"
)

// texts are what the codes say in English; the verbs take the Params of a Warning.
var texts = map[Code]string{
	Collinear:     "the columns of the design are collinear",
	FewClusters:   "%d clusters: no interval below %d",
	FewInGroup:    "%d clusters in group %d: no interval below %d",
	SmallGroup:    "%d clusters in group %d of %d",
	LargeClusters: "%d clusters, %.1f degrees of freedom: few large clusters carry the figure",
	SmallErrors:   "%d clusters: CR1 errors are too small below %d",
	Alone:         "%d of %d clusters fix a coefficient alone: its error is not robust",
	Unequal:       "%d clusters of unequal size: the interval is approximate",
	Alike:         "all %d clusters alike: standard error 0, no interval",
	AtBoundary:    "all %d clusters at %v: interval of %d binomial draws",
	Undefined:     "not defined without %d of %d clusters: no interval",
	NoScale:       "value %.4g, standard error %.4g: no interval on the %v scale",
	NoUnits:       "0 units: no value",
	FewUnits:      "%v and %v units: no interval",
	NoICC:         "%d clusters of %d units: no ICC",
	NoEvents:      "0 events in a group: no test",
	BoundsCross:   "upper end %.4g below lower end %.4g",
	Separation:    "separation: %d of %d rows are fitted with certainty, the likelihood has no maximum",
	NoConvergence: "no convergence after %d steps",
	Singular:      "the information of %d parameters is singular",
	FewPoints:     "%d points for %d coefficients",
	NoDispersion:  "theta %.3g: no over-dispersion, read the Poisson fit",
	NotANumber:    "%d values are no number between 1e-100 and 1e100: no value",
	Negative:      "%d sizes below 0: no value",
	OutOfRange:    "%d counts outside their range: no value",
	TooLarge:      "a count of %.3g: none above %.3g",
	ExactFit:      "%d rows fitted without error: no standard error",
	NoLikeness:    "intercepts of deviation below %v: clusters do not differ, read the fit without them",
	OneCarries:    "one of %d clusters carries the figure: no interval",
	NotIdentified: "%.2g of the units are inflated zeros: on the boundary, not identified",
}

// Warning is a doubt that travels with a number: what it is, and the numbers that
// belong to it. A program looks at Code; String is for a reader.
type Warning struct {
	Code   Code
	Params []any
}

// String says the warning in English.
func (w Warning) String() string { return fmt.Sprintf(texts[w.Code], w.Params...) }

func warning(c Code, params ...any) Warning { return Warning{c, params} }
