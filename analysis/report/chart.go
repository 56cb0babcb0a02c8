package report

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A chart is a list of shapes in user units; the template only writes them out.
type chart struct {
	W, H   float64
	Narrow bool
	Shapes []shape
	// late are texts that go over everything, put last by finish.
	late []shape
}

// shape is a rectangle (Kind r), a line (l) or a text (t).
type shape struct {
	Kind          string
	X, Y, W, H    float64 // rectangle; X, Y also place a text
	X2, Y2        float64 // end of a line
	Class, Anchor string
	Text          string
}

func (c *chart) rect(x, y, w, h float64, class string) {
	c.Shapes = append(c.Shapes, shape{Kind: "r", X: x, Y: y, W: math.Max(w, 0), H: h, Class: class})
}

func (c *chart) line(x, y, x2, y2 float64, class string) {
	c.Shapes = append(c.Shapes, shape{Kind: "l", X: x, Y: y, X2: x2, Y2: y2, Class: class})
}

func (c *chart) text(x, y float64, anchor, class, s string) {
	c.Shapes = append(c.Shapes, shape{Kind: "t", X: x, Y: y, Anchor: anchor, Class: class, Text: s})
}

// finish puts the late texts on top.
func (c *chart) finish() chart {
	c.Shapes, c.late = append(c.Shapes, c.late...), nil
	return *c
}

// barRow is one line of a bar chart: a heading, or a label and its values.
type barRow struct {
	label  string
	head   bool
	strong bool
	values []value
}

// bars is a horizontal bar chart with intervals.
type bars struct {
	rows      []barRow
	unit      unit
	lang      lang
	whole     bool
	reference *referenceLine
}

// scale maps display units to user units over [from, to].
type scale struct{ from, to, x0, x1 float64 }

func (s scale) at(v float64) float64 {
	return s.x0 + (v-s.from)/(s.to-s.from)*(s.x1-s.x0)
}

// ticks are round numbers from 0 that cover [low, high], about n of them.
func ticks(low, high float64, n int) []float64 {
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

func (b bars) domain(n int) []float64 {
	low, high := 0.0, 0.0
	for _, r := range b.rows {
		for _, v := range r.values {
			low, high = math.Min(low, v.bottom()), math.Max(high, v.top())
		}
	}
	if b.reference != nil {
		high = math.Max(high, b.reference.at)
	}
	if b.whole && b.unit.percent {
		high = 100
	}
	return ticks(low, high, n)
}

// Sizes of the two layouts, in user units that are near pixels.
const (
	wideWidth, narrowWidth = 720, 340
	barHeight, barGap      = 15, 3
	seriesHeight           = barHeight + barGap
)

// draw lays the chart out. The wide layout has labels on the left, the narrow
// one above the bars.
func (b bars) draw(narrow bool) chart {
	c := chart{W: wideWidth, Narrow: narrow}
	left, right, ticksWanted := 232.0, 138.0, 5
	if narrow {
		c.W, left, right, ticksWanted = narrowWidth, 4, 126, 3
	}
	right = math.Max(right, b.room())
	top := 6.0
	if b.reference != nil {
		top = 24
	}
	marks := b.domain(ticksWanted)
	s := scale{marks[0], marks[len(marks)-1], left, c.W - right}
	y := top
	for _, r := range b.rows {
		y += b.height(r, narrow)
	}
	bottom := y + 4
	c.H = bottom + 22
	for _, m := range marks {
		class := "grid"
		if m == 0 {
			class = "axis"
		}
		c.line(s.at(m), top, s.at(m), bottom, class)
		c.text(s.at(m), bottom+16, "middle", "tick", b.tick(m))
	}
	y = top
	for _, r := range b.rows {
		b.row(&c, r, s, left, y, narrow)
		y += b.height(r, narrow)
	}
	if b.reference != nil {
		x := s.at(b.reference.at)
		c.line(x, top-4, x, bottom, "ref")
		anchor := "start"
		if x > c.W*0.6 {
			anchor = "end"
		}
		c.text(x, top-9, anchor, "reftext", b.lang.t(b.reference.label[0], b.reference.label[1]))
	}
	return c.finish()
}

// valueWidth is what a character of a value takes at most on the average, in bold
// of a wide face.
const valueWidth = 7.7

// room is what the longest text of a value needs at the right of its bar.
func (b bars) room() float64 {
	longest := 0
	for _, r := range b.rows {
		for _, v := range r.values {
			if v.state == shown {
				longest = max(longest, utf8.RuneCountInString(v.text(b.lang, b.unit)))
			}
		}
	}
	return 7 + valueWidth*float64(longest)
}

func (b bars) tick(m float64) string {
	if b.unit.percent {
		return b.lang.percent(m)
	}
	decimals := 0
	for d := 1.0; decimals < 2 && math.Abs(m*d-math.Round(m*d)) > 1e-6; d *= 10 {
		decimals++
	}
	return b.lang.number(m, decimals)
}

func (b bars) height(r barRow, narrow bool) float64 {
	switch {
	case r.head:
		return 28
	case narrow:
		return 20 + float64(len(r.values))*seriesHeight + 8
	}
	return float64(len(r.values))*seriesHeight + 8
}

func (b bars) row(c *chart, r barRow, s scale, left, y float64, narrow bool) {
	if r.head {
		c.text(2, y+20, "start", "head", r.label)
		c.line(0, y+26, c.W, y+26, "rule")
		return
	}
	class := "label"
	if r.strong {
		class = "label strong"
	}
	if narrow {
		c.text(left, y+14, "start", class, clip(r.label, 46))
		y += 20
	} else {
		middle := y + 4 + float64(len(r.values))*seriesHeight/2
		c.text(left-8, middle+4, "end", class, clip(r.label, 36))
		y += 4
	}
	if same := sameAbsence(r.values); same != nil {
		middle := y + float64(len(r.values))*seriesHeight/2
		c.text(s.at(0)+6, middle+4, "start", "none", same.text(b.lang, b.unit))
		return
	}
	for i, v := range r.values {
		b.bar(c, v, s, y+float64(i)*seriesHeight, i)
	}
}

// sameAbsence is the value that stands for all of a row when none is shown, for
// the same reason.
func sameAbsence(values []value) *value {
	for _, v := range values {
		if v.state == shown || v.state != values[0].state {
			return nil
		}
	}
	return &values[0]
}

// bar draws one value: the bar, its interval, its text.
func (b bars) bar(c *chart, v value, s scale, y float64, index int) {
	text, middle := v.text(b.lang, b.unit), y+barHeight/2.0
	if v.state != shown {
		c.text(s.at(0)+6, middle+4.5, "start", "none", text)
		return
	}
	fill := "bar"
	if index > 0 {
		fill = "bar second"
	}
	end := math.Max(s.at(0), s.at(v.top()))
	switch {
	case !v.point || v.bounds:
		c.rect(s.at(v.low), y, s.at(v.high)-s.at(v.low), barHeight, "range")
	default:
		x0, x1 := s.at(0), s.at(v.est)
		c.rect(math.Min(x0, x1), y, math.Abs(x1-x0), barHeight, fill)
		if v.interval {
			whisker(c, s.at(v.low), s.at(v.high), middle)
		}
	}
	c.late = append(c.late, shape{Kind: "t", X: end + 7, Y: middle + 4.5, Anchor: "start", Class: "value over", Text: text})
}

func whisker(c *chart, x0, x1, y float64) {
	c.line(x0, y, x1, y, "halo")
	c.line(x0, y, x1, y, "ci")
	c.line(x0, y-3.5, x0, y+3.5, "ci")
	c.line(x1, y-3.5, x1, y+3.5, "ci")
}

// columns is the vertical chart of hour bands.
type columns struct {
	labels []string
	values []value
	dark   []bool // evening and night
	lang   lang
	small  bool // a card's width
}

func (k columns) draw() chart {
	c := chart{W: wideWidth, H: 262}
	left, right, top, bottom := 48.0, 8.0, 22.0, 226.0
	if k.small {
		c.W, c.H = narrowWidth, 150
		left, right, top, bottom = 4, 4, 18, 128
	}
	high := 0.0
	for _, v := range k.values {
		high = math.Max(high, v.top())
	}
	marks := ticks(0, high, 4)
	s := scale{0, marks[len(marks)-1], bottom, top}
	for _, m := range marks {
		if k.small {
			break // the values stand on the bars
		}
		c.line(left, s.at(m), c.W-right, s.at(m), "grid")
		c.text(left-6, s.at(m)+4, "end", "tick", k.lang.percent(m))
	}
	width := (c.W - left - right) / float64(len(k.values))
	for i, v := range k.values {
		middle := left + width*(float64(i)+0.5)
		c.text(middle, bottom+17, "middle", "tick", k.labels[i])
		if v.state != shown {
			if k.small {
				c.text(middle, bottom-6, "middle", "none", "–")
				continue
			}
			for j, word := range strings.SplitN(v.text(k.lang, share), " (", 2) {
				c.text(middle, bottom-20+float64(j)*14, "middle", "none tiny", strings.TrimSuffix(word, ")"))
			}
			continue
		}
		class := "bar day"
		if k.dark[i] {
			class = "bar"
		}
		c.rect(middle-width*0.36, s.at(v.est), width*0.72, bottom-s.at(v.est), class)
		y := s.at(v.est)
		if v.interval {
			y = math.Min(y, s.at(v.high))
			c.line(middle, s.at(v.low), middle, s.at(v.high), "halo")
			c.line(middle, s.at(v.low), middle, s.at(v.high), "ci")
		}
		if k.small {
			c.text(middle, y-5, "middle", "value", share.bare(k.lang, v.est))
			continue
		}
		c.text(middle, y-6, "middle", "value", v.short(k.lang, share))
	}
	c.line(left, bottom, c.W-right, bottom, "axis")
	return c
}

// clip cuts a label that would leave its column.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// coordinate writes a user unit with one decimal.
func coordinate(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
