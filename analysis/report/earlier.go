package report

import (
	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// What an earlier period published stands beside the figures as it was printed then. No
// difference is computed, and none is tested: both values have left already, and two periods
// differ by their season too.

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

// published says what the earlier period published of the first number of a figure.
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
