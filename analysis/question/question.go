package question

import (
	"cmp"
	"fmt"
	"slices"
)

// Question is one question of the study.
type Question struct {
	ID   string `toml:"id"`
	Tier string `toml:"tier"` // A core, B optional, C needs a feed that may be missing
	// Texts of the pages. Denominator, Reference and Absent are in French: they stand in
	// the codebook and in the reason of a figure that is missing.
	Question    Text   `toml:"question"`
	Definition  Text   `toml:"definition"`
	Method      Text   `toml:"method"`
	Caveat      Text   `toml:"caveat"`
	Denominator string `toml:"denominator"`
	Reference   string `toml:"reference"`
	Absent      string `toml:"absent"` // of the measures that have no reason of their own
	// Reads says whose feed must have run: visits, grades, messages, register, directory,
	// coverage, manifest.
	Reads string `toml:"reads"`
	// SQL names the statements of package query it is answered from.
	SQL []string `toml:"sql"`
	// Stigmatising questions need more persons, and never stand on a school page.
	Stigmatising bool `toml:"stigmatising"`
	// Line is a figure of another source, drawn in each figure of the question.
	Line *Line `toml:"line"`

	Measures  []Measure   `toml:"measure"`
	Figures   []Figure    `toml:"figure"`
	Keys      []Key       `toml:"key"`
	Headlines []Headline  `toml:"headline"`
	School    []SchoolRow `toml:"school"`
	Card      *Card       `toml:"card"`

	reading int // place of its theme in the report
}

// Measure finds a measure by name.
func (q Question) Measure(name string) (Measure, bool) {
	i := slices.IndexFunc(q.Measures, func(m Measure) bool { return m.Name == name })
	if i < 0 {
		return Measure{}, false
	}
	return q.Measures[i], true
}

// All returns the questions in the order of the catalogue.
func All() []Question { return slices.Clone(catalogue().questions) }

// IDs returns the ids of the questions in the order of the catalogue.
func IDs() []string {
	ids := make([]string, len(catalogue().questions))
	for i, q := range catalogue().questions {
		ids[i] = q.ID
	}
	return ids
}

// Lookup finds a question by id.
func Lookup(id string) (Question, error) {
	i := slices.IndexFunc(catalogue().questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, fmt.Errorf("question: no question %q", id)
	}
	return catalogue().questions[i], nil
}

// Reading returns the questions in the order of the report: what the figures cover
// first, what anonymity costs last.
func Reading() []Question {
	list := All()
	slices.SortStableFunc(list, func(a, b Question) int { return cmp.Compare(a.reading, b.reading) })
	return list
}

// Keys returns the boxes of the report's first screen in their order.
func Keys() []Key {
	return placed(func(q Question) []Key { return q.Keys }, func(k Key) int { return k.Place })
}

// Headlines returns the lines of the demo in their order.
func Headlines() []Headline {
	return placed(func(q Question) []Headline { return q.Headlines }, func(h Headline) int { return h.Place })
}

// SchoolRows returns the rows of a school page's table in their order.
func SchoolRows() []SchoolRow {
	return placed(func(q Question) []SchoolRow { return q.School }, func(r SchoolRow) int { return r.Place })
}

// Cards returns the cards of a school page in their order.
func Cards() []Card {
	one := func(q Question) []Card {
		if q.Card == nil {
			return nil
		}
		return []Card{*q.Card}
	}
	return placed(one, func(c Card) int { return c.Place })
}

// placed gathers what the questions have for one place of the pages, in order.
func placed[T any](of func(Question) []T, place func(T) int) []T {
	var list []T
	for _, q := range catalogue().questions {
		list = append(list, of(q)...)
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(place(a), place(b)) })
	return list
}
