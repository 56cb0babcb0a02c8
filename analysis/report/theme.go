package report

import (
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// themePage is what the template of a theme sees.
type themePage struct {
	frame
	Lead string
	// Chapters are the questions with the figures of the page, Elsewhere those that have
	// figures in the appendix alone.
	Chapters  []chapterPage
	Elsewhere []chapterPage
	// Of the page of what was measured: warnings about sources, questions without a single
	// figure, how well the inputs fit together, what was left out.
	Feeds, Joins, Notes []string
	Unanswered          []unansweredQuestion

	slopes int // pictures of two periods so far
}

// theme lays out the page of a theme: its figures in its order, under their questions.
func (v *volume) theme(p question.Page) themePage {
	t := themePage{frame: v.frame(themeFile(p), v.words(p.Title)), Lead: v.words(p.Lead)}
	for _, id := range p.Figures {
		c, f := v.find(id)
		if f == nil || f.sparse {
			continue
		}
		i := slices.IndexFunc(t.Chapters, func(seen chapterPage) bool { return seen.ID == c.ID })
		if i < 0 {
			i = len(t.Chapters)
			t.Chapters = append(t.Chapters, chapterPage{ID: c.ID, Question: c.Question, National: c.National})
		}
		shown := *f
		if head := p.Finding != nil && p.Finding.Figure == id || t.slopes == 0; head && shown.past != nil {
			rows, now := leading(shown.rows), v.in.Facts.Term
			shown.SlopeWide = v.slope(rows, now, shown.unit, false)
			shown.SlopeNarrow = v.slope(rows, now, shown.unit, true)
			if shown.SlopeWide != nil {
				t.slopes++
			}
		}
		t.Chapters[i].Figures = append(t.Chapters[i].Figures, shown)
	}
	for _, c := range v.chapters {
		shown := slices.ContainsFunc(t.Chapters, func(seen chapterPage) bool { return seen.ID == c.ID })
		if slices.Contains(p.Questions, c.ID) && !shown {
			t.Elsewhere = append(t.Elsewhere, c.chapterPage)
		}
	}
	if slices.Contains(p.Questions, "Q1") {
		t.Feeds, t.Joins, t.Notes = v.feedNotes(), v.in.Facts.sentences(v.lang), v.in.Facts.leftOut(v.lang)
		t.Unanswered = v.unanswered
	}
	return t
}

// find gives a drawn figure and its chapter; nil where there is none.
func (v *volume) find(id string) (chapter, *figure) {
	for _, c := range v.chapters {
		for i := range c.Figures {
			if c.Figures[i].ID == id {
				return c, &c.Figures[i]
			}
		}
	}
	return chapter{}, nil
}

// appendixPage is what the template of the appendix sees.
type appendixPage struct {
	frame
	Parts  []part
	Hidden int // figures not released
	Unmeas int // figures not measurable
	// Planned says what was planned and when.
	Planned []string
}

// part is a theme of the appendix with all its questions.
type part struct {
	Name, Title string
	Chapters    []chapterPage
}

// appendix lays out every question with every figure, theme by theme; what belongs to
// none comes last.
func (v *volume) appendix() appendixPage {
	a := appendixPage{frame: v.frame(appendixFile, v.lang.T("Annexe : toutes les figures", "Appendix: all figures")),
		Planned: v.registered()}
	if text := v.expectedFalse(); text != "" {
		a.Planned = append(a.Planned, text)
	}
	placed := map[string]bool{}
	add := func(name, title string, of func(id string) bool) {
		p := part{Name: name, Title: title}
		for _, c := range v.chapters {
			if !placed[c.ID] && of(c.ID) {
				placed[c.ID] = true
				p.Chapters = append(p.Chapters, c.chapterPage)
			}
		}
		if len(p.Chapters) > 0 {
			a.Parts = append(a.Parts, p)
		}
	}
	for _, p := range question.Pages() {
		add(p.Name, v.words(p.Title), func(id string) bool { return slices.Contains(p.Questions, id) })
	}
	add("autres", v.lang.T("Autres résultats", "Other results"), func(string) bool { return true })
	for _, r := range v.results {
		switch r.Status {
		case indicator.Suppressed:
			a.Hidden++
		case indicator.NotMeasurable:
			a.Unmeas++
		}
	}
	return a
}
