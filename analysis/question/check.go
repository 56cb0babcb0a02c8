package question

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// tiers and readings are the words of Question.Tier and Question.Reads.
var (
	tiers    = []string{"A", "B", "C"}
	readings = []string{"visits", "grades", "register", "directory", "messages", "coverage", "manifest"}
)

// list is all that the files say.
type list struct {
	questions   []Question
	populations []Population
	groupings   []Grouping
	axes        []Axis
	pages       []Page
	needs       []Need
}

// check finds every fault of the catalogue: a text that is missing, a name that does
// not resolve, an id or a place that is given twice.
func (l list) check() []error {
	c := checker{list: l, ids: map[string]bool{}}
	for _, q := range l.questions {
		c.question(q)
	}
	for _, p := range l.populations {
		c.once("population", p.Name)
		c.text("population "+p.Name, p.Text)
	}
	for _, g := range l.groupings {
		c.once("grouping", g.Name)
		c.text("grouping "+g.Name, g.Text)
		for _, v := range g.Groups {
			c.text("group "+v.Name+" of "+g.Name, v.Text)
		}
	}
	c.checkAxes()
	c.checkPages()
	c.places("headline", len(c.headlines), c.headlines)
	c.places("school row", len(c.rows), c.rows)
	c.places("card", len(c.cards), c.cards)
	return c.faults
}

// checkAxes holds that the vocabulary words each list of places, in its order.
func (c *checker) checkAxes() {
	for _, a := range c.axes {
		c.once("axis", a.Name)
		var names []string
		for _, p := range a.Places {
			names = append(names, p.Name)
			c.text("place "+p.Name+" of "+a.Name, p.Text)
			c.text("place "+p.Name+" of "+a.Name+": short", p.Short)
			if p.Length <= 0 {
				c.fault("axis %s: place %s has no length", a.Name, p.Name)
			}
		}
		if !slices.Equal(names, edition.Places[a.Name]) {
			c.fault("axis %s: %q are not the places of an edition, %q", a.Name, names, edition.Places[a.Name])
		}
	}
	for name := range edition.Places {
		if axisOf(c.axes, name).Places == nil {
			c.fault("the vocabulary has no axis %s", name)
		}
	}
}

// checker gathers the faults of a catalogue.
type checker struct {
	list
	faults                 []error
	ids                    map[string]bool
	headlines, rows, cards []int // places
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("question: "+format, args...))
}

// once holds that a name is given once among things of its kind.
func (c *checker) once(kind, name string) {
	if c.ids[kind+" "+name] {
		c.fault("%s %q is given twice", kind, name)
	}
	c.ids[kind+" "+name] = true
}

func (c *checker) text(where string, t Text) {
	if !t.complete() {
		c.fault("%s: a text is missing in French or in English", where)
	}
}

// places holds that the places of one list are 1, 2, 3 … in some order.
func (c *checker) places(kind string, n int, places []int) {
	slices.Sort(places)
	for i, p := range places {
		if p != i+1 {
			c.fault("the places of the %d %ss are not 1 to %d", n, kind, n)
			return
		}
	}
}

func (c *checker) question(q Question) {
	c.once("question", q.ID)
	c.text(q.ID+": question", q.Question)
	c.text(q.ID+": definition", q.Definition)
	c.text(q.ID+": method", q.Method)
	c.text(q.ID+": caveat", q.Caveat)
	c.text(q.ID+": denominator", q.Denominator)
	c.text(q.ID+": reference", q.Reference)
	if !slices.Contains(tiers, q.Tier) {
		c.fault("%s: tier %q", q.ID, q.Tier)
	}
	if !slices.Contains(readings, q.Reads) {
		c.fault("%s: reads %q", q.ID, q.Reads)
	}
	if len(q.Measures) == 0 {
		c.fault("%s: no measure", q.ID)
	}
	c.line(q.ID, q.Line)
	for _, m := range q.Measures {
		c.once("measure of "+q.ID, m.Name)
		if m.Absent != (Text{}) {
			c.text(q.ID+": "+m.Name+": absent", m.Absent)
		}
		if err := m.check(); err != nil {
			c.fault("%s: measure %s: %w", q.ID, m.Name, err)
		}
		for _, p := range m.Populations {
			c.population(q.ID+": measure "+m.Name, p)
			for _, whole := range m.PartOf {
				whole.Population = p
				c.wholeOf(q.ID+": measure "+m.Name, m, whole)
			}
		}
	}
	for _, f := range q.Figures {
		c.figure(q, f)
	}
	c.surfaces(q)
}

func (c *checker) line(where string, l *Line) {
	if l != nil {
		c.text(where+": line", l.Text)
	}
}

func (c *checker) population(where, name string) {
	if !slices.ContainsFunc(c.populations, func(p Population) bool { return p.Name == name }) {
		c.fault("%s: the vocabulary has no population %q", where, name)
	}
}

// figure holds that a figure draws measures of its question, and words what it shows.
func (c *checker) figure(q Question, f Figure) {
	where := "figure " + f.ID
	c.once("figure", f.ID)
	c.text(where+": title", f.Title)
	c.line(where, f.Line)
	if f.Phrase != (Text{}) {
		c.text(where+": phrase", f.Phrase)
	}
	if f.Note != (Text{}) {
		c.text(where+": note", f.Note)
	}
	if f.Thresholds != "" && !slices.ContainsFunc(q.Figures, func(g Figure) bool { return g.ID == f.Thresholds }) {
		c.fault("%s: no figure %q", where, f.Thresholds)
	}
	if f.Before != nil {
		c.ref(where, *f.Before)
	}
	if v := f.Verdict; v != nil {
		c.text(where+": verdict", v.Above)
		c.text(where+": verdict", v.Below)
		if _, known := q.Measure(v.Departures); v.Departures != "" && !known {
			c.fault("%s: verdict: no measure %q", where, v.Departures)
		}
		if v.Departures != "" {
			c.text(where+": holds", v.Holds)
			c.text(where+": falls", v.Falls)
		}
		c.text(where+": verdict", v.Across)
	}
	if !slices.Contains(forms, f.Form) {
		c.fault("%s: form %q", where, f.Form)
	}
	if len(f.Measures) == 0 || f.Form.ByGroup() && len(f.Measures) > 1 ||
		f.Form == Concentration && len(f.Measures) != 2 {
		c.fault("%s: %d measures", where, len(f.Measures))
	}
	c.grid(where, f)
	if n := len(f.Populations); n == 0 || n > 2 {
		c.fault("%s: %d populations, of one or two", where, n)
	}
	given := q.populations(f.Measures)
	for _, p := range f.Populations {
		if p != AnyPopulation && !slices.Contains(given, p) {
			c.fault("%s: its measures are not given for %s", where, p)
		}
	}
	for _, name := range f.Measures {
		m, ok := q.Measure(name)
		switch {
		case !ok:
			c.fault("%s: %s has no measure %q", where, q.ID, name)
		case !f.Form.ByGroup():
			c.text(where+": label of "+name, m.RowLabel())
		case m.Carries("all") && f.Phrase == (Text{}) && m.Estimator != "event_study":
			c.fault("%s: no phrase", where)
		}
	}
}

// grid holds that a figure of shades names its sides.
func (c *checker) grid(where string, f Figure) {
	if f.Form != Grid {
		return
	}
	if f.Grid == nil || len(f.Grid.Panels) == 0 {
		c.fault("%s: its grid has no words", where)
		return
	}
	for _, t := range f.Grid.Panels {
		c.text(where+": grid", t)
	}
	if f.Grid.Rows == "" && f.Grid.Columns == "" {
		c.text(where+": grid", f.Grid.Across)
		c.text(where+": grid", f.Grid.Down)
		return
	}
	c.text(where+": phrase", f.Phrase)
	for _, name := range f.Measures {
		if f.Grid.At(axisOf(c.axes, f.Grid.Rows), name) < 0 || f.Grid.At(axisOf(c.axes, f.Grid.Columns), name) < 0 {
			c.fault("%s: %s has no place on it", where, name)
		}
	}
}

// surfaces holds that what a question has in the demo and on a school page names
// numbers that exist.
func (c *checker) surfaces(q Question) {
	for _, h := range q.Headlines {
		c.headlines = append(c.headlines, h.Place)
		c.ref(q.ID+": headline", h.Ref)
		if !h.Text.complete() {
			c.fault("%s: headline: no text", q.ID)
		}
	}
	for _, r := range q.School {
		c.rows = append(c.rows, r.Place)
		c.text(q.ID+": school row", r.Text)
		c.ref(q.ID+": school row", r.Ref)
		c.onSchoolPage(q.ID+": school row", r.Ref)
	}
	if q.Card != nil {
		c.card(q, *q.Card)
	}
}

func (c *checker) card(q Question, card Card) {
	where := "card " + card.ID
	c.once("card", card.ID)
	c.cards = append(c.cards, card.Place)
	c.text(where+": title", card.Title)
	c.text(where+": line", card.Line)
	c.text(where+": ask", card.Ask)
	switch card.Form {
	case PeerCard, NumberCard:
		c.ref(where, card.Ref)
		c.onSchoolPage(where, card.Ref)
	case HourCard:
		if !slices.ContainsFunc(q.Figures, func(f Figure) bool { return f.ID == card.Figure && f.Form == Hours }) {
			c.fault("%s: %s has no figure of hours %q", where, q.ID, card.Figure)
		}
	default:
		c.fault("%s: form %q", where, card.Form)
	}
	for _, d := range card.Details {
		c.text(where+": detail", d.Text)
		c.ref(where+": detail", d.Ref)
		c.onSchoolPage(where+": detail", d.Ref)
	}
}

// ref holds that a number exists.
func (c *checker) ref(where string, r Ref) {
	if m, ok := c.measure(r); !ok || !slices.Contains(m.Populations, r.Population) {
		c.fault("%s: no measure %s of %s for %s", where, r.Measure, r.Question, r.Population)
	}
}

// wholeOf holds that a measure can be a part of another: shares of the same persons, of which
// the other is no part itself.
func (c *checker) wholeOf(where string, part Measure, whole Ref) {
	c.ref(where+": part of", whole)
	m, _ := c.measure(whole)
	if part.Kind != Share || m.Kind != Share || len(m.PartOf) > 0 {
		c.fault("%s: %s and %s are not a part and a whole of persons", where, part.Name, whole.Measure)
	}
}

func (c *checker) measure(r Ref) (Measure, bool) {
	i := slices.IndexFunc(c.questions, func(q Question) bool { return q.ID == r.Question })
	if i < 0 {
		return Measure{}, false
	}
	return c.questions[i].Measure(r.Measure)
}

// onSchoolPage holds that the schools edition carries a number.
func (c *checker) onSchoolPage(where string, r Ref) {
	m, _ := c.measure(r)
	for _, s := range m.Sources {
		if source, _ := edition.FindMeasure(s); !source.Schools() {
			c.fault("%s: the schools edition does not carry %s", where, s)
		}
	}
}

// readsBins are the estimators of how a measure is spread over persons.
var readsBins = map[string]bool{
	"at_least": true, "count_model": true, "two_classes": true, "top_share": true, "lorenz": true,
}

// check finds the first fault of a measure.
func (m Measure) check() error {
	if m.Label.FR == "" || len(m.Populations) == 0 || !slices.Contains(kinds, m.Kind) {
		return errors.New("incomplete")
	}
	for _, s := range m.Sources {
		source, ok := edition.FindMeasure(s)
		if !ok {
			return fmt.Errorf("%s is not an approved measure", s)
		}
		if !source.Bins && (m.Kind == Quantile || readsBins[m.Estimator]) {
			return fmt.Errorf("%s does not leave by bins, which %s reads", s, cmp.Or(m.Estimator, string(m.Kind)))
		}
		if !crosses[m.Estimator] && !slices.Contains(source.Populations, m.Populations[0]) {
			return fmt.Errorf("%s is not written for %s", s, m.Populations[0])
		}
	}
	for _, name := range []string{m.Curve, m.Rival} {
		c, ok := edition.FindCurve(name)
		switch {
		case name != "" && !ok:
			return fmt.Errorf("%s is not an approved curve", name)
		case name != "" && m.At > 0 && c.Edges != nil && !slices.Contains(c.Edges[1:], int32(m.At)):
			return fmt.Errorf("%v is no edge of %s", m.At, name)
		}
	}
	for _, g := range slices.Concat(m.By, m.PublishBy) {
		if g != "all" && !m.Carries(g) {
			return fmt.Errorf("its sources have no grouping %s", g)
		}
	}
	return nil
}

// crosses are the estimators that read a source under another population.
var crosses = map[string]bool{"never_bounds": true, "nonresponse": true, "naive_ratio": true}
