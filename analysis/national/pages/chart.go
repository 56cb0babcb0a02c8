package pages

import (
	"cmp"
	"math"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// series is one line of a chart over time.
type series struct {
	name   string
	class  string // of its look; by place when empty
	days   []int
	values []float64 // NaN where nothing was measured
}

// span is a run of weeks without class, from a Monday to the one after.
type span struct{ from, to int }

// mark is a vertical line: a break of method, or an event.
type mark struct {
	day         int
	class, text string
}

// timeline is a chart of series over weeks.
type timeline struct {
	lang   wording.Lang
	series []series
	shaded []span
	marks  []mark
	as     format
	base   float64 // the value of a line drawn across, NaN for none
}

func (t timeline) draw(narrow bool) *drawing.Chart {
	c := &drawing.Chart{W: drawing.WideWidth, H: 300, Narrow: narrow}
	left, right, top, bottom := 54.0, 10.0, 34.0, 262.0
	if narrow {
		c.W, c.H, left, bottom = drawing.NarrowWidth, 240, 46, 202
	}
	first, last, high := math.MaxInt, math.MinInt, 0.0
	for _, s := range t.series {
		for i, day := range s.days {
			first, last = min(first, day), max(last, day)
			if !math.IsNaN(s.values[i]) {
				high = math.Max(high, s.values[i])
			}
		}
	}
	if first > last {
		return nil
	}
	ticks := drawing.Ticks(0, high, 4)
	x := drawing.Scale{From: float64(first), To: float64(last + 7), Start: left, End: c.W - right}
	y := drawing.Scale{From: 0, To: ticks[len(ticks)-1], Start: bottom, End: top}
	for _, s := range t.shaded {
		from, to := max(s.from, first), min(s.to, last+7)
		if to > from {
			c.Rect(x.At(float64(from)), top, x.At(float64(to))-x.At(float64(from)), bottom-top, "holiday")
		}
	}
	for _, v := range ticks {
		c.Line(left, y.At(v), c.W-right, y.At(v), "grid")
		c.Text(left-6, y.At(v)+4, "end", "tick", axis(t.lang, v, t.as))
	}
	t.dates(c, x, bottom, first, last)
	if t.base > 0 {
		c.Line(left, y.At(t.base), c.W-right, y.At(t.base), "axis")
	}
	for k, s := range t.series {
		points := make([]drawing.Point, len(s.days))
		for i, day := range s.days {
			points[i] = drawing.Point{X: x.At(float64(day)), Y: y.At(s.values[i])}
		}
		c.Curve(points, "series "+cmp.Or(s.class, seriesClass(k)))
	}
	for i, m := range t.marks {
		if m.day < first || m.day > last {
			continue
		}
		at := x.At(float64(m.day))
		c.Line(at, top-4, at, bottom, m.class)
		anchor, offset := "start", 4.0
		if at > c.W*0.6 {
			anchor, offset = "end", -4
		}
		c.Over(at+offset, top-8-float64(i%2)*13, anchor, "reftext over", m.text)
	}
	c.Line(left, bottom, c.W-right, bottom, "axis")
	return c
}

// dates writes the Septembers of a long chart, the months of a short one.
func (t timeline) dates(c *drawing.Chart, x drawing.Scale, bottom float64, first, last int) {
	months := last-first < 500
	step, drawn := 0, -math.MaxFloat64
	start, end := national.Date(first), national.Date(last)
	for d := start.AddDate(0, 0, 1-start.Day()); !d.After(end); d = d.AddDate(0, 1, 0) {
		if !months && d.Month() != time.September {
			continue
		}
		step++
		at := x.At(float64(d.Unix() / 86400))
		if at < x.Start {
			at = x.Start
		}
		if at-drawn < 44 {
			continue
		}
		drawn = at
		c.Line(at, bottom, at, bottom+5, "axis")
		label := d.Format("01/2006")
		anchor := "middle"
		if at > c.W-30 {
			anchor = "end"
		}
		c.Text(at, bottom+19, anchor, "tick", label)
	}
}

func seriesClass(k int) string { return []string{"s0", "s1", "s2", "s3", "s4"}[k%5] }

// axis writes a round number of an axis: without the decimals that say nothing there.
func axis(l wording.Lang, v float64, as format) string {
	text := as(l, v)
	point := l.T(",", ".")
	at := strings.Index(text, point)
	if at < 0 || l == wording.EN && strings.Count(text, point) > 1 {
		return text
	}
	end := at + len(point)
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	if strings.Trim(text[at+len(point):end], "0") != "" {
		return text
	}
	return text[:at] + text[end:]
}

// bar is a row of a bar chart.
type bar struct {
	label  string
	number number
	second bool
	head   bool // a title over the next rows
}

// bars is a horizontal bar chart with intervals.
type bars struct {
	book book
	rows []bar
	as   format
	line float64 // of no difference, 0 for none
}

const rowHeight = 21.0

func (b bars) draw(narrow bool) *drawing.Chart {
	c := &drawing.Chart{W: drawing.WideWidth, Narrow: narrow}
	left, right := 240.0, 150.0
	if narrow {
		c.W, left, right = drawing.NarrowWidth, 4, 118
	}
	high := b.line
	for _, r := range b.rows {
		if r.number.known() {
			high = math.Max(high, r.number.value())
			if r.number.High != nil {
				high = math.Max(high, *r.number.High)
			}
		}
	}
	ticks := drawing.Ticks(0, high, map[bool]int{true: 3, false: 5}[narrow])
	x := drawing.Scale{From: 0, To: ticks[len(ticks)-1], Start: left, End: c.W - right}
	height := func(r bar) float64 {
		if narrow && !r.head {
			return rowHeight + 17
		}
		return rowHeight
	}
	bottom := 6.0
	for _, r := range b.rows {
		bottom += height(r)
	}
	for i, v := range ticks {
		c.Line(x.At(v), 4, x.At(v), bottom+3, "grid")
		anchor := "middle"
		if i == 0 && narrow {
			anchor = "start" // nothing stands to its left
		}
		c.Text(x.At(v), bottom+18, anchor, "tick", axis(b.book.lang, v, b.as))
	}
	c.H = bottom + 24
	y := 6.0
	for _, r := range b.rows {
		b.row(c, r, x, y, narrow)
		y += height(r)
	}
	c.Line(left, 4, left, bottom+3, "axis")
	if b.line > 0 {
		c.Line(x.At(b.line), 4, x.At(b.line), bottom+3, "ref")
	}
	return c
}

func (b bars) row(c *drawing.Chart, r bar, x drawing.Scale, y float64, narrow bool) {
	switch {
	case r.head:
		c.Text(4, y+14, "start", "head over", r.label)
		return
	case narrow:
		c.Text(x.Start+1, y+12, "start", "over", clip(r.label, 48))
		y += 17
	default:
		c.Text(x.Start-8, y+13, "end", "", clip(r.label, 36))
	}
	n := r.number
	if !n.known() {
		c.Text(x.Start+6, y+13, "start", "none", b.book.lang.T("non mesurable", "not measurable"))
		return
	}
	class := "bar"
	if r.second {
		class = "bar second"
	}
	c.Rect(x.Start, y+2, x.At(n.value())-x.Start, 14, class)
	end := x.At(n.value())
	if n.Low != nil {
		low, top, middle := x.At(*n.Low), x.At(*n.High), y+9
		c.Line(low, middle, top, middle, "halo")
		c.Line(low, middle, top, middle, "ci")
		c.Line(low, middle-3.5, low, middle+3.5, "ci")
		c.Line(top, middle-3.5, top, middle+3.5, "ci")
		end = math.Max(end, top)
	}
	text := b.as(b.book.lang, n.value())
	if interval := b.book.interval(n, b.as); interval != "" && !narrow {
		text += " " + interval
	}
	c.Over(end+7, y+13.5, "start", "value over", text)
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
