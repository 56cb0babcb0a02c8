package edition

// The rows an edition may hold. There is no pseudonym, no row identifier and no
// time finer than a week; every count that stands for people is a count of
// distinct persons. Files are ordered by their released values only.

// ParentRow is one person of the person table: quasi-identifiers as the
// anonymiser generalised them (a node of the hierarchy, as text), behaviours in
// fixed ordered bands. The protected person is the study's subject (a parent,
// unless the study says pupil).
type ParentRow struct {
	// Quasi-identifiers.
	Level      string `parquet:"level,dict"`      // ecole, college, lycee
	GradeBand  string `parquet:"grade_band,dict"` // 6e-5e, 4e-3e, …
	Sector     string `parquet:"sector,dict"`     // public, prive
	EP         string `parquet:"ep,dict"`         // HEP, REP, REP+
	IPSBand    string `parquet:"ips_band,dict"`   // 1 (low) to 5 (high)
	Cluster    string `parquet:"cluster,dict"`    // random id of >= 3 schools of one stratum
	Children   string `parquet:"children,dict"`   // 1, 2, 3+
	Devices    string `parquet:"devices,dict"`    // none, phone, computer, mixed, unknown
	Activation string `parquet:"activation,dict"` // before-term, in-term, never, unknown
	// Behaviours (sensitive), in ordered bands.
	// visits a school week: 0-never, 1-under 1/month, 2-monthly, 3-weekly, 4-several a week, 5-daily
	Visits string `parquet:"visits,dict"`
	// not-measured, 0-none, 1-under weekly, 2-weekly, 3-several a week, 4-daily
	GradeVisits string `parquet:"grade_visits,dict"`
	// share of visits from 19 h to 7 h: none, 0-under half, 1-half or more
	Evening     string `parquet:"evening,dict"`
	Accompanied string `parquet:"accompanied,dict"` // no, yes, unknown
}

// SumRow is one cell of sums: cluster × one declared grouping × measure ×
// population. Each person i of the cell brings integers x_i (numerator) and
// y_i (denominator); ratios are estimated as sum(x)/sum(y) over clusters.
type SumRow struct {
	Grouping   string `parquet:"grouping,dict"` // all, level, ips_band, ep, …
	Group      string `parquet:"group,dict"`    // value of the grouping, "" for all
	Cluster    int32  `parquet:"cluster"`       // random, new for each grouping
	Schools    int32  `parquet:"schools"`       // of the cluster, with 20 persons or so
	Measure    string `parquet:"measure,dict"`
	Population string `parquet:"population,dict"`
	Persons    int64  `parquet:"persons"`  // distinct persons
	Families   int64  `parquet:"families"` // distinct families of PopFamilies, elsewhere Persons
	Numerator  int64  `parquet:"numerator"`
	Denom      int64  `parquet:"denominator"`
	SumXX      int64  `parquet:"sum_xx"`
	SumXY      int64  `parquet:"sum_xy"`
	SumYY      int64  `parquet:"sum_yy"`
	// Histogram of x over persons, bins HistogramEdges.
	H00 int64 `parquet:"h00"`
	H01 int64 `parquet:"h01"`
	H02 int64 `parquet:"h02"`
	H03 int64 `parquet:"h03"`
	H04 int64 `parquet:"h04"`
	H05 int64 `parquet:"h05"`
	H06 int64 `parquet:"h06"`
	H07 int64 `parquet:"h07"`
	H08 int64 `parquet:"h08"`
	H09 int64 `parquet:"h09"`
	H10 int64 `parquet:"h10"`
	H11 int64 `parquet:"h11"`
	H12 int64 `parquet:"h12"`
	H13 int64 `parquet:"h13"`
	H14 int64 `parquet:"h14"`
	H15 int64 `parquet:"h15"`
}

// HistogramEdges are the lower edges of the sixteen bins of x in SumRow; the
// last bin is open.
var HistogramEdges = [16]int64{0, 1, 2, 3, 5, 8, 12, 18, 26, 38, 54, 78, 110, 158, 222, 318}

// TimeRow is one cell of times: a life table, stratum × cluster × time bin.
type TimeRow struct {
	Curve    string `parquet:"curve,dict"` // D3.first_login, …
	Grouping string `parquet:"grouping,dict"`
	Group    string `parquet:"group,dict"`
	Cluster  int32  `parquet:"cluster"`
	Schools  int32  `parquet:"schools"`
	// Bin is the position, from 0, of the bin in Curve.Edges; the whole steps
	// since the origin where the curve has no edges.
	Bin      int32 `parquet:"bin"`
	Persons  int64 `parquet:"persons"` // distinct persons on the whole curve of this cluster
	AtRisk   int64 `parquet:"at_risk"`
	Events   int64 `parquet:"events"`
	Censored int64 `parquet:"censored"`
}

// WeekRow is one cell of weeks: cluster × school week × profile × service.
// Service -1 is any service.
type WeekRow struct {
	Level   string `parquet:"level,dict"`
	Cluster int32  `parquet:"cluster"`
	Schools int32  `parquet:"schools"`   // of the cluster, under study, of which the week is a school week
	WeekDay int32  `parquet:"week,date"` // the Monday
	Profile int8   `parquet:"profile"`
	Service int8   `parquet:"service"`
	Visits  int64  `parquet:"visits"`
	Persons int64  `parquet:"persons"`
}

// CoverageRow says which feeds reported when; it holds no person. In the
// research edition UAI is "" and a row is a level; in the schools edition a row
// is one school that has measures, and any service. Service 0 is any service. A feed
// reports for a school in a week of five persons on, by name of as many as stand behind
// a rate of the school: of fewer, the row says the same as of none.
type CoverageRow struct {
	Feed      string `parquet:"feed,dict"`
	UAI       string `parquet:"uai,dict"`
	Level     string `parquet:"level,dict"`
	WeekDay   int32  `parquet:"week,date"`
	Service   int8   `parquet:"service"`
	Expected  int32  `parquet:"expected"`  // schools that should report
	Reporting int32  `parquet:"reporting"` // schools that did
}

// Feeds of CoverageRow that are no source of events: they count schools over the
// whole window (WeekDay 0, Service 0). Expected is the schools of the level in the
// perimeter, Reporting those of which it is true.
const (
	FeedObserved = "(observed)" // >= 5 parents or pupils signed in
	FeedDeclared = "(declared)" // opened its ENT before the end of the window, by the register of schools
	// FeedSetting is followed by the setting: "(setting) messages closed",
	// "(setting) messages principal", "(setting) messages all",
	// "(setting) grades at-once", "(setting) grades deferred".
	FeedSetting = "(setting) "
)

// SchoolRow is one cell of the schools edition: UAI × period × measure ×
// population, never below 20 persons.
type SchoolRow struct {
	UAI        string `parquet:"uai,dict"`
	Name       string `parquet:"name,dict"`
	Level      string `parquet:"level,dict"`
	IPSBand    string `parquet:"ips_band,dict"`
	EP         string `parquet:"ep,dict"`
	Period     string `parquet:"period,dict"` // the term, or YYYY-MM
	Measure    string `parquet:"measure,dict"`
	Population string `parquet:"population,dict"`
	Persons    int64  `parquet:"persons"`
	Families   int64  `parquet:"families"`
	Numerator  int64  `parquet:"numerator"`
	Denom      int64  `parquet:"denominator"`
	// Sums of squares bound the largest contribution of one person, so that a
	// figure carried by one account can be told before it is shown.
	SumXX int64 `parquet:"sum_xx"`
	SumYY int64 `parquet:"sum_yy"`
}

// Tables of an edition and the files that hold them.
const (
	TableParents        = "parents"         // parents.parquet, ParentRow (research)
	TableSums           = "sums"            // sums.parquet, SumRow (research)
	TableTimes          = "times"           // times.parquet, TimeRow (research)
	TableWeeks          = "weeks"           // weeks.parquet, WeekRow (research)
	TableCoverage       = "coverage"        // coverage.parquet, CoverageRow (both)
	TableSchoolMeasures = "school_measures" // school_measures.parquet, SchoolRow (schools)
)
