package model

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// Association is how two columns of the person table go together. It is not released.
type Association struct {
	Released bool      `json:"released"` // always false
	Edition  string    `json:"edition"`
	Columns  [2]string `json:"columns"`
	// Values are those of either column, from low to high; Counts the persons, by rows, null
	// below the floor of a cell.
	Values   [2][]string `json:"values"`
	Counts   [][]*int64  `json:"counts"`
	Persons  int64       `json:"persons"`
	Clusters int         `json:"clusters"`
	// Lines are the numbers, each with its interval by clusters and the test that takes
	// persons for independent.
	Lines []AssociationLine `json:"lines"`
	Notes []string          `json:"notes"`
}

// AssociationLine is one number of an association.
type AssociationLine struct {
	Name string `json:"name"`
	Interval
	// Independent is the p-value of the named test, were every person drawn alone.
	Independent *float64 `json:"p_independent"`
	Test        string   `json:"test"`
	Read        string   `json:"read"`
}

// side is a column of the person table, or whether it has a value.
type side struct{ Response }

// value gives the value of a person; false where it is not known.
func (s side) value(p query.Person) (string, bool) {
	v := columnOf(p, s.Word)
	if slices.Contains(unknownValues, v) {
		return "", false
	}
	switch s.Operator {
	case "=":
		return strconv.FormatBool(v == s.Value.Word), true
	case ">=":
		return strconv.FormatBool(v >= s.Value.Word), true
	}
	return v, true
}

// Associate counts the persons of two columns of the person table of an edition by each
// other, such as "visits" and "grade_visits", or "visits >= 3-weekly". Two of two values
// have an odds ratio (Fisher) and are compared with each other (McNemar); columns whose
// values have an order have rank correlations (Kendall, Spearman). Intervals are by the
// jackknife over clusters; the tests of independent persons stand beside them, and are too
// sure of themselves where persons of a school resemble each other.
func Associate(ctx context.Context, ed *query.Edition, first, second string) (*Association, error) {
	var sides [2]side
	for k, text := range []string{first, second} {
		f, err := Parse(text + " ~ 1")
		if err != nil {
			return nil, err
		}
		if !slices.Contains(personColumns, f.Response.Word) {
			return nil, FormulaError{f.Response.At, "of the columns of the person table " +
				vocabulary.Unknown(f.Response.Word, personColumns).Error()}
		}
		sides[k] = side{f.Response}
	}
	if sides[0].Word == sides[1].Word {
		return nil, fmt.Errorf("%w: %s is compared with itself", ErrAsked, sides[0].Word)
	}
	persons, err := ed.Persons(ctx)
	if err != nil {
		return nil, err
	}
	a := &Association{Columns: [2]string{first, second}, Notes: []string{"the person table leaves out rare profiles, " +
		"and within a class its behaviours are exchanged: a relation of two behaviours is one of classes"}}
	tables, out := a.count(sides, persons)
	if out > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("persons of whom a column is unknown or generalised, left out: %d", out))
	}
	if floor := ed.Manifest.Thresholds.CellPersons; a.Persons < floor || a.Persons == 0 {
		return nil, fmt.Errorf("%w: %d persons have both columns, fewer than the %d of a cell", ErrNothing, a.Persons,
			floor)
	}
	for k, s := range sides {
		if len(a.Values[k]) < 2 {
			return nil, FormulaError{1, "of " + s.Word + " there is one value alone, " + strings.Join(a.Values[k], "")}
		}
	}
	a.show(pooled(tables, -1), ed.Manifest.Thresholds.CellPersons)
	a.measure(tables, int64(a.Clusters)*max(1, ed.Manifest.Thresholds.ClusterOf) < minSchools)
	return a, nil
}

// count fills the table, and gives that of each cluster.
func (a *Association) count(sides [2]side, persons []query.Person) (tables []stats.Crosstab, out int64) {
	type known struct {
		values  [2]string
		cluster int
		persons int64
	}
	var rows []known
	clusters := map[string]int{}
	for _, p := range persons {
		x, ok := sides[0].value(p)
		y, also := sides[1].value(p)
		if !ok || !also {
			out += p.Persons
			continue
		}
		if _, ok := clusters[p.Cluster]; !ok {
			clusters[p.Cluster] = len(clusters)
		}
		rows = append(rows, known{[2]string{x, y}, clusters[p.Cluster], p.Persons})
	}
	for k := range a.Values {
		var with []row
		for _, r := range rows {
			with = append(with, row{values: r.values[k : k+1]})
		}
		a.Values[k] = valuesIn(with, 0)
	}
	empty := func() stats.Crosstab {
		t := make(stats.Crosstab, len(a.Values[0]))
		for i := range t {
			t[i] = make([]float64, len(a.Values[1]))
		}
		return t
	}
	a.Clusters = len(clusters)
	tables = make([]stats.Crosstab, len(clusters))
	for g := range tables {
		tables[g] = empty()
	}
	for _, r := range rows {
		i, j := slices.Index(a.Values[0], r.values[0]), slices.Index(a.Values[1], r.values[1])
		a.Persons += r.persons
		tables[r.cluster][i][j] += float64(r.persons)
	}
	return tables, out
}

// show keeps the counts that reach the floor of a cell.
func (a *Association) show(t stats.Crosstab, floor int64) {
	for _, row := range t {
		counts := make([]*int64, len(row))
		for j, v := range row {
			if n := int64(v); n == 0 || n >= floor {
				counts[j] = &n
			}
		}
		a.Counts = append(a.Counts, counts)
	}
}

// pooled adds up the tables of all clusters but one.
func pooled(tables []stats.Crosstab, skip int) stats.Crosstab {
	sum := make(stats.Crosstab, len(tables[0]))
	for i := range sum {
		sum[i] = make([]float64, len(tables[0][i]))
		for g, t := range tables {
			for j, v := range t[i] {
				if g != skip {
					sum[i][j] += v
				}
			}
		}
	}
	return sum
}

// quantity is a number of a table and how it is told.
type quantity struct {
	name, read string
	of         func(t stats.Crosstab) float64
	scale      stats.Transform
	null       float64
	test       stats.Test // of independent persons
}

// measure adds the numbers that the columns allow.
func (a *Association) measure(tables []stats.Crosstab, few bool) {
	if few {
		a.Notes = append(a.Notes, fmt.Sprintf("fewer than %d schools: no interval", minSchools))
	}
	for _, q := range a.quantities(pooled(tables, -1)) {
		e := stats.JackknifeClusters(len(tables), func(skip int) float64 { return q.of(pooled(tables, skip)) }, level,
			q.scale)
		line := AssociationLine{Name: q.name, Interval: interval(e, q.null, true), Independent: value(q.test.P),
			Test: q.test.Method, Read: q.read}
		if !few && e.HasInterval() {
			line.Low, line.High = value(e.Low), value(e.High)
			line.P = value(stats.WaldTest(e, q.null, q.scale).P)
		}
		for _, w := range slices.Concat(e.Warnings, q.test.Warnings) {
			a.Notes = append(a.Notes, q.name+": "+w.String()+" ["+string(w.Code)+"]")
		}
		a.Lines = append(a.Lines, line)
	}
}

// quantities are what a table can be asked.
func (a *Association) quantities(all stats.Crosstab) []quantity {
	const ordered = "values in the order of rows and columns"
	out := []quantity{
		{"Kendall's tau-b", ordered, func(t stats.Crosstab) float64 { return stats.Kendall(t).Value }, stats.Fisher, 0,
			stats.Kendall(all).Test},
		{"Spearman's rho", ordered, func(t stats.Crosstab) float64 { return stats.Spearman(t).Value }, stats.Fisher, 0,
			stats.Spearman(all).Test},
	}
	if len(a.Values[0]) != 2 || len(a.Values[1]) != 2 {
		return out
	}
	n := func(i, j int) int { return int(all[i][j]) }
	return append([]quantity{
		{"odds ratio", "odds of the second column's second value, second row against first",
			func(t stats.Crosstab) float64 { return t[0][0] * t[1][1] / (t[0][1] * t[1][0]) }, stats.Log, 1,
			stats.FisherExact(n(0, 0), n(0, 1), n(1, 0), n(1, 1), level).Test},
		{"difference of shares", "share with the second column's second value less that with the first's",
			func(t stats.Crosstab) float64 {
				return (t[0][1] - t[1][0]) / (t[0][0] + t[0][1] + t[1][0] + t[1][1])
			}, stats.Identity, 0, stats.McNemar(n(0, 1), n(1, 0), level).Test},
	}, out...)
}
