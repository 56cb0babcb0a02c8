package drawing

import (
	"math"
	"slices"
)

// Lines is a chart of series over time or over another scale.
type Lines struct {
	Series []Series
	// Ticks are the marks of the scale below, in order; one without room is left out.
	Ticks []Tick
	// Shaded are stretches of the scale, behind everything; Marks are events.
	Shaded []Span
	Marks  []Mark
	// Axis writes a value; Caption says what the scale below is, if its marks do not.
	Axis    func(float64) string
	Caption string
	// To is a value the scale of values covers at least; Ratio as in Dots.
	To    float64
	Ratio bool
	// Ref is a value drawn across; nil for none.
	Ref *Ref
}

// Series is one line. A value that is not known is NaN and leaves a gap; so are Low and
// High where there is no interval.
type Series struct {
	Class  string
	Points []Reading
	// Dots marks each point, with its interval; otherwise the intervals are a band.
	Dots bool
	// Steps keeps each value until the next point.
	Steps bool
}

// Reading is a value with its interval at a place of the scale.
type Reading struct{ X, Y, Low, High float64 }

// Tick is a mark of the scale below.
type Tick struct {
	At   float64
	Text string
}

// Span is a stretch of the scale below.
type Span struct{ From, To float64 }

// Mark is an event on the scale below.
type Mark struct {
	At   float64
	Text string
}

// Draw lays the chart out.
func (l Lines) Draw(narrow bool) Chart {
	c := Chart{W: WideWidth, H: 300, Narrow: narrow}
	if narrow {
		c.W, c.H = NarrowWidth, 250
	}
	first, last, values, marks := l.extent(narrow)
	left := 0.0
	for _, v := range marks {
		left = math.Max(left, Width("tick", l.Axis(v)))
	}
	left += 8
	rows := l.markRows(c.W)
	top, bottom := 8+float64(rows)*leading, c.H-24
	if l.Caption != "" {
		bottom -= leading
	}
	x := Scale{From: first, To: last, Start: left + 4, End: c.W - 10}
	y := Scale{From: values[0], To: values[1], Start: bottom, End: top, Log: l.Ratio}
	l.ground(&c, x, y, marks, top, bottom, left)
	for _, s := range l.Series {
		s.draw(&c, x, y)
	}
	l.events(&c, x, top, bottom)
	c.Line(left, bottom, c.W, bottom, "axis")
	return c
}

// extent is the first and the last place, and the marks of the scale of values with its ends.
func (l Lines) extent(narrow bool) (first, last float64, ends [2]float64, marks []float64) {
	first, last = math.Inf(1), math.Inf(-1)
	low, high, least := 0.0, l.To, math.Inf(1)
	for _, s := range l.Series {
		for _, p := range s.Points {
			first, last = math.Min(first, p.X), math.Max(last, p.X)
			for _, v := range []float64{p.Y, p.Low, p.High} {
				if !math.IsNaN(v) {
					low, high = math.Min(low, v), math.Max(high, v)
				}
				if v > 0 {
					least = math.Min(least, v)
				}
			}
		}
	}
	for _, s := range l.Shaded {
		first, last = math.Min(first, s.From), math.Max(last, s.To)
	}
	if l.Ref != nil {
		low, high = math.Min(low, l.Ref.At), math.Max(high, l.Ref.At)
	}
	if first >= last {
		first, last = first-1, first+1
	}
	marks = spread(low, high, map[bool]int{true: 3, false: 4}[narrow])
	if l.Ratio {
		marks = RatioTicks(math.Min(least, 1), high)
	}
	return first, last, [2]float64{marks[0], marks[len(marks)-1]}, marks
}

// ground draws what lies behind the series.
func (l Lines) ground(c *Chart, x, y Scale, marks []float64, top, bottom, left float64) {
	for _, s := range l.Shaded {
		c.Rect(x.At(s.From), top, x.At(s.To)-x.At(s.From), bottom-top, "holiday")
	}
	for _, v := range marks {
		c.Line(left, y.At(v), c.W, y.At(v), "grid")
		c.Text(left-6, y.At(v)+4, "end", "tick", l.Axis(v))
	}
	free := math.Inf(-1)
	for _, t := range l.Ticks {
		at := x.At(t.At)
		if at < x.Start-1 || at > c.W {
			continue
		}
		c.Line(at, bottom, at, bottom+4, "axis")
		if begin := c.within(at, "tick", t.Text); begin >= free {
			c.Text(begin, bottom+18, "start", "tick", t.Text)
			free = begin + Width("tick", t.Text) + 8
		}
	}
	if l.Caption != "" {
		c.Text(c.W, bottom+18+leading, "end", "tick", l.Caption)
	}
	if l.Ref != nil {
		c.Line(left, y.At(l.Ref.At), c.W, y.At(l.Ref.At), "ref")
		side := -5.0
		if l.above(l.Ref.At, x.From+(x.To-x.From)*0.7) {
			side = 14
		}
		c.Over(c.W, y.At(l.Ref.At)+side, "end", "reftext over", l.Ref.Text)
	}
}

// above reports whether most values from a place on lie above a line.
func (l Lines) above(line, from float64) bool {
	sign := 0
	for _, s := range l.Series {
		for _, p := range s.Points {
			switch {
			case p.X < from || math.IsNaN(p.Y):
			case p.Y > line:
				sign++
			default:
				sign--
			}
		}
	}
	return sign > 0
}

func (s Series) draw(c *Chart, x, y Scale) {
	if !s.Dots {
		s.band(c, x, y)
	}
	var line []Point
	for i, p := range s.Points {
		if s.Steps && i > 0 {
			line = append(line, Point{x.At(p.X), y.At(s.Points[i-1].Y)})
		}
		line = append(line, Point{x.At(p.X), y.At(p.Y)})
	}
	c.Curve(line, "series "+s.Class)
	if !s.Dots {
		return
	}
	for _, p := range s.Points {
		if p.ranged() {
			c.Line(x.At(p.X), y.At(p.High), x.At(p.X), y.At(p.Low), "ci")
		}
		if !math.IsNaN(p.Y) {
			c.Dot(x.At(p.X), y.At(p.Y), "dot "+s.Class)
		}
	}
}

func (p Reading) ranged() bool { return !math.IsNaN(p.Low) && !math.IsNaN(p.High) }

// band fills the intervals of each run of points that have one.
func (s Series) band(c *Chart, x, y Scale) {
	var upper, lower []Point
	flush := func() {
		if len(upper) > 1 {
			slices.Reverse(lower)
			c.Area(slices.Concat(upper, lower), "band "+s.Class)
		}
		upper, lower = nil, nil
	}
	for _, p := range s.Points {
		if !p.ranged() {
			flush()
			continue
		}
		upper = append(upper, Point{x.At(p.X), y.At(p.High)})
		lower = append(lower, Point{x.At(p.X), y.At(p.Low)})
	}
	flush()
}

// mostMarkRows is how many texts of events stand above one another.
const mostMarkRows = 3

func (l Lines) markRows(width float64) int {
	rows := 0
	for _, m := range l.Marks {
		rows += len(Wrap("reftext", m.Text, width*0.9))
	}
	return min(rows, mostMarkRows)
}

// events draws the marks, their texts in turn in the rows above the plot.
func (l Lines) events(c *Chart, x Scale, top, bottom float64) {
	row := 0
	for _, m := range l.Marks {
		at := x.At(m.At)
		if at < x.Start-1 || at > c.W {
			continue
		}
		c.Line(at, 12+float64(row%mostMarkRows)*leading, at, bottom, "ref")
		for _, text := range Wrap("reftext", m.Text, c.W*0.9) {
			left := at + 4
			if left+Width("reftext", text) > c.W {
				left = math.Max(0, at-4-Width("reftext", text))
			}
			c.Over(left, 12+float64(row%mostMarkRows)*leading, "start", "reftext over", text)
			row++
		}
	}
}
