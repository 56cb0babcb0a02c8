package policy

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/privacy"
)

// Files reads a hierarchy file by the name that the policy gives it.
type Files func(name string) ([]byte, error)

// Bind builds the hierarchies over the values of the table. The table it gives
// differs from t only where the policy sends unknown values somewhere. Errors
// name columns and count persons; a value never appears in one. Files may be
// nil when the policy names no file. A policy that asks something against a population is
// bound by BindAmong.
func (p *Policy) Bind(t *kanon.Table, files Files) (*kanon.Table, *kanon.Policy, error) {
	if p.Population != nil {
		return nil, nil, errNoPopulation
	}
	return p.bind(t, nil, files)
}

// BindAmong is Bind with the table of the population, whose values the hierarchies hold too.
func (p *Policy) BindAmong(t, population *kanon.Table, files Files) (*kanon.Table, *kanon.Policy, error) {
	return p.bind(t, population, files)
}

func (p *Policy) bind(t, population *kanon.Table, files Files) (*kanon.Table, *kanon.Policy, error) {
	out := &kanon.Policy{
		K: p.K, SuppressionLimit: p.SuppressionLimit, Metric: p.Metric, AverageRisk: p.AverageRisk,
		KnownRows: p.KnownRows, WholeProfile: p.WholeProfile,
		Keep: p.Keep, Search: p.Search,
	}
	bound := &kanon.Table{Columns: slices.Clone(t.Columns), Units: t.Units}
	tables := []*kanon.Table{bound}
	if population != nil {
		population = &kanon.Table{Columns: slices.Clone(population.Columns), Units: population.Units}
		out.Population = p.Population.bind(population)
		tables = append(tables, population)
	}
	var faults []error
	for _, q := range p.QuasiIdentifiers {
		if bound.Column(q.Name) == nil {
			faults = append(faults, fmt.Errorf("%w: quasi-identifier %q is not a column", ErrPolicy, q.Name))
			continue
		}
		if population != nil && population.Column(q.Name) == nil {
			faults = append(faults, fmt.Errorf("%w: quasi-identifier %q is not a column of the population", ErrPolicy,
				q.Name))
			continue
		}
		h, err := q.build(tables, files)
		if err != nil {
			faults = append(faults, fmt.Errorf("quasi-identifier %q: %w", q.Name, err))
			continue
		}
		level := q.MaxLevel
		if level > h.MaxLevel() {
			faults = append(faults, fmt.Errorf("%w: quasi-identifier %q: max_level %d, but its hierarchy ends at %d",
				ErrPolicy, q.Name, level, h.MaxLevel()))
		}
		out.QuasiIdentifiers = append(out.QuasiIdentifiers,
			kanon.QuasiIdentifier{Name: q.Name, Hierarchy: h, Weight: q.Weight, MaxLevel: level})
	}
	for _, s := range p.Sensitive {
		bs, err := s.bind(bound, files)
		if err != nil {
			faults = append(faults, fmt.Errorf("sensitive %q: %w", s.Name, err))
			continue
		}
		out.Sensitive = append(out.Sensitive, bs)
	}
	if faults != nil {
		return nil, nil, errors.Join(faults...)
	}
	return bound, out, nil
}

// recipe is the recipe of h, from its file if it has one.
func (h *Hierarchy) recipe(files Files) (hierarchy.Recipe, error) {
	if h.File == "" {
		return h.Recipe, nil
	}
	if files == nil {
		return nil, fmt.Errorf("%w: hierarchy files cannot be read here", ErrPolicy)
	}
	data, err := files(h.File)
	if err != nil {
		return nil, fmt.Errorf("%w: hierarchy: %w", ErrPolicy, err)
	}
	if h.Annuaire {
		recipe, err := hierarchy.ReadAnnuaire(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
		}
		return recipe, nil
	}
	delimiter := h.Delimiter
	if delimiter == 0 {
		delimiter = findDelimiter(data)
	}
	tree, err := hierarchy.ReadCSV(bytes.NewReader(data), delimiter)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPolicy, err)
	}
	return hierarchy.Fixed{Hierarchy: tree}, nil
}

// findDelimiter looks at the first line: a semicolon as ARX writes, else a tab,
// else a comma.
func findDelimiter(data []byte) rune {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	for _, d := range []byte(";\t") {
		if bytes.IndexByte(line, d) >= 0 {
			return rune(d)
		}
	}
	return ','
}

// build makes the hierarchy of a quasi-identifier over the values of its column, in a table
// and in its population, and sends values without a place to Unknown when there is one.
func (q *QuasiIdentifier) build(tables []*kanon.Table, files Files) (*hierarchy.Hierarchy, error) {
	recipe, err := q.Hierarchy.recipe(files)
	if err != nil {
		return nil, err
	}
	values := q.values(tables)
	h, err := recipe.Build(values)
	var misplaced *hierarchy.NoPlace
	if !errors.As(err, &misplaced) {
		return h, err
	}
	texts := map[string]bool{}
	for _, i := range misplaced.Positions {
		texts[values[i]] = true
	}
	for i, t := range tables {
		column, lost := t.Column(q.Name), map[int32]bool{}
		for code, v := range column.Values {
			if texts[v] {
				lost[int32(code)] = true
			}
		}
		if persons := t.Persons(column, lost); q.Unknown == "" && persons > 0 {
			of := ""
			if i > 0 {
				of = " of the population"
			}
			return nil, fmt.Errorf("%w: %d values, of %d persons%s", hierarchy.ErrNoPlace, borne(column, texts), persons, of)
		}
		*column = replace(column, lost, q.Unknown)
	}
	values = q.values(tables)
	if h, err = recipe.Build(values); !errors.As(err, &misplaced) {
		return h, err
	}
	return nest(recipe, values, q.Unknown)
}

// borne counts the texts that some row of a column has.
func borne(column *kanon.Column, texts map[string]bool) int {
	values, _ := column.Used()
	return len(values) - len(slices.DeleteFunc(slices.Clone(values), func(v string) bool { return texts[v] }))
}

// values are those that some row of the tables has in the column, ascending.
func (q *QuasiIdentifier) values(tables []*kanon.Table) []string {
	var all []string
	for _, t := range tables {
		values, _ := t.Column(q.Name).Used()
		all = append(all, values...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ErrNoValues says that a hierarchy is made of the values of a column, which are not known.
var ErrNoValues = errors.New("its hierarchy is made of the values of the column, which are not known")

// Over builds the hierarchy of a quasi-identifier for who has a released table and knows some of the
// values that a column may have. Of both, what has no place or stands above another value is no value of
// level 0. A hierarchy that is written out is whole by itself; of others, values must be known.
func (q *QuasiIdentifier) Over(released, known []string, files Files) (*hierarchy.Hierarchy, error) {
	recipe, err := q.Hierarchy.recipe(files)
	if err != nil {
		return nil, err
	}
	values := slices.Compact(slices.Sorted(slices.Values(slices.Concat(released, known))))
	if whole, ok := recipe.(hierarchy.Fixed); ok {
		if _, placed := whole.Leaf(q.Unknown); placed || !slices.Contains(values, q.Unknown) || q.Unknown == "" {
			return whole.Hierarchy, nil
		}
		return nest(recipe, append(whole.Values(), q.Unknown), q.Unknown)
	}
	if len(known) == 0 {
		return nil, fmt.Errorf("%w: %w", ErrPolicy, ErrNoValues)
	}
	values = slices.DeleteFunc(values, func(v string) bool { return v == hierarchy.Top })
	for len(values) > 0 {
		h, err := recipe.Build(values)
		var misplaced *hierarchy.NoPlace
		if errors.As(err, &misplaced) {
			for _, i := range slices.Backward(slices.Sorted(slices.Values(misplaced.Positions))) {
				values = slices.Delete(values, i, i+1)
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		above := map[string]bool{}
		for level := 1; level <= h.MaxLevel(); level++ {
			for _, v := range values {
				if up, _ := h.Value(level, v); up != v {
					above[up] = true
				}
			}
		}
		leaves := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return above[v] })
		if len(leaves) == len(values) {
			return h, nil
		}
		values = leaves
	}
	return nil, fmt.Errorf("%w: %w", ErrPolicy, ErrNoValues)
}

// replace gives the values of the codes another text.
func replace(c *kanon.Column, codes map[int32]bool, text string) kanon.Column {
	out := kanon.Column{Name: c.Name, Values: slices.Clone(c.Values), Codes: c.Codes}
	for code := range codes {
		out.Values[code] = text
	}
	return out
}

// nest builds a hierarchy over the values without unknown, and adds unknown as a
// value that meets the others at the top only.
func nest(recipe hierarchy.Recipe, values []string, unknown string) (*hierarchy.Hierarchy, error) {
	placed := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == unknown })
	if len(placed) == 0 {
		return hierarchy.New([][]string{{unknown, hierarchy.Top}})
	}
	h, err := recipe.Build(placed)
	if err != nil {
		return nil, err
	}
	top := h.MaxLevel()
	merged := h.Size(top) == 1
	var rows [][]string
	for _, v := range h.Values() {
		row := make([]string, 0, top+2)
		for l := 0; l <= top; l++ {
			g, _ := h.Value(l, v)
			row = append(row, g)
		}
		if !merged {
			row = append(row, hierarchy.Top)
		}
		rows = append(rows, row)
	}
	row := make([]string, len(rows[0]))
	for l := range row {
		row[l] = unknown
	}
	row[len(row)-1] = rows[0][len(row)-1]
	return hierarchy.New(append(rows, row))
}

// bind fills what the table decides: the order of numbers, the tree.
func (s *Sensitive) bind(t *kanon.Table, files Files) (kanon.Sensitive, error) {
	out := s.Sensitive
	column := t.Column(s.Name)
	if column == nil {
		return out, fmt.Errorf("%w: it is not a column", ErrPolicy)
	}
	values, _ := column.Used()
	if rule, _ := privacy.Of(out.Model); rule.Order == privacy.Must && out.Order == nil {
		order, ok := Numbers(values)
		if !ok {
			return out, fmt.Errorf("%w: ordered distance needs order = […]: its values are not all numbers", ErrPolicy)
		}
		out.Order = order
	}
	if s.Tree != nil {
		recipe, err := s.Tree.recipe(files)
		if err != nil {
			return out, err
		}
		if out.Hierarchy, err = recipe.Build(values); err != nil {
			return out, err
		}
	}
	return out, nil
}

// Numbers orders texts as numbers, false when one is not a number or two are
// the same number.
func Numbers(values []string) ([]string, bool) {
	number := map[string]float64{}
	for _, v := range values {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil || x != x {
			return nil, false
		}
		number[v] = x
	}
	order := slices.Clone(values)
	slices.SortFunc(order, func(a, b string) int {
		switch {
		case number[a] < number[b]:
			return -1
		case number[a] > number[b]:
			return 1
		}
		return 0
	})
	for i := 1; i < len(order); i++ {
		if number[order[i]] == number[order[i-1]] {
			return nil, false
		}
	}
	return order, true
}
