package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// spec is one figure to draw: what the catalogue says of it, resolved to the unit
// and the labels of its measures.
type spec struct {
	id, indicator string
	form          question.Form
	unit          unit
	title         question.Text
	// measures are the rows; the only one of a figure of groups is what each row shows.
	measures []labelled
	// populations are drawn side by side, at most two; "" is any.
	populations []string
	phrase      question.Text
	note        question.Text
	whole       bool // the scale runs to 100 %
	line        *question.Line
	verdict     *question.Verdict
	before      *question.Ref
	thresholds  string // the figure that gives the same number by other thresholds
	descriptive bool   // no test is made of its first measure
	grid        *question.GridWords
}

// labelled is a measure and its label in a figure.
type labelled struct {
	name  string
	label question.Text
}

// noEffect is the line of a ratio that has none of its own.
var noEffect = &question.Line{At: 1, Text: question.Text{FR: "1 = aucun effet", EN: "1 = no effect"}}

// specsOf gives the figures of a question.
func specsOf(q question.Question) []spec {
	specs := make([]spec, len(q.Figures))
	for i, f := range q.Figures {
		specs[i] = specOf(q, f)
	}
	return specs
}

func specOf(q question.Question, f question.Figure) spec {
	m, _ := q.Measure(f.Measures[0])
	s := spec{id: f.ID, indicator: q.ID, form: f.Form, unit: unitOf(m), title: f.Title, phrase: f.Phrase,
		note: f.Note, whole: f.Whole, line: f.Line, verdict: f.Verdict, before: f.Before, thresholds: f.Thresholds, grid: f.Grid,
		descriptive: m.Kind == question.Index || m.Estimator == "concentration_curve"}
	for _, name := range f.Measures {
		m, _ := q.Measure(name)
		s.measures = append(s.measures, labelled{name, m.RowLabel()})
	}
	for _, p := range f.Populations {
		if p == question.AnyPopulation {
			p = ""
		}
		s.populations = append(s.populations, p)
	}
	if s.line == nil {
		s.line = q.Line
	}
	if s.line == nil && s.unit.times {
		s.line = noEffect
	}
	return s
}

// shows says whether the figure has a row for a measure.
func (s spec) shows(measure string) bool {
	return slices.ContainsFunc(s.measures, func(m labelled) bool { return m.name == measure })
}

// ref names the number of a measure for a population of the figure.
func (s spec) ref(measure, population string) question.Ref {
	return question.Ref{Question: s.indicator, Measure: measure, Population: population}
}

// elsewhere says that a grouping is not one of the figure: those that cross two have their own.
func (s spec) elsewhere(key string) bool {
	return (s.form == question.Multiples) != (len(question.GroupingOf(key).Crosses) > 0)
}

// tabled are the groupings by which a figure of measures has tables.
func tabled() []string {
	var keys []string
	for _, g := range question.Groupings() {
		if g.Tabled {
			keys = append(keys, g.Name)
		}
	}
	return keys
}

// concerns says whether a result belongs to the figure.
func (s spec) concerns(r indicator.Result, populations []string) bool {
	return r.Indicator == s.indicator && s.shows(r.Measure) &&
		(slices.Contains(populations, r.Population) || slices.Contains(populations, ""))
}
