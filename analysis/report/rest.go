package report

import (
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
)

// split sets apart what the report does not draw: results of the schools
// edition, which have their own pages, are left out; the results of an indicator
// none of whose results could be measured go to the list of unanswered questions.
func split(all []indicator.Result) (drawn, unanswered []indicator.Result) {
	measured := map[string]bool{}
	for _, r := range all {
		if r.Status != indicator.NotMeasurable {
			measured[r.Indicator] = true
		}
	}
	for _, r := range all {
		switch {
		case r.Edition == "schools":
		case measured[r.Indicator]:
			drawn = append(drawn, r)
		default:
			unanswered = append(unanswered, r)
		}
	}
	return drawn, unanswered
}

// unanswered words the questions nothing could be said of, once each.
func (d *drawer) unanswered(results []indicator.Result) []unansweredQuestion {
	var out []unansweredQuestion
	seen := map[string]bool{}
	for _, r := range results {
		if seen[r.Indicator] {
			continue
		}
		seen[r.Indicator] = true
		q := unansweredQuestion{Question: r.Indicator, Reason: capital(publish(r, scalar).because(d.lang))}
		if c := chapterOf(r.Indicator); c != nil && d.lang == en {
			q.Question = d.words(c.question)
		} else if i, err := indicator.Lookup(r.Indicator); err == nil {
			q.Question = typography.Replace(i.Question)
		}
		out = append(out, q)
	}
	return out
}

// chapters are those of the catalogue, with a plain figure more for each result
// they do not ask for, then the indicators it does not know, so that nothing is
// silently dropped.
func (d *drawer) chapters() []chapter {
	out := slices.Clone(chapters)
	for _, r := range d.results {
		if d.known(r) {
			continue
		}
		i := chapterIndex(&out, r.Indicator)
		out[i].figures = addRest(slices.Clone(out[i].figures), restFigure(r))
	}
	return out
}

// addRest adds a figure, or its row to the figure of the same name.
func addRest(figures []spec, s spec) []spec {
	for i := range figures {
		f := &figures[i]
		if f.id != s.id {
			continue
		}
		for _, m := range s.rows {
			if !hasRow(f.rows, m.measure) {
				f.rows = append(slices.Clone(f.rows), m)
			}
		}
		return figures
	}
	return append(figures, s)
}

// chapterIndex finds or makes the chapter of an indicator.
func chapterIndex(list *[]chapter, id string) int {
	for i := range *list {
		if (*list)[i].id == id {
			return i
		}
	}
	c := chapter{id: id, question: both(id)}
	if i, err := indicator.Lookup(id); err == nil {
		c.question, c.what, c.how, c.caveat = both(i.Question), both(fr.sentence(i.Definition)), both(fr.sentence(i.Method)), both(fr.sentence(i.Caveat))
	}
	*list = append(*list, c)
	return len(*list) - 1
}

// both gives a text that exists in one language only.
func both(s string) [2]string { return [2]string{s, s} }

// restFigure is the figure of one unplanned result: by group when the measure is
// declared so, else a row among the measures of its unit and population.
func restFigure(r indicator.Result) spec {
	key, _ := grouping(r)
	m, byGroups := declaredMeasure(r.Indicator, r.Measure)
	label := [2]string{prefer(m.Label, r.Measure), prefer(m.Label, r.Measure)}
	u := unitOf(m)
	if byGroups || key != "" {
		return spec{id: slug(r.Indicator + "-" + r.Measure + "-" + r.Population), indicator: r.Indicator, kind: byGroup, unit: u, title: label,
			series: []series{{r.Population, r.Measure}}, phrase: [2]string{": " + label[0], ": " + label[1]}}
	}
	name := [2]string{"Mesures sur l’ensemble", "Measures over everyone"}
	if t, ok := populationText[r.Population]; ok {
		name = [2]string{"Sur : " + t[0], "Out of: " + t[1]}
	}
	return spec{id: slug(r.Indicator + "-" + string(m.Kind) + "-" + r.Population), indicator: r.Indicator, kind: byMeasure, unit: u, title: name,
		series: []series{{r.Population, ""}}, rows: []rowSpec{{r.Measure, label}}}
}

func declaredMeasure(id, name string) (m indicator.Measure, byGroups bool) {
	i, err := indicator.Lookup(id)
	if err != nil {
		return m, true
	}
	for _, m := range i.Measures {
		if m.Name == name {
			return m, slices.ContainsFunc([]string{"level", "ips_band", "ep", "grade"}, m.Publishes)
		}
	}
	return m, true
}

// unitOf is how a kind of measure is shown.
func unitOf(m indicator.Measure) unit {
	switch m.Kind {
	case indicator.Share, indicator.EventShare, indicator.Bounds:
		return share
	case indicator.Coverage:
		if m.Name != "achieved_k" {
			return share
		}
	case indicator.Ratio:
		return ratio
	case indicator.Gap:
		return gap
	case indicator.Quantile:
		if m.Scale != 0 {
			return scalar
		}
		return counts
	case indicator.Rate:
		return rate
	}
	return scalar
}

func hasRow(rows []rowSpec, measure string) bool {
	for _, m := range rows {
		if m.measure == measure {
			return true
		}
	}
	return false
}

// known says whether a figure of the catalogue shows r.
func (d *drawer) known(r indicator.Result) bool {
	key, _ := grouping(r)
	c := chapterOf(r.Indicator)
	if c == nil {
		return false
	}
	for _, s := range c.figures {
		for _, x := range s.series {
			if x.population != "" && x.population != r.Population {
				continue
			}
			if s.kind == byGroup && x.measure == r.Measure {
				return true
			}
			if s.kind != byGroup && (key == "" || contains(groupingOrder, key)) && hasRow(s.rows, r.Measure) {
				return true
			}
		}
	}
	return false
}

// english are the warnings by code, for pages that are not in French.
var english = map[string]string{
	indicator.CodeFewClusters:   "Fewer than 10 clusters of schools: no interval.",
	indicator.CodeFewSchools:    "Fewer than 12 schools: no interval.",
	indicator.CodeLargeClusters: "A few large clusters carry the figure.",
	indicator.CodeNoInterval:    "The interval is not defined.",
	indicator.CodeBoundary:      "All clusters are at 0 or at 1.",
	indicator.CodeFeedStopped:   "A feed stopped.",
	indicator.CodeFeedDropped:   "A feed fell below half its level.",
	indicator.CodeFeedLate:      "A feed began late.",
	indicator.CodePersonTable:   "From the person table, after rare profiles were removed.",
	indicator.CodeMissingCells:  "Some small cells are missing.",
	indicator.CodeSelection:     "Compares groups that were not drawn at random.",
	indicator.CodeFeedPartial:   "A feed misses some schools.",
	indicator.CodeBin:           "Known to a bin of the histogram or of the life table.",
	indicator.CodeEValue:        "See the lower end of the interval: a weaker cause would do to bring it to “no effect”.",
	indicator.CodeManifest:      "Read in the manifest; the audit counts it again.",
	indicator.CodeReference:     "Relative to the reference group: the first level and the highest IPS band of the edition.",
	indicator.CodeNoFeed:        "The feed or register does not exist.",
	indicator.CodeNoRows:        "No data above the threshold of the edition for this group, or no feed.",
	indicator.CodeNoTable:       "The edition has no such table.",
	indicator.CodeModel:         "The model has no solution on these data.",
	indicator.CodeZero:          "The denominator is 0.",
	indicator.CodeShort:         "The period is too short.",
	indicator.CodeGeneral:       "The anonymiser merged this group with others.",
	indicator.CodePrimary:       "Not released: too few people.",
	indicator.CodeSecondary:     "Not released, to protect another figure.",
	indicator.CodeBelow:         "Given as a maximum.",
	indicator.CodeAbove:         "Given as a minimum.",
}

// warning words one warning of a result, without its code.
func (l lang) warning(w string) string {
	if text, ok := english[indicator.Code(w)]; ok && l == en {
		return text
	}
	if l == en && aboutFeeds(w) {
		return "A feed is incomplete; its weeks without data are out of every figure."
	}
	return typography.Replace(indicator.Sentence(w))
}

// because says why there is no figure, in the language of the page.
func (v value) because(l lang) string {
	if l != en || v.state != unmeasured {
		return v.reason
	}
	var out []string
	for _, w := range v.warnings {
		if text, ok := english[indicator.Code(w)]; ok {
			out = append(out, lower(strings.TrimSuffix(text, ".")))
		}
	}
	if len(out) == 0 {
		return v.reason
	}
	return strings.Join(out, "; ")
}

// sentences words the warnings that explain a missing figure; the words « non
// mesurable » are said by the page already.
func sentences(warnings []string) string {
	var out []string
	for _, w := range warnings {
		s := strings.TrimSuffix(indicator.Sentence(w), ".")
		for _, said := range []string{"Non mesurable : ", "Non mesurable\u00a0: ", "non mesurable : "} {
			s = strings.TrimPrefix(s, said)
		}
		out = append(out, typography.Replace(s))
	}
	return strings.Join(out, " ; ")
}
