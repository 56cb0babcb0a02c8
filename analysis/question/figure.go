package question

import "strings"

// Form is how a figure is drawn.
type Form string

// Forms of figures.
const (
	Groups   Form = "groups"   // one measure, one row per group
	Measures Form = "measures" // one row per measure, whole population
	Hours    Form = "hours"    // one column per hour band of the day
	Classes  Form = "classes"  // one row per class of a distribution
	Weeks    Form = "weeks"    // one measure, one point per week
	Curve    Form = "curve"    // one point per measure, at the time it is read at
	// Grid draws measures as shades: those whose names end in _row_column_panel, or those of
	// the places of two axes.
	Grid Form = "grid"
	// Concentration draws two measures by group, both cumulated: the second over the first.
	Concentration Form = "concentration"
	// Lorenz draws what the persons with most hold of all, each measure at its share of them in
	// percent.
	Lorenz Form = "lorenz"
	// Multiples draws one measure by two groupings crossed: a panel for each group of the second.
	Multiples Form = "multiples"
)

var forms = []Form{Groups, Measures, Hours, Classes, Weeks, Curve, Grid, Concentration, Lorenz, Multiples}

// ByGroup says that a figure shows one measure, by group.
func (f Form) ByGroup() bool { return f == Groups || f == Weeks || f == Multiples }

// AnyPopulation in Figure.Populations draws one series whatever its denominator,
// without naming it.
const AnyPopulation = "any"

// Figure is one figure of the report.
type Figure struct {
	ID   string `toml:"id"` // also the name of its files
	Form Form   `toml:"form"`
	// Title is the label of its measure when it is left out.
	Title    Text     `toml:"title"`
	Measures []string `toml:"measures"`
	// Populations are the denominators drawn side by side, at most two: those of its
	// measures when it is empty.
	Populations []string `toml:"populations"`
	// Phrase completes a sentence that begins with the value: "34 % …".
	Phrase Text `toml:"phrase"`
	// Whole runs the scale to 100 %.
	Whole bool `toml:"whole"`
	// Line is the mark of a figure of ratios, « no effect » when it is left out.
	Line *Line `toml:"line"`
	// Thresholds names the figure of the same question that gives the same number by other
	// thresholds: its range is said beside the number.
	Thresholds string `toml:"thresholds"`
	// Note is said after the reading of the figure.
	Note Text `toml:"note"`
	// Grid names the sides of a figure of shades.
	Grid *GridWords `toml:"grid"`
	// Verdict words the test of the first measure against 1.
	Verdict *Verdict `toml:"verdict"`
	// Before names the number that says whether both groups moved alike before: where they did
	// not, or where nothing says so, no test of the figure establishes an effect.
	Before *Ref `toml:"before"`
	// Primary declares the comparisons of the figure as what the study is about, before
	// any edition: their family allows no false difference, where those of the others allow
	// a few.
	Primary bool `toml:"primary"`
}

// Line is a figure of another source, or a point without effect, drawn across the
// values and without a test. At is in the unit of the results: 0.12 is 12 %.
type Line struct {
	At   float64 `toml:"at"`
	Text Text    `toml:"text"`
}

// GridWords say what the columns, the rows and each panel of a map of shades are. A map of
// places has those of two axes, and one panel.
type GridWords struct {
	Across  Text   `toml:"across"`
	Down    Text   `toml:"down"`
	Panels  []Text `toml:"panels"`
	Columns string `toml:"columns"` // an axis
	Rows    string `toml:"rows"`
}

// At is where a measure stands on an axis: one of the parts of its name is a place of it. -1
// of one that has none.
func (g GridWords) At(a Axis, measure string) int {
	for _, part := range strings.Split(measure, "_") {
		if i := a.At(part); i >= 0 {
			return i
		}
	}
	return -1
}

// Verdict words the outcome of the test of a ratio: above 1, below 1, or no difference shown.
type Verdict struct {
	Above  Text `toml:"above"`
	Below  Text `toml:"below"`
	Across Text `toml:"across"`
	// Departures is the measure that gives the interval by how far the groups may have come
	// apart by themselves; Holds and Falls say up to which of them the effect stands, and from
	// which on it does not, where they have "{departure}".
	Departures string `toml:"departures"`
	Holds      Text   `toml:"holds"`
	Falls      Text   `toml:"falls"`
}

// Ref names one number: a measure of a question for one denominator.
type Ref struct {
	Question   string `toml:"question"` // an id; the question it stands in when it is left out
	Measure    string `toml:"measure"`
	Population string `toml:"population"`
}

// Headline is one line of what the demo prints.
type Headline struct {
	Ref
	Place int  `toml:"place"`
	Text  Text `toml:"text"` // completes the number
}

// SchoolRow is one row of the table of a school page.
type SchoolRow struct {
	Ref
	Place int  `toml:"place"`
	Text  Text `toml:"text"`
}

// CardForm is how a card of a school page shows its answer.
type CardForm string

// Forms of cards.
const (
	PeerCard   CardForm = "peers"  // a number, a bar and the mark of similar schools
	NumberCard CardForm = "number" // a number, and that of similar schools in words
	HourCard   CardForm = "hours"  // the columns of a figure of hours
)

// Card is one answer of a school page's first screen.
type Card struct {
	Ref             // what it shows; nothing for a card of hours
	ID     string   `toml:"id"` // its anchor
	Place  int      `toml:"place"`
	Form   CardForm `toml:"form"`
	Figure string   `toml:"figure"` // the figure whose hours it shows
	Title  Text     `toml:"title"`
	Line   Text     `toml:"line"` // completes the number
	Ask    Text     `toml:"ask"`  // what the school may discuss
	// Details are further numbers, each after its text.
	Details []Detail `toml:"detail"`
}

// Detail is a further number of a card.
type Detail struct {
	Ref
	Text Text `toml:"text"`
}
