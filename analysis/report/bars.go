package report

import (
	"math"
	"unicode/utf8"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
)

// Heights of a bar and of the room of a series, in user units.
const (
	barHeight, barGap = 15, 3
	seriesHeight      = barHeight + barGap
)

// bars is a horizontal bar chart with intervals.
type bars struct {
	rows  []barRow
	unit  unit
	lang  lang
	whole bool
	line  *question.Line
}

// lineAt is where the line stands, in display units.
func (b bars) lineAt() float64 { return b.line.At * b.unit.scale }

func (b bars) domain(n int) []float64 {
	low, high := 0.0, 0.0
	for _, r := range b.rows {
		for _, v := range r.values {
			low, high = math.Min(low, v.bottom()), math.Max(high, v.top())
		}
	}
	if b.line != nil {
		high = math.Max(high, b.lineAt())
	}
	if b.whole && b.unit.percent {
		high = 100
	}
	return drawing.Ticks(low, high, n)
}

// draw lays the chart out. The wide layout has labels on the left, the narrow
// one above the bars.
func (b bars) draw(narrow bool) drawing.Chart {
	c := drawing.Chart{W: drawing.WideWidth, Narrow: narrow}
	left, right, ticksWanted := 232.0, 138.0, 5
	if narrow {
		c.W, left, right, ticksWanted = drawing.NarrowWidth, 4, 126, 3
	}
	right = math.Max(right, b.room())
	top := 6.0
	if b.line != nil {
		top = 24
	}
	marks := b.domain(ticksWanted)
	s := drawing.Scale{From: marks[0], To: marks[len(marks)-1], Start: left, End: c.W - right}
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
		c.Line(s.At(m), top, s.At(m), bottom, class)
		c.Text(s.At(m), bottom+16, "middle", "tick", b.tick(m))
	}
	y = top
	for _, r := range b.rows {
		b.row(&c, r, s, left, y, narrow)
		y += b.height(r, narrow)
	}
	if b.line != nil {
		x := s.At(b.lineAt())
		c.Line(x, top-4, x, bottom, "ref")
		anchor := "start"
		if x > c.W*0.6 {
			anchor = "end"
		}
		c.Text(x, top-9, anchor, "reftext", b.lang.Text(b.line.Text))
	}
	return c
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
		return b.lang.Percent(m)
	}
	decimals := 0
	for d := 1.0; decimals < 2 && math.Abs(m*d-math.Round(m*d)) > 1e-6; d *= 10 {
		decimals++
	}
	return b.lang.Number(m, decimals)
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

func (b bars) row(c *drawing.Chart, r barRow, s drawing.Scale, left, y float64, narrow bool) {
	if r.head {
		c.Text(2, y+20, "start", "head", r.label)
		c.Line(0, y+26, c.W, y+26, "rule")
		return
	}
	class := "label"
	if r.strong {
		class = "label strong"
	}
	if narrow {
		c.Text(left, y+14, "start", class, clip(r.label, 46))
		y += 20
	} else {
		middle := y + 4 + float64(len(r.values))*seriesHeight/2
		c.Text(left-8, middle+4, "end", class, clip(r.label, 36))
		y += 4
	}
	if same := sameAbsence(r.values); same != nil {
		middle := y + float64(len(r.values))*seriesHeight/2
		c.Text(s.At(0)+6, middle+4, "start", "none", same.text(b.lang, b.unit))
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
func (b bars) bar(c *drawing.Chart, v value, s drawing.Scale, y float64, index int) {
	text, middle := v.text(b.lang, b.unit), y+barHeight/2.0
	if v.state != shown {
		c.Text(s.At(0)+6, middle+4.5, "start", "none", text)
		return
	}
	fill := "bar"
	if index > 0 {
		fill = "bar second"
	}
	end := math.Max(s.At(0), s.At(v.top()))
	switch {
	case !v.point || v.bounds:
		c.Rect(s.At(v.low), y, s.At(v.high)-s.At(v.low), barHeight, "range")
	default:
		x0, x1 := s.At(0), s.At(v.est)
		c.Rect(math.Min(x0, x1), y, math.Abs(x1-x0), barHeight, fill)
		if v.interval {
			whisker(c, s.At(v.low), s.At(v.high), middle)
		}
	}
	c.Over(end+7, middle+4.5, "start", "value over", text)
}

func whisker(c *drawing.Chart, x0, x1, y float64) {
	c.Line(x0, y, x1, y, "halo")
	c.Line(x0, y, x1, y, "ci")
	c.Line(x0, y-3.5, x0, y+3.5, "ci")
	c.Line(x1, y-3.5, x1, y+3.5, "ci")
}

// clip cuts a label that would leave its column.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
