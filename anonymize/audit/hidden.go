package audit

import (
	"math"
	"slices"
	"sync"

	"github.com/entscope/entscope/anonymize/edition"
)

// Hidden is one number of a hidden figure, and what all that is published says of it.
type Hidden struct {
	Figure string `json:"figure"`
	// Number is which of its numbers: numerator or persons.
	Number string  `json:"number"`
	Low    float64 `json:"low"`
	// High is null when nothing bounds it.
	High *float64 `json:"high"`
	// Wide says that the interval is at least as wide as the rules ask, or that nothing which
	// is published makes it narrower: who hears that a figure is hidden, and not for its few
	// persons, knows that it has as many as its floor.
	Wide bool `json:"wide"`

	measure Found
}

// Found names the measure and the population of a hidden figure that follows from what is published.
type Found struct{ Indicator, Measure, Population string }

// Found are the hidden figures of which the intervals are too narrow, each measure of a population once, in order.
// A publication in which more of these measures is hidden tells less of them.
func (r *Report) Found() (found []Found) {
	for _, p := range r.Products {
		for _, h := range p.Hidden {
			if !h.Wide && !slices.Contains(found, h.measure) {
				found = append(found, h.measure)
			}
		}
	}
	return found
}

// checkHidden tries every hidden figure, shares of persons and amounts: with all that is
// published, and by how much the parts fail to add up, its numerator and its persons must
// stay within intervals at least as wide as the rules ask.
func (p *publication) checkHidden(pages []schoolFile, rows []edition.SchoolRow) {
	totals, err := p.totals()
	if err != nil {
		p.claim("subtraction", subtractionTitle, 0, false, "Les tables de l’édition de recherche ne peuvent pas être "+
			"lues.")
		return
	}
	searches := p.searches(totals, pages, rows, true)
	rules := sync.OnceValue(func() []*search { return p.searches(totals, pages, rows, false) })
	for _, kind := range []struct {
		id, title string
		page      bool
		hidden    hiddenFigures
	}{
		{"subtraction", subtractionTitle, false, p.hiddenOfReport(searches)},
		{"schools.subtraction", schoolSubtractionTitle, true, hiddenOfPages(searches, pages)},
	} {
		p.judgeHidden(kind.id, kind.title, kind.page, kind.hidden, searches, rules)
	}
}

// judgeHidden tries the hidden figures of the report, or of the pages; rules are the searches of
// who knows what is hidden and why, and nothing that is published. What is in no programme is counted,
// and no claim holds of it.
func (p *publication) judgeHidden(
	id, title string, page bool, hidden hiddenFigures, searches []*search, rules func() []*search,
) {
	t := tryHidden(searches, func(of figure) bool { return of.ofSchool() == page }, rules)
	for _, line := range t.lines {
		p.report.Products[len(p.report.Products)-1].addHidden(line)
	}
	if hidden.figures == 0 {
		return // nothing is hidden: there is no such promise
	}
	apart := int64(len(hidden.apart))
	p.claim(id, title, t.tried, len(t.narrow)+len(t.unsolved) == 0,
		outcome("L’intervalle de chacun, par programmation linéaire sur toutes les équations publiées, est assez "+
			"large.",
			named("retrouvés", t.narrow), named("sans solution", t.unsolved)),
		num("chiffres cachés", hidden.figures), num("dans un programme", hidden.figures-apart),
		num("dans aucun programme", apart), num("nombres secrets, essayés", t.tried), num("retrouvés",
			int64(len(t.narrow))))
	if apart > 0 {
		p.leftUntried(id+".untried", hidden)
	}
}

// trial is what was found of the numbers that must stay hidden: how many were tried, the figures of which one is known too
// closely, those of which that could not be said, and all that was found.
type trial struct {
	tried            int64
	narrow, unsolved []string
	lines            []Hidden
}

// tryHidden tries the hidden figures of some cells.
func tryHidden(searches []*search, some func(figure) bool, rules func() []*search) (t trial) {
	for i, s := range searches {
		for _, of := range s.order {
			f := s.figures[of]
			if !some(of) || f.r.Status != "suppressed" {
				continue
			}
			for _, number := range []string{numeratorOf, personsOf} {
				need, secret := s.need(f, number)
				if !secret {
					continue
				}
				t.tried++
				line, err := s.hidden(f, number, need)
				if err == nil && !line.Wide {
					line, err = s.hidden(f, number, rules()[i].known(of, number, need))
				}
				switch {
				case err != nil:
					t.unsolved = append(t.unsolved, line.Figure)
					continue
				case !line.Wide:
					t.narrow = append(t.narrow, line.Figure)
				}
				t.lines = append(t.lines, line)
			}
		}
	}
	return t
}

func (p *Product) addHidden(h Hidden) { p.Hidden = append(p.Hidden, h) }

// known is the part of a need that the rules leave open of a number when nothing is published.
func (s *search) known(of figure, number string, need span) span {
	found, err := s.interval(of, number)
	if err != nil {
		return need
	}
	return span{math.Max(need.low, found.low), math.Min(need.high, found.high)}
}

// hidden says of one number of a hidden figure what an outsider can.
func (s *search) hidden(f released, number string, need span) (Hidden, error) {
	line := Hidden{Figure: f.r.String(), Number: number, measure: Found{f.r.Indicator, f.r.Measure, f.r.Population}}
	if f.of.grouping == "uai" || f.of.grouping == "uai month" {
		line.Figure = f.of.group + " " + line.Figure
	}
	found, err := s.interval(f.of, number)
	if err != nil {
		return line, err
	}
	i := s.puzzle.index[f.of.number(number)]
	if most, ok := s.puzzle.most[i]; ok {
		need.high = math.Min(need.high, math.Max(most, s.puzzle.truth[i]))
	}
	line.Low = math.Floor(found.low + 1e-6)
	line.Wide = found.low <= need.low+1e-6 && found.high >= need.high-1e-6
	if !math.IsInf(found.high, 1) {
		high := math.Ceil(found.high - 1e-6)
		line.High = &high
	}
	return line, nil
}
