package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

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

// Words of comparison come from tests that were made before anything was rounded: whether
// two printed intervals overlap says nothing (Schenker & Gentleman 2001).

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
