package drawing

import "math"

// Sizes of the two layouts, in user units that are near pixels.
const (
	WideWidth, NarrowWidth = 720, 340
)

// Scale maps display units to user units: From to Start, To to End; by ratios when Log is
// set, where what is below From lies at Start.
type Scale struct {
	From, To, Start, End float64
	Log                  bool
}

// At is where v lies.
func (s Scale) At(v float64) float64 {
	from, to := s.From, s.To
	if s.Log {
		v, from, to = math.Log(math.Max(v, from)), math.Log(from), math.Log(to)
	}
	return s.Start + (v-from)/(to-from)*(s.End-s.Start)
}

// Ticks are round numbers from 0 that cover [low, high], about n of them.
func Ticks(low, high float64, n int) []float64 {
	span := high - math.Min(low, 0)
	if span <= 0 {
		span = 1
	}
	raw := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	step := 10 * power
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= raw*0.999999 {
			step = m * power
			break
		}
	}
	first := 0
	for float64(first)*step > low+1e-9 {
		first--
	}
	var t []float64
	for i := first; ; i++ {
		v := math.Round(float64(i)*step*1e6) / 1e6
		t = append(t, v)
		if v >= high-1e-9 {
			return t
		}
	}
}

// spread are Ticks that are two at least, so that a scale has two ends.
func spread(low, high float64, n int) []float64 {
	t := Ticks(low, high, n)
	if len(t) < 2 {
		return append(t, t[0]+1)
	}
	return t
}

// ratios are the marks of a scale of ratios.
var ratios = []float64{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000}

// RatioTicks are marks that cover [low, high], both above 0, with 1 among them.
func RatioTicks(low, high float64) []float64 {
	first, last := 0, len(ratios)-1
	for first+1 < len(ratios) && ratios[first+1] <= math.Min(low, 0.5) {
		first++
	}
	for last > 0 && ratios[last-1] >= math.Max(high, 2) {
		last--
	}
	return ratios[first : last+1]
}

// axis draws the marks of a horizontal scale: lines from top to bottom, and below them the
// texts that have room.
func (c *Chart) axis(s Scale, marks []float64, text func(float64) string, top, bottom float64) {
	free := math.Inf(-1)
	for _, m := range marks {
		class := "grid"
		if m == 0 && !s.Log {
			class = "axis"
		}
		c.Line(s.At(m), top, s.At(m), bottom, class)
		label := text(m)
		left := c.within(s.At(m), "tick", label)
		if left < free {
			continue
		}
		c.Text(left, bottom+16, "start", "tick", label)
		free = left + Width("tick", label) + 6
	}
}

// Ref is a value drawn across all others: no effect, or a figure of another source.
type Ref struct {
	At   float64
	Text string
}

// refTop is the room of the text of a Ref above the drawing.
const refTop = 22

// vertical draws a Ref across a horizontal scale.
func (c *Chart) vertical(r Ref, s Scale, top, bottom float64) {
	x := s.At(r.At)
	c.Line(x, top-4, x, bottom, "ref")
	c.Over(c.within(x, "reftext", r.Text), top-9, "start", "reftext over", r.Text)
}
