// Package exploration writes what can be chosen for a table, as a page and as text: the loss
// for each k and suppression limit, the solutions near the best, each column and the risks
// before and after. It draws what microdata.Explore found and computes nothing.
package exploration

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/microdata"
)

//go:embed page.html
var pageText string

// view is what the page shows.
type view struct {
	*microdata.Exploration
	Lang wording.Lang
	Ks   []int
	Rows []limitRow
	// Charts is the chart for a wide and for a narrow page.
	Charts []drawing.Chart
}

// limitRow is the choices of one suppression limit, by k.
type limitRow struct {
	Limit   float64
	Choices []microdata.Choice
}

// Page is the exploration as one HTML file without a reference to another.
func Page(e *microdata.Exploration, l wording.Lang) ([]byte, error) {
	v := view{Exploration: e, Lang: l}
	for _, c := range e.Choices {
		if !slices.Contains(v.Ks, c.K) {
			v.Ks = append(v.Ks, c.K)
		}
		if n := len(v.Rows); n == 0 || !slices.ContainsFunc(v.Rows,
			func(r limitRow) bool { return r.Limit == c.Limit }) {
			v.Rows = append(v.Rows, limitRow{Limit: c.Limit})
		}
	}
	for i := range v.Rows {
		for _, c := range e.Choices {
			if c.Limit == v.Rows[i].Limit {
				v.Rows[i].Choices = append(v.Rows[i].Choices, c)
			}
		}
	}
	chart := v.chart()
	v.Charts = []drawing.Chart{chart.Draw(false), chart.Draw(true)}
	t, err := template.New("page").Funcs(template.FuncMap{
		"t": l.T, "count": v.count, "loss": v.loss, "percent": func(x float64) string { return l.Percent(100 * x) },
		"levels": levels, "num": v.number,
		"style": func() template.CSS { return template.CSS(drawing.Style()) },
		"day":   func() template.CSS { return template.CSS(drawing.Palette(false)) },
		"night": func() template.CSS { return template.CSS(drawing.Palette(true)) },
		"share": func(n int) string { return v.share(n) },
		"risk":  func(name string) string { return riskName(l, name) },
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, v)
	return b.Bytes(), err
}

// chart draws the loss over k, a line for each suppression limit.
func (v view) chart() drawing.Lines {
	c := drawing.Lines{Axis: func(x float64) string { return v.Lang.Number(x, 2) }, Caption: "k"}
	for i, k := range v.Ks {
		c.Ticks = append(c.Ticks, drawing.Tick{At: float64(i), Text: fmt.Sprint(k)})
	}
	for n, row := range v.Rows {
		s := drawing.Series{Class: fmt.Sprintf("s%d", n%4), Dots: true}
		for i, choice := range row.Choices {
			loss := math.NaN()
			if choice.Met {
				loss = choice.Loss
			}
			s.Points = append(s.Points, drawing.Reading{X: float64(i), Y: loss, Low: math.NaN(), High: math.NaN()})
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func (v view) loss(x float64) string { return v.Lang.Number(x, 4) }

func (v view) number(x float64) string {
	switch {
	case x == microdata.Fewer:
		return v.count(microdata.Fewer)
	case x == math.Trunc(x):
		return v.Lang.Number(x, 0)
	}
	return v.Lang.Number(x, 4)
}

// count writes a number of persons.
func (v view) count(n int) string {
	if n == microdata.Fewer {
		return v.Lang.T(fmt.Sprintf("moins de %d", microdata.Shown), fmt.Sprintf("fewer than %d", microdata.Shown))
	}
	return v.Lang.Count(int64(n))
}

// share writes a number of persons as a share of all.
func (v view) share(n int) string {
	if n == microdata.Fewer {
		return ""
	}
	return v.Lang.Percent(100 * float64(n) / float64(v.Persons))
}

// levels writes the levels of a solution.
func levels(m map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", name, m[name]))
	}
	return strings.Join(out, ", ")
}

// riskName names a measure in French.
func riskName(l wording.Lang, name string) string {
	if french, ok := map[string]string{
		"unique":              "Personnes seules dans leur classe",
		"prosecutor highest":  "Risque du procureur, le plus haut",
		"prosecutor mean":     "Risque du procureur, moyen",
		"in classes below 11": "Part des personnes dans une classe de moins de 11",
	}[name]; ok {
		return l.T(french, name)
	}
	return name
}

// Text writes the same for a terminal.
func Text(out io.Writer, e *microdata.Exploration) error {
	v := view{Exploration: e, Lang: wording.EN}
	fmt.Fprintf(out, "%s persons, %s rows; loss is %s\n", v.count(e.Persons), v.count(e.Rows), e.Metric)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "k\tlimit\tloss\tsuppressed\tclasses\tlevels")
	for _, c := range e.Choices {
		if !c.Met {
			fmt.Fprintf(w, "%d\t%g\tcannot be met\n", c.K, c.Limit)
			continue
		}
		fmt.Fprintf(w, "%d\t%g\t%s\t%s\t%d\t%s\n", c.K, c.Limit, v.loss(c.Loss), v.count(c.Suppressed), c.Classes,
			levels(c.Levels))
	}
	fmt.Fprintf(w, "\nnear the best of k = %d, limit %g\n", e.K, e.Limit)
	fmt.Fprintln(w, "k found\tloss\tsuppressed\tclasses\tlevels")
	for _, c := range e.Near {
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\n", c.AchievedK, v.loss(c.Loss), v.count(c.Suppressed), c.Classes,
			levels(c.Levels))
		for _, m := range c.Models {
			fmt.Fprintf(w, "\t%s\t%s %.4g\tasked %.4g\n", m.Name, m.Model, m.Achieved, m.Bound)
		}
	}
	fmt.Fprintln(w, "\nrisk\tbefore\tafter")
	for _, r := range e.Risks {
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Name, v.number(r.Before), v.number(r.After))
	}
	return w.Flush()
}
