package model

import (
	"slices"
	"strings"

	"gonum.org/v1/gonum/floats"
)

// ladder is the order of the values of a factor; others follow by name.
var ladder = []string{"ecole", "college", "lycee", "HEP", "REP", "REP+", "none", "phone", "computer", "mixed"}

// constant is the label of the column of ones.
const constant = "(constant)"

// column of a design: a product of indicators of values, and of ranks.
type column struct {
	term  int
	label string
	// value is what each factor of the term must be; "" is its rank.
	value []string
}

// design is the columns of a formula over the rows of a table.
type design struct {
	table *table
	terms []Term
	// levels are the values of each factor, the reference first.
	levels  map[string][]string
	columns []column
	// empty names the products that no row has, repeated those that are a sum of others over
	// the rows there are: where no école is in a band, the band and its collèges are one.
	empty, repeated []string
}

// newDesign makes the columns: a constant, and of each term the products of the values of
// its factors but for the references.
func newDesign(t *table, f Formula, reference map[string]string) (*design, error) {
	d := &design{table: t, terms: f.Terms, levels: map[string][]string{}}
	for i, factor := range t.factors {
		values := valuesIn(t.rows, i)
		if ref, ok := reference[factor.Word]; ok {
			at := slices.Index(values, ref)
			if at < 0 {
				return nil, FormulaError{factor.At, "reference of " + factor.Word + ": " + unknown(ref, values)}
			}
			if !factor.Trend {
				values = append([]string{ref}, slices.Delete(values, at, at+1)...)
			}
		}
		d.levels[factor.Word] = values
		if len(values) < 2 {
			return nil, FormulaError{factor.At, "of " + factor.Word + " there is one value alone, " +
				strings.Join(values, "") + ": it explains nothing"}
		}
	}
	d.columns = []column{{term: -1, label: constant}}
	for k, term := range f.Terms {
		for _, c := range d.products(k, term) {
			if d.absent(c) {
				d.empty = append(d.empty, c.label)
				continue
			}
			d.columns = append(d.columns, c)
		}
	}
	d.dropRepeated()
	return d, nil
}

// dropRepeated leaves out each column that is a linear combination of those before it, as lm
// of R does, by Gram and Schmidt over the distinct rows.
func (d *design) dropRepeated() {
	const rounding = 1e-9
	seen := map[string]bool{}
	var rows [][]string
	for _, r := range d.table.rows {
		if key := strings.Join(r.values, "\x00"); !seen[key] {
			seen[key] = true
			rows = append(rows, r.values)
		}
	}
	var basis [][]float64
	kept := d.columns[:0]
	for _, c := range d.columns {
		x := make([]float64, len(rows))
		for i, values := range rows {
			x[i] = d.at(c, values)
		}
		before := floats.Norm(x, 2)
		for range 2 { // once more, for rounding
			for _, b := range basis {
				floats.AddScaled(x, -floats.Dot(x, b), b)
			}
		}
		after := floats.Norm(x, 2)
		if after <= rounding*before {
			d.repeated = append(d.repeated, c.label)
			continue
		}
		floats.Scale(1/after, x)
		basis, kept = append(basis, x), append(kept, c)
	}
	d.columns = kept
}

func valuesIn(rows []row, factor int) (out []string) {
	for _, r := range rows {
		if v := r.values[factor]; !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	rank := func(v string) int {
		if at := slices.Index(ladder, v); at >= 0 {
			return at
		}
		return len(ladder)
	}
	slices.SortFunc(out, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return out
}

// products lists the columns of a term.
func (d *design) products(at int, term Term) []column {
	out := []column{{term: at}}
	for _, f := range term {
		var next []column
		for _, c := range out {
			values := d.levels[f.Word][1:]
			if f.Trend {
				values = []string{""}
			}
			for _, v := range values {
				label := f.Word + " " + v
				if v == "" {
					label = f.String()
				}
				next = append(next, column{at, strings.TrimPrefix(c.label+" × "+label, " × "),
					append(slices.Clone(c.value), v)})
			}
		}
		out = next
	}
	return out
}

// absent reports whether no row has the product.
func (d *design) absent(c column) bool {
	return !slices.ContainsFunc(d.table.rows, func(r row) bool { return d.at(c, r.values) != 0 })
}

// at is the value of a column for a row of these values.
func (d *design) at(c column, values []string) float64 {
	if c.term < 0 {
		return 1
	}
	v := 1.0
	for i, f := range d.terms[c.term] {
		own := values[slices.IndexFunc(d.table.factors, func(o Factor) bool { return o.Word == f.Word })]
		switch {
		case f.Trend:
			v *= float64(slices.Index(d.levels[f.Word], own))
		case own != c.value[i]:
			return 0
		}
	}
	return v
}

// rows is the design, with change made to the values of each row (nil: as they are).
func (d *design) rows(change func(values []string)) [][]float64 {
	out := make([][]float64, len(d.table.rows))
	for i, r := range d.table.rows {
		values := r.values
		if change != nil {
			values = slices.Clone(values)
			change(values)
		}
		for _, c := range d.columns {
			out[i] = append(out[i], d.at(c, values))
		}
	}
	return out
}

// of lists the columns of a term.
func (d *design) of(term int) (out []int) {
	for j, c := range d.columns {
		if c.term == term {
			out = append(out, j)
		}
	}
	return out
}
