package pages

import (
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
	days   []int
	values []number // without an estimate where nothing was measured
}

// span is a run of weeks without class, from a Monday to the one after.
type span struct{ from, to int }

// mark is a vertical line: a break of method, or an event.
type mark struct {
	day  int
	text string
}

// timeline is a chart of series over weeks, of which an interval is a band.
type timeline struct {
	lang   wording.Lang
	series []series
	shaded []span
	marks  []mark
	as     format
	// ratio says that values are ratios, and what 1 stands for.
	ratio string
}

func (t timeline) draw(narrow bool) *drawing.Chart {
	l := drawing.Lines{Axis: func(v float64) string { return axis(t.lang, v, t.as) }, Ratio: t.ratio != ""}
	if l.Ratio {
		l.Ref = &drawing.Ref{At: 1, Text: t.ratio}
	}
	first, last := math.MaxInt, math.MinInt
	for k, s := range t.series {
		line := drawing.Series{Class: seriesClass(k)}
		for i, day := range s.days {
			first, last = min(first, day), max(last, day)
			v := s.values[i].drawn("")
			line.Points = append(line.Points, drawing.Reading{X: float64(day), Y: v.X, Low: v.Low, High: v.High})
		}
		l.Series = append(l.Series, line)
	}
	if first > last {
		return nil
	}
	for _, s := range t.shaded {
		if from, to := max(s.from, first), min(s.to, last); to > from {
			l.Shaded = append(l.Shaded, drawing.Span{From: float64(from), To: float64(to)})
		}
	}
	for _, m := range t.marks {
		if m.day >= first && m.day <= last {
			l.Marks = append(l.Marks, drawing.Mark{At: float64(m.day), Text: m.text})
		}
	}
	l.Ticks = dates(first, last)
	c := l.Draw(narrow)
	return &c
}

// monthly is how many days a chart has at most that names months; a longer one has its
// Septembers.
const monthly = 500

// dates are the marks of a scale of days.
func dates(first, last int) (out []drawing.Tick) {
	start, end := national.Date(first), national.Date(last)
	for d := start.AddDate(0, 0, 1-start.Day()); !d.After(end); d = d.AddDate(0, 1, 0) {
		if last-first >= monthly && d.Month() != time.September {
			continue
		}
		out = append(out, drawing.Tick{At: max(float64(d.Unix()/86400), float64(first)), Text: d.Format("01/2006")})
	}
	return out
}

func seriesClass(k int) string { return []string{"s0", "s1", "s2", "s3", "s4"}[k%5] }

// drawn is a number as a chart has it, with the text of it; a text alone where it is not known.
func (n number) drawn(text string) drawing.Value {
	v := drawing.Missing(text)
	if n.known() {
		v.X = n.value()
		if n.Low != nil && n.High != nil {
			v.Low, v.High = *n.Low, *n.High
		}
	}
	return v
}

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

// bar is a row of a chart of groups: a number for each of its series.
type bar struct {
	label   string
	numbers []number
	head    bool // a title over the next rows
}

// bars is a chart of groups with intervals.
type bars struct {
	book book
	rows []bar
	as   format
	// parts says that numbers are parts of a whole, or counts: they are drawn from 0.
	parts bool
	// ratio says that numbers are ratios, and what 1 stands for.
	ratio string
}

func (b bars) draw(narrow bool) *drawing.Chart {
	d := drawing.Dots{Axis: func(v float64) string { return axis(b.book.lang, v, b.as) }, Bars: b.parts,
		Ratio: b.ratio != ""}
	if d.Ratio {
		d.Ref = &drawing.Ref{At: 1, Text: b.ratio}
	}
	for _, r := range b.rows {
		line := drawing.Row{Label: r.label, Head: r.head}
		for _, n := range r.numbers {
			line.Values = append(line.Values, n.drawn(b.text(n, narrow)))
		}
		d.Rows = append(d.Rows, line)
	}
	c := d.Draw(narrow)
	return &c
}

// text is what stands beside a number: its interval too where there is room.
func (b bars) text(n number, narrow bool) string {
	if !n.known() {
		return b.book.lang.T("non mesurable", "not measurable")
	}
	text := b.as(b.book.lang, n.value())
	if interval := b.book.interval(n, b.as); interval != "" && !narrow {
		text += wording.NBSP + interval
	}
	return text
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
