package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
)

//go:embed templates
var templates embed.FS

// page is what the report's template sees.
type page struct {
	Lang     lang
	Facts    Facts
	Title    string
	Keys     []keyFigure
	Chapters []chapterPage
	Hidden   int // figures not released
	Unmeas   int // figures not measurable
	// Unanswered are the questions without a single figure, and why.
	Unanswered []unansweredQuestion
	// Feeds are the warnings about sources that stopped or came late.
	Feeds []string
}

type unansweredQuestion struct{ Question, Reason string }

// keyFigure is one box of the first screen.
type keyFigure struct {
	Value, Text, Anchor string
	Muted               bool
}

type chapterPage struct {
	ID, Question, What, How, Caveat string
	Figures                         []figure
}

// Write writes the regional report to dir: index.html, and one CSV and one JSON
// per figure. A former report in dir is replaced as a whole.
func Write(dir string, in Input) error {
	p, err := build(in)
	if err != nil {
		return err
	}
	return p.write(dir)
}

// build makes every file of the report in memory.
func build(in Input) (pages, error) {
	l, err := language(in.Lang)
	if err != nil {
		return nil, err
	}
	if err := in.Facts.check(); err != nil {
		return nil, err
	}
	results, unanswered := split(in.Results)
	d := &drawer{lang: l, subject: in.Facts.Subject, results: results, used: make([]bool, len(results))}
	v := page{Lang: l, Facts: in.Facts,
		Title: d.words([2]string{"Comment les {parents} se servent de l’ENT", "How {parents} use the school portal"})}
	out, number := pages{}, 0
	for _, c := range d.chapters() {
		cp := d.chapter(c, in.Declarations)
		for _, s := range c.figures {
			f, ok := d.figure(s)
			if !ok {
				continue
			}
			number++
			f.Number = number
			if err := out.figure(f, s, in.Facts); err != nil {
				return nil, err
			}
			cp.Figures = append(cp.Figures, f)
		}
		if len(cp.Figures) > 0 {
			v.Chapters = append(v.Chapters, cp)
		}
	}
	v.Feeds = d.feedNotes()
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

// figure adds the data files of a figure.
func (p pages) figure(f figure, s spec, facts Facts) error {
	rounded := make([]indicator.Result, len(f.results))
	for i, r := range f.results {
		rounded[i] = asShown(r, s.unit)
	}
	data, err := encodeJSON(figureJSON{Figure: f.ID, Title: f.Title, Synthetic: facts.Synthetic,
		Start: facts.Start, End: facts.End, Reading: f.Reading, Results: rounded})
	if err != nil {
		return err
	}
	p[f.ID+".json"] = data
	if p[f.ID+".csv"], err = encodeCSV(rounded, facts.Synthetic); err != nil {
		return err
	}
	return nil
}

// chapter puts the words of an indicator together; a declaration wins.
func (d *drawer) chapter(c chapter, declared []Declaration) chapterPage {
	p := chapterPage{ID: c.id, Question: d.words(c.question), What: d.words(c.what), How: d.words(c.how), Caveat: d.words(c.caveat)}
	declared = append(slices.Clone(declared), declaration(c.id))
	for i, x := range declared {
		listed := i == len(declared)-1 // the texts of the list, for those left empty
		if x.ID != c.id || listed && p.What != "" || d.lang == en && p.What != "" {
			continue
		}
		p.Question = prefer(d.lang.sentence(x.Question), p.Question)
		p.What = prefer(d.lang.sentence(x.Definition), p.What)
		p.How = prefer(d.lang.sentence(x.Method), p.How)
		p.Caveat = prefer(d.lang.sentence(x.Caveat), p.Caveat)
	}
	return p
}

// declaration is what the list of indicators says of one.
func declaration(id string) Declaration {
	i, err := indicator.Lookup(id)
	if err != nil {
		return Declaration{}
	}
	return Declaration{ID: i.ID, Question: i.Question, Definition: i.Definition, Method: i.Method, Caveat: i.Caveat}
}

func prefer(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func chapterOf(id string) *chapter {
	for i := range chapters {
		if chapters[i].id == id {
			return &chapters[i]
		}
	}
	return nil
}

// slug keeps letters, digits and hyphens: a file name and an anchor.
func slug(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s)
}

// keys are the boxes of the first screen: five answers and where they stand.
func (d *drawer) keys() []keyFigure {
	boxes := []struct {
		indicator, measure, population, anchor string
		unit                                   unit
		text                                   [2]string
	}{
		{"L2", "never", "all_accounts", "L2", share, [2]string{"des {parents} ne se sont jamais connectés", "of {parents} never connected"}},
		{"L1", "weekly", "all_accounts", "L1", share, [2]string{"des semaines de classe comptent au moins une visite", "of school weeks hold at least one visit"}},
		{"F2", "never_ratio", "all_accounts", "F2", ratio, [2]string{"de « jamais connectés » là où l’IPS est le plus bas, par rapport au plus haut", "“never connected” where the IPS is lowest, against highest"}},
		{"A1", "accompanied", "all_accounts", "A1", share, [2]string{"des {parents} ont été accompagnés (12 % dans une enquête de 2022)", "of {parents} were accompanied (12% in a 2022 survey)"}},
		{"A2", "rate_ratio", "", "A2", ratio, [2]string{"de visites après un accompagnement, à usage antérieur égal", "visits after accompaniment, at equal earlier use"}},
		{"N5", "very_frequent", "pairs", "N5", share, [2]string{"des {parents} consultent les notes très fréquemment", "of {parents} check grades very often"}},
	}
	var out []keyFigure
	for _, b := range boxes {
		v, ok := d.find(b.indicator, b.measure, b.population, "", "", b.unit)
		if !ok {
			continue
		}
		k := keyFigure{Value: v.short(d.lang, b.unit), Text: d.words(b.text), Anchor: b.anchor, Muted: v.state != shown}
		if doubt := d.doubt(v, b.unit); doubt != "" {
			k.Text += d.lang.t(" ; de ", "; ") + b.unit.bare(d.lang, v.low) + d.lang.t(" à ", " to ") + strings.TrimPrefix(b.unit.text(d.lang, v.high), "×"+nbsp)
		}
		out = append(out, k)
	}
	return out
}

// render runs one page template.
func render(l lang, name string, data any) ([]byte, error) {
	t, err := pageTemplate(l, name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("report: page %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// pageTemplate parses one page with the parts all pages share.
func pageTemplate(l lang, name string) (*template.Template, error) {
	style, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return nil, fmt.Errorf("report: style: %w", err)
	}
	t, err := template.New(name).Funcs(template.FuncMap{
		"t":     func(french, english string) string { return l.t(french, english) },
		"style": func() template.CSS { return template.CSS(style) },
		"c":     coordinate,
		"date":  l.date,
		"about": l.about,
		"count": func(n int) string { return l.count(int64(n)) },
		"ceil":  func(x float64) string { return coordinate(math.Ceil(x)) },
		"bars":  func(c *chart, id, title, desc, suffix string) svgData { return svgData{c, id, title, desc, suffix} },
		"join":  func(s []string) string { return strings.Join(s, " ") },
	}).ParseFS(templates, "templates/parts.html", "templates/"+name)
	if err != nil {
		return nil, fmt.Errorf("report: template %s: %w", name, err)
	}
	return t, nil
}

// svgData is what the SVG part needs.
type svgData struct {
	Chart           *chart
	ID, Title, Desc string
	Suffix          string // keeps identifiers of the two layouts apart
}
