package subject

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/utility"
)

// naming is how the clusters of a grouping begin, group by group, and what they are
// called.
type naming struct {
	*namer
	base func(group string) []atom
}

// unnamed is the naming of measures that must not be known of a school.
func (b *Builder) unnamed(names *namer) naming {
	return naming{names, func(string) []atom { return b.together }}
}

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

// sumGrouping adds the rows of sums of the groupings attributed last.
func (b *Builder) sumGrouping(ctx context.Context, sums *SumRows, groupings ...string) error {
	names, unnamed := map[string]*namer{}, map[string]*namer{}
	for _, g := range groupings {
		names[g] = newNamer(b.o.Key, edition.TableSums, g, b.salt())
		unnamed[g] = names[g].apart(b.o.Key, "unnamed "+g)
	}
	atoms, err := b.accountAtoms(ctx, groupings, names)
	if err != nil {
		return err
	}
	for _, fam := range b.familiesBy(groupings) {
		t, err := b.tally(ctx, fam)
		if err != nil {
			return err
		}
		cells := b.cells(groupings, t)
		c := clustering{groupings: groupings, table: t, least: b.leastOf, unnamed: b.o.Floors.UnnamedSchools}
		for _, g := range groupings {
			named := naming{names[g], func(group string) []atom { return atoms[g][group] }}
			c.add(g, named, b.unnamed(unnamed[g]), cells[g])
		}
		rows := make([]edition.SumRow, len(c.tallies))
		for i, t := range c.tallies {
			rows[i] = b.leaving(t)
		}
		b.compareWidths(cells, rows)
		sums.add(rows)
	}
	return nil
}

// compareWidths compares the intervals that the rows of a family give with those of its cells,
// school by school.
func (b *Builder) compareWidths(cells map[string]map[cellKey][]cell, rows []edition.SumRow) {
	after := map[groupKey][]utility.Cluster{}
	for _, r := range rows {
		k := groupKey{r.Grouping, cellKey{r.Group, r.Measure, r.Population}}
		after[k] = append(after[k], utility.Cluster{X: float64(r.Numerator), Y: float64(r.Denom)})
	}
	for grouping, of := range cells {
		for k, schools := range of {
			var before []utility.Cluster
			for _, s := range schools {
				before = append(before, utility.Cluster{X: float64(s.tally.Numerator), Y: float64(s.tally.Denom)})
			}
			b.widths.Add(utility.Width(before), utility.Width(after[groupKey{grouping, k}]))
		}
	}
}

// Widths are what the protection of the rows of sums costs, once Cells has given them.
func (b *Builder) Widths() *edition.Widths { return b.widths.Widths() }

type accountCount struct {
	Grp                      string
	SchoolKey, Persons, Keys int64
}

// accountAtoms merges, once for all measures of a grouping, the schools with few
// accounts, so that the common measures share their clusters.
func (b *Builder) accountAtoms(
	ctx context.Context, groupings []string, names map[string]*namer,
) (map[string]map[string][]atom, error) {
	accounts := map[string]map[string]map[int64]distinct{}
	for _, g := range groupings {
		accounts[g] = map[string]map[int64]distinct{}
	}
	err := flow.Rows(ctx, b.run, "account_school", func(r accountCount) error {
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
	atoms := map[string]map[string][]atom{}
	for g, groups := range accounts {
		atoms[g] = map[string][]atom{}
		for group, schools := range groups {
			atoms[g][group] = merge(b.atoms(names[g], schools), rule{least: b.least(b.o.Floors.Cell)})
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

// cells are those of a family of measures in each grouping that they are written for: one
// per group, school, measure and population. A group has one period: the window, or the month
// it is.
func (b *Builder) cells(groupings []string, t *table) map[string]map[cellKey][]cell {
	type place struct {
		grouping string
		cellKey
		school int64
	}
	cells := map[string]map[cellKey][]cell{}
	for _, g := range groupings {
		cells[g] = map[cellKey][]cell{}
	}
	at := map[place]int{}
	of := groupingsOf()
	t.each(func(k periodKey, r tally) {
		written := of[k.measure]
		b.parted(groupings, k.group, k.school, func(grouping, group string, alone bool) {
			if !slices.Contains(written, grouping) {
				return
			}
			key := cellKey{group, k.measure, k.population}
			p := place{grouping, key, k.school}
			i, ok := at[p]
			if !ok {
				i = len(cells[grouping][key])
				at[p] = i
				cells[grouping][key] = append(cells[grouping][key], cell{school: k.school})
			}
			c := &cells[grouping][key][i]
			c.tally.add(r)
			if alone {
				c.alone = c.alone.plus(r.families)
			}
		})
	})
	return cells
}

// clustering turns cells of schools into cells of clusters, none below the floor.
type clustering struct {
	groupings []string
	table     *table
	least     func(population string) int64
	unnamed   int // schools of a cluster where none may be recognised
	tallies   []tally
}

func (c *clustering) add(grouping string, named, unnamed naming, cells map[cellKey][]cell) {
	for _, k := range sortedKeys(cells) {
		of, r := named, rule{least: c.least(k.population)}
		if m, _ := edition.FindMeasure(k.measure); m.Pages == edition.PagesNever {
			of, r.unnamed = unnamed, c.unnamed
		}
		bySchool := map[int64]cell{}
		for _, s := range cells[k] {
			bySchool[s.school] = s
		}
		for _, cluster := range merge(withCounts(of.base(k.group), bySchool, of.namer), r) {
			sum := tally{SumRow: edition.SumRow{Grouping: grouping, Group: k.group,
				Measure: k.measure, Population: k.population, Cluster: of.id(k.group, cluster.schools),
				Schools: int32(len(cluster.schools))}}
			var alone distinct
			for _, s := range cluster.schools {
				sum.add(bySchool[s].tally)
				alone = alone.plus(bySchool[s].alone)
			}
			if len(cluster.schools) > 1 {
				k.group = groupName(c.groupings, grouping, sum.Group)
				sum.families = alone.plus(c.table.together(k, cluster.schools))
				k.group = sum.Group
			}
			c.tallies = append(c.tallies, sum)
		}
	}
}

// leastOf is how many distinct persons a cell of a population must have.
func (b *Builder) leastOf(population string) int64 {
	if population == edition.PopStaff {
		return b.least(max(b.o.Floors.Cell, b.o.Floors.Staff))
	}
	return b.least(b.o.Floors.Cell)
}

// withCounts gives the base clusters of a group with the persons of one measure,
// without the schools that have none; a school outside the base stands alone.
func withCounts(base []atom, bySchool map[int64]cell, names *namer) []atom {
	var atoms []atom
	seen := map[int64]bool{}
	for _, a := range base {
		next := atom{counts: make([]distinct, 1)}
		for _, s := range a.schools {
			seen[s] = true
			if c, ok := bySchool[s]; ok {
				next.schools = append(next.schools, s)
				next.counts[0], next.largest = next.counts[0].plus(c.persons()), max(next.largest, c.tally.Persons)
			}
		}
		if len(next.schools) > 0 {
			atoms = append(atoms, next)
		}
	}
	var rest []int64
	for s := range bySchool {
		if !seen[s] {
			rest = append(rest, s)
		}
	}
	names.sort(rest)
	for _, s := range rest {
		atoms = append(atoms, one(s, []distinct{bySchool[s].persons()}))
	}
	return atoms
}

func compareSums(a, b edition.SumRow) int {
	return cmp.Or(cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Cluster, b.Cluster),
		cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Population, b.Population))
}
