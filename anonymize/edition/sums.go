package edition

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// Sum says that the parts add up to the total, which is a number of another measure or the
// denominator of the first part. With a Rest they are more than the total, by no more than
// that number. With Fewer they are no more than the total, and how much less nobody is told.
type Sum struct {
	Parts []Addend `toml:"parts"`
	Total Addend   `toml:"total"`
	Rest  *Addend  `toml:"rest"`
	Fewer bool     `toml:"fewer"`
}

// Terms are the numbers that a sum names.
func (s Sum) Terms() []Addend {
	terms := append([]Addend{s.Total}, s.Parts...)
	if s.Rest != nil {
		terms = append(terms, *s.Rest)
	}
	return terms
}

// Addend is one number of a cell of a measure.
type Addend struct{ Measure, Population, Number string }

// The numbers of a cell that sums speak of.
const (
	NumberX       = "numerator"
	NumberY       = "denominator"
	NumberPersons = "persons"
)

// UnmarshalText reads "MEASURE POPULATION NUMBER".
func (a *Addend) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	if len(words) != 3 {
		return fmt.Errorf("edition: measures.toml: %q is no measure, population and number", text)
	}
	*a = Addend{words[0], words[1], words[2]}
	return nil
}

// activeOf is the active part of a population.
var activeOf = map[string]string{PopAll: PopActive, PopPairs: PopViewers}

// active is the sum of a measure of what one does.
func (m Measure) active() (Sum, error) {
	for whole, part := range activeOf {
		if slices.Contains(m.Populations, whole) && slices.Contains(m.Populations, part) {
			return Sum{Parts: []Addend{{m.Name, part, NumberX}}, Total: Addend{m.Name, whole, NumberX}}, nil
		}
	}
	return Sum{}, fmt.Errorf("edition: measures.toml: measure %q: activity asks for a population and its active part",
		m.Name)
}

// Band is the band of visits that an addend is of, of the rows of persons.
func (a Addend) Band() (band string, ok bool) { return strings.CutPrefix(a.Measure, "parents.class_") }

// in reports whether a number is of an approved measure, or of a band of persons.
func (a Addend) in(measures []Measure) bool {
	_, band := a.Band()
	return slices.Contains([]string{NumberX, NumberY, NumberPersons}, a.Number) &&
		(band || slices.ContainsFunc(measures, func(m Measure) bool {
			return m.Name == a.Measure && slices.Contains(m.Populations, a.Population)
		}))
}

// chain is of numbers of which each is no more than the next, in every combination of its places.
type chain struct {
	Of     []Addend            `toml:"of"`
	Places map[string][]string `toml:"places"`
}

// sums say so of each and the next.
func (c chain) sums() (sums []Sum) {
	for i := 1; i < len(c.Of); i++ {
		for _, p := range combinations(c.Of[0].Measure, c.Places) {
			sums = append(sums, Sum{Parts: []Addend{c.Of[i-1].placed(p)}, Total: c.Of[i].placed(p), Fewer: true})
		}
	}
	return sums
}

// ofEach is a sum of which the part is of any measure of its population whose name is like it, for each of them.
func (s Sum) ofEach(measures []Measure) (sums []Sum) {
	part := s.Parts[0]
	for _, m := range measures {
		if like, _ := path.Match(s.Parts[0].Measure, m.Name); like && slices.Contains(m.Populations, part.Population) {
			part.Measure = m.Name
			sums = append(sums, Sum{Parts: []Addend{part}, Total: s.Total, Fewer: s.Fewer})
		}
	}
	return sums
}

func (a Addend) placed(p Placed) Addend {
	a.Measure = p.In(a.Measure)
	return a
}
