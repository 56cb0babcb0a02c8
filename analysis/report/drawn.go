package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// chart is what a figure is drawn as.
type chart interface {
	Draw(narrow bool) drawing.Chart
}

// draw makes the two layouts of a figure.
func (d *drawer) draw(f *figure, s spec, rows []barRow) {
	var c chart
	switch s.form {
	case question.Hours:
		k := d.hours(rows)
		wide := k.Draw()
		k.Card = true
		for i, label := range k.Labels { // « 7 h » of « 7 h–9 h »
			k.Labels[i], _, _ = strings.Cut(label, "–")
		}
		narrow := k.Draw()
		narrow.Narrow = true
		f.Wide, f.Narrow = &wide, &narrow
		return
	case question.Weeks:
		c = d.weeks(s, rows)
	case question.Curve:
		c = d.curve(s, rows)
	case question.Grid:
		c = d.grid(s, rows)
	case question.Multiples:
		c = d.multiples(s, rows)
	case question.Concentration:
		c = d.concentration(s, rows)
	case question.Lorenz:
		c = d.lorenz(s, rows)
	default:
		c = d.dots(s, rows)
	}
	wide, narrow := c.Draw(false), c.Draw(true)
	f.Wide, f.Narrow = &wide, &narrow
}

// ref is the line of a figure, in display units.
func (d *drawer) ref(s spec) *drawing.Ref {
	if s.line == nil {
		return nil
	}
	return &drawing.Ref{At: s.line.At * s.unit.scale, Text: d.lang.Text(s.line.Text)}
}

// dots draws rows: bars for the classes of a whole, points for all else.
func (d *drawer) dots(s spec, rows []barRow) drawing.Dots {
	c := drawing.Dots{Axis: s.unit.tick(d.lang), Ratio: s.unit.times, Ref: d.ref(s),
		Bars: s.form == question.Classes}
	if s.whole && s.unit.percent {
		c.To = 100
	}
	for _, r := range rows {
		row := drawing.Row{Label: r.label, Head: r.head, Strong: r.strong}
		if same := sameAbsence(r.values); same != nil {
			row.Values = []drawing.Value{same.drawn(d.lang, s.unit)}
		} else {
			for _, v := range r.values {
				row.Values = append(row.Values, v.drawn(d.lang, s.unit))
			}
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// hours draws bands of the day, evening and night dark.
func (d *drawer) hours(rows []barRow) drawing.Columns {
	k := drawing.Columns{Axis: share.tick(d.lang)}
	for i, r := range rows {
		v := r.values[0].drawn(d.lang, share)
		if r.values[0].state == shown {
			v.Text = r.values[0].short(d.lang, share)
		}
		k.Labels, k.Values = append(k.Labels, r.label), append(k.Values, v)
		k.Dark = append(k.Dark, i >= len(rows)-evening)
	}
	return k
}

// weeks draws a series over weeks: dates, with the weeks without class shaded and the
// events of the study marked, or weeks counted from an event.
func (d *drawer) weeks(s spec, rows []barRow) drawing.Lines {
	l := drawing.Lines{Axis: s.unit.tick(d.lang), Ratio: s.unit.times, Ref: d.ref(s)}
	rows = weekly(rows)
	var at []float64
	dated := true
	for _, r := range rows {
		day, err := time.Parse(time.DateOnly, r.value)
		if err != nil {
			dated = false
			n, _ := strconv.Atoi(r.value)
			at = append(at, float64(n))
			continue
		}
		at = append(at, float64(day.Unix()/86400))
	}
	l.Series = d.series(s, rows, at)
	if !dated {
		for _, x := range at {
			l.Ticks = append(l.Ticks, drawing.Tick{At: x, Text: d.lang.Signed(int(x))})
		}
		for i := range l.Series {
			l.Series[i].Dots = true
		}
		l.Caption = d.groupingName("relative_week")
		return l
	}
	for i := 1; i < len(at); i++ {
		if at[i]-at[i-1] > 7 {
			l.Shaded = append(l.Shaded, drawing.Span{From: at[i-1] + 7, To: at[i]})
		}
	}
	l.Ticks = d.months(at)
	for _, e := range d.events {
		if day, err := time.Parse(time.DateOnly, e.Start); err == nil {
			l.Marks = append(l.Marks, drawing.Mark{At: float64(day.Unix() / 86400), Text: e.Label})
		}
	}
	return l
}

// weekly keeps the rows of weeks: no title, no whole.
func weekly(rows []barRow) []barRow {
	return slices.DeleteFunc(slices.Clone(rows), func(r barRow) bool {
		return r.head || r.key != "week" && r.key != "relative_week"
	})
}

// months are the first days of the months between the first and the last day.
func (d *drawer) months(days []float64) []drawing.Tick {
	var out []drawing.Tick
	if len(days) == 0 {
		return nil
	}
	first, last := time.Unix(int64(days[0])*86400, 0).UTC(), time.Unix(int64(days[len(days)-1])*86400, 0).UTC()
	for m := first.AddDate(0, 0, 1-first.Day()); !m.After(last); m = m.AddDate(0, 1, 0) {
		at := max(float64(m.Unix()/86400), days[0])
		out = append(out, drawing.Tick{At: at, Text: wording.Capital(d.lang.Month(m.Format("2006-01")))})
	}
	return out
}

// series are the values of the rows at their places, a series a denominator; a gap of more
// than a week interrupts a line over days.
func (d *drawer) series(s spec, rows []barRow, at []float64) []drawing.Series {
	var out []drawing.Series
	nan := math.NaN()
	for k := range s.populations {
		line := drawing.Series{Class: "s" + strconv.Itoa(k)}
		some := false
		for i, r := range rows {
			if i > 0 && at[i]-at[i-1] > 7 && at[i] > 1000 {
				line.Points = append(line.Points, drawing.Reading{X: at[i-1] + 7, Y: nan, Low: nan, High: nan})
			}
			p := drawing.Reading{X: at[i], Y: nan, Low: nan, High: nan}
			if k < len(r.values) && r.values[k].state == shown {
				v := r.values[k].drawn(d.lang, s.unit)
				p.Y, p.Low, p.High = v.X, v.Low, v.High
				some = some || !math.IsNaN(v.X)
			}
			line.Points = append(line.Points, p)
		}
		if some {
			out = append(out, line)
		}
	}
	return out
}

// squeezed is the ratio of places from which a curve is drawn over their logarithm.
const squeezed = 50

// curve draws shares that grow with time, each measure at its own, from nothing at 0.
func (d *drawer) curve(s spec, rows []barRow) drawing.Lines {
	l := drawing.Lines{Axis: s.unit.tick(d.lang)}
	if s.whole {
		l.To = 100
	}
	q, _ := question.Lookup(s.indicator)
	type place struct {
		at  float64
		row barRow
	}
	var places []place
	for _, r := range rows {
		m, _ := q.Measure(r.value)
		places = append(places, place{m.At, r})
	}
	slices.SortStableFunc(places, func(a, b place) int { return int(math.Copysign(1, a.at-b.at)) })
	tight := len(places) > 0 && places[len(places)-1].at > squeezed*places[0].at
	var at []float64
	sorted := make([]barRow, len(places))
	for i, p := range places {
		x := p.at
		if tight {
			x = math.Log1p(x)
			l.Caption = d.lang.T("temps, échelle resserrée", "time, squeezed scale")
		}
		at, sorted[i] = append(at, x), p.row
		l.Ticks = append(l.Ticks, drawing.Tick{At: x, Text: p.row.label})
	}
	l.Series = d.series(s, sorted, at)
	for i := range l.Series {
		l.Series[i].Dots = true
		start := drawing.Reading{Low: math.NaN(), High: math.NaN()}
		l.Series[i].Points = append([]drawing.Reading{start}, l.Series[i].Points...)
	}
	return l
}

// grid draws the measures whose names end in three parts: a column, a row and a panel, for
// the first denominator.
func (d *drawer) grid(s spec, rows []barRow) drawing.Grid {
	if _, _, ok := s.axes(); ok {
		return d.placed(s, rows)
	}
	g := drawing.Grid{Across: d.words(s.grid.Across), Down: d.words(s.grid.Down)}
	var columns, lines, panels []string
	place := func(list *[]string, name string) int {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
		return slices.Index(*list, name)
	}
	high := 0.0
	for _, r := range rows {
		high = math.Max(high, r.values[0].top())
	}
	cells := map[[3]int]drawing.Cell{}
	for _, r := range rows {
		parts := strings.Split(r.value, "_")
		n := len(parts)
		v := r.values[0]
		cell := drawing.Cell{Shade: math.NaN(), Text: "–"}
		if v.state == shown && high > 0 {
			cell = drawing.Cell{Shade: v.top() / high, Text: v.brief(d.lang, s.unit)}
		}
		cells[[3]int{place(&panels, parts[n-1]), place(&lines, parts[n-3]), place(&columns, parts[n-2])}] = cell
	}
	for _, c := range columns {
		g.Columns = append(g.Columns, c+d.lang.T(" %", "%"))
	}
	for _, r := range lines {
		g.Rows = append(g.Rows, r+d.lang.T(" %", "%"))
	}
	for k := range panels {
		p := drawing.Panel{Title: d.words(s.grid.Panels[min(k, len(s.grid.Panels)-1)])}
		for i := range lines {
			for j := range columns {
				p.Cells = append(p.Cells, cells[[3]int{k, i, j}])
			}
		}
		g.Panels = append(g.Panels, p)
	}
	return g
}

// evening is the number of hour bands, the last ones, that are evening and night.
const evening = 3
