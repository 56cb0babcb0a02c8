package report

import (
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// What an earlier period published stands beside the figures as it was printed then. No
// difference is computed, and none is tested: both values have left already, and two periods
// differ by their season too.

// past are the figures of an earlier period, to be looked up by what they are of.
type past struct {
	Earlier
	results []indicator.Result
	index   map[pastKey]indicator.Result
}

type pastKey struct {
	ref question.Ref
	of  group
}

// lastOf is the last of earlier periods; nil of none.
func lastOf(earlier []Earlier) *past {
	if len(earlier) == 0 {
		return nil
	}
	return newPast(earlier[len(earlier)-1], nil)
}

// newPast indexes the figures of a period: those of the report, or those given.
func newPast(e Earlier, results []indicator.Result) *past {
	p := &past{Earlier: e, index: map[pastKey]indicator.Result{}}
	if results == nil {
		for _, r := range e.Results {
			if r.Edition != "schools" {
				results = append(results, r)
			}
		}
	}
	p.results = results
	for _, r := range results {
		p.index[pastKey{refOf(r), groupOf(r)}] = r
	}
	return p
}

// was is a figure as it was published; false where that period published none.
func (p *past) was(ref question.Ref, of group, u unit) (value, bool) {
	if p == nil {
		return value{}, false
	}
	r, ok := p.index[pastKey{ref, of}]
	if !ok {
		return value{}, false
	}
	return publish(r, u), true
}

// dates are the days of the period in words.
func (e Earlier) dates(l lang) string {
	return l.T("du ", "from ") + l.Date(e.Start) + l.T(" au ", " to ") + l.Date(e.End)
}

// lookBack sets beside the values of rows those of the earlier period, and gives the results
// that stand there.
func (d *drawer) lookBack(s spec, rows []barRow) (out []indicator.Result) {
	if d.past == nil {
		return nil
	}
	for i := range rows {
		r := &rows[i]
		for k := range r.values {
			ref, of := s.ref(s.measures[0].name, ""), group{r.key, r.value}
			switch {
			case r.head:
				continue
			case s.form == question.Concentration:
				ref = s.ref(s.measures[k].name, s.populations[0])
			case s.form.ByGroup():
				ref.Population = s.populations[k]
			default:
				ref, of = s.ref(r.value, s.populations[k]), group{}
			}
			v, ok := d.past.was(ref, of, s.unit)
			r.was = append(r.was, v)
			if ok {
				out = append(out, asShown(d.past.index[pastKey{ref, of}], s.unit))
			}
		}
	}
	return out
}

// remembered says whether a row of the figure has a value of the earlier period.
func remembered(rows []barRow) bool {
	return slices.ContainsFunc(rows, func(r barRow) bool {
		return slices.ContainsFunc(r.was, func(v value) bool { return v.state != absent })
	})
}

// before says what the earlier period published of the first number of a figure.
func (d *drawer) published(s spec, rows []barRow) string {
	if !remembered(rows) {
		return ""
	}
	text := d.lang.T("Période précédente (", "Earlier period (") + d.past.Term + d.lang.T(", ", ", ") +
		d.past.dates(d.lang) + d.lang.T("), telle que publiée alors", "), as published then")
	for _, r := range rows {
		if len(r.was) > 0 && r.was[0].state == shown && (r.strong || !s.form.ByGroup()) {
			label := ""
			if !r.strong {
				label = wording.Lower(r.label) + d.lang.Colon()
			}
			text += d.lang.Colon() + label + d.saidThen(r.was[0], s.unit)
			break
		}
	}
	return text + "."
}

// saidThen is a value of an earlier period with its doubt and the weeks it looked at.
func (d *drawer) saidThen(v value, u unit) string {
	return v.short(d.lang, u) + v.window(d.lang) + d.doubt(v, u)
}

// mostSlopes are the lines of a picture of two periods; more cover each other.
const mostSlopes = 6

// slope draws the rows that both periods show from the earlier one to this; nil of none.
func (d *drawer) slope(rows []barRow, now string, u unit, narrow bool) *drawing.Chart {
	s := drawing.Slope{Before: d.past.Term, After: now, Ratio: u.times}
	for _, r := range rows {
		if r.head || len(r.was) == 0 || r.was[0].state != shown || r.values[0].state != shown ||
			len(s.Lines) == mostSlopes {
			continue
		}
		was, is := r.was[0], r.values[0]
		before, after := was.drawn(d.lang, u), is.drawn(d.lang, u)
		before.Text, after.Text = was.short(d.lang, u), is.short(d.lang, u)
		s.Lines = append(s.Lines, drawing.SlopeLine{Label: r.label, Strong: r.strong, Before: before, After: after})
	}
	if len(s.Lines) == 0 {
		return nil
	}
	c := s.Draw(narrow)
	return &c
}

// leading are the rows that a picture of two periods shows: the whole and its first grouping,
// or the first measures.
func leading(rows []barRow) []barRow {
	heads := 0
	for i, r := range rows {
		if r.head {
			heads++
		}
		if heads == 2 {
			return rows[:i]
		}
	}
	return rows
}

// pastJSON are the figures of an earlier period beside those of a file.
type pastJSON struct {
	Term    string             `json:"term"`
	Start   string             `json:"start"`
	End     string             `json:"end"`
	Results []indicator.Result `json:"results"`
}

// data are results of the period for a file; nil of none.
func (p *past) data(results []indicator.Result) []pastJSON {
	if len(results) == 0 {
		return nil
	}
	return []pastJSON{{p.Term, p.Start, p.End, results}}
}

// mostPeriods are the earlier periods that the page of a school shows: two sheets of paper
// hold no more.
const mostPeriods = 3

// periods are what earlier periods published of a school: its page as it was.
func (b dashboard) periods(uai string, earlier []Earlier) (out []*past) {
	for _, e := range earlier[max(0, len(earlier)-mostPeriods):] {
		var results []indicator.Result
		for _, r := range b.plainest(e.Schools[uai]) {
			if r.Group["month"] == "" {
				r.Group = map[string]string{"uai": uai}
				results = append(results, r)
			}
		}
		if len(results) > 0 {
			out = append(out, newPast(e, results))
		}
	}
	return out
}

// then is what earlier periods published of a measure of the page, one cell a period.
func (b *board) then(ref question.Ref) (cells []string) {
	for _, p := range b.past {
		v, _ := p.was(ref, group{"uai", b.school.UAI}, b.numbers[ref])
		cells = append(cells, v.cell(b.lang, b.numbers[ref]))
	}
	return cells
}

// since says when the earlier periods of the table were; "" of none.
func (b *board) since() string {
	if len(b.past) == 0 {
		return ""
	}
	var parts []string
	for _, p := range b.past {
		parts = append(parts, p.Term+b.lang.Colon()+p.dates(b.lang))
	}
	return strings.Join(parts, b.lang.T(" ; ", "; ")) + b.lang.T(". Les chiffres sont ceux publiés alors, jamais "+
		"recalculés ; deux périodes diffèrent aussi par leur saison et leur longueur.",
		". The figures are those published then, never computed again; periods differ by season and length too.")
}
