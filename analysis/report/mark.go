package report

import "github.com/entscope/entscope/analysis/drawing"

// drawn takes a value to what a chart draws of it.
func (v value) drawn(l lang, u unit) drawing.Value {
	if v.state != shown {
		return drawing.Missing(v.text(l, u))
	}
	out := drawing.Missing(v.text(l, u))
	switch {
	case !v.point || v.bounds:
		out.Range, out.Low, out.High = true, v.low, v.high
	default:
		out.X = v.est
		if v.interval {
			out.Low, out.High = v.low, v.high
		}
	}
	return out
}
