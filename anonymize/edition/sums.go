package edition

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Sum says that the parts add up to the total, which is a number of another measure or the
// denominator of the first part. With a Rest they are more than the total, by no more than
// that number. With Fewer they are no more than the total, and how much less nobody is told.
//
// A part or a total may be a number of a curve: it is that of each figure that is read on the curve. Of the units with
// their event no more persons have one than there are units, and so many fewer as persons have units beyond their
// first: beside a share of persons such a part is more than the total by as many at most. Of a curve that is part and
// total each figure is a part of those that are read later.
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

// Read are the sums that a sum is of when each number of a curve is that of every figure which is read on the curve;
// From of a figure is when.
func (s Sum) Read(figures func(Addend) []Addend) []Sum {
	earlier := func(all []Addend, than int32) []Addend {
		return slices.DeleteFunc(all, func(a Addend) bool { return a.From < than })
	}
	if p := s.Parts[0]; p == s.Total && p.OfCurve() {
		var sums []Sum
		for _, of := range figures(p) {
			for _, later := range earlier(figures(p), of.From+1) {
				sums = append(sums, Sum{Parts: []Addend{of.read()}, Total: later.read(), Fewer: true})
			}
		}
		return sums
	}
	sums := []Sum{{Rest: s.Rest, Fewer: s.Fewer}}
	read := func(a Addend, in func(Sum, Addend) Sum) {
		all := []Addend{a}
		if a.OfCurve() {
			all = earlier(figures(a), a.From)
		}
		var next []Sum
		for _, sum := range sums {
			for _, figure := range all {
				next = append(next, in(sum, figure.read()))
			}
		}
		sums = next
	}
	read(s.Total, func(sum Sum, a Addend) Sum { sum.Total = a; return sum })
	for _, part := range s.Parts {
		read(part, func(sum Sum, a Addend) Sum { sum.Parts = append(slices.Clip(sum.Parts), a); return sum })
	}
	return sums
}

// Addend is one number of a cell of a measure, or of a curve, whose figures are of a population: those alone that are
// read From so many of its steps on.
type Addend struct {
	Measure, Population, Number string
	From                        int32
}

// read is a number when it is told no more when it is read.
func (a Addend) read() Addend {
	a.From = 0
	return a
}

// The numbers of a cell that sums speak of.
const (
	NumberX       = "numerator"
	NumberY       = "denominator"
	NumberPersons = "persons"
	// Of a curve: the units with their event by the time that a figure reads it at, and the persons who have units.
	NumberEvents   = "events"
	NumberEntrants = "entrants"
)

// UnmarshalText reads "MEASURE POPULATION NUMBER", and of a curve "CURVE POPULATION events>=FROM".
func (a *Addend) UnmarshalText(text []byte) error {
	words := strings.Fields(string(text))
	if len(words) != 3 {
		return fmt.Errorf("edition: measures.toml: %q is no measure, population and number", text)
	}
	number, from, later := strings.Cut(words[2], ">=")
	*a = Addend{Measure: words[0], Population: words[1], Number: number}
	if !later {
		return nil
	}
	steps, err := strconv.ParseInt(from, 10, 32)
	if err != nil || number != NumberEvents {
		return fmt.Errorf("edition: measures.toml: %q is no number of a curve from a time on", text)
	}
	a.From = int32(steps)
	return nil
}

// activeOf is the active part of a population.
var activeOf = map[string]string{PopAll: PopActive, PopPairs: PopViewers}

// active is the sum of a measure of what one does.
func (m Measure) active() (Sum, error) {
	for whole, part := range activeOf {
		if slices.Contains(m.Populations, whole) && slices.Contains(m.Populations, part) {
			return Sum{Parts: []Addend{{Measure: m.Name, Population: part, Number: NumberX}},
				Total: Addend{Measure: m.Name, Population: whole, Number: NumberX}}, nil
		}
	}
	return Sum{}, fmt.Errorf("edition: measures.toml: measure %q: activity asks for a population and its active part",
		m.Name)
}

// Band is the band of visits that an addend is of, of the rows of persons.
func (a Addend) Band() (band string, ok bool) { return strings.CutPrefix(a.Measure, "parents.class_") }

// OfPart reports whether a number is a numerator, or what stands for one of a figure of a curve.
func (a Addend) OfPart() bool { return a.Number == NumberX || a.Number == NumberEvents }

// Heads reports whether a number is of distinct persons, and not of what they bring.
func (a Addend) Heads() bool {
	m, known := FindMeasure(a.Measure)
	return a.Number == NumberPersons || known && m.PerHead && !slices.Contains(OfPairs, a.Population)
}

// OfCurve reports whether an addend is a number of a curve.
func (a Addend) OfCurve() bool { return a.Number == NumberEvents || a.Number == NumberEntrants }

// in reports whether a number is of an approved measure, of a curve, or of a band of persons.
func (a Addend) in(measures []Measure) bool {
	if a.OfCurve() { // of Curves, which are read after the measures
		return slices.Contains(populations, a.Population)
	}
	_, band := a.Band()
	return slices.Contains([]string{NumberX, NumberY, NumberPersons}, a.Number) &&
		(band || slices.ContainsFunc(measures, func(m Measure) bool {
			return m.Name == a.Measure && slices.Contains(m.Populations, a.Population)
		}))
}

// chain is of numbers of which each is no more than the next, in every combination of its places. Of a curve alone it
// is of the figures that are read on it, from the first time to the last.
type chain struct {
	Of     []Addend            `toml:"of"`
	Places map[string][]string `toml:"places"`
}

// sums say so of each and the next.
func (c chain) sums() (sums []Sum) {
	if len(c.Of) == 1 {
		return []Sum{{Parts: c.Of, Total: c.Of[0], Fewer: true}}
	}
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
