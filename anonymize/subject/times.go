package subject

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// by says whether the curve is written for a grouping.
func (c *curve) by(grouping string) bool {
	if c.By == nil {
		return slices.Contains(edition.Groupings, grouping)
	}
	return slices.Contains(c.By, grouping)
}

// bin is the position of a step: that of the last edge up to it, or the step
// itself. An event at the last edge or later is not seen any more.
func (c *curve) bin(step, event int64) (bin, seen int64) {
	if c.Edges == nil {
		return step, event
	}
	n := sort.Search(len(c.Edges), func(i int) bool { return int64(c.Edges[i]) > step }) - 1
	if n == len(c.Edges)-1 {
		event = 0
	}
	return int64(n), event
}

// life is the life table of one school by bin: units with an event, units
// censored, units at risk, and the persons who have a unit at risk.
type life struct{ events, censored, atRisk, persons []int64 }

// timeGrouping gives the life tables of every curve by group and cluster.
// Clusters are merged until at least the floor of distinct persons has a unit at
// risk in every bin in which the whole group has as many; a bin with fewer ends
// its curve, and the units left are censored in the last bin written.
func (b *Builder) timeGrouping(ctx context.Context, groupings ...string) ([]edition.TimeRow, error) {
	names := map[string]*namer{}
	for _, g := range groupings {
		names[g] = newNamer(b.o.Key, edition.TableTimes, g, b.salt())
	}
	var rows []edition.TimeRow
	for _, c := range b.curves() {
		if !slices.ContainsFunc(groupings, c.by) {
			continue
		}
		b.run.Choose("unit", c.Units)
		tables, err := b.lives(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("curve %s: %w", c.Name, err)
		}
		parted := b.partedLives(groupings, tables)
		keys := slices.SortedFunc(maps.Keys(parted), func(a, b groupKey) int { // two sets may ask for one identifier
			return cmp.Or(cmp.Compare(a.grouping, b.grouping), cmp.Compare(a.group, b.group))
		})
		for _, k := range keys {
			if c.by(k.grouping) {
				rows = append(rows, b.curveRows(c.Name, k.grouping, k.group, parted[k], names[k.grouping])...)
			}
		}
	}
	return rows, nil
}

// partedLives gives each group of each grouping its life tables by school.
func (b *Builder) partedLives(groupings []string, tables map[string]map[int64]*life) map[groupKey]map[int64]*life {
	parted := map[groupKey]map[int64]*life{}
	for group, schools := range tables {
		for school, l := range schools {
			b.parted(groupings, group, school, func(grouping, group string, _ bool) {
				k := groupKey{grouping, cellKey{group: group}}
				if parted[k] == nil {
					parted[k] = map[int64]*life{}
				}
				parted[k][school] = l.plus(parted[k][school])
			})
		}
	}
	return parted
}

// plus adds the life table of other persons of the school, nil for nobody.
func (l *life) plus(other *life) *life {
	if other == nil {
		return l
	}
	sum := &life{slices.Clone(l.events), slices.Clone(l.censored), slices.Clone(l.atRisk), slices.Clone(l.persons)}
	for i := range sum.events {
		sum.events[i] += other.events[i]
		sum.censored[i] += other.censored[i]
		sum.atRisk[i] += other.atRisk[i]
		sum.persons[i] += other.persons[i]
	}
	return sum
}

func compareTimes(a, b edition.TimeRow) int {
	return cmp.Or(cmp.Compare(a.Curve, b.Curve), cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Cluster, b.Cluster), cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.Bin, b.Bin))
}

type leaving struct {
	Grp                           string
	SchoolKey, Step, Event, Units int64
}

type lastLeaving struct {
	Grp                          string
	SchoolKey, LastStep, Persons int64
}

// lives reads the view unit into the life tables of groups and schools.
func (b *Builder) lives(ctx context.Context, c curve) (map[string]map[int64]*life, error) {
	tables := map[string]map[int64]*life{}
	of := func(group string, school int64) *life {
		if tables[group] == nil {
			tables[group] = map[int64]*life{}
		}
		if tables[group][school] == nil {
			tables[group][school] = &life{}
		}
		return tables[group][school]
	}
	bins := int64(len(c.Edges))
	add := func(counts *[]int64, bin, n int64) {
		for int64(len(*counts)) <= bin {
			*counts = append(*counts, 0)
		}
		(*counts)[bin] += n
		bins = max(bins, bin+1)
	}
	err := flow.Rows(ctx, b.run, "curve_cell", func(r leaving) error {
		if r.Step < 0 {
			return fmt.Errorf("a unit leaves %d steps before its origin", -r.Step)
		}
		l := of(r.Grp, r.SchoolKey)
		if bin, event := c.bin(r.Step, r.Event); event == 1 {
			add(&l.events, bin, r.Units)
		} else {
			add(&l.censored, bin, r.Units)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := flow.Rows(ctx, b.run, "curve_person", func(r lastLeaving) error {
		bin, _ := c.bin(r.LastStep, 0)
		add(&of(r.Grp, r.SchoolKey).persons, bin, r.Persons)
		return nil
	}); err != nil {
		return nil, err
	}
	for _, schools := range tables {
		for _, l := range schools {
			for _, counts := range []*[]int64{&l.events, &l.censored, &l.persons} {
				add(counts, bins-1, 0)
			}
			l.atRisk, l.persons = left(l.events), left(l.persons)
			for i, n := range left(l.censored) {
				l.atRisk[i] += n
			}
		}
	}
	return tables, nil
}

func (b *Builder) curveRows(name, grouping, group string, schools map[int64]*life, names *namer) []edition.TimeRow {
	keys := make([]int64, 0, len(schools))
	for s := range schools {
		keys = append(keys, s)
	}
	names.sort(keys)
	atoms := make([]atom, len(keys))
	for i, s := range keys {
		atoms[i] = atom{[]int64{s}, schools[s].persons}
	}
	var rows []edition.TimeRow
	for _, c := range merge(atoms, b.o.Floors.Cell) {
		id := names.id(group, c.schools)
		first := len(rows)
		for bin, persons := range c.counts {
			if persons < b.o.Floors.Cell {
				break
			}
			r := edition.TimeRow{Curve: name, Grouping: grouping, Group: group, Cluster: id,
				Schools: int32(len(c.schools)), Bin: int32(bin), Persons: c.counts[0]}
			for _, s := range c.schools {
				l := schools[s]
				r.AtRisk += l.atRisk[bin]
				r.Events += l.events[bin]
				r.Censored += l.censored[bin]
			}
			rows = append(rows, r)
		}
		if n := len(rows); n > first {
			rows[n-1].Censored = rows[n-1].AtRisk - rows[n-1].Events
		}
	}
	return rows
}

// left counts what leaves in each bin or later: those at risk in it.
func left(leaving []int64) []int64 {
	n := make([]int64, len(leaving))
	var later int64
	for i := len(n) - 1; i >= 0; i-- {
		later += leaving[i]
		n[i] = later
	}
	return n
}
