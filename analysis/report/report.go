package report

import (
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/durable"
)

// WriteOn writes the regional report to dir on disk: the front page index.html, a page for
// each theme of the mission, the appendix of all figures, and one CSV and one JSON per
// figure. A former report in dir is replaced as a whole.
func WriteOn(disk durable.Disk, dir string, in Input) error {
	p, err := build(in)
	if err != nil {
		return err
	}
	return p.write(disk, dir)
}

// build makes every file of the report in memory.
func build(in Input) (pages, error) {
	l, err := wording.Parse(in.Lang)
	if err != nil {
		return nil, err
	}
	if err := in.Facts.check(); err != nil {
		return nil, err
	}
	results, unanswered := split(in.Results)
	d := &drawer{lang: l, subject: in.Facts.Subject, results: results, used: make([]bool, len(results)),
		events: in.Facts.Events, comparisons: in.Comparisons, plan: in.Plan, past: lastOf(in.Earlier)}
	v := volume{drawer: d, in: in, unanswered: d.unanswered(unanswered), out: pages{}}
	if err := v.draw(); err != nil {
		return nil, err
	}
	if err := v.page("front.html", frontFile, v.front()); err != nil {
		return nil, err
	}
	for _, p := range question.Pages() {
		if err := v.page("theme.html", themeFile(p), v.theme(p)); err != nil {
			return nil, err
		}
	}
	if err := v.page("appendix.html", appendixFile, v.appendix()); err != nil {
		return nil, err
	}
	return v.out, nil
}

// draw makes the figures of all chapters and their data files.
func (v *volume) draw() error {
	number := 0
	for _, c := range v.drawer.chapters() {
		for _, s := range c.specs {
			f, ok := v.figure(s)
			if !ok {
				continue
			}
			number++
			f.Number = number
			if err := v.out.figure(v.lang, f, s, v.in.Facts); err != nil {
				return err
			}
			if f.Wide == nil {
				c.Empty = append(c.Empty, f)
			} else {
				c.Figures = append(c.Figures, f)
			}
		}
		if len(c.Figures)+len(c.Empty) > 0 {
			c.National = v.in.National.beside(v.drawer, c.ID)
			v.chapters = append(v.chapters, c)
		}
	}
	return nil
}

// figure adds the data files of a figure.
func (p pages) figure(l lang, f figure, s spec, facts Facts) error {
	rounded := make([]indicator.Result, len(f.results))
	for i, r := range f.results {
		rounded[i] = asShown(r, s.unit)
	}
	terms := facts.terms(l)
	data, err := encodeJSON(figureJSON{Figure: f.ID, Title: f.Title, Synthetic: facts.Synthetic,
		Licence: terms.Licence, Terms: terms.Text(), Start: facts.Start, End: facts.End,
		Reading: f.Reading, Results: rounded, Previous: f.past})
	if err != nil {
		return err
	}
	p[f.ID+".json"] = data
	if p[f.ID+".csv"], err = encodeCSV(rounded, facts.Synthetic, terms.Licence); err != nil {
		return err
	}
	return nil
}
