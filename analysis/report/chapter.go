package report

import (
	"cmp"
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// chapter is one question of the report: its words, and the figures to draw.
type chapter struct {
	chapterPage
	specs []spec
}

// chapters are those of the catalogue in the order of the pages, with one more plain figure for each result
// that no figure shows, then those of the questions it does not know, so that
// nothing is silently dropped.
func (d *drawer) chapters() []chapter {
	var out []chapter
	for _, p := range question.Pages() {
		for _, id := range p.Questions {
			q, _ := question.Lookup(id) // the catalogue is checked
			out = append(out, chapter{d.chapterPage(q), specsOf(q)})
		}
	}
	planned := slices.Clone(out)
	for _, r := range d.results {
		if slices.ContainsFunc(planned, func(c chapter) bool { return c.shows(r) }) {
			continue
		}
		i := slices.IndexFunc(out, func(c chapter) bool { return c.ID == r.Indicator })
		if i < 0 {
			i = len(out)
			out = append(out, chapter{chapterPage: chapterPage{ID: r.Indicator, Question: r.Indicator}})
		}
		out[i].specs = addPlain(slices.Clone(out[i].specs), plainFigure(r))
	}
	return out
}

// chapterPage words a question.
func (d *drawer) chapterPage(q question.Question) chapterPage {
	said := func(t question.Text) string { return d.lang.Sentence(d.words(t)) }
	return chapterPage{
		ID: q.ID, Question: said(q.Question), What: said(q.Definition), How: said(q.Method), Caveat: said(q.Caveat),
		Reference: d.words(q.Reference), Unplanned: d.unplanned(q.ID),
	}
}

// shows says whether a figure of the chapter shows r.
func (c chapter) shows(r indicator.Result) bool {
	key := groupOf(r).key
	for _, s := range c.specs {
		if s.concerns(r, s.populations) && !s.elsewhere(key) && (s.form.ByGroup() || key == "" || slices.Contains(tabled(), key)) {
			return true
		}
	}
	return false
}

// addPlain adds a figure, or its row to the figure of the same name.
func addPlain(specs []spec, plain spec) []spec {
	for i := range specs {
		s := &specs[i]
		if s.id != plain.id {
			continue
		}
		if m := plain.measures[0]; !s.shows(m.name) {
			s.measures = append(slices.Clone(s.measures), m)
		}
		return specs
	}
	return append(specs, plain)
}

// plainFigure is the figure of one unplanned result: by group when the measure is
// declared so, else a row among the measures of its unit and population.
func plainFigure(r indicator.Result) spec {
	m, byGroups := declared(r)
	label := question.Text{FR: cmp.Or(m.Label.FR, r.Measure), EN: cmp.Or(m.Label.EN, m.Label.FR, r.Measure)}
	s := spec{indicator: r.Indicator, unit: unitOf(m),
		measures: []labelled{{r.Measure, label}}, populations: []string{r.Population}}
	if byGroups || groupOf(r).key != "" {
		s.id, s.form, s.title = wording.Slug(r.Indicator+"-"+r.Measure+"-"+r.Population), groupForm(r), label
		s.phrase = question.Text{}
		return s
	}
	s.id, s.form = wording.Slug(r.Indicator+"-"+string(m.Kind)+"-"+r.Population), question.Measures
	s.title = question.Text{FR: "Mesures sur l’ensemble", EN: "Measures over everyone"}
	if t, ok := question.PopulationText(r.Population); ok {
		s.title = question.Text{FR: "Sur : " + t.FR, EN: "Out of: " + t.EN}
	}
	return s
}

// declared finds what the catalogue says of the measure of a result, and whether the
// report gives it by group.
func declared(r indicator.Result) (m question.Measure, byGroups bool) {
	q, _ := question.Lookup(r.Indicator)
	m, ok := q.Measure(r.Measure)
	if !ok {
		return m, true
	}
	return m, slices.ContainsFunc([]string{"level", "ips_band", "ep", "grade"}, m.Publishes)
}

// split sets apart what the report does not draw: results of the schools
// edition, which have their own pages, are left out; the results of a question
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
		u := unansweredQuestion{Question: r.Indicator, Reason: wording.Capital(publish(r, scalar).because(d.lang))}
		if q, err := question.Lookup(r.Indicator); err == nil {
			u.Question, u.Need = d.words(q.Question), wording.Capital(d.words(question.NeedOf(q.ID)))
		}
		if slices.ContainsFunc(r.Warnings, func(w indicator.Warning) bool { return w.Code == indicator.CodeTold }) {
			u.Need = d.lang.T("Rien de plus : le lire dans l’édition que le manifeste nomme.",
				"Nothing more: read it in the edition that the manifest names.")
		}
		out = append(out, u)
	}
	return out
}

// chapterPage is one question with its figures; Empty are those without a value.
type chapterPage struct {
	ID, Question, What, How, Caveat, Reference, National, Unplanned string
	Figures, Empty                                                  []figure
}

// unansweredQuestion is a question without a single figure: why, and what would change it.
type unansweredQuestion struct{ Question, Reason, Need string }

// groupForm is the form of a figure of groups that a result may stand in.
func groupForm(r indicator.Result) question.Form {
	if len(question.GroupingOf(groupOf(r).key).Crosses) > 0 {
		return question.Multiples
	}
	return question.Groups
}
