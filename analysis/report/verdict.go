package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

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

// verdict words the outcome of the test of a ratio.
func (d *drawer) verdict(words question.Verdict, outcome indicator.Outcome) string {
	switch outcome {
	case indicator.Above:
		return d.words(words.Above)
	case indicator.Below:
		return d.words(words.Below)
	case indicator.NotShown:
		return d.words(words.Across)
	}
	return d.lang.T("Écart non testé.", "Gap not tested.")
}

// departures says how far an effect that is established holds, where the groups may have come
// apart by themselves; "" of none, or where no departure was tested.
func (d *drawer) departures(s spec, outcome indicator.Outcome) string {
	if s.verdict.Departures == "" || d.before(s) != alike || outcome != indicator.Above && outcome != indicator.Below {
		return ""
	}
	type step struct {
		size float64
		text string
		held bool
	}
	var steps []step
	for _, c := range d.comparisons {
		if c.Indicator != s.indicator || c.Measure != s.verdict.Departures {
			continue
		}
		for _, text := range c.Group {
			if size, err := strconv.ParseFloat(text, 64); err == nil && size > 0 {
				steps = append(steps, step{size, text, c.Outcome == outcome})
			}
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.size, b.size) })
	held := ""
	say := func(t question.Text, size string) string {
		if d.lang == wording.FR {
			size = strings.Replace(size, ".", ",", 1)
		}
		return " " + strings.ReplaceAll(d.words(t), "{departure}", size)
	}
	for _, x := range steps {
		if !x.held {
			return held + say(s.verdict.Falls, x.text)
		}
		held = say(s.verdict.Holds, x.text)
	}
	return held
}

// doubted is a verdict with what the test of the comparison itself says: where the groups
// came apart before, there is no verdict.
func (d *drawer) doubted(verdict string, warnings []indicator.Warning) string {
	for _, w := range warnings {
		switch w.Code {
		case indicator.CodeMovedApart:
			return worded(d.lang, w)
		case indicator.CodeMovedAlike, indicator.CodeUntested:
			verdict += " " + worded(d.lang, w)
		}
	}
	return verdict
}
