package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// A map of places lays measures out by two axes, such as the hours and the weekdays at which
// visits start. Its places are not of one length: the number of a place is its share, its shade
// the share of an hour of it.

// atPlace is a shown value of a map, with where it stands and how many hours it holds.
type atPlace struct {
	row    barRow
	at     int // row by row
	length float64
}

func (p atPlace) est() float64 { return p.row.values[0].est }

// density is the share of one hour.
func (p atPlace) density() float64 { return p.est() / p.length }

// axes are the columns and the rows of a map of places; false of another figure.
func (s spec) axes() (across, down question.Axis, ok bool) {
	if s.grid == nil || s.grid.Rows == "" {
		return across, down, false
	}
	return question.AxisOf(s.grid.Columns), question.AxisOf(s.grid.Rows), true
}

// places are the shown values of a map.
func (s spec) places(rows []barRow) (out []atPlace) {
	across, down, _ := s.axes()
	for _, r := range rows {
		if v := r.values[0]; v.state == shown && v.point {
			i, j := s.grid.At(down, r.value), s.grid.At(across, r.value)
			out = append(out, atPlace{r, i*len(across.Places) + j, down.Places[i].Length * across.Places[j].Length})
		}
	}
	return out
}

// placed draws the map, for the first denominator.
func (d *drawer) placed(s spec, rows []barRow) drawing.Grid {
	across, down, _ := s.axes()
	p := drawing.Panel{Title: d.words(s.grid.Panels[0]),
		Cells: make([]drawing.Cell, len(across.Places)*len(down.Places))}
	for i := range p.Cells {
		p.Cells[i] = drawing.Cell{Shade: math.NaN(), Text: "–"}
	}
	for _, r := range rows {
		text := r.values[0].cell(d.lang, s.unit)
		if v := r.values[0]; v.state == shown && v.low <= 0 { // under the bound, without its unit
			text = "<" + wording.NBSP + s.unit.bare(d.lang, v.high)
		}
		p.Cells[s.grid.At(down, r.value)*len(across.Places)+s.grid.At(across, r.value)].Text = text
	}
	places, high := s.places(rows), 0.0
	for _, x := range places {
		high = math.Max(high, x.density())
	}
	for _, x := range places {
		p.Cells[x.at] = drawing.Cell{Shade: x.density() / math.Max(high, 1e-9), Text: s.unit.bare(d.lang, x.est())}
	}
	g := drawing.Grid{Panels: []drawing.Panel{p}, Across: d.words(s.grid.Across), Down: d.words(s.grid.Down)}
	for _, c := range across.Places {
		g.Columns = append(g.Columns, d.words(c.Short))
	}
	for _, r := range down.Places {
		g.Rows = append(g.Rows, d.words(r.Short))
	}
	return g
}

// readPlaces says where the least and the most lie, and, where nothing is hidden, in how many
// hours of a week half of it does, by the printed shares.
func (d *drawer) readPlaces(s spec, rows []barRow) []string {
	places := s.places(rows)
	if len(places) == 0 {
		return nil
	}
	byShare := func(a, b atPlace) int { return cmp.Compare(a.est(), b.est()) }
	low, high := slices.MinFunc(places, byShare), slices.MaxFunc(places, byShare)
	ends := wording.Capital(d.lang.T("de ", "from ")+low.row.values[0].short(d.lang, s.unit)) + " (" +
		d.alike(places, low) + ")" + d.lang.T(" à ", " to ") + high.row.values[0].short(d.lang, s.unit) + " (" +
		d.alike(places, high) + ")."
	if len(places) < len(s.measures) {
		return []string{ends}
	}
	return []string{d.half(s, places), ends}
}

// half says in how many hours half of all lies, the busiest first, by the printed shares.
func (d *drawer) half(s spec, places []atPlace) string {
	slices.SortStableFunc(places, func(a, b atPlace) int { return cmp.Compare(b.density(), a.density()) })
	share, hours, week := 0.0, 0.0, 0.0
	for _, x := range places {
		week += x.length
		if share < 50 {
			share, hours = share+x.est(), hours+x.length
		}
	}
	return d.lang.T("Environ ", "About ") + d.lang.Percent(share) + " " + d.words(s.phrase) +
		d.lang.T(" tiennent dans ", " fall into ") + d.lang.Count(int64(hours)) + d.lang.T(" des ", " of the ") +
		d.lang.Count(int64(week)) +
		d.lang.T(" heures de la semaine, les plus fréquentées.", " hours of the week, the busiest.")
}

// alike names the places of one printed share: each, or the first and how many.
func (d *drawer) alike(places []atPlace, as atPlace) string {
	var names []string
	for _, x := range places {
		if x.est() == as.est() {
			names = append(names, x.row.label)
		}
	}
	if len(names) <= 2 {
		return d.lang.List(names)
	}
	return names[0] + d.lang.T(", et ", ", and ") + strconv.Itoa(len(names)-1) +
		d.lang.T(" autres tranches", " other bands")
}

// shades is the scale of a map, of a denominator: from its lightest cells to its darkest.
func (d *drawer) shades(s spec, rows []barRow, of string) (out []legend) {
	high, per := 0.0, ""
	if _, _, ok := s.axes(); ok {
		per = d.lang.T(" par heure", " an hour")
		for _, x := range s.places(rows) {
			high = math.Max(high, x.density())
		}
	} else {
		for _, r := range rows {
			high = math.Max(high, r.values[0].top())
		}
	}
	edge := func(k int) string {
		return d.lang.Number(high*float64(k)/drawing.Shades, 2) + d.lang.T(" %", "%")
	}
	for k := range drawing.Shades {
		text := d.lang.T("jusqu’à ", "up to ") + edge(k+1)
		if k == 0 {
			text = wording.Capital(of) + d.lang.Colon() + text + per
		}
		out = append(out, legend{"box", drawing.ShadeClass(k), text})
	}
	return out
}
