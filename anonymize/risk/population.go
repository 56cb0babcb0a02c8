package risk

import (
	"errors"
	"fmt"
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
	// Levels are those at which the columns with a hierarchy were compared.
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
	// Elsewhere are the persons of the population in whose class the table has nobody:
	// they are known not to be in it.
	Elsewhere int `json:"elsewhere"`
	// DeltaMin and DeltaMax are the least and the largest share, over the classes of the
	// population, of its persons who are in the table (δ-presence, Nergiz, Atzori and
	// Clifton 2007), 0 to 1; null where Smaller is not 0.
	DeltaMin *float64 `json:"delta_min"`
	DeltaMax *float64 `json:"delta_max"`
}

// population says what the table tells those who hold its population.
func (r *Report) population(t *kanon.Table, o Options, p *people, c *kanon.Classes) error {
	if o.Population == nil {
		r.Absent["journalist"] = "a population table (--population)"
		return nil
	}
	at, levels, err := o.Population.generalised(t, o.QuasiIdentifiers)
	if err != nil {
		return err
	}
	pc, err := kanon.Classify(at, o.QuasiIdentifiers, nil)
	if err != nil {
		return fmt.Errorf("risk: population: %w", err)
	}
	in := &PopulationReport{Persons: pc.TotalPersons, Levels: levels}
	sizes, here := in.compare(c, pc, same(t, c, at, pc, o.QuasiIdentifiers))
	in.Elsewhere = elsewhere(personsOf(at), pc.Of, here)
	r.Population = in
	for class, n := range sizes {
		if int(n) < o.AtRiskBelow {
			in.RowsBelow += int(c.Rows[class])
		}
	}
	smallest := worst(p, c.Of, sizes)
	for _, n := range smallest {
		if int(n) < o.AtRiskBelow {
			in.PersonsBelow++
		}
		if n == 0 {
			in.PersonsUnmatched++
		}
	}
	if in.Smaller > 0 {
		needs := fmt.Sprintf("a population that holds the table: %d classes are smaller there, or not in it", in.Smaller)
		r.Absent["journalist"], r.Absent["delta_presence"] = needs, needs
		return nil
	}
	a := exposure(smallest, o.AtRiskBelow)
	r.Journalist = &a
	return nil
}

// compare fills what classes alone tell; to is the class of the population of each class
// of the table, -1 where there is none. It gives the persons of the population in each
// class of the table, and those of the table in each class of the population.
func (in *PopulationReport) compare(c, pc *kanon.Classes, to []int32) (sizes, here []int32) {
	sizes, here = make([]int32, c.N), make([]int32, pc.N)
	in.KMap = in.Persons
	for class := range sizes {
		if to[class] >= 0 {
			sizes[class] = pc.Persons[to[class]]
			here[to[class]] = c.Persons[class]
		} else {
			in.RowsUnmatched += int(c.Rows[class])
		}
		in.KMap = min(in.KMap, int(sizes[class]))
		if sizes[class] < c.Persons[class] {
			in.Smaller++
		}
	}
	low, high := 1.0, 0.0
	for class, n := range here {
		share := float64(n) / float64(pc.Persons[class])
		low, high = min(low, share), max(high, share)
	}
	if in.Smaller == 0 {
		in.DeltaMin, in.DeltaMax = &low, &high
	}
	return sizes, here
}

// elsewhere counts the distinct persons of the population all of whose classes are empty.
func elsewhere(p *people, of, here []int32) int {
	n := 0
	for i := range p.n() {
		if !slices.ContainsFunc(p.rows(i), func(row int32) bool { return here[of[row]] > 0 }) {
			n++
		}
	}
	return n
}

// same finds, for each class of the table, the class of the population with the same
// texts, -1 where there is none.
func same(t *kanon.Table, c *kanon.Classes, population *kanon.Table, pc *kanon.Classes, quasi []string) []int32 {
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
	to := make([]int32, c.N)
	for class, row := range firstRows(c) {
		found, ok := index[key(t, row)]
		if to[class] = found; !ok {
			to[class] = -1
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

// generalised is the population with each column at the level of the table.
func (p *Population) generalised(t *kanon.Table, quasi []string) (*kanon.Table, map[string]int, error) {
	out := &kanon.Table{Units: p.Units}
	levels := map[string]int{}
	var faults []error
	for _, name := range quasi {
		from, column := p.Column(name), t.Column(name)
		if from == nil || column == nil {
			faults = append(faults, fmt.Errorf("risk: population: %w: %q is not a column", kanon.ErrPolicy, name))
			continue
		}
		h := p.Hierarchies[name]
		if h == nil {
			out.Columns = append(out.Columns, *from)
			continue
		}
		values, _ := column.Used()
		level, pinned := p.Levels[name]
		var err error
		if !pinned {
			level, err = levelOf(h, values)
		} else if level < 0 || level > h.MaxLevel() {
			err = fmt.Errorf("its hierarchy has the levels 0 to %d", h.MaxLevel())
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("risk: population: %w: %q: %w", kanon.ErrPolicy, name, err))
			continue
		}
		raised, err := raise(from, h, level)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		levels[name] = level
		out.Columns = append(out.Columns, raised)
	}
	return out, levels, errors.Join(faults...)
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

// levelOf finds the level of a hierarchy at which all values of a column stand. Values
// that are at no level stay out of it: nobody of the population has them. Two levels at
// which the values stand for the same leaves are one.
func levelOf(h *hierarchy.Hierarchy, values []string) (int, error) {
	known := map[string]bool{}
	at := make([]int, h.MaxLevel()+1) // values at each level
	for _, v := range values {
		for level := range at {
			if _, ok := h.CodeOf(level, v); ok {
				at[level]++
				known[v] = true
			}
		}
	}
	if len(known) == 0 {
		return 0, errors.New("none of its values is in the hierarchy of the policy")
	}
	level := slices.Index(at, len(known))
	if level < 0 {
		return 0, errors.New("its values stand at several levels of the hierarchy, as those of cell recoding do: " +
			"a class has no one counterpart in the population")
	}
	for other := level + 1; other < len(at); other++ {
		if at[other] == len(known) && !alike(h, known, level, other) {
			return 0, fmt.Errorf("its values may stand at level %d or %d of the hierarchy; hint: "+
				"say which by --level; the manifest of a released table tells",
				level, other)
		}
	}
	return level, nil
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
