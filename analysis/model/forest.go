package model

import (
	"fmt"
	"math"

	"github.com/entscope/entscope/analysis/drawing"
)

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
	c := drawing.Chart{W: drawing.WideWidth}
	y := c.Lines(6, 20, c.W-12, "strong", r.Formula)
	y = c.Lines(6, y+3, c.W-12, "tick", fmt.Sprintf("%s of %s; %d persons, %d schools; not released", name, r.Response,
		r.Persons, r.Schools))
	c.Place(0, y, d.Draw(false))
	return string(c.SVG(r.Formula))
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
