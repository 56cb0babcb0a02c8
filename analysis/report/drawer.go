package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// drawer makes the figures of one report.
type drawer struct {
	lang    lang
	subject string
	results []indicator.Result
	used    []bool // by a figure, so far
	events  []Event
	past    *past // nil without an earlier period

	comparisons []indicator.Comparison
	plan        *plan.Standing
}

// words picks the language and says who the subject is.
func (d *drawer) words(t question.Text) string {
	plural := "parents"
	if d.subject == "pupil" {
		plural = d.lang.T("élèves", "pupils")
	}
	return strings.NewReplacer("{parents}", plural, "{Parents}", wording.Capital(plural)).Replace(d.lang.Text(t))
}

// find takes the result of a number for a group and marks it as used.
func (d *drawer) find(ref question.Ref, g group, u unit) (value, bool) {
	i := d.index(ref, g)
	if i < 0 {
		return value{}, false
	}
	d.used[i] = true
	return d.value(i, u), true
}

// look is find for what another figure shows: it stays unused.
func (d *drawer) look(ref question.Ref, g group, u unit) (value, bool) {
	i := d.index(ref, g)
	if i < 0 {
		return value{}, false
	}
	return d.value(i, u), true
}

func (d *drawer) index(ref question.Ref, g group) int {
	return slices.IndexFunc(d.results, func(r indicator.Result) bool {
		return r.Indicator == ref.Question && r.Measure == ref.Measure && groupOf(r) == g &&
			(ref.Population == "" || r.Population == ref.Population)
	})
}

// value is a result in display units, with what a test made before rounding says of it.
func (d *drawer) value(i int, u unit) value {
	v := publish(d.results[i], u)
	v.beyond = d.outcomeOf(d.results[i])
	return v
}

// groups lists the values of a grouping that hold a result of the figure for one of
// the populations: those of the vocabulary in its order, then the others.
func (d *drawer) groups(s spec, key string, populations []string) []string {
	seen := map[string]bool{}
	for _, r := range d.results {
		if g := groupOf(r); g.key == key && s.concerns(r, populations) {
			seen[g.value] = true
		}
	}
	var out []string
	for _, g := range question.GroupingOf(key).Values() {
		if seen[g] {
			out = append(out, g)
			delete(seen, g)
		}
	}
	var others []string
	for g := range seen {
		others = append(others, g)
	}
	slices.Sort(others)
	return append(out, others...)
}

func (d *drawer) groupName(key, value string) string {
	if key == "" {
		return d.groupingName("")
	}
	if key == "week" {
		return d.lang.T("semaine du ", "week of ") + d.lang.Date(value)
	}
	if t, ok := question.GroupingOf(key).GroupText(value); ok {
		return d.lang.Text(t)
	}
	if crosses := question.GroupingOf(key).Crosses; len(crosses) > 0 {
		first, second := question.Crossed(value)
		return d.groupName(crosses[0], first) + ", " + d.groupName(crosses[1], second)
	}
	if _, err := strconv.ParseFloat(value, 64); err == nil { // a week before or after, a departure
		value = strings.Replace(value, "-", "−", 1)
		return d.lang.T(strings.Replace(value, ".", ",", 1), value)
	}
	return value
}

func (d *drawer) groupingName(key string) string {
	if t := question.GroupingOf(key).Text; t != (question.Text{}) {
		return d.lang.Text(t)
	}
	return wording.Capital(key)
}

// populationName names what a bar of the series stands for.
func (d *drawer) populationName(population string) string {
	if t, ok := question.PopulationText(population); ok {
		return d.words(t)
	}
	return population
}

// feedNotes are the warnings about sources, once each.
func (d *drawer) feedNotes() []string {
	var out []string
	for _, r := range d.results {
		for _, w := range r.Warnings {
			text := worded(d.lang, w)
			if aboutFeeds(w) && r.Status == indicator.Published && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	slices.Sort(out)
	return out
}

// nameOf is the name of a school, or, where no register gives one, what it is and the code
// by which it is known.
func nameOf(l lang, s indicator.School) string {
	if name := strings.TrimSpace(s.Name); name != "" {
		return name
	}
	d := &drawer{lang: l}
	if kind := d.groupName("level", s.Level); kind != "" {
		return kind + " " + s.UAI
	}
	return l.T("Établissement ", "School ") + s.UAI
}

// levels names the schools of a level, plural.
func (d *drawer) levels(level string) string {
	name := d.groupName("level", level)
	if _, known := question.GroupingOf("level").GroupText(level); known && d.lang == fr {
		return name + "s"
	}
	return name
}

// refOf names the number of a result.
func refOf(r indicator.Result) question.Ref {
	return question.Ref{Question: r.Indicator, Measure: r.Measure, Population: r.Population}
}
