package subject

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/utility"
)

// groupTogether fixes, once for all tables and groupings, which schools stand
// together where none may be recognised: clusters of one stratum, so that a cluster
// is whole in nearly every group, and no two tables give a school by subtraction.
func (b *Builder) groupTogether(ctx context.Context) error {
	schools, err := b.subjectSchools(ctx)
	if err != nil {
		return err
	}
	shuffle(schools, b.o.Key.LastingPRF("unnamed cluster order"))
	clusters := b.stratified(schools, b.o.Floors.UnnamedSchools)
	slices.SortStableFunc(clusters, func(x, y []int64) int {
		if len(x) == 0 || len(y) == 0 {
			return len(x) - len(y)
		}
		return compareStrata(b.schools[x[0]], b.schools[y[0]])
	})
	b.together = nil
	for _, c := range clusters {
		b.together = append(b.together, atom{schools: c})
	}
	return nil
}

func compareStrata(a, b school) int {
	return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.ep, b.ep), cmp.Compare(a.ips, b.ips))
}

// Cells gives the rows of sums and of times, for the groupings that each measure
// and each curve of the approved list names.
func (b *Builder) Cells(ctx context.Context) (*SumRows, []edition.TimeRow, error) {
	sums := &SumRows{}
	var times []edition.TimeRow
	for _, batch := range batches() {
		if err := b.attribute(ctx, batch...); err != nil {
			return nil, nil, fmt.Errorf("subject: cells by %s: %w", batch, err)
		}
		if err := b.sumGrouping(ctx, sums, batch...); err != nil {
			return nil, nil, fmt.Errorf("subject: sums by %s: %w", batch, err)
		}
		batchTimes, err := b.timeGrouping(ctx, batch...)
		if err != nil {
			return nil, nil, fmt.Errorf("subject: times by %s: %w", batch, err)
		}
		times = append(times, batchTimes...)
	}
	slices.SortFunc(times, compareTimes)
	return sums, times, nil
}

// sumGrouping adds the rows of sums of the groupings attributed last, those of one family of measures and one
// grouping at a time: together they are many times the cells that they are made of.
func (b *Builder) sumGrouping(ctx context.Context, sums *SumRows, groupings ...string) error {
	names, unnamed := map[string]*namer{}, map[string]*namer{}
	for _, g := range groupings {
		names[g] = newNamer(b.o.Key, edition.TableSums, g, b.salt())
		unnamed[g] = names[g].apart(b.o.Key, "unnamed "+g)
	}
	atoms, err := b.accountAtoms(ctx, groupings)
	if err != nil {
		return err
	}
	facts := map[string][]atom{}
	for _, fam := range b.familiesBy(groupings) {
		t, err := b.tally(ctx, fam)
		if err != nil {
			return err
		}
		members := b.members(groupings, t)
		for _, g := range groupings {
			c := clustering{groupings: groupings, grouping: g, table: t, least: b.leastOf,
				named:    naming{namer: names[g], base: func(group string) []atom { return atoms[g][group] }},
				together: func(of counted) naming { return b.unnamed(unnamed[g], g, of) },
				unseen:   b.unseen, school: b.o.Floors.School, noise: b.noise, without: b.o.Without}
			if g == everybody {
				b.joinSums(c, members[g], unnamed[g], facts)
			}
			sums.add(b.sumRows(c, members[g]))
		}
	}
	return nil
}

// joinSums joins the schools of the measures of a family that must not be known of a school.
func (b *Builder) joinSums(c clustering, all map[string][]member, names *namer, facts map[string][]atom) {
	known := b.joined[counted{whoseAddress, edition.PopAll}].everywhere // nil until its own family is past
	for _, places := range all {
		asked := map[string]map[int64]int64{} // by population: of whom the family tells whether an address is known
		for _, slot := range c.slots() {
			of := c.table.of[slot]
			if !never(of.measure) {
				continue
			}
			persons := personsOf(c.table.cellsOf(slot, places))
			b.joinFact(facts, of, groupingsOf()[of.measure], persons, names, b.unseen(of.population))
			if asked[of.population] == nil {
				asked[of.population] = map[int64]int64{}
			}
			for s, d := range persons {
				asked[of.population][s] += d[0].n
			}
		}
		for _, slot := range c.slots() {
			if of := c.table.of[slot]; known != nil && factOf(of.measure) == whoseAddress {
				b.joined[of] = b.joined[of].without(func(schools []int64) bool {
					return b.unseen(of.population).exposes(schools, known, asked[of.population])
				})
			}
		}
	}
}

// joinFact joins the schools of a measure of which others tell the same fact, of some of the same persons: its sets are
// whole sets of the one before. Were sets made for each anew, their difference would be of schools that nobody chose.
// facts are the sets of the last measure of each.
func (b *Builder) joinFact(
	facts map[string][]atom, of counted, groupings []string, persons map[int64][]distinct, names *namer, r rule,
) {
	begin, fact := b.together, factOf(of.measure)
	if before := facts[fact]; len(before) > 0 {
		begin = before
	}
	if sets := b.join(of, begin, groupings, persons, 1, names, r); len(sets) > 0 {
		facts[fact] = sets
	}
}

// never reports whether a measure must not be known of a school.
func never(measure string) bool {
	m, _ := edition.FindMeasure(measure)
	return m.Pages == edition.PagesNever
}

// personsOf are the persons of cells by school.
func personsOf(cells []cell) map[int64][]distinct {
	persons := map[int64][]distinct{}
	for i := range cells {
		persons[cells[i].school] = []distinct{cells[i].persons()}
	}
	return persons
}

// slots are those of the measures that are written for the grouping, in the order of their names.
func (c *clustering) slots() []int {
	of := groupingsOf()
	return slices.DeleteFunc(c.table.byMeasure(), func(slot int) bool {
		m := c.table.of[slot].measure
		return slices.Contains(c.without, edition.FamilyOf(m)) || !slices.Contains(of[m], c.grouping)
	})
}

// tellGroups fixes the clusters of the groups of a grouping of persons, of the measures that must not be known of a school.
func (b *Builder) tellGroups(c clustering, slots []int, members map[string][]member) {
	if _, ofSchools := b.groups[c.grouping]; ofSchools {
		return
	}
	for _, slot := range slots {
		of := c.table.of[slot]
		if _, joined := b.joined[of]; !joined || !never(of.measure) { // of one without sets no cluster is told
			continue
		}
		persons := map[string]map[int64][]distinct{}
		for group, places := range members {
			persons[group] = personsOf(c.table.cellsOf(slot, places))
		}
		b.tell(of, c.grouping, persons, c.together(of), b.unseen(of.population))
	}
}

// sumRows are the rows of a family of measures in one grouping as they leave, by group and measure.
func (b *Builder) sumRows(c clustering, members map[string][]member) (rows []edition.SumRow) {
	slots := c.slots()
	b.tellGroups(c, slots, members)
	for _, group := range slices.Sorted(maps.Keys(members)) {
		for _, slot := range slots {
			cells := c.table.cellsOf(slot, members[group])
			if len(cells) == 0 {
				continue
			}
			first := len(rows)
			k := cellKey{group, c.table.of[slot].measure, c.table.of[slot].population}
			for _, t := range c.clusters(k, cells) {
				rows = append(rows, b.leaving(t))
			}
			b.compareWidths(cells, rows[first:])
		}
	}
	return rows
}

// compareWidths compares the interval that the rows of a group and a measure give with that of its
// cells, school by school.
func (b *Builder) compareWidths(cells []cell, rows []edition.SumRow) {
	var before, after []utility.Cluster
	for _, c := range cells {
		before = append(before, utility.Cluster{X: float64(c.tally.Numerator), Y: float64(c.tally.Denom)})
	}
	for _, r := range rows {
		after = append(after, utility.Cluster{X: float64(r.Numerator), Y: float64(r.Denom)})
	}
	b.widths.Add(utility.Width(before), utility.Width(after))
}

// Widths are what the protection of the rows of sums costs, once Cells has given them.
func (b *Builder) Widths() *edition.Widths { return b.widths.Widths() }

type accountCount struct {
	Grp                      string
	SchoolKey, Persons, Keys int64
}

// baseAtoms are the schools of the persons under study, whether in the group or not, by grouping and group.
type baseAtoms map[string]map[string][]atom

// accountAtoms merges, once for all measures and curves of a grouping, the schools with few
// accounts, so that they share their clusters.
func (b *Builder) accountAtoms(ctx context.Context, groupings []string) (baseAtoms, error) {
	accounts := map[string]map[string]map[int64]distinct{}
	for _, g := range groupings {
		accounts[g] = map[string]map[int64]distinct{}
	}
	everywhere, err := b.subjectSchools(ctx)
	if err != nil {
		return nil, err
	}
	err = flow.Rows(ctx, b.run, "account_school", func(r accountCount) error {
		b.parted(groupings, r.Grp, r.SchoolKey, func(grouping, group string, _ bool) {
			if accounts[grouping][group] == nil {
				accounts[grouping][group] = map[int64]distinct{}
			}
			schools := accounts[grouping][group]
			schools[r.SchoolKey] = schools[r.SchoolKey].plus(distinct{r.Persons, uint32(r.Keys)})
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	atoms, names := baseAtoms{}, newNamer(b.o.Key, edition.TableSums, "", b.salt())
	for g, groups := range accounts {
		atoms[g] = map[string][]atom{}
		for group, schools := range groups {
			for _, s := range everywhere { // where nobody of the group is, one person more would be
				schools[s] = schools[s].plus(distinct{})
			}
			atoms[g][group] = merge(b.atoms(names, schools), rule{least: b.least(b.o.Floors.Cell)})
		}
	}
	return atoms, nil
}

// atoms are schools in random order with one count each.
func (b *Builder) atoms(names *namer, counts map[int64]distinct) []atom {
	keys := make([]int64, 0, len(counts))
	for s := range counts {
		keys = append(keys, s)
	}
	names.sort(keys)
	atoms := make([]atom, len(keys))
	for i, s := range keys {
		atoms[i] = one(s, []distinct{counts[s]})
	}
	return atoms
}

// members are the places that count in each group of each grouping, in the order in which they came.
func (b *Builder) members(groupings []string, t *table) map[string]map[string][]member {
	members := map[string]map[string][]member{}
	for _, g := range groupings {
		members[g] = map[string][]member{}
	}
	for i, p := range t.at {
		b.parted(groupings, p.group, p.school, func(grouping, group string, alone bool) {
			members[grouping][group] = append(members[grouping][group], member{i, alone})
		})
	}
	return members
}

// clustering turns cells of schools into cells of clusters of one grouping, none below the floor.
type clustering struct {
	groupings []string // that the table is of
	grouping  string
	table     *table
	least     func(population string) int64
	named     naming
	together  func(of counted) naming // of measures that must not be known of a school
	unseen    func(population string) rule
	school    int64 // persons of a school that is counted
	noise     *perturb.Noise
	without   []string // families, as in the Options
}

// clusters are the cells of clusters of one group and measure.
func (c *clustering) clusters(k cellKey, cells []cell) (tallies []tally) {
	of, r := c.named, rule{least: c.least(k.population)}
	switch m, _ := edition.FindMeasure(k.measure); {
	case m.Pages == edition.PagesNever:
		of, r = c.together(counted{k.measure, k.population}), c.unseen(k.population)
	case m.Pooled:
		r.schools = pooled(of.base(k.group))
	}
	bySchool := map[int64]*cell{}
	for i := range cells {
		bySchool[cells[i].school] = &cells[i]
	}
	persons := personsOf(cells)
	for _, cluster := range of.clusters(k.group, persons, 1, r) {
		sum := tally{SumRow: edition.SumRow{Grouping: c.grouping, Group: k.group, Measure: k.measure,
			Population: k.population, Cluster: of.id(k.group, cluster.schools)}}
		var alone distinct
		for _, s := range cluster.schools {
			if cell := bySchool[s]; cell != nil {
				sum.add(&cell.tally)
				alone = alone.plus(cell.alone)
			}
		}
		sum.Schools = present(c.noise, cluster.schools, persons, c.school, r.unnamed)
		if len(cluster.schools) > 1 {
			of := cellKey{groupName(c.groupings, c.grouping, k.group), k.measure, k.population}
			sum.families = alone.plus(c.table.together(of, cluster.schools))
		}
		tallies = append(tallies, sum)
	}
	return tallies
}

// pooled is the least number of schools in a cluster of a pooled measure, of the schools that have accounts and not of
// those where somebody counts: one person would decide of all clusters.
func pooled(base []atom) int {
	schools := 0
	for _, a := range base {
		schools += len(a.schools)
	}
	return schools / edition.PooledClusters
}

func compareSums(a, b edition.SumRow) int {
	return cmp.Or(cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Cluster, b.Cluster),
		cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Population, b.Population))
}
