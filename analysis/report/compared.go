package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// Words of comparison come from tests that were made before anything was rounded: whether
// two printed intervals overlap says nothing (Schenker & Gentleman 2001).

// gap words the test of two groups, at the end of a sentence that gives both values.
func (d *drawer) gap(outcome indicator.Outcome) string {
	switch outcome {
	case indicator.Differs:
		return d.lang.T(" ; l’écart dépasse ce que le hasard des établissements explique",
			"; the gap is larger than chance among schools explains")
	case indicator.NotShown:
		return d.lang.T(" ; aucune différence n’est établie, un tel écart peut venir du hasard",
			"; no difference is shown, such a gap may be chance")
	}
	return d.lang.T(" ; écart non testé", "; gap not tested")
}

// between finds the test of the lowest and the highest group of a grouping of a figure.
func (d *drawer) between(s spec, grouping string) (indicator.Comparison, bool) {
	for _, c := range d.comparisons {
		if c.Lowest != "" && c.Indicator == s.indicator && s.shows(c.Measure) && c.Population == s.populations[0] &&
			d.groupingName(c.Grouping) == grouping {
			return c, true
		}
	}
	return indicator.Comparison{}, false
}

// against finds the tests of a figure against « no effect ».
func (d *drawer) against(s spec) (out []indicator.Comparison) {
	for _, c := range d.comparisons {
		if c.Lowest == "" && c.Indicator == s.indicator && s.shows(c.Measure) {
			out = append(out, c)
		}
	}
	return out
}

// outcomeOf is what the test of a result against « no effect » says, "" of none.
func (d *drawer) outcomeOf(r indicator.Result) indicator.Outcome {
	for _, c := range d.against(spec{indicator: r.Indicator, measures: []labelled{{name: r.Measure}}}) {
		if c.Population == r.Population && maps.Equal(c.Group, r.Group) {
			return c.Outcome
		}
	}
	return ""
}

// trend is what is known of two groups before one of them was treated.
type trend string

const (
	unasked trend = ""
	alike   trend = "alike"
	apart   trend = "apart"
	unknown trend = "unknown"
)

// before says how both groups of a figure moved before: by the joint test that goes with a
// number, or by the test of the number itself.
func (d *drawer) before(s spec) trend {
	if s.before == nil {
		return unasked
	}
	of := func(id, measure, population string, group map[string]string) bool {
		return id == s.before.Question && measure == s.before.Measure && population == s.before.Population &&
			len(group) == 0
	}
	for _, r := range d.results {
		if !of(r.Indicator, r.Measure, r.Population, r.Group) {
			continue
		}
		for _, w := range r.Warnings {
			switch w.Code {
			case indicator.CodeMovedApart:
				return apart
			case indicator.CodeMovedAlike:
				return alike
			case indicator.CodeUntested:
				return unknown
			}
		}
	}
	q, _ := question.Lookup(s.before.Question)
	if m, _ := q.Measure(s.before.Measure); m.Estimator == "matched_effect" {
		return unknown // the test of the effect is none of the weeks before
	}
	for _, c := range d.comparisons {
		if c.Lowest != "" || !of(c.Indicator, c.Measure, c.Population, c.Group) {
			continue
		}
		switch c.Outcome {
		case indicator.NotShown:
			return alike
		case indicator.Above, indicator.Below:
			return apart
		}
	}
	return unknown
}

// established words a difference that a test finds: what it establishes depends on how both
// groups moved before.
func (d *drawer) established(s spec) question.Text {
	switch d.before(s) {
	case apart:
		return question.Text{FR: "Écart plus grand que le hasard des établissements, mais les deux groupes " +
			"n’évoluaient déjà pas de même avant, et il n’établit aucun effet : ",
			EN: "Gap larger than chance among schools, but both " +
				"groups did not move alike before, and it establishes no effect: "}
	case unknown:
		return question.Text{FR: "Écart plus grand que le hasard des établissements, sans que rien ne dise si les " +
			"deux groupes évoluaient de même avant : ",
			EN: "Gap larger than chance among schools, and nothing says whether " +
				"both groups moved alike before: "}
	}
	return question.Text{FR: "Différence établie, que le hasard des établissements ne suffit pas à expliquer : ",
		EN: "Difference shown, larger than chance among schools explains: "}
}

// tested lists what a figure compares with « no effect », by outcome.
func (d *drawer) tested(s spec) []string {
	found := map[string][]string{}
	const differs, not, none = "differs", "not shown", "not tested"
	for _, c := range d.against(s) {
		name := d.nameOf(s, c)
		switch c.Outcome {
		case indicator.NotTested:
			found[none] = append(found[none], name)
		case indicator.NotShown:
			found[not] = append(found[not], name)
		default:
			found[differs] = append(found[differs], name)
		}
	}
	var out []string
	for _, kind := range []struct {
		key  string
		text question.Text
	}{
		{differs, d.established(s)},
		{not, question.Text{FR: "Aucune différence établie : ", EN: "No difference shown: "}},
		{none, question.Text{FR: "Écart non testé : ", EN: "Gap not tested: "}},
	} {
		if names := found[kind.key]; len(names) > 0 {
			out = append(out, d.words(kind.text)+strings.Join(names, d.lang.T(" ; ", "; "))+".")
		}
	}
	return out
}

// nameOf names a figure that was tested: its measure, where the figure has several, and its
// group.
func (d *drawer) nameOf(s spec, c indicator.Comparison) string {
	var parts []string
	for _, m := range s.measures {
		if m.name == c.Measure && len(s.measures) > 1 {
			parts = append(parts, wording.Lower(d.words(m.label)))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Group)) {
		parts = append(parts, d.groupName(key, c.Group[key]))
	}
	if len(parts) == 0 {
		return wording.Lower(d.groupingName(""))
	}
	if len(s.populations) > 1 && c.Population != s.populations[0] {
		parts = append(parts, d.populationName(c.Population))
	}
	return strings.Join(parts, ", ")
}

// likeness words whether a school differs from the similar ones.
func likeness(l lang, outcome indicator.Outcome) string {
	switch outcome {
	case indicator.Differs:
		return l.T(", un écart plus grand que ceux qui séparent d’ordinaire ces établissements",
			", a gap larger than those that usually separate these schools")
	case indicator.NotShown:
		return l.T(", un écart ordinaire entre ces établissements", ", a gap that is usual among these schools")
	}
	return l.T(" ; écart non testé", "; gap not tested")
}
