package audit

import (
	"math"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// standing is where a number stands: in the puzzle of its measure.
type standing struct {
	puzzle *puzzle
	number int
}

// narrowAcross tells each puzzle what adds up between measures in one group (edition.Sums):
// of each number, what is published of the others leaves an interval. By how much the sum
// fails, which is the noise of the cells, an outsider knows to lie between nothing and what it
// is. All numbers are narrowed at once, by what is published alone. What is read on a curve is
// that of each figure which a recipe reads on it.
func narrowAcross(searches map[figure]*search, recipes map[string]Recipe) {
	type narrowed struct {
		standing
		known span
	}
	var found []narrowed
	for _, sum := range sumsOf(recipes) {
		first := addendOf(sum.Parts[0])
		s := searches[programmeOf(first)]
		if s == nil {
			continue
		}
		for _, of := range s.order {
			if of.measure != first.measure {
				continue
			}
			stand, ok := standings(searches, sum, of)
			if !ok {
				continue
			}
			parts, total := stand.parts, stand.total
			y := float64(s.figures[of].total.denominator)
			for at, known := range stand.leave(y) {
				found = append(found, narrowed{at, known})
				if total == nil { // no part is more than all of them
					at.puzzle.most[at.number] = math.Max(y, truthOf(parts))
				}
			}
		}
	}
	for _, n := range found {
		n.puzzle.narrow(n.number, n.known)
	}
}

// sumsOf are the sums of measures, with the figures of each curve in its place. That of which share the event has come
// tells of units and of persons, and when it has come to some share of them of persons alone.
func sumsOf(recipes map[string]Recipe) (sums []edition.Sum) {
	for _, s := range edition.Sums {
		sums = append(sums, s.Read(func(a edition.Addend) (figures []edition.Addend) {
			for _, name := range sortedKeys(recipes) {
				switch r := recipes[name]; {
				case r.Curve != a.Measure:
				case a.Number == edition.NumberEvents && r.Estimator == "life":
					figures = append(figures, edition.Addend{Measure: name, Population: a.Population, Number: a.Number,
						From: int32(r.At)})
				case a.Number == edition.NumberEntrants && strings.HasPrefix(r.Estimator, "life"):
					figures = append(figures, edition.Addend{Measure: name, Population: a.Population,
						Number: edition.NumberPersons})
				}
			}
			return figures
		})...)
	}
	return sums
}

// stood are the numbers of a sum in one group; total is none where the sum is to a
// denominator, rest where nothing is left of the parts. Fewer parts may be less than the total. Beyond are the units of
// parts that are more than one of a person, beside a total of persons.
type stood struct {
	parts       []standing
	total, rest *standing
	fewer       bool
	beyond      float64
}

// standings are the numbers of a sum in the group of a figure.
func standings(searches map[figure]*search, sum edition.Sum, in figure) (s stood, ok bool) {
	find := func(a edition.Addend) (standing, bool) {
		of, number := addendOf(a), numeratorOf
		s := searches[programmeOf(of)]
		if s == nil {
			return standing{}, false
		}
		of.grouping, of.group = in.grouping, in.group
		if a.Number == edition.NumberPersons {
			number = personsOf
		}
		i, there := s.puzzle.index[of.number(number)]
		return standing{s.puzzle, i}, there && s.figures[of].known
	}
	s.fewer = sum.Fewer
	for _, part := range sum.Parts {
		at, there := find(part)
		if !there {
			return s, false
		}
		s.parts = append(s.parts, at)
		if part.Number == edition.NumberEvents && sum.Total.Heads() {
			s.beyond += beyond(searches, part, in)
		}
	}
	if sum.Rest != nil {
		at, there := find(*sum.Rest)
		if !there {
			return s, false
		}
		s.rest = &at
	}
	if sum.Total.Number == edition.NumberY {
		return s, true
	}
	at, there := find(sum.Total)
	s.total = &at
	return s, there
}

// beyond are the units at risk of a figure of a curve but one of each of its persons.
func beyond(searches map[figure]*search, a edition.Addend, in figure) float64 {
	of := addendOf(a)
	units := searches[programmeOf(of)].figures[figure{of.measure, of.population, in.grouping, in.group}].total
	return math.Max(0, float64(units.denominator-units.persons))
}

// addendOf names the cells of an addend, in whichever group.
func addendOf(a edition.Addend) figure {
	if band, ok := a.Band(); ok {
		return figure{measure: bandPrefix + band, population: a.Population}
	}
	return figure{measure: a.Measure, population: a.Population}
}

// programmeOf names the puzzle that a cell is of: the bands of the person table have one.
func programmeOf(of figure) figure {
	if strings.HasPrefix(of.measure, bandPrefix) {
		of.measure = bandPrefix
	}
	return figure{measure: of.measure, population: of.population}
}

// leave is what a sum leaves to each of its numbers. Without a total the parts add up to y;
// with a rest they may be more by what it is.
func (s stood) leave(y float64) map[standing]span {
	parts, total := s.parts, s.total
	whole, truth := span{y, y}, y
	if total != nil {
		whole, truth = total.puzzle.of(total.number), total.puzzle.truth[total.number]
	}
	rest := truthOf(parts) - truth
	noise := span{math.Min(0, rest), math.Max(s.beyond, rest)}
	if s.rest != nil {
		noise.high = math.Max(noise.high, s.rest.puzzle.truth[s.rest.number])
	}
	if s.fewer {
		noise.low = math.Inf(-1)
	}
	out := map[standing]span{}
	others := func(but int) (sum span) {
		for i, p := range parts {
			if i != but {
				known := p.puzzle.of(p.number)
				sum = span{sum.low + known.low, sum.high + known.high}
			}
		}
		return sum
	}
	for i, p := range parts {
		o := others(i)
		out[p] = span{whole.low + noise.low - o.high, whole.high + noise.high - o.low}
	}
	if total != nil {
		o := others(-1)
		out[*total] = span{o.low - noise.high, o.high - noise.low}
	}
	return out
}

// truthOf is what the parts add up to.
func truthOf(parts []standing) (sum float64) {
	for _, p := range parts {
		sum += p.puzzle.truth[p.number]
	}
	return sum
}

func (p *puzzle) of(i int) span { return span{p.low[i], p.high[i]} }

// narrow narrows the interval of a number; the truth lies in it.
func (p *puzzle) narrow(i int, known span) {
	p.low[i] = math.Min(math.Max(p.low[i], known.low), p.truth[i])
	p.high[i] = math.Max(math.Min(p.high[i], known.high), p.truth[i])
}
