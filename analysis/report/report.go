package report

import (
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition"
)

// Write writes the regional report to dir: index.html, and one CSV and one JSON
// per figure. A former report in dir is replaced as a whole.
func Write(dir string, in Input) error {
	p, err := build(in)
	if err != nil {
		return err
	}
	return p.write(dir)
}

// title is that of the report.
var title = question.Text{FR: "Comment les {parents} se servent de l’ENT", EN: "How {parents} use the school portal"}

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
	d := &drawer{lang: l, subject: in.Facts.Subject, results: results, used: make([]bool, len(results))}
	v := page{Lang: l, Facts: in.Facts, Title: d.words(title)}
	out, number := pages{}, 0
	for _, c := range d.chapters() {
		for _, s := range c.specs {
			f, ok := d.figure(s)
			if !ok {
				continue
			}
			number++
			f.Number = number
			if err := out.figure(d.lang, f, s, in.Facts); err != nil {
				return nil, err
			}
			c.Figures = append(c.Figures, f)
		}
		if len(c.Figures) > 0 {
			c.National = in.National.beside(d, c.ID)
			v.Chapters = append(v.Chapters, c.chapterPage)
		}
	}
	v.Feeds, v.Joins = d.feedNotes(), in.Facts.sentences(l)
	v.Keys, v.Unanswered = d.keys(), d.unanswered(unanswered)
	for _, r := range results {
		switch r.Status {
		case indicator.Suppressed:
			v.Hidden++
		case indicator.NotMeasurable:
			v.Unmeas++
		}
	}
	html, err := render(l, "report.html", v)
	if err != nil {
		return nil, err
	}
	out["index.html"] = html
	return out, nil
}

// keys are the boxes of the first screen: a few answers and where they stand.
func (d *drawer) keys() []keyFigure {
	var out []keyFigure
	for _, k := range question.Keys() {
		u := unitOfRef(k.Ref)
		v, ok := d.find(k.Ref, group{}, u)
		if !ok {
			continue
		}
		box := keyFigure{Value: v.short(d.lang, u), Text: d.words(k.Text), Anchor: k.Question, Muted: v.state != shown}
		if doubt := d.doubt(v, u); doubt != "" {
			high := strings.TrimPrefix(u.text(d.lang, v.high), "×"+wording.NBSP)
			box.Text += d.lang.T(" ; de ", "; ") + u.bare(d.lang, v.low) + d.lang.T(" à ", " to ") + high
		}
		out = append(out, box)
	}
	return out
}

// figure adds the data files of a figure.
func (p pages) figure(l lang, f figure, s spec, facts Facts) error {
	rounded := make([]indicator.Result, len(f.results))
	for i, r := range f.results {
		rounded[i] = asShown(r, s.unit)
	}
	terms := edition.PublicTerms(string(l))
	data, err := encodeJSON(figureJSON{Figure: f.ID, Title: f.Title, Synthetic: facts.Synthetic,
		Licence: terms.Licence, Terms: terms.Text(), Start: facts.Start, End: facts.End, Reading: f.Reading, Results: rounded})
	if err != nil {
		return err
	}
	p[f.ID+".json"] = data
	if p[f.ID+".csv"], err = encodeCSV(rounded, facts.Synthetic); err != nil {
		return err
	}
	return nil
}
