package drawing

import "math"

// Multiples are small charts of the same rows on one scale, a panel each.
type Multiples struct {
	// Labels are those of the rows of each panel.
	Labels []string
	Panels []Multiple
	// Axis writes a value of the scale; To is a value that it covers at least.
	Axis func(float64) string
	To   float64
}

// Multiple is one panel: its title, and the values of its rows in the order of the labels.
type Multiple struct {
	Title string
	Rows  [][]Value
}

const (
	panelGap   = 14
	mostAcross = 5
)

// multiplesFrame is the layout of Multiples.
type multiplesFrame struct {
	left, width float64 // of the first panel, and of each
	labels      [][]string
	heights     []float64 // of rows
	marks       []float64
}

// Draw lays the panels out: beside one another in a wide drawing, with the labels of rows at
// the left alone, and in a narrow one below one another. The text of a value stands beside it.
func (m Multiples) Draw(narrow bool) Chart {
	c := Chart{W: WideWidth, Narrow: narrow}
	across := max(1, min(len(m.Panels), mostAcross))
	if narrow {
		c.W, across = NarrowWidth, 1
	}
	f := m.layout(c.W, across)
	for first := 0; first < len(m.Panels); first += across {
		line := m.Panels[first:min(first+across, len(m.Panels))]
		titles := 0
		for _, p := range line {
			titles = max(titles, len(Wrap("head", p.Title, f.width)))
		}
		top := c.H + float64(titles)*leading + 8
		for i, p := range line {
			x := f.left + float64(i)*(f.width+panelGap)
			title := Wrap("head", p.Title, f.width)
			c.lines(x, top-8-float64(len(title)-1)*leading, "start", "head", title)
			m.panel(&c, p, f, x, top)
		}
		m.labels(&c, f, top)
		c.H = top + f.height() + 30
	}
	return c
}

func (m Multiples) layout(width float64, across int) multiplesFrame {
	label := 0.0
	for _, text := range m.Labels {
		label = math.Max(label, Width("label", text))
	}
	label = math.Min(label, width*widestLabel)
	f := multiplesFrame{left: label + labelGap, marks: spread(0, m.high(), 3)}
	f.width = (width - f.left - panelGap*float64(across-1)) / float64(across)
	for i, text := range m.Labels {
		f.labels = append(f.labels, Wrap("label", text, label))
		high := float64(len(f.labels[i])) * leading
		for _, p := range m.Panels {
			values := 0.0
			for _, v := range p.Rows[i] {
				values += v.height(f.width)
			}
			high = math.Max(high, values)
		}
		f.heights = append(f.heights, high+rowGap)
	}
	return f
}

func (f multiplesFrame) height() (sum float64) {
	for _, h := range f.heights {
		sum += h
	}
	return sum
}

// beside is the text of a value in a panel, and its class.
func (v Value) beside(width float64) (lines []string, class string) {
	class = "tick over"
	if !v.known() {
		class = "none tiny over"
	}
	return Wrap(class, v.Text, width-8), class
}

// height is what a value takes in a panel: that of its text, where this has several lines.
func (v Value) height(width float64) float64 {
	lines, _ := v.beside(width)
	return math.Max(seriesHeight, float64(len(lines))*leading)
}

// high is the largest value drawn.
func (m Multiples) high() float64 {
	high := m.To
	for _, p := range m.Panels {
		for _, row := range p.Rows {
			for _, v := range row {
				if _, end := v.ends(); v.known() {
					high = math.Max(high, end)
				}
			}
		}
	}
	return high
}

// labels writes those of the rows at the left of the first panel.
func (m Multiples) labels(c *Chart, f multiplesFrame, top float64) {
	for i, lines := range f.labels {
		first := top + f.heights[i]/2 + 4.5 - float64(len(lines)-1)*leading/2
		c.lines(f.left-labelGap, first, "end", "label", lines)
		top += f.heights[i]
	}
}

// panel draws the scale and the values of one panel.
func (m Multiples) panel(c *Chart, p Multiple, f multiplesFrame, x, top float64) {
	s := Scale{From: f.marks[0], To: f.marks[len(f.marks)-1], Start: x + 5, End: x + f.width - 5}
	m.scale(c, s, f, top)
	for i, row := range p.Rows {
		values := 0.0
		for _, v := range row {
			values += v.height(f.width)
		}
		y := top + (f.heights[i]-values)/2
		for k, v := range row {
			m.value(c, v, s, y+v.height(f.width)/2, k)
			y += v.height(f.width)
		}
		top += f.heights[i]
	}
}

// scale draws the marks of a panel; their texts stay within it.
func (m Multiples) scale(c *Chart, s Scale, f multiplesFrame, top float64) {
	bottom, free := top+f.height(), math.Inf(-1)
	for _, v := range f.marks {
		class := "grid"
		if v == 0 {
			class = "axis"
		}
		c.Line(s.At(v), top, s.At(v), bottom, class)
		text := m.Axis(v)
		w := Width("tick", text)
		begin := math.Max(s.Start-5, math.Min(s.At(v)-w/2, s.End+5-w))
		if begin >= free {
			c.Text(begin, bottom+15, "start", "tick", text)
			free = begin + w + 4
		}
	}
}

// value draws one value of series k around the height y, its text at the side that has room,
// or over the whole panel.
func (m Multiples) value(c *Chart, v Value, s Scale, y float64, k int) {
	second := ""
	if k > 0 {
		second = " second"
	}
	low, high := v.ends()
	switch {
	case !v.known():
		high = s.From
	case v.Range:
		c.Rect(s.At(low), y-5, math.Max(s.At(high)-s.At(low), 2), 10, "range"+second)
	default:
		Dots{}.whisker(c, v, s, y)
		c.Dot(s.At(v.X), y, "dot"+second)
	}
	lines, class := v.beside(s.End - s.Start + 10)
	first := y + 4 - float64(len(lines)-1)*leading/2
	w := 0.0
	for _, text := range lines {
		w = math.Max(w, Width(class, text))
	}
	x := s.At(high) + 8
	if !v.known() {
		x = s.Start + 3
	}
	switch {
	case x+w <= s.End+5:
	case s.At(low)-8-w >= s.Start-5:
		x = s.At(low) - 8 - w
	default:
		x = s.Start - 5 + math.Max(0, s.End-s.Start+10-w)
	}
	for i, text := range lines {
		c.Over(x, first+float64(i)*leading, "start", class, text)
	}
}
