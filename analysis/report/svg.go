package report

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// A chart is a list of shapes in user units; the template only writes them out.
type chart struct {
	W, H   float64
	Narrow bool
	Shapes []shape
	// late are texts that go over everything, put last by finish.
	late []shape
}

// shape is a rectangle (Kind r), a line (l) or a text (t).
type shape struct {
	Kind          string
	X, Y, W, H    float64 // rectangle; X, Y also place a text
	X2, Y2        float64 // end of a line
	Class, Anchor string
	Text          string
}

func (c *chart) rect(x, y, w, h float64, class string) {
	c.Shapes = append(c.Shapes, shape{Kind: "r", X: x, Y: y, W: math.Max(w, 0), H: h, Class: class})
}

func (c *chart) line(x, y, x2, y2 float64, class string) {
	c.Shapes = append(c.Shapes, shape{Kind: "l", X: x, Y: y, X2: x2, Y2: y2, Class: class})
}

func (c *chart) text(x, y float64, anchor, class, s string) {
	c.Shapes = append(c.Shapes, shape{Kind: "t", X: x, Y: y, Anchor: anchor, Class: class, Text: s})
}

// finish puts the late texts on top.
func (c *chart) finish() chart {
	c.Shapes, c.late = append(c.Shapes, c.late...), nil
	return *c
}

// Markup writes the shapes as SVG elements. Numbers are written by coordinate
// and every text is escaped here: html/template would escape each of the
// hundreds of attributes of a page for itself, six times slower.
func (c chart) Markup() template.HTML {
	var b strings.Builder
	b.Grow(80 * len(c.Shapes))
	attribute := func(name string, x float64) {
		b.WriteString(" " + name + `="` + coordinate(x) + `"`)
	}
	for _, s := range c.Shapes {
		class := ` class="` + template.HTMLEscapeString(s.Class) + `"`
		switch s.Kind {
		case "r":
			b.WriteString("<rect" + class)
			attribute("x", s.X)
			attribute("y", s.Y)
			attribute("width", s.W)
			attribute("height", s.H)
			b.WriteString("/>")
		case "l":
			b.WriteString("<line" + class)
			attribute("x1", s.X)
			attribute("y1", s.Y)
			attribute("x2", s.X2)
			attribute("y2", s.Y2)
			b.WriteString("/>")
		default:
			b.WriteString("<text" + class)
			attribute("x", s.X)
			attribute("y", s.Y)
			b.WriteString(` text-anchor="` + template.HTMLEscapeString(s.Anchor) + `">`)
			b.WriteString(template.HTMLEscapeString(s.Text) + "</text>")
		}
	}
	return template.HTML(b.String())
}

// coordinate writes a user unit with one decimal.
func coordinate(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
