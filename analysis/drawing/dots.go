package drawing

import "math"

// Dots is a chart of rows: points with their intervals, or bars from 0.
type Dots struct {
	Rows []Row
	// Axis writes a value of the scale.
	Axis func(float64) string
	// From and To are values that the scale covers at least; 0 is always on it.
	From, To float64
	// Ratio says that values are ratios: 1 is the middle, 2 as far from it as 0.5.
	Ratio bool
	// Bars draws bars from 0, for parts of a whole.
	Bars bool
	// Ref is drawn across; nil for nothing.
	Ref *Ref
}

// Row is a title over the next rows, or a label and the values of its series.
type Row struct {
	Label  string
	Head   bool
	Strong bool
	Values []Value
}

// Value is a point with or without an interval, an interval without a point, or a text
// alone. What is not known is NaN.
type Value struct {
	X, Low, High float64
	Text         string
	// Range says that Low and High are all that is known.
	Range bool
}

// Missing is a value of which only a text is known.
func Missing(text string) Value {
	return Value{X: math.NaN(), Low: math.NaN(), High: math.NaN(), Text: text}
}

func (v Value) known() bool { return !math.IsNaN(v.X) || !math.IsNaN(v.Low) }

// ends are the least and the largest number drawn.
func (v Value) ends() (low, high float64) {
	low, high = v.X, v.X
	if !math.IsNaN(v.Low) && !(v.Low > low) {
		low = v.Low
	}
	if !math.IsNaN(v.High) && !(v.High < high) {
		high = v.High
	}
	return low, high
}

// Heights of a series and of what surrounds rows.
const (
	seriesHeight, rowGap, headHeight = 18, 8, 28
	widestLabel                      = 0.36 // of the drawing
	labelGap, valueGap               = 10, 9
)

// frame is the layout of Dots.
type frame struct {
	narrow      bool
	left, right float64 // of the plot
	labels      [][]string
	heights     []float64
}

// Draw lays the chart out: labels at the left of a wide drawing, above the values of a
// narrow one; values as texts in a column at the right.
func (d Dots) Draw(narrow bool) Chart {
	c := Chart{W: WideWidth, Narrow: narrow}
	if narrow {
		c.W = NarrowWidth
	}
	f := d.layout(c.W, narrow)
	s, marks := d.scale(f)
	top := 6.0
	if d.Ref != nil {
		top = refTop + 2
	}
	bottom := top + 4
	for _, h := range f.heights {
		bottom += h
	}
	c.H = bottom + 22
	c.axis(s, marks, d.Axis, top, bottom)
	if d.Ref != nil {
		c.vertical(*d.Ref, s, top, bottom)
	}
	y := top
	for i, r := range d.Rows {
		d.row(&c, r, f, i, s, y)
		y += f.heights[i]
	}
	return c
}

func (d Dots) layout(width float64, narrow bool) frame {
	f := frame{narrow: narrow, left: 6}
	values, label := 0.0, 0.0
	for _, r := range d.Rows {
		if !r.Head {
			label = math.Max(label, Width(r.class(), r.Label))
		}
		for _, v := range r.Values {
			if v.known() {
				values = math.Max(values, Width("value", v.Text))
			}
		}
	}
	f.right = width - values - valueGap
	room := width
	if !narrow {
		room = math.Min(label, width*widestLabel)
		f.left = room + labelGap
	}
	for _, r := range d.Rows {
		if r.Head {
			lines := Wrap("head", r.Label, width-2)
			f.labels = append(f.labels, lines)
			f.heights = append(f.heights, headHeight+float64(len(lines)-1)*leading)
			continue
		}
		lines := Wrap(r.class(), r.Label, room)
		text, series := float64(len(lines))*leading, float64(len(r.Values))*seriesHeight
		f.labels = append(f.labels, lines)
		if narrow {
			f.heights = append(f.heights, text+4+series+rowGap)
		} else {
			f.heights = append(f.heights, math.Max(text, series)+rowGap)
		}
	}
	return f
}

func (r Row) class() string {
	if r.Strong {
		return "label strong"
	}
	return "label"
}

// scale covers every value, and 0 or, of ratios, 1.
func (d Dots) scale(f frame) (Scale, []float64) {
	low, high := d.From, d.To
	least := math.Inf(1) // above 0
	for _, r := range d.Rows {
		for _, v := range r.Values {
			if !v.known() {
				continue
			}
			a, b := v.ends()
			low, high = math.Min(low, a), math.Max(high, b)
			for _, x := range []float64{a, v.X} {
				if x > 0 {
					least = math.Min(least, x)
				}
			}
		}
	}
	if d.Ref != nil {
		low, high = math.Min(low, d.Ref.At), math.Max(high, d.Ref.At)
	}
	marks := spread(low, high, 5)
	if f.narrow {
		marks = spread(low, high, 3)
	}
	if d.Ratio {
		marks = RatioTicks(math.Min(least, 1), high)
	}
	return Scale{From: marks[0], To: marks[len(marks)-1], Start: f.left + 5, End: f.right - 5, Log: d.Ratio}, marks
}

func (d Dots) row(c *Chart, r Row, f frame, i int, s Scale, y float64) {
	lines := f.labels[i]
	if r.Head {
		c.lines(2, y+20, "start", "head over", lines)
		c.Line(0, y+f.heights[i]-2, c.W, y+f.heights[i]-2, "rule")
		return
	}
	y += rowGap / 2
	if f.narrow {
		c.lines(0, y+11, "start", r.class()+" over", lines) // the axis goes below them
		y += float64(len(lines))*leading + 2
	} else {
		middle := y + (f.heights[i]-rowGap)/2
		c.lines(f.left-labelGap, middle+4.5-float64(len(lines)-1)*leading/2, "end", r.class(), lines)
		y = middle - float64(len(r.Values))*seriesHeight/2
	}
	for k, v := range r.Values {
		d.value(c, v, s, f, y+float64(k)*seriesHeight+seriesHeight/2, k)
	}
}

// value draws one value of series k at the height y.
func (d Dots) value(c *Chart, v Value, s Scale, f frame, y float64, k int) {
	second := ""
	if k > 0 {
		second = " second"
	}
	switch {
	case !v.known():
		c.Over(f.left+12, y+4.5, "start", "none over", v.Text)
		return
	case v.Range:
		c.Rect(s.At(v.Low), y-5, math.Max(s.At(v.High)-s.At(v.Low), 2), 10, "range"+second)
	case d.Bars:
		x0, x1 := s.At(0), s.At(v.X)
		c.Rect(math.Min(x0, x1), y-7, math.Abs(x1-x0), 14, "bar"+second)
		d.whisker(c, v, s, y)
	default:
		d.whisker(c, v, s, y)
		c.Dot(s.At(v.X), y, "dot"+second)
	}
	c.Over(c.W, y+4.5, "end", "value over", v.Text)
}

func (d Dots) whisker(c *Chart, v Value, s Scale, y float64) {
	if math.IsNaN(v.Low) || math.IsNaN(v.High) {
		return
	}
	x0, x1 := s.At(v.Low), s.At(v.High)
	c.Line(x0, y, x1, y, "halo")
	c.Line(x0, y, x1, y, "ci")
	c.Line(x0, y-3.5, x0, y+3.5, "ci")
	c.Line(x1, y-3.5, x1, y+3.5, "ci")
}
