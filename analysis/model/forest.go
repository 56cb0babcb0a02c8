package model

import (
	"fmt"
	"html"
	"math"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
)

// forestStyle is how the classes of a chart look where no page gives a style: in black on
// white, and on paper.
const forestStyle = `text{font:13px "DejaVu Sans",sans-serif;fill:#161616}.tick,.reftext{font-size:12px;fill:#555}` +
	`.value,.strong{font-weight:700}.none{fill:#555;font-style:italic}line{stroke:#bbb}.dot{fill:#1f4e79}` +
	`.ci,.whisker,.interval,.cap{stroke:#1f4e79;stroke-width:2}`

// forest draws the ratios, or the coefficients, with their intervals. The constant is
// left out, as it compares nothing.
func (r *Report) forest() string {
	d := drawing.Dots{Axis: func(v float64) string { return fmt.Sprintf("%.3g", v) }, Ratio: r.Ratio != ""}
	for _, c := range r.Coefficients {
		if c.Term == constant {
			continue
		}
		i := c.Interval
		if c.Ratio != nil {
			i = *c.Ratio
		}
		d.Rows = append(d.Rows, drawing.Row{Label: c.Term, Values: []drawing.Value{i.drawn()}})
	}
	name := r.Ratio
	if name == "" {
		name = "coefficient"
	}
	chart := d.Draw(false)
	title := []string{r.Formula, fmt.Sprintf("%s of %s; %d persons, %d schools; not released", name, r.Response,
		r.Persons, r.Schools)}
	const above = 48
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -%d %s %s" role="img" aria-label="%s">`+
		`<style>%s</style><text x="6" y="-28" class="strong">%s</text><text x="6" y="-10" class="tick">%s</text>`+
		"\n%s\n</svg>\n", above, drawing.Coordinate(chart.W), drawing.Coordinate(chart.H+above),
		html.EscapeString(r.Formula), forestStyle, html.EscapeString(title[0]), html.EscapeString(title[1]),
		strings.TrimSpace(string(chart.Markup())))
}

// drawn is the interval as a point of a chart.
func (i Interval) drawn() drawing.Value {
	if i.Value == nil {
		return drawing.Missing("no estimate")
	}
	v := drawing.Value{X: *i.Value, Low: math.NaN(), High: math.NaN(), Text: fmt.Sprintf("%.3g", *i.Value)}
	if i.bounded() {
		v.Low, v.High = *i.Low, *i.High
		v.Text += fmt.Sprintf(" [%.3g, %.3g]", v.Low, v.High)
	}
	return v
}
