package question

import (
	"cmp"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// Question is one question of the study.
type Question struct {
	ID   string `toml:"id"`
	Tier string `toml:"tier"` // A core, B optional, C needs a feed that may be missing
	// Texts of the pages, of the codebook and of the reason of a figure that is missing.
	Question    Text `toml:"question"`
	Definition  Text `toml:"definition"`
	Method      Text `toml:"method"`
	Caveat      Text `toml:"caveat"`
	Denominator Text `toml:"denominator"`
	Reference   Text `toml:"reference"`
	Absent      Text `toml:"absent"` // of the measures that have no reason of their own
	// Reads says whose feed must have run: visits, grades, messages, register, directory,
	// coverage, manifest.
	Reads string `toml:"reads"`
	// Services are those of which the logs must tell one, Registers those that must be there, all of them; both beyond
	// what Reads says.
	Services  []string `toml:"services"`
	Registers []string `toml:"registers"`
	// SQL names the statements of package query it is answered from.
	SQL []string `toml:"sql"`
	// Stigmatising questions need more persons, and never stand on a school page.
	Stigmatising bool `toml:"stigmatising"`
	// Line is a figure of another source, drawn in each figure of the question.
	Line *Line `toml:"line"`

	Measures  []Measure   `toml:"measure"`
	Figures   []Figure    `toml:"figure"`
	Headlines []Headline  `toml:"headline"`
	School    []SchoolRow `toml:"school"`
	Card      *Card       `toml:"card"`
}

// Measure finds a measure by name.
func (q Question) Measure(name string) (Measure, bool) {
	i := slices.IndexFunc(q.Measures, func(m Measure) bool { return m.Name == name })
	if i < 0 {
		return Measure{}, false
	}
	return q.Measures[i], true
}

// FigureOf is the first figure that shows a measure.
func (q Question) FigureOf(measure string) (Figure, bool) {
	i := slices.IndexFunc(q.Figures, func(f Figure) bool { return slices.Contains(f.Measures, measure) })
	if i < 0 {
		return Figure{}, false
	}
	return q.Figures[i], true
}

// place puts measures and rows of figures whose names have places, such as {hours}, once for
// each of them.
func (q *Question) place(axes []Axis) {
	var measures []Measure
	for _, m := range q.Measures {
		for _, p := range edition.Combinations(m.Name) {
			measures = append(measures, m.placed(p, axes))
		}
	}
	q.Measures = measures
	for i := range q.Figures {
		var names []string
		for _, name := range q.Figures[i].Measures {
			for _, p := range edition.Combinations(name) {
				names = append(names, p.In(name))
			}
		}
		q.Figures[i].Measures = names
	}
}

// placed is the measure of some places, which its label words.
func (m Measure) placed(p edition.Placed, axes []Axis) Measure {
	if len(p) == 0 {
		return m
	}
	fr, en := edition.Placed{}, edition.Placed{}
	for axis, place := range p {
		a := axisOf(axes, axis)
		if i := a.At(place); i >= 0 {
			fr[axis], en[axis] = a.Places[i].FR, a.Places[i].EN
		}
	}
	m.Name = p.In(m.Name)
	m.Label = Text{FR: fr.In(m.Label.FR), EN: en.In(m.Label.EN)}
	m.Row = Text{FR: fr.In(m.Row.FR), EN: en.In(m.Row.EN)}
	sources := make([]string, len(m.Sources))
	for i, s := range m.Sources {
		sources[i] = p.In(s)
	}
	m.Sources = sources
	return m
}

// complete fills in what follows from the rest of the question.
func (q *Question) complete() {
	for i := range q.Measures {
		m := &q.Measures[i]
		m.Absent = cmp.Or(m.Absent, q.Absent)
		for k := range m.PartOf {
			m.PartOf[k].fill(q.ID)
		}
	}
	for i := range q.Figures {
		f := &q.Figures[i]
		if m, ok := q.Measure(first(f.Measures)); ok && f.Title == (Text{}) {
			f.Title = m.Label
		}
		if f.Before != nil {
			f.Before.fill(q.ID)
		}
		if len(f.Populations) == 0 {
			f.Populations = q.populations(f.Measures)
		}
	}
	for i := range q.Headlines {
		q.Headlines[i].fill(q.ID)
	}
	for i := range q.School {
		q.School[i].fill(q.ID)
	}
	if q.Card != nil {
		q.Card.fill(q.ID)
		for i := range q.Card.Details {
			q.Card.Details[i].fill(q.ID)
		}
	}
}

func (r *Ref) fill(id string) { r.Question = cmp.Or(r.Question, id) }

func first(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

// populations are the denominators of the measures, each once.
func (q Question) populations(measures []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, name := range measures {
		m, _ := q.Measure(name)
		for _, p := range m.Populations {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
	}
	return out
}
