package drawing

import (
	"bytes"
	"html/template"
)

// SVG is a chart as a file of its own, with its looks: in the colours of the day, on its
// ground. Title is what a reader who cannot see it is told.
func (c Chart) SVG(title string) []byte {
	var b bytes.Buffer
	w, h := Coordinate(c.W), Coordinate(c.H)
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" role="img" width="` + w + `" height="` + h +
		`" viewBox="0 0 ` + w + " " + h + `">` + "\n<title>" + template.HTMLEscapeString(title) + "</title>\n" +
		"<style>svg{" + Palette(false) + ";font-family:\"DejaVu Sans\",Verdana,sans-serif}\n" + Style() + "</style>\n" +
		`<rect width="100%" height="100%" fill="#ffffff"/>` + "\n" + string(c.Markup()) + "\n</svg>\n")
	return b.Bytes()
}

// Place puts the shapes of another chart at (x, y), and grows to hold them.
func (c *Chart) Place(x, y float64, o Chart) {
	for _, s := range o.shapes {
		c.shapes = append(c.shapes, s.moved(x, y))
	}
	for _, s := range o.late {
		c.late = append(c.late, s.moved(x, y))
	}
	c.W, c.H = max(c.W, x+o.W), max(c.H, y+o.H)
}

func (s shape) moved(x, y float64) shape {
	s.x, s.y, s.x2, s.y2 = s.x+x, s.y+y, s.x2+x, s.y2+y
	points := make([]Point, len(s.points))
	for i, p := range s.points {
		points[i] = Point{p.X + x, p.Y + y}
	}
	s.points = points
	return s
}

// Lines writes a text of a class from the left at (x, y), broken to width, and gives where
// the next line would stand.
func (c *Chart) Lines(x, y, width float64, class, s string) float64 {
	text := Wrap(class, s, width)
	c.lines(x, y, "start", class, text)
	return y + float64(len(text))*leading
}
