package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// frontPage is what the template of the front page sees.
type frontPage struct {
	frame
	// Measured says in one line what the report rests on.
	Measured   string
	Findings   []finding
	Pages      []entry
	Unanswered int
	// Planned says in short whether a plan came before.
	Planned string
}

// finding is one answer of the front page, in sentences.
type finding struct {
	ID, Title string
	// Value and Text are the answer; without a value, Text says why there is none.
	Value, Text   string
	Sure, Against []string
	Before        string // what the earlier period published
	Not           string
	Chart, Past   *drawing.Chart
	File, Page    string // where the figures are
}

// front lays out the first page: one finding for each theme that has one.
func (v *volume) front() frontPage {
	p := frontPage{frame: v.frame(frontFile, v.words(title)), Measured: v.measured(v.in.Facts, v.feeds()),
		Unanswered: len(v.unanswered), Planned: strings.TrimSpace(v.order() + " " + v.expectedFalse())}
	for _, page := range question.Pages() {
		p.Pages = append(p.Pages, entry{themeFile(page), v.words(page.Title)})
		if page.Finding != nil {
			f := v.finding(*page.Finding)
			f.ID, f.File, f.Page = page.Name, themeFile(page), v.words(page.Title)
			p.Findings = append(p.Findings, f)
		}
	}
	return p
}

// feeds are the sources that sent something, in order.
func (v *volume) feeds() []string {
	var feeds []string
	for _, r := range v.results {
		if feed := r.Group["feed"]; feed != "" && !slices.Contains(feeds, feed) {
			feeds = append(feeds, feed)
		}
	}
	slices.Sort(feeds)
	return feeds
}

// finding words one answer: what, how sure, compared with what, what not to conclude.
func (v *volume) finding(f question.Finding) finding {
	out := finding{Title: v.words(f.Title), Not: v.words(f.Not)}
	u := unitOfRef(f.Ref)
	x, ok := v.drawer.find(f.Ref, group{}, u)
	var rows []barRow
	switch {
	case ok && x.state == shown:
		text := v.said(f.Text, x)
		out.Value, out.Text = wording.Capital(x.short(v.lang, u)), text+v.inDoubt(f, x, u)
		out.Sure = v.sure(f, x)
		row := barRow{label: v.words(v.spec(f.Figure).title), strong: true, values: []value{x}}
		if was, ok := v.past.was(f.Ref, group{}, u); ok {
			row.was = []value{was}
			out.Before = wording.Capital(v.saidThen(was, u)) + v.lang.T(" en ", " in ") + v.past.Term +
				v.lang.T(", tel que publié alors ; aucun écart entre périodes n’est testé.",
					", as published then; no gap between periods is tested.")
		}
		rows = append(rows, row)
	case ok:
		out.Text = wording.Capital(x.why(v.lang)) + "."
	default:
		out.Text = v.lang.T("Non mesurable dans cette édition.", "Not measurable in this edition.")
	}
	for _, b := range f.Beside {
		bu := unitOfRef(b.Ref)
		y, ok := v.drawer.find(b.Ref, group{}, bu)
		if !ok || y.state != shown {
			continue
		}
		out.Against = append(out.Against, wording.Capital(y.short(v.lang, bu))+" "+v.said(b.Text, y)+
			v.doubt(y, bu)+".")
		if !b.Apart {
			rows = append(rows, barRow{label: wording.Capital(v.said(b.Text, y)), values: []value{y}})
		}
	}
	if head, groups := v.section(f); len(groups) > 0 {
		if text := v.spread(v.spec(f.Figure), head, groups); text != "" {
			out.Against = append(out.Against, text)
		}
		for _, g := range groups {
			g.values = g.values[:1]
			if was, ok := v.past.was(v.spec(f.Figure).ref(f.Measure, f.Population), group{g.key, g.value}, u); ok {
				g.was = []value{was}
			}
			rows = append(rows, g)
		}
	}
	if len(rows) == 0 {
		return out
	}
	figure := v.spec(f.Figure)
	figure.form, figure.whole = question.Groups, false
	chart := v.dots(figure, rows).Draw(true)
	out.Chart = &chart
	if v.past != nil {
		rows[0].label = v.groupingName("")
		out.Past = v.slope(rows, v.in.Facts.Term, u, true)
	}
	return out
}

// inDoubt is the doubt of an answer in its own sentence: its interval, and the number that says
// whether it may be read at all.
func (v *volume) inDoubt(f question.Finding, x value, u unit) string {
	text := v.doubt(x, u)
	if f.Check == nil {
		return text
	}
	checked := unitOfRef(f.Check.Ref)
	y, ok := v.look(f.Check.Ref, group{}, checked)
	if !ok || y.state != shown {
		return text
	}
	check := strings.ReplaceAll(v.words(f.Check.Text), "{value}", y.short(v.lang, checked))
	if text == "" {
		return " (" + check + ")"
	}
	return strings.TrimSuffix(text, ")") + v.lang.T(" ; ", "; ") + check + ")"
}

// sure says how sure a number is.
func (v *volume) sure(f question.Finding, x value) []string {
	var out []string
	switch {
	case x.bounds || !x.point:
		out = append(out, v.lang.T("Connu entre deux bornes seulement.", "Known between two bounds only."))
	case x.interval:
		out = append(out, v.lang.T("L’intervalle dit où le chiffre tomberait avec d’autres établissements semblables.",
			"The interval says where the figure would fall with other similar schools."))
	default:
		out = append(out, v.lang.T("Sans intervalle : lire comme un ordre de grandeur.",
			"Without an interval: to be read as an order of magnitude."))
	}
	if s := v.spec(f.Figure); s.verdict != nil && s.measures[0].name == f.Measure {
		out = append(out, v.extra(s))
	}
	if x.n > 0 {
		out = append(out, fmt.Sprintf(v.lang.T("Effectif : environ %s, %s.", "Counted on about %s: %s."),
			v.lang.About(x.n), v.populationName(f.Population)))
	}
	return out
}

// spec is a figure of the catalogue.
func (v *volume) spec(id string) spec {
	for _, q := range question.All() {
		for _, s := range specsOf(q) {
			if s.id == id {
				return s
			}
		}
	}
	return spec{}
}

// section is the part of the finding's figure that compares groups.
func (v *volume) section(f question.Finding) (head barRow, rows []barRow) {
	if f.By == "" {
		return head, nil
	}
	within := false
	for _, r := range v.rows(v.spec(f.Figure)) {
		switch {
		case r.head:
			if within = r.label == v.groupingName(f.By); within {
				head = r
			}
		case within:
			rows = append(rows, r)
		}
	}
	return head, rows
}
