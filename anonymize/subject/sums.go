package subject

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// salt is the part of every random choice that comes from the input.
func (b *Builder) salt() int64 {
	sum := sha256.Sum256([]byte(b.o.Zone.Hash()))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// cellKey is what a cell speaks of within one grouping.
type cellKey struct {
	group               string
	measure, population string
}

// cell is the row of one school. alone is how many of its families are counted by
// school: they are of that school only.
type cell struct {
	school, alone int64
	row           edition.SumRow
}

// Cells gives the rows of sums and of times, for the groupings that each measure
// and each curve of the approved list names.
func (b *Builder) Cells(ctx context.Context) ([]edition.SumRow, []edition.TimeRow, error) {
	var sums []edition.SumRow
	var times []edition.TimeRow
	for _, batch := range batches() {
		if err := b.attribute(ctx, batch...); err != nil {
			return nil, nil, fmt.Errorf("subject: cells by %s: %w", batch, err)
		}
		batchSums, err := b.sumGrouping(ctx, batch...)
		if err != nil {
			return nil, nil, fmt.Errorf("subject: sums by %s: %w", batch, err)
		}
		batchTimes, err := b.timeGrouping(ctx, batch...)
		if err != nil {
			return nil, nil, fmt.Errorf("subject: times by %s: %w", batch, err)
		}
		sums, times = append(sums, batchSums...), append(times, batchTimes...)
	}
	slices.SortFunc(sums, compareSums)
	slices.SortFunc(times, compareTimes)
	return sums, times, nil
}

// sumGrouping gives the rows of sums of the groupings attributed last.
func (b *Builder) sumGrouping(ctx context.Context, groupings ...string) ([]edition.SumRow, error) {
	names := map[string]*namer{}
	for _, g := range groupings {
		names[g] = newNamer(b.o.Key, edition.TableSums, g, b.salt())
	}
	atoms, err := b.accountAtoms(ctx, groupings, names)
	if err != nil {
		return nil, err
	}
	var rows []edition.SumRow
	of := groupingsOf()
	for _, fam := range b.familiesBy(groupings) {
		if err := b.contribute(ctx, fam); err != nil {
			return nil, err
		}
		cells, err := b.cells(ctx, groupings, fam)
		if err != nil {
			return nil, err
		}
		c := clustering{groupings: groupings, fam: fam, floor: b.floor, counted: map[groupKey]string{}}
		for _, g := range groupings {
			maps.DeleteFunc(cells[g], func(k cellKey, _ []cell) bool { return !slices.Contains(of[k.measure], g) })
			c.add(g, names[g], atoms[g], cells[g])
		}
		if err := b.countMerged(ctx, &c); err != nil {
			return nil, err
		}
		rows = append(rows, c.rows...)
	}
	return rows, nil
}

type accountCount struct {
	Grp                string
	SchoolKey, Persons int64
}

// accountAtoms merges, once for all measures of a grouping, the schools with few
// accounts, so that the common measures share their clusters.
func (b *Builder) accountAtoms(ctx context.Context, groupings []string, names map[string]*namer) (map[string]map[string][]atom, error) {
	accounts := map[string]map[string]map[int64]int64{}
	for _, g := range groupings {
		accounts[g] = map[string]map[int64]int64{}
	}
	err := flow.Rows(ctx, b.run, "account_school", func(r accountCount) error {
		b.parted(groupings, r.Grp, r.SchoolKey, func(grouping, group string, _ bool) {
			if accounts[grouping][group] == nil {
				accounts[grouping][group] = map[int64]int64{}
			}
			accounts[grouping][group][r.SchoolKey] += r.Persons
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
			atoms[g][group] = merge(b.atoms(names[g], schools), b.o.Floors.Cell)
		}
	}
	return atoms, nil
}

// atoms are schools in random order with one count each.
func (b *Builder) atoms(names *namer, counts map[int64]int64) []atom {
	keys := make([]int64, 0, len(counts))
	for s := range counts {
		keys = append(keys, s)
	}
	names.sort(keys)
	atoms := make([]atom, len(keys))
	for i, s := range keys {
		atoms[i] = atom{[]int64{s}, []int64{counts[s]}}
	}
	return atoms
}

// cells reads the common aggregation for each grouping: one row per group, school,
// measure and population. A group has one period: the window, or the month it is.
func (b *Builder) cells(ctx context.Context, groupings []string, fam family) (map[string]map[cellKey][]cell, error) {
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
	err := b.readCells(ctx, fam, func(k periodKey, r edition.SumRow) {
		b.parted(groupings, k.group, k.school, func(grouping, group string, alone bool) {
			key := cellKey{group, k.measure, k.population}
			p := place{grouping, key, k.school}
			i, ok := at[p]
			if !ok {
				i = len(cells[grouping][key])
				at[p] = i
				cells[grouping][key] = append(cells[grouping][key], cell{school: k.school})
			}
			c := &cells[grouping][key][i]
			addSum(&c.row, r)
			if alone {
				c.alone += r.Families
			}
		})
	})
	return cells, err
}

// periodKey names the cell of one school in one period.
type periodKey struct {
	cellKey
	period, school int64
}

// cellRow is the part of a cell whose x are in one bin.
type cellRow struct {
	Grp                                  string
	Period, SchoolKey                    int64
	Measure, Population                  string
	Bin, Persons, Numerator, Denominator int64
	SumXX, SumXY, SumYY                  int64
}

type familyCount struct {
	Grp                 string
	Period, SchoolKey   int64
	Measure, Population string
	Families            int64
}

// readCells hands over the parts of the cells of the family of measures that
// the view contribution gives: one part per bin, and one with the families.
func (b *Builder) readCells(ctx context.Context, fam family, f func(periodKey, edition.SumRow)) error {
	type slot struct {
		measure string
		period  int64
	}
	present := map[slot][]string{} // by the measure that stands for others
	err := flow.Rows(ctx, b.run, "cell", func(r cellRow) error {
		part := edition.SumRow{Persons: r.Persons, Numerator: r.Numerator, Denom: r.Denominator, SumXX: r.SumXX, SumXY: r.SumXY, SumYY: r.SumYY}
		*histogram(&part)[r.Bin] = part.Persons
		k := periodKey{cellKey{r.Grp, r.Measure, r.Population}, r.Period, r.SchoolKey}
		f(k, part)
		like, ok := fam.like[k.measure]
		if !ok {
			return fmt.Errorf("measure %s is not of the family %s", k.measure, fam.name)
		}
		if s := (slot{like, k.period}); !slices.Contains(present[s], k.measure) {
			present[s] = append(present[s], k.measure)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var standing []string
	for s := range present {
		if !slices.Contains(standing, s.measure) {
			standing = append(standing, s.measure)
		}
	}
	answer := "families_apart"
	if n := len(standing); n == 0 {
		return nil
	} else if n <= 2 {
		answer = "families"
		b.run.Set(map[string]any{"first_measure": standing[0], "last_measure": standing[n-1]})
	}
	return flow.Rows(ctx, b.run, answer, func(r familyCount) error {
		for _, m := range present[slot{r.Measure, r.Period}] {
			f(periodKey{cellKey{r.Grp, m, r.Population}, r.Period, r.SchoolKey}, edition.SumRow{Families: r.Families})
		}
		return nil
	})
}

type mergedRow struct {
	Group      string `parquet:"grp"`
	Measure    string `parquet:"measure"`
	Population string `parquet:"population"`
	SchoolKey  int64  `parquet:"school_key"`
	Cluster    int64  `parquet:"cluster"`
}

type mergedCount struct {
	Grp                 string
	Cluster             int64
	Measure, Population string
	Families            int64
}

// groupKey is what the measures that count the same persons have in common.
type groupKey struct {
	grouping string
	cellKey
}

// clustering turns cells of schools into cells of clusters, none below the floor.
// Families do not add over schools: those of merged clusters are counted again,
// once for the measures that count the same persons, whose clusters are the same.
type clustering struct {
	groupings []string
	fam       family
	floor     func(population string) int64
	rows      []edition.SumRow
	alone     []int64 // of each row, its families counted by school
	merged    []mergedRow
	counted   map[groupKey]string // the measure whose families are counted
}

func (c *clustering) add(grouping string, names *namer, atoms map[string][]atom, cells map[cellKey][]cell) {
	for _, k := range sortedKeys(cells) {
		alike := c.alike(grouping, k)
		if c.counted[alike] == "" {
			c.counted[alike] = k.measure
		}
		bySchool := map[int64]cell{}
		for _, s := range cells[k] {
			bySchool[s.school] = s
		}
		for _, cluster := range merge(withCounts(atoms[k.group], bySchool, names), c.floor(k.population)) {
			sum := edition.SumRow{Grouping: grouping, Group: k.group, Measure: k.measure, Population: k.population,
				Cluster: names.id(k.group, cluster.schools), Schools: int32(len(cluster.schools))}
			var alone int64
			for _, s := range cluster.schools {
				addSum(&sum, bySchool[s].row)
				alone += bySchool[s].alone
				if len(cluster.schools) > 1 && c.counted[alike] == k.measure {
					c.merged = append(c.merged, mergedRow{groupName(c.groupings, grouping, k.group), k.measure, k.population, s, int64(sum.Cluster)})
				}
			}
			c.rows, c.alone = append(c.rows, sum), append(c.alone, alone)
		}
	}
}

func (c *clustering) alike(grouping string, k cellKey) groupKey {
	return groupKey{grouping, cellKey{k.group, c.fam.like[k.measure], k.population}}
}

// countMerged counts the distinct families of the clusters of several schools.
func (b *Builder) countMerged(ctx context.Context, c *clustering) error {
	if len(c.merged) == 0 {
		return nil
	}
	distinct, err := b.mergedFamilies(ctx, c.merged)
	if err != nil {
		return err
	}
	for i := range c.rows {
		r := &c.rows[i]
		counted := c.counted[c.alike(r.Grouping, cellKey{r.Group, r.Measure, r.Population})]
		if n, ok := distinct[mergedRow{groupName(c.groupings, r.Grouping, r.Group), counted, r.Population, 0, int64(r.Cluster)}]; ok {
			r.Families = c.alone[i] + n
		}
	}
	return nil
}

// floor is the least number of distinct persons in a cell of a population.
func (b *Builder) floor(population string) int64 {
	if population == edition.PopStaff {
		return max(b.o.Floors.Cell, b.o.Floors.Staff)
	}
	return b.o.Floors.Cell
}

// withCounts gives the base clusters of a group with the persons of one measure,
// without the schools that have none; a school outside the base stands alone.
func withCounts(base []atom, bySchool map[int64]cell, names *namer) []atom {
	var atoms []atom
	seen := map[int64]bool{}
	for _, a := range base {
		next := atom{counts: []int64{0}}
		for _, s := range a.schools {
			seen[s] = true
			if c, ok := bySchool[s]; ok {
				next.schools = append(next.schools, s)
				next.counts[0] += c.row.Persons
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
		atoms = append(atoms, atom{[]int64{s}, []int64{bySchool[s].row.Persons}})
	}
	return atoms
}

func (b *Builder) mergedFamilies(ctx context.Context, merged []mergedRow) (map[mergedRow]int64, error) {
	if err := put(ctx, b, "merged", merged); err != nil {
		return nil, err
	}
	distinct := map[mergedRow]int64{}
	err := flow.Rows(ctx, b.run, "merged_families", func(r mergedCount) error {
		distinct[mergedRow{r.Grp, r.Measure, r.Population, 0, r.Cluster}] = r.Families
		return nil
	})
	return distinct, err
}

// addSum adds a school's cell to a cluster's; sums of squares saturate.
func addSum(sum *edition.SumRow, r edition.SumRow) {
	sum.Persons += r.Persons
	sum.Families += r.Families
	sum.Numerator += r.Numerator
	sum.Denom += r.Denom
	for _, p := range [][2]*int64{{&sum.SumXX, &r.SumXX}, {&sum.SumXY, &r.SumXY}, {&sum.SumYY, &r.SumYY}} {
		if *p[0] > math.MaxInt64-*p[1] {
			*p[0] = math.MaxInt64
		} else {
			*p[0] += *p[1]
		}
	}
	from := histogram(&r)
	for i, h := range histogram(sum) {
		*h += *from[i]
	}
}

func histogram(r *edition.SumRow) [16]*int64 {
	return [16]*int64{&r.H00, &r.H01, &r.H02, &r.H03, &r.H04, &r.H05, &r.H06, &r.H07, &r.H08, &r.H09, &r.H10, &r.H11, &r.H12, &r.H13, &r.H14, &r.H15}
}

func compareSums(a, b edition.SumRow) int {
	return cmp.Or(cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Cluster, b.Cluster),
		cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Population, b.Population))
}

func sortedKeys(cells map[cellKey][]cell) []cellKey {
	keys := make([]cellKey, 0, len(cells))
	for k := range cells {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b cellKey) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.measure, b.measure), cmp.Compare(a.population, b.population))
	})
	return keys
}
