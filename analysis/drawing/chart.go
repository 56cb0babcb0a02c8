// Package drawing draws charts as inline SVG, in user units near pixels. Nothing here
// knows what is drawn.
//
//  1. A caller fills in a chart: Dots (points with intervals, or bars, row by row), Lines
//     (over time or over a scale), Columns, Slope (two periods), Tiles (territories), Grid
//     (a map of shades) or Multiples (the same rows in small panels). Values are numbers in
//     display units and the texts that stand for them.
//  2. Draw lays it out for a wide or a narrow page. Every text is measured in the widest
//     face that the pages may be shown in (DejaVu Sans, widths.txt), and wrapped or moved so
//     that it neither leaves the drawing nor is cut.
//  3. Chart keeps shapes in the order in which they cover each other; classes say how they
//     look, and stand in the style sheet of the page.
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

// shape is a rectangle (kind r), a line (l), a curve (p), an area (a), a dot (d) or a text (t).
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

// Area fills the polygon of the points.
func (c *Chart) Area(points []Point, class string) {
	c.shapes = append(c.shapes, shape{kind: 'a', points: points, class: class})
}

// Dot draws a point at (x, y).
func (c *Chart) Dot(x, y float64, class string) {
	c.shapes = append(c.shapes, shape{kind: 'd', x: x, y: y, class: class})
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
	case 'a':
		if d := path(s.points); d != "" {
			b.WriteString("<path" + class + ` d="` + d + `Z"/>`)
		}
	case 'd':
		b.WriteString("<circle" + class)
		attribute("cx", s.x)
		attribute("cy", s.y)
		attribute("r", dotRadius)
		b.WriteString("/>")
	default:
		b.WriteString("<text" + class)
		attribute("x", s.x)
		attribute("y", s.y)
		b.WriteString(` text-anchor="` + template.HTMLEscapeString(s.anchor) + `">`)
		b.WriteString(template.HTMLEscapeString(s.text) + "</text>")
	}
}

// dotRadius is the radius of a point.
const dotRadius = 4.2

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
