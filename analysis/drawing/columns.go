package drawing

import "math"

// Columns is a chart of upright bars, such as the hours of a day.
type Columns struct {
	Labels []string
	Values []Value
	Dark   []bool // drawn in the dark colour
	Axis   func(float64) string
	// Card is the form of a card, without an axis.
	Card bool
}

// Draw lays the chart out.
func (k Columns) Draw() Chart {
	c := Chart{W: WideWidth, H: 262}
	left, top, bottom := 48.0, 22.0, 226.0
	if k.Card {
		c.W, c.H = NarrowWidth, 150
		left, top, bottom = 0, 18, 128
	}
	high := 0.0
	for _, v := range k.Values {
		if _, end := v.ends(); v.known() {
			high = math.Max(high, end)
		}
	}
	marks := spread(0, high, 4)
	s := Scale{From: 0, To: marks[len(marks)-1], Start: bottom, End: top}
	for _, m := range marks {
		if k.Card {
			break // the values stand on the bars
		}
		c.Line(left, s.At(m), c.W, s.At(m), "grid")
		c.Text(left-6, s.At(m)+4, "end", "tick", k.Axis(m))
	}
	width := (c.W - left) / float64(len(k.Values))
	for i, v := range k.Values {
		middle := left + width*(float64(i)+0.5)
		c.lines(middle, bottom+15, "middle", "tick", Wrap("tick", k.Labels[i], width-2)[:1])
		if !v.known() {
			c.lines(middle, bottom-36, "middle", "none tiny", Wrap("tiny", v.Text, width-4))
			continue
		}
		class := "bar day"
		if k.Dark[i] {
			class = "bar"
		}
		c.Rect(middle-width*0.36, s.At(v.X), width*0.72, bottom-s.At(v.X), class)
		y := s.At(v.X)
		if !math.IsNaN(v.High) {
			y = math.Min(y, s.At(v.High))
			c.Line(middle, s.At(v.Low), middle, s.At(v.High), "halo")
			c.Line(middle, s.At(v.Low), middle, s.At(v.High), "ci")
		}
		c.Text(middle, y-6, "middle", "value", v.Text)
	}
	c.Line(left, bottom, c.W, bottom, "axis")
	return c
}
