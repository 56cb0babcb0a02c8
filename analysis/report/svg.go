package report

import (
	"html/template"
	"strings"
)

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
			b.WriteString(` text-anchor="` + template.HTMLEscapeString(s.Anchor) + `">` + template.HTMLEscapeString(s.Text) + "</text>")
		}
	}
	return template.HTML(b.String())
}
