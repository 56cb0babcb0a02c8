package audit

import (
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// drawn says of which cell a published figure is made: one whose numbers add up over the groups
// of a grouping. The protection ties the same cells, by the sources that the catalogue declares
// (Recipe).
type drawn struct {
	of figure // the cell, named after its source where it has one
	// total is where the totals hold it: a life table is of no population.
	total figure
	// heads says that the cell counts persons of whom something is true, by another name than
	// that of such a measure; silent that the figure, a median, tells of its persons alone;
	// modelled that it is a share by a model, and no quotient of counts.
	heads, silent, modelled bool
	// rate says that it is no share: its step follows its digits and its interval, below 1 too.
	rate bool
}

// drawn finds the cell of a figure; ok is false of one that is made of several cells, such as a
// ratio of effects or a share between two bounds, or of tables that are not by persons.
func (p *publication) drawn(r result) (d drawn, ok bool) {
	of, one := r.figure()
	if !one || of.grouping != "all" && !slices.Contains(edition.Wide, of.grouping) {
		return d, false
	}
	if of.measure == "L1.never_share" { // the same number, by another name
		of.measure = bandPrefix + bands["visits"][0]
	}
	d = drawn{of: of, total: of}
	recipe, known := p.recipes[r.Indicator+"."+r.Measure]
	d.rate = known && recipe.rate()
	if !known || recipe.Apart {
		return d, addsUp(r)
	}
	ofSource := func() (drawn, bool) {
		if len(recipe.Sources) != 1 {
			return d, false
		}
		d.of.measure = recipe.Sources[0]
		d.total = d.of
		d.heads = recipe.Kind == "share"
		return d, true
	}
	switch recipe.Estimator {
	case "life", "life_quantile":
		d.total.population = ""
		d.silent, d.modelled = recipe.Estimator == "life_quantile", recipe.Estimator == "life"
		return d, true
	case "at_least":
		d, ok = ofSource()
		d.of.measure = atLeast(recipe)
		d.total = d.of
		return d, ok
	case "":
		switch recipe.Kind {
		case "share", "event_share", "rate":
			return ofSource()
		case "quantile":
			d.silent = true
			return ofSource()
		}
	case "mean", "rate_ratio", "top_share":
		return ofSource()
	}
	return d, false
}

// atLeast names the persons of whom a source is so much.
func atLeast(r Recipe) string { return fmt.Sprintf("%s >= %v", r.Sources[0], r.At) }
