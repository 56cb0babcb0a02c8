package report

import (
	"math"
	"unicode/utf8"

	"github.com/entscope/entscope/analysis/question"
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
	return ticks(low, high, n)
}

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
	if b.line != nil {
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
	if b.line != nil {
		x := s.at(b.lineAt())
		c.line(x, top-4, x, bottom, "ref")
		anchor := "start"
		if x > c.W*0.6 {
			anchor = "end"
		}
		c.text(x, top-9, anchor, "reftext", b.lang.text(b.line.Text))
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
	c.late = append(c.late, shape{
		Kind: "t", X: end + 7, Y: middle + 4.5, Anchor: "start", Class: "value over", Text: text,
	})
}

func whisker(c *chart, x0, x1, y float64) {
	c.line(x0, y, x1, y, "halo")
	c.line(x0, y, x1, y, "ci")
	c.line(x0, y-3.5, x0, y+3.5, "ci")
	c.line(x1, y-3.5, x1, y+3.5, "ci")
}

// clip cuts a label that would leave its column.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
