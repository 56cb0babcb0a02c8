package risk

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

// Population is a table of a population with the quasi-identifiers of the table that is
// measured, as they were before anything was generalised. Its first unit is the person;
// without one each of its rows is.
type Population struct {
	*kanon.Table
	// Hierarchies bring a column of the population to the level of the table; a column
	// without one is compared as it stands.
	Hierarchies map[string]*hierarchy.Hierarchy
	// Levels are those of columns whose values do not tell their level.
	Levels map[string]int
}

// PopulationReport is what a table tells those who hold its population. An attacker who
// does looks up a class of the table and finds so many persons of whom it may speak.
type PopulationReport struct {
	Persons int `json:"persons"`
	// Levels are those at which the columns with a hierarchy were compared; a column that
	// stands at several, as cell recoding leaves it, is not in it.
	Levels map[string]int `json:"levels,omitempty"`
	// KMap is the least number of persons of the population in a class of the table
	// (k-map, Sweeney 2002); 0 where the population has nobody for one.
	KMap int `json:"k_map"`
	// RowsBelow and PersonsBelow are those in a class of fewer than Report.AtRiskBelow
	// persons of the population.
	RowsBelow    int `json:"rows_below"`
	PersonsBelow int `json:"persons_below"`
	// RowsUnmatched and PersonsUnmatched are those in a class that the population has
	// nobody for: it is not, or not in the same words, the population of the table.
	RowsUnmatched    int `json:"rows_unmatched"`
	PersonsUnmatched int `json:"persons_unmatched"`
	// Smaller counts the classes in which the population has fewer persons than the
	// table, those with nobody among them.
	Smaller int `json:"smaller"`
	// Elsewhere are the persons of the population in no class of the table: they are not
	// in it, or were suppressed.
	Elsewhere int `json:"elsewhere"`
	// DeltaMin and DeltaMax are the least and the largest share, over the classes of the
	// population, of its persons who are in the table (δ-presence, Nergiz, Atzori and
	// Clifton 2007), 0 to 1; null where Smaller is not 0, and where classes overlap because
	// a column stands at several levels.
	DeltaMin *float64 `json:"delta_min"`
	DeltaMax *float64 `json:"delta_max"`
}

// population says what the table tells those who hold its population.
func (r *Report) population(t *kanon.Table, o Options, p *people, c *kanon.Classes) error {
	if o.Population == nil {
		r.Absent["journalist"] = "a population table (--population)"
		return nil
	}
	stands, err := o.Population.standings(t, o.QuasiIdentifiers)
	if err != nil {
		return err
	}
	in := &PopulationReport{Levels: map[string]int{}}
	r.Population = in
	for i, name := range o.QuasiIdentifiers {
		if stands[i].hierarchy != nil && stands[i].of == nil {
			in.Levels[name] = stands[i].level
		}
	}
	sizes, err := in.lookUp(t, o, c, stands)
	if err != nil {
		return err
	}
	in.sizes(c, sizes, o.AtRiskBelow)
	smallest := worst(p, c.Of, sizes)
	for _, n := range smallest {
		if int(n) < o.AtRiskBelow {
			in.PersonsBelow++
		}
		if n == 0 {
			in.PersonsUnmatched++
		}
	}
	if in.DeltaMin == nil {
		r.Absent["delta_presence"] = "columns that stand at one level each, as those of full-domain recoding do"
	}
	if in.Smaller > 0 {
		in.DeltaMin, in.DeltaMax = nil, nil
		needs := fmt.Sprintf("a population that holds the table: %d classes are smaller there, or not in it", in.Smaller)
		r.Absent["journalist"], r.Absent["delta_presence"] = needs, needs
		return nil
	}
	a := exposure(smallest, o.AtRiskBelow)
	r.Journalist = &a
	return nil
}

// lookUp gives the persons of the population in each class of the table: for each choice
// of levels that some classes stand at, the population is brought there.
func (in *PopulationReport) lookUp(t *kanon.Table, o Options, c *kanon.Classes, stands []standing) ([]int32, error) {
	sizes := make([]int32, c.N)
	everybody := personsOf(o.Population.Table)
	in.Persons = everybody.n()
	met := make([]bool, everybody.n())
	kinds, classes := kindsOf(t, o.QuasiIdentifiers, firstRows(c), stands)
	for i, levels := range kinds {
		at, err := o.Population.raised(o.QuasiIdentifiers, stands, levels)
		if err != nil {
			return nil, err
		}
		pc, err := kanon.Classify(at, o.QuasiIdentifiers, nil)
		if err != nil {
			return nil, fmt.Errorf("risk: population: %w", err)
		}
		here := make([]int32, pc.N)
		for class, to := range same(t, c, classes[i], at, pc, o.QuasiIdentifiers) {
			sizes[class], here[to] = pc.Persons[to], c.Persons[class]
		}
		for person := range met {
			met[person] = met[person] || slices.ContainsFunc(everybody.rows(person),
				func(row int32) bool { return here[pc.Of[row]] > 0 })
		}
		if len(kinds) == 1 {
			in.presence(pc, here)
		}
	}
	for _, found := range met {
		if !found {
			in.Elsewhere++
		}
	}
	return sizes, nil
}

// sizes fills what follows from the persons of the population in each class.
func (in *PopulationReport) sizes(c *kanon.Classes, sizes []int32, below int) {
	in.KMap = int(slices.Min(sizes))
	for class, n := range sizes {
		if int(n) < below {
			in.RowsBelow += int(c.Rows[class])
		}
		if n == 0 {
			in.RowsUnmatched += int(c.Rows[class])
		}
		if n < c.Persons[class] {
			in.Smaller++
		}
	}
}

// presence fills the least and the largest share of a class of the population that is here.
func (in *PopulationReport) presence(pc *kanon.Classes, here []int32) {
	low, high := 1.0, 0.0
	for class, n := range here {
		share := float64(n) / float64(pc.Persons[class])
		low, high = min(low, share), max(high, share)
	}
	in.DeltaMin, in.DeltaMax = &low, &high
}

// kindsOf sorts the classes of the table by the levels of their values. A class with a
// value that is at no level is of no kind.
func kindsOf(t *kanon.Table, quasi []string, rows []int, stands []standing) (kinds [][]int, classes [][]int32) {
	index := map[string]int{}
	for class, row := range rows {
		levels, placed := make([]int, len(quasi)), true
		for i, name := range quasi {
			levels[i] = stands[i].level
			if stands[i].of != nil {
				level, ok := stands[i].of[t.Column(name).Text(row)]
				levels[i], placed = level, placed && ok
			}
		}
		if !placed {
			continue
		}
		key := fmt.Sprint(levels)
		if _, known := index[key]; !known {
			index[key] = len(kinds)
			kinds, classes = append(kinds, levels), append(classes, nil)
		}
		classes[index[key]] = append(classes[index[key]], int32(class))
	}
	return kinds, classes
}

// same finds, for some classes of the table, the class of the population with the same
// texts; a class without one is not in it.
func same(
	t *kanon.Table, c *kanon.Classes, some []int32, population *kanon.Table, pc *kanon.Classes, quasi []string,
) map[int32]int32 {
	key := func(table *kanon.Table, row int) string {
		var b strings.Builder
		for _, name := range quasi {
			text := table.Column(name).Text(row)
			fmt.Fprintf(&b, "%d:%s", len(text), text)
		}
		return b.String()
	}
	index := map[string]int32{}
	for class, row := range firstRows(pc) {
		index[key(population, row)] = int32(class)
	}
	to, rows := map[int32]int32{}, firstRows(c)
	for _, class := range some {
		if found, ok := index[key(t, rows[class])]; ok {
			to[class] = found
		}
	}
	return to
}

// firstRows are a row of each class.
func firstRows(c *kanon.Classes) []int {
	rows := make([]int, c.N)
	for row := len(c.Of) - 1; row >= 0; row-- {
		rows[c.Of[row]] = row
	}
	return rows
}

// standing is where a column of the table stands in its hierarchy: at one level, or each
// value at its own.
type standing struct {
	hierarchy *hierarchy.Hierarchy // nil: compared as it stands
	level     int
	of        map[string]int // nil: all at level
}

// standings are those of the quasi-identifiers, in their order.
func (p *Population) standings(t *kanon.Table, quasi []string) ([]standing, error) {
	out := make([]standing, len(quasi))
	var faults []error
	for i, name := range quasi {
		column := t.Column(name)
		if p.Column(name) == nil || column == nil {
			faults = append(faults, fmt.Errorf("risk: population: %w: %q is not a column", kanon.ErrPolicy, name))
			continue
		}
		h := p.Hierarchies[name]
		if h == nil {
			continue
		}
		values, _ := column.Used()
		level, pinned := p.Levels[name]
		at, err := standing{hierarchy: h, level: level}, error(nil)
		if !pinned {
			at, err = stand(h, values)
		} else if level < 0 || level > h.MaxLevel() {
			err = fmt.Errorf("its hierarchy has the levels 0 to %d", h.MaxLevel())
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("risk: population: %w: %q: %w", kanon.ErrPolicy, name, err))
		}
		out[i] = at
	}
	return out, errors.Join(faults...)
}

// raised is the population with each column at a level.
func (p *Population) raised(quasi []string, stands []standing, levels []int) (*kanon.Table, error) {
	out := &kanon.Table{Units: p.Units}
	var faults []error
	for i, name := range quasi {
		column := *p.Column(name)
		if h := stands[i].hierarchy; h != nil {
			var err error
			column, err = raise(&column, h, levels[i])
			faults = append(faults, err)
		}
		out.Columns = append(out.Columns, column)
	}
	return out, errors.Join(faults...)
}

// raise is a column at a level of its hierarchy.
func raise(c *kanon.Column, h *hierarchy.Hierarchy, level int) (kanon.Column, error) {
	values, codes := c.Used()
	texts := slices.Clone(c.Values)
	lost := 0
	for i, v := range values {
		text, ok := h.Value(level, v)
		if texts[codes[i]] = text; !ok {
			lost++
		}
	}
	if lost > 0 {
		return kanon.Column{}, fmt.Errorf("risk: population: column %q: %w: %d values", c.Name, hierarchy.ErrNoPlace, lost)
	}
	return kanon.Column{Name: c.Name, Values: texts, Codes: c.Codes}, nil
}

// stand finds the level of a hierarchy at which all values of a column stand, or that of
// each. Values that are at no level stay out of it: nobody of the population has them. Two
// levels at which values stand for the same leaves are one.
func stand(h *hierarchy.Hierarchy, values []string) (standing, error) {
	known, levels := map[string]bool{}, map[string][]int{}
	var common []int // levels of all that are known
	for _, v := range values {
		for level := range h.MaxLevel() + 1 {
			if _, ok := h.CodeOf(level, v); ok {
				known[v], levels[v] = true, append(levels[v], level)
			}
		}
	}
	if len(known) == 0 {
		return standing{}, errors.New("none of its values is in the hierarchy of the policy")
	}
	for level := range h.MaxLevel() + 1 {
		if !slices.ContainsFunc(slices.Collect(maps.Values(levels)),
			func(at []int) bool { return !slices.Contains(at, level) }) {
			common = append(common, level)
		}
	}
	if len(common) > 0 {
		level, err := finest(h, known, common)
		return standing{hierarchy: h, level: level}, err
	}
	out := standing{hierarchy: h, of: map[string]int{}}
	for _, v := range slices.Sorted(maps.Keys(levels)) {
		level, err := finest(h, map[string]bool{v: true}, levels[v])
		if err != nil {
			return standing{}, err
		}
		out.of[v] = level
	}
	return out, nil
}

// finest is the first of the levels, unless values stand for other leaves at another.
func finest(h *hierarchy.Hierarchy, values map[string]bool, levels []int) (int, error) {
	for _, other := range levels[1:] {
		if !alike(h, values, levels[0], other) {
			return 0, fmt.Errorf("values may stand at level %d or %d of the hierarchy; hint: say which by --level", levels[0],
				other)
		}
	}
	return levels[0], nil
}

// alike reports whether values stand for the same leaves at two levels.
func alike(h *hierarchy.Hierarchy, values map[string]bool, a, b int) bool {
	for leaf := range int32(h.Leaves()) {
		at, above := h.Label(a, h.Code(a, leaf)), h.Label(b, h.Code(b, leaf))
		if at != above && (values[at] || values[above]) {
			return false
		}
	}
	return true
}
