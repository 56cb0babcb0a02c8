package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// Untried are the hidden figures of a measure and population by one grouping that are in no
// programme: made of several cells, or of what the edition given to the audit does not hold.
type Untried struct {
	Question   string `json:"question"`
	Measure    string `json:"measure"`
	Population string `json:"population"`
	Grouping   string `json:"grouping"` // all, level, …
	Figures    int64  `json:"figures"`
}

const untriedTitle = "Les chiffres cachés faits de plusieurs cellules, ou d’autres tables que celles des personnes, " +
	"ne se retrouvent pas."

// hiddenFigures are those that a report or its pages hide, and which of them are in no programme.
type hiddenFigures struct {
	figures int64
	apart   []result
}

// hiddenOfReport looks for the cell of each hidden figure of the report in the programmes.
func (p *publication) hiddenOfReport(searches []*search) (h hiddenFigures) {
	held := map[figure]bool{}
	for _, s := range searches {
		for of, f := range s.figures {
			held[of] = f.known
		}
	}
	for _, r := range p.results {
		if r.Status != "suppressed" || r.Edition == edition.KindSchools {
			continue
		}
		h.figures++
		if d, ok := p.drawn(r); !ok || !held[d.of] {
			h.apart = append(h.apart, r)
		}
	}
	return h
}

// hiddenOfPages are those of the programmes, and what on a page is not of the approved list.
func hiddenOfPages(searches []*search, pages []schoolFile) (h hiddenFigures) {
	add := func(r result, held bool) {
		if r.Status != "suppressed" {
			return
		}
		h.figures++
		if !held {
			h.apart = append(h.apart, r)
		}
	}
	for _, s := range searches {
		for of, f := range s.figures {
			if of.ofSchool() {
				add(f.r, f.known)
			}
		}
	}
	for _, page := range pages {
		for _, r := range slices.Concat(page.Results, page.Similar) {
			if !addsUp(r) {
				add(r, false)
			}
		}
	}
	return h
}

// ofSchool reports whether a figure is of a page, or the mark beside it.
func (f figure) ofSchool() bool {
	return f.grouping == "uai" || f.grouping == "uai month" || f.grouping == "similar"
}

// leftUntried says which hidden figures no programme has: nothing holds of them.
func (p *publication) leftUntried(id string, hidden hiddenFigures) {
	counts := map[Untried]int64{}
	measures := map[string]int64{}
	for _, r := range hidden.apart {
		grouping := "all"
		for _, of := range sortedKeys(r.Group) {
			grouping = of
		}
		counts[Untried{r.Indicator, r.Measure, r.Population, grouping, 0}]++
		measures[r.Indicator+"."+r.Measure]++
	}
	product := &p.report.Products[len(p.report.Products)-1]
	for _, of := range slices.SortedFunc(maps.Keys(counts), func(a, b Untried) int {
		return cmp.Or(cmp.Compare(a.Question, b.Question), cmp.Compare(a.Measure, b.Measure),
			cmp.Compare(a.Population, b.Population), cmp.Compare(a.Grouping, b.Grouping))
	}) {
		line := of
		line.Figures = counts[of]
		product.Untried = append(product.Untried, line)
	}
	var names []string
	for _, name := range sortedKeys(measures) {
		names = append(names, fmt.Sprintf("%s (%d)", name, measures[name]))
	}
	p.report.claim(cmp.Or(p.name, publicationName), id, untriedTitle, Unverifiable, 0, true,
		fmt.Sprintf("%d chiffres cachés ne sont dans aucun programme : %s.", len(hidden.apart), strings.Join(names, ", ")),
		num("chiffres cachés", hidden.figures), num("dans aucun programme", int64(len(hidden.apart))))
}
