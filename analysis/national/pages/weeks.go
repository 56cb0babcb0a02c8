package pages

import (
	"time"

	"github.com/entscope/entscope/analysis/national"
)

// weekly is the line of a measure over the weeks of the file.
func (s *site) weekly(name, id, measure, population string) (series, []number) {
	line := series{name: name}
	var found []number
	a := s.answers
	if len(a.Years) == 0 {
		return line, nil
	}
	for day := a.Years[0].First; day <= a.Years[len(a.Years)-1].Last; day += 7 {
		n := s.book.find(id, measure, population, "week", national.Date(day).Format(time.DateOnly))
		line.days, line.values = append(line.days, day), append(line.values, n)
		found = append(found, n)
	}
	return line, found
}

// legends name the lines of a chart.
func legends(lines []series) []legend {
	if len(lines) < 2 {
		return nil
	}
	var out []legend
	for k, l := range lines {
		out = append(out, legend{Class: seriesClass(k), Text: l.name, Line: true})
	}
	return out
}

func (s *site) date(day int) string { return s.lang.Date(national.Date(day).Format(time.DateOnly)) }

// orDash writes a number, or a dash where the question does not arise.
func (s *site) orDash(n number, as format) string {
	if !n.found {
		return "–"
	}
	return s.book.write(n, as)
}

func (s *site) yearLabel(y national.Year) string {
	switch {
	case y.Break != nil:
		return y.Label + s.t(" (après rupture)", " (after a break)")
	case !y.Complete:
		return y.Label + s.t(" (incomplète)", " (not complete)")
	}
	return y.Label
}

// absent is a figure that has only the reason why there is none.
func (s *site) absent(id, title string, n number) figure {
	return figure{ID: id, Title: title, Reading: []string{s.lang.Sentence(s.book.why(n))}, results: results(n)}
}
