package report

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// ErrNothingDrawn says that none of the results of a sheet has a number.
var ErrNothingDrawn = errors.New("report: nothing to draw")

// Sheet draws results as one picture to take along: under each question its figures, in as many
// columns as make a sheet that one can look at, and over and under them what the picture is. By draws each measure by its
// groups, in the place of the figures of the report.
func Sheet(in Input, note string, by bool) (drawing.Chart, error) {
	l, err := wording.Parse(in.Lang)
	if err != nil {
		return drawing.Chart{}, err
	}
	d := &drawer{lang: l, subject: in.Facts.Subject, results: in.Results, used: make([]bool, len(in.Results)),
		events: in.Facts.Events}
	chapters := d.chapters()
	if by {
		chapters = d.measureChapters()
	}
	s := sheet{drawer: d}
	for _, c := range chapters {
		s.chapter(c)
	}
	if len(s.blocks) == 0 {
		return drawing.Chart{}, fmt.Errorf("%w: %s", ErrNothingDrawn, d.why())
	}
	above := s.block(func() {
		s.y += margin
		s.text("reftext", note)
		if in.Facts.Synthetic {
			s.text("reftext", l.T("Données synthétiques, inventées par un simulateur.",
				"Synthetic data, made up by a simulator."))
		}
	})
	below := s.block(func() {
		s.text("tick", fmt.Sprintf("%s, %s (%s – %s). %s", in.Facts.Study, in.Facts.Term, l.Date(in.Facts.Start),
			l.Date(in.Facts.End), in.Facts.Software))
	})
	sheet := inColumns(above, s.blocks)
	sheet.Place(0, sheet.H, below)
	return sheet, nil
}

// inColumns places blocks under a heading, in their order, in columns of about one height: a
// picture about as high as a sheet of paper is to its width.
func inColumns(above drawing.Chart, blocks []drawing.Chart) drawing.Chart {
	total := 0.0
	for _, b := range blocks {
		total += b.H
	}
	columns := math.Max(1, math.Ceil(math.Sqrt(total/(above.W*math.Sqrt2))-0.25))
	sheet, column, y, done := above, 0.0, above.H, 0.0
	for _, b := range blocks {
		if column+1 < columns && done+b.H/2 > total*(column+1)/columns {
			column, y = column+1, above.H
		}
		sheet.Place(column*above.W, y, b)
		y, done = y+b.H, done+b.H
	}
	return sheet
}

// sheet is a picture under way: blocks that are drawn, and one to which c and y belong, where
// the next thing stands.
type sheet struct {
	*drawer
	blocks []drawing.Chart
	c      drawing.Chart
	y      float64
}

// block is what is drawn as one thing.
func (s *sheet) block(draw func()) drawing.Chart {
	s.c, s.y = drawing.Chart{W: drawing.WideWidth + 2*margin}, 8
	draw()
	s.c.H = s.y
	return s.c
}

// margin surrounds a sheet.
const margin = 20

func (s *sheet) text(class, text string) {
	if text != "" {
		s.y = s.c.Lines(margin, s.y+4, drawing.WideWidth, class, text) + 4
	}
}

// chapter draws a question with those of its figures that have a number.
func (s *sheet) chapter(c chapter) {
	headed := false
	for _, spec := range c.specs {
		f, ok := s.figure(spec)
		if !ok || f.Wide == nil {
			continue
		}
		s.blocks = append(s.blocks, s.block(func() {
			if !headed {
				s.y += 8
				s.text("title", c.ID+" "+c.Question)
			}
			s.shown(f)
		}))
		headed = true
	}
}

// shown draws a figure under its title, over its notes.
func (s *sheet) shown(f figure) {
	s.y += 8
	s.text("strong", f.Title)
	s.legend(f.Legend)
	s.c.Place(margin, s.y-6, *f.Wide)
	s.y += f.Wide.H + 16
	for _, note := range f.Notes {
		s.text("tick", note)
	}
}

// legend writes what the marks of a figure are, beside one another as long as there is room.
func (s *sheet) legend(entries []legend) {
	x := float64(margin)
	for _, e := range entries {
		w := 30 + drawing.Width("", e.Text)
		if x > margin && x+w > margin+drawing.WideWidth {
			x, s.y = margin, s.y+17
		}
		y := s.y + 6
		switch e.Mark {
		case "ci":
			s.c.Line(x+1, y, x+21, y, "ci")
		case "line":
			s.c.Curve([]drawing.Point{{X: x + 1, Y: y}, {X: x + 21, Y: y}}, "series "+e.Class)
		case "dot":
			s.c.Dot(x+11, y, e.Class)
		default:
			s.c.Rect(x+1, y-5, 20, 10, e.Class)
		}
		s.c.Text(x+27, y+4.5, "start", "", e.Text)
		x += w + 16
	}
	if len(entries) > 0 {
		s.y += 24
	}
}

// measureChapters are the questions of the results with a figure a measure, its groups as
// rows and at most two of its denominators side by side.
func (d *drawer) measureChapters() []chapter {
	var out []chapter
	for _, r := range d.results {
		i := slices.IndexFunc(out, func(c chapter) bool { return c.ID == r.Indicator })
		if i < 0 {
			c := chapter{chapterPage: chapterPage{ID: r.Indicator, Question: r.Indicator}}
			if q, err := question.Lookup(r.Indicator); err == nil {
				c.chapterPage = d.chapterPage(q)
			}
			i, out = len(out), append(out, c)
		}
		specs := &out[i].specs
		k := slices.IndexFunc(*specs, func(s spec) bool {
			return s.shows(r.Measure) && !s.elsewhere(groupOf(r).key) && (slices.Contains(s.populations, r.Population) || len(s.populations) < 2)
		})
		if k >= 0 {
			if p := &(*specs)[k].populations; !slices.Contains(*p, r.Population) {
				*p = append(*p, r.Population)
			}
			continue
		}
		m, _ := declared(r)
		label := question.Text{FR: cmp.Or(m.Label.FR, r.Measure), EN: cmp.Or(m.Label.EN, m.Label.FR, r.Measure)}
		*specs = append(*specs, spec{id: wording.Slug(r.Indicator + "-" + r.Measure), indicator: r.Indicator,
			form: groupForm(r), unit: unitOf(m), title: label, phrase: label,
			measures: []labelled{{r.Measure, label}}, populations: []string{r.Population}})
	}
	return out
}

// why says, once each, why results have no number.
func (d *drawer) why() string {
	var out []string
	for _, r := range d.results {
		v := publish(r, scalar)
		text := r.Indicator + ": " + cmp.Or(v.because(d.lang), v.text(d.lang, scalar))
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return cmp.Or(strings.Join(out, "; "), "no result")
}
