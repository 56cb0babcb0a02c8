package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// concentration draws the second measure over the first, from nothing to all, beside the
// diagonal of equality.
func (d *drawer) concentration(s spec, rows []barRow) drawing.Lines {
	l := drawing.Lines{Axis: s.unit.tick(d.lang), To: 100, Caption: d.words(s.measures[0].label)}
	nan := math.NaN()
	curve := drawing.Series{Class: "s0", Dots: true, Points: []drawing.Reading{{Low: nan, High: nan}}}
	for _, r := range rows {
		x, y := r.values[0], r.values[1]
		if x.state == shown && x.point && y.state == shown && y.point {
			curve.Points = append(curve.Points, drawing.Reading{X: x.est, Y: y.est, Low: nan, High: nan})
		}
	}
	if n := len(curve.Points); n > 1 && curve.Points[n-1].X < 100 { // all accounts make all visits
		curve.Points = append(curve.Points, drawing.Reading{X: 100, Y: 100, Low: nan, High: nan})
	}
	equal := drawing.Series{Class: "s1",
		Points: []drawing.Reading{{Low: nan, High: nan}, {X: 100, Y: 100, Low: nan, High: nan}}}
	l.Series = []drawing.Series{equal, curve}
	for _, x := range []float64{0, 25, 50, 75, 100} {
		l.Ticks = append(l.Ticks, drawing.Tick{At: x, Text: s.unit.text(d.lang, x)})
	}
	return l
}

// lorenz draws what those with most hold, each measure at its share of them, from nobody to
// all, beside the diagonal of equality.
func (d *drawer) lorenz(s spec, rows []barRow) drawing.Lines {
	l := drawing.Lines{Axis: s.unit.tick(d.lang), To: 100,
		Caption: d.lang.T("part des comptes, les plus présents d’abord", "share of accounts, those with most visits first")}
	q, _ := question.Lookup(s.indicator)
	nan := math.NaN()
	ends := []drawing.Reading{{Low: nan, High: nan}, {X: 100, Y: 100, Low: nan, High: nan}}
	curve := drawing.Series{Class: "s0", Dots: true, Points: slices.Clone(ends)}
	for _, r := range rows {
		m, _ := q.Measure(r.value)
		l.Ticks = append(l.Ticks, drawing.Tick{At: m.At, Text: s.unit.text(d.lang, m.At)})
		p := drawing.Reading{X: m.At, Y: nan, Low: nan, High: nan}
		if v := r.values[0]; v.state == shown && v.point {
			if p.Y = v.est; v.interval {
				p.Low, p.High = v.low, v.high
			}
		}
		curve.Points = append(curve.Points, p)
	}
	l.Ticks = append(l.Ticks, drawing.Tick{Text: s.unit.text(d.lang, 0)},
		drawing.Tick{At: 100, Text: s.unit.text(d.lang, 100)})
	slices.SortFunc(l.Ticks, func(a, b drawing.Tick) int { return cmp.Compare(a.At, b.At) })
	slices.SortFunc(curve.Points, func(a, b drawing.Reading) int { return cmp.Compare(a.X, b.X) })
	l.Series = []drawing.Series{{Class: "s1", Points: ends}, curve}
	return l
}

// lorenzLegend says what the curve, its intervals and the diagonal are.
func (d *drawer) lorenzLegend(rows []barRow) []legend {
	out := []legend{{"line", "s0", d.lang.T("part des visites", "share of visits")}}
	if slices.ContainsFunc(rows, func(r barRow) bool { return r.values[0].interval }) {
		out = append(out, legend{"ci", "ci", d.lang.T("intervalle à 95 %", "95% interval")})
	}
	return append(out, legend{"line", "s1", d.lang.T("si tous venaient autant", "if all came alike")})
}

// concentrationLegend says what the curve and the diagonal are.
func (d *drawer) concentrationLegend(s spec) []legend {
	return []legend{
		{"line", "s0", d.words(s.measures[1].label)},
		{"line", "s1", d.lang.T("autant que la part des comptes", "as much as the share of the accounts")},
	}
}

// readConcentration says where the curve passes.
func (d *drawer) readConcentration(s spec, rows []barRow) []string {
	var parts []string
	for _, r := range rows {
		if slices.ContainsFunc(r.values, func(v value) bool { return v.state != shown || !v.point }) {
			continue
		}
		if r.values[0].est >= 100 {
			continue // all of both
		}
		parts = append(parts, d.lang.T("jusqu’à « ", "up to “")+r.label+d.lang.T(" », ", "”, ")+
			r.values[0].short(d.lang, s.unit)+d.lang.T(" des comptes et ", " of the accounts and ")+
			r.values[1].short(d.lang, s.unit)+d.lang.T(" des visites", " of the visits"))
	}
	if len(parts) == 0 {
		return nil
	}
	out := wording.Capital(parts[0])
	for _, p := range parts[1:] {
		out += d.lang.T(" ; ", "; ") + p
	}
	return []string{out + "."}
}

// seriesName names what a column of values stands for.
func (d *drawer) seriesName(s spec, i int) string {
	if s.form == question.Concentration {
		return d.words(s.measures[i].label)
	}
	return d.populationName(s.populations[i])
}
