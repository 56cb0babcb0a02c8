package report

import (
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
