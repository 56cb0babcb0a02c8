package indicator

import (
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// sums are those of the edition, with the figures of each curve in its place.
var sums = sync.OnceValue(func() (all []edition.Sum) {
	for _, s := range edition.Sums {
		all = append(all, s.Read(read)...)
	}
	return all
})

// read are the figures that are read on a curve, by the number of them that one of the curve is. A quantile tells of
// persons alone.
func read(a edition.Addend) (figures []edition.Addend) {
	number, estimators := edition.NumberEvents, []string{"life"}
	if a.Number == edition.NumberEntrants {
		number, estimators = edition.NumberPersons, append(estimators, "life_quantile")
	}
	for _, q := range question.All() {
		for _, m := range q.Measures {
			if m.Curve == a.Measure && slices.Contains(estimators, m.Estimator) &&
				slices.Contains(m.Populations, a.Population) {
				figures = append(figures, edition.Addend{Measure: q.ID + "." + m.Name, Population: a.Population,
					Number: number, From: int32(m.At)})
			}
		}
	}
	return figures
}

// addAcross adds what adds up between measures in each group: the hours of the day to the
// visits, what active accounts did to what all did (edition.Sums). What the noise of the
// cells leaves is between nothing and what it is.
func (t *table) addAcross() {
	for _, sum := range sums() {
		first := sum.Parts[0]
		for i, key := range t.keys {
			measure, _, _ := strings.Cut(key.source, "@")
			if measure == first.Measure && key.population == first.Population {
				t.across(sum, i, key, strings.TrimPrefix(key.source, measure))
			}
		}
	}
}

// across adds a sum in the group and month of the cell of its first part.
func (t *table) across(sum edition.Sum, first int, at cellKey, month string) {
	var a disclosure.Across
	var parts, beyond int64
	for _, part := range sum.Parts {
		term, there := t.term(part, at, month)
		if !there {
			return
		}
		a.Parts = append(a.Parts, term)
		parts += t.value(term)
		if c := t.cells[term.Cell]; part.Number == edition.NumberEvents && sum.Total.Heads() {
			beyond += max(0, c.Whole-c.Persons)
		}
	}
	var total int64
	if sum.Total.Number == edition.NumberY {
		total = t.cells[first].Whole
		a.Low, a.High = total, total
	} else {
		term, there := t.term(sum.Total, at, month)
		if !there {
			return
		}
		total, a.Total = t.value(term), &term
	}
	left := parts - total
	most := max(0, left, beyond)
	if sum.Rest != nil {
		rest, there := t.term(*sum.Rest, at, month)
		if !there {
			return
		}
		most = max(most, t.value(rest))
	}
	a.Low, a.High = a.Low+min(0, left), a.High+most
	if sum.Fewer {
		a.Low = math.MinInt64
	}
	t.sums = append(t.sums, a)
}

// term is the number of an addend in the group and month of a cell.
func (t *table) term(of edition.Addend, at cellKey, month string) (disclosure.Term, bool) {
	at.source, at.population = of.Measure+month, of.Population
	i, there := t.index[at]
	if !there || t.cells[i].Unpublished {
		return disclosure.Term{}, false
	}
	field := disclosure.PartOf
	if of.Number == edition.NumberPersons {
		field = disclosure.PersonsOf
	}
	return disclosure.Term{Cell: i, Field: field}, true
}

func (t *table) value(term disclosure.Term) int64 {
	if term.Field == disclosure.PersonsOf {
		return t.cells[term.Cell].Persons
	}
	return t.cells[term.Cell].Part
}
