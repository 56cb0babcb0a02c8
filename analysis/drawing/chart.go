// Package drawing holds the shapes of a chart in user units near pixels, and
// writes them as inline SVG. A caller adds rectangles, lines, curves and texts in
// the order in which they cover each other; classes say how they look, and stand
// in the style sheet of the page. Nothing here knows what is drawn.
package drawing

import (
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Chart is a list of shapes; the template only writes them out.
type Chart struct {
	W, H   float64
	Narrow bool
	shapes []shape
	// late are texts that go over everything.
	late []shape
}

// shape is a rectangle (kind r), a line (l), a curve (p) or a text (t).
type shape struct {
	kind          byte
	x, y, w, h    float64 // rectangle; x, y also place a text
	x2, y2        float64 // end of a line
	points        []Point
	class, anchor string
	text          string
}

// Point is a place on a curve; where Y is NaN the curve is interrupted.
type Point struct{ X, Y float64 }

// Rect draws a rectangle; a negative width is none.
func (c *Chart) Rect(x, y, w, h float64, class string) {
	c.shapes = append(c.shapes, shape{kind: 'r', x: x, y: y, w: math.Max(w, 0), h: h, class: class})
}

// Line draws a straight line.
func (c *Chart) Line(x, y, x2, y2 float64, class string) {
	c.shapes = append(c.shapes, shape{kind: 'l', x: x, y: y, x2: x2, y2: y2, class: class})
}

// Curve joins points, and leaves a gap where one is not known.
func (c *Chart) Curve(points []Point, class string) {
	c.shapes = append(c.shapes, shape{kind: 'p', points: points, class: class})
}

// Text writes s at (x, y); anchor is that of SVG: start, middle or end.
func (c *Chart) Text(x, y float64, anchor, class, s string) {
	c.shapes = append(c.shapes, shape{kind: 't', x: x, y: y, anchor: anchor, class: class, text: s})
}

// Over is Text over everything else.
func (c *Chart) Over(x, y float64, anchor, class, s string) {
	c.late = append(c.late, shape{kind: 't', x: x, y: y, anchor: anchor, class: class, text: s})
}

// Markup writes the shapes as SVG elements. Every text is escaped here:
// html/template would escape each of the hundreds of attributes of a page for
// itself, six times slower.
func (c Chart) Markup() template.HTML {
	var b strings.Builder
	b.Grow(80 * (len(c.shapes) + len(c.late)))
	for _, list := range [][]shape{c.shapes, c.late} {
		for _, s := range list {
			s.write(&b)
		}
	}
	return template.HTML(b.String())
}

func (s shape) write(b *strings.Builder) {
	attribute := func(name string, x float64) {
		b.WriteString(" " + name + `="` + Coordinate(x) + `"`)
	}
	class := ` class="` + template.HTMLEscapeString(s.class) + `"`
	switch s.kind {
	case 'r':
		b.WriteString("<rect" + class)
		attribute("x", s.x)
		attribute("y", s.y)
		attribute("width", s.w)
		attribute("height", s.h)
		b.WriteString("/>")
	case 'l':
		b.WriteString("<line" + class)
		attribute("x1", s.x)
		attribute("y1", s.y)
		attribute("x2", s.x2)
		attribute("y2", s.y2)
		b.WriteString("/>")
	case 'p':
		if d := path(s.points); d != "" {
			b.WriteString("<path" + class + ` d="` + d + `"/>`)
		}
	default:
		b.WriteString("<text" + class)
		attribute("x", s.x)
		attribute("y", s.y)
		b.WriteString(` text-anchor="` + template.HTMLEscapeString(s.anchor) + `">`)
		b.WriteString(template.HTMLEscapeString(s.text) + "</text>")
	}
}

// path is the curve as SVG path data; a point alone between two gaps gets a short
// stroke, so that it is seen.
func path(points []Point) string {
	var b strings.Builder
	drawn := false
	for i, p := range points {
		if math.IsNaN(p.Y) {
			drawn = false
			continue
		}
		if drawn {
			b.WriteString("L" + Coordinate(p.X) + " " + Coordinate(p.Y))
			continue
		}
		b.WriteString("M" + Coordinate(p.X) + " " + Coordinate(p.Y))
		drawn = true
		if i+1 == len(points) || math.IsNaN(points[i+1].Y) {
			b.WriteString("h.1")
		}
	}
	return b.String()
}

// Coordinate writes a user unit with one decimal.
func Coordinate(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
