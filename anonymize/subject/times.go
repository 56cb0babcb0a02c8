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
	"github.com/entscope/entscope/anonymize/perturb"
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
// censored, and the persons who have a unit at risk.
type life struct{ events, censored, persons []distinct }

// timeGrouping gives the life tables of every curve by group and cluster.
// Clusters are merged until at least the floor of distinct persons has a unit at
// risk in every bin in which the whole group has as many; a bin with fewer ends
// its curve, and the units left are censored in the last bin written.
func (b *Builder) timeGrouping(ctx context.Context, groupings ...string) ([]edition.TimeRow, error) {
	names, unnamed := map[string]*namer{}, map[string]*namer{}
	for _, g := range groupings {
		names[g] = newNamer(b.o.Key, edition.TableTimes, g, b.salt())
		unnamed[g] = names[g].apart(b.o.Key, "unnamed times "+g)
	}
	base, err := b.accountAtoms(ctx, groupings)
	if err != nil {
		return nil, err
	}
	var rows []edition.TimeRow
	for _, c := range b.curves() {
		if !slices.ContainsFunc(groupings, c.by) || slices.Contains(b.o.Without, c.Family) {
			continue
		}
		b.run.Choose("unit", c.Units)
		if err := b.cap(ctx, c); err != nil {
			return nil, err
		}
		tables, err := b.lives(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("curve %s: %w", c.Name, err)
		}
		parted := b.partedLives(groupings, tables)
		keys := slices.SortedFunc(maps.Keys(parted), func(a, b groupKey) int { // two sets may ask for one identifier
			return cmp.Or(cmp.Compare(a.grouping, b.grouping), cmp.Compare(a.group, b.group))
		})
		of, unseen := counted{measure: c.Name}, b.unseen("")
		for _, k := range keys {
			if !c.by(k.grouping) {
				continue
			}
			row := edition.TimeRow{Curve: c.Name, Grouping: k.grouping, Group: k.group}
			at := naming{namer: names[k.grouping], base: func(group string) []atom { return base[k.grouping][group] }}
			r := rule{least: b.least(b.o.Floors.Cell)}
			if c.Pages == edition.PagesNever {
				if k.grouping == everybody { // the first of them
					b.joinLives(c, parted[k], unnamed[k.grouping], unseen)
				}
				at, r = b.unnamed(unnamed[k.grouping], k.grouping, of), unseen
			}
			rows = append(rows, b.curveRows(row, parted[k], at, r, b.most(c))...)
		}
	}
	return rows, nil
}

// joinLives joins the schools of a curve that must not be known of a school.
func (b *Builder) joinLives(c curve, everywhere map[int64]*life, names *namer, r rule) {
	persons, bins := personsOfLives(everywhere)
	by := slices.DeleteFunc(groupings(), func(g string) bool { return !c.by(g) })
	b.join(counted{measure: c.Name}, b.together, by, persons, bins, names, r)
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
	sum := &life{slices.Clone(l.events), slices.Clone(l.censored), slices.Clone(l.persons)}
	for i := range sum.events {
		sum.events[i] = sum.events[i].plus(other.events[i])
		sum.censored[i] = sum.censored[i].plus(other.censored[i])
		sum.persons[i] = sum.persons[i].plus(other.persons[i])
	}
	return sum
}

func compareTimes(a, b edition.TimeRow) int {
	return cmp.Or(cmp.Compare(a.Curve, b.Curve), cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Cluster, b.Cluster), cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.Bin, b.Bin))
}

type leaving struct {
	Grp                                                      string
	SchoolKey, Step, Event, Units, Keys, Persons, PersonKeys int64
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
	add := func(counts *[]distinct, bin int64, d distinct) {
		for int64(len(*counts)) <= bin {
			*counts = append(*counts, distinct{})
		}
		(*counts)[bin] = (*counts)[bin].plus(d)
		bins = max(bins, bin+1)
	}
	err := flow.Rows(ctx, b.run, "curve_cell", func(r leaving) error {
		if r.Step < 0 {
			return fmt.Errorf("a unit leaves %d steps before its origin", -r.Step)
		}
		l, units := of(r.Grp, r.SchoolKey), distinct{r.Units, uint32(r.Keys)}
		if bin, event := c.bin(r.Step, r.Event); event == 1 {
			add(&l.events, bin, units)
		} else {
			add(&l.censored, bin, units)
		}
		if r.Persons > 0 {
			bin, _ := c.bin(r.Step, 0)
			add(&l.persons, bin, distinct{r.Persons, uint32(r.PersonKeys)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, schools := range tables {
		for _, l := range schools {
			for _, counts := range []*[]distinct{&l.events, &l.censored, &l.persons} {
				add(counts, bins-1, distinct{})
			}
			l.persons = left(l.persons)
		}
	}
	return tables, nil
}

// curveRows are the rows of one curve and group, most the units that it takes of a person.
func (b *Builder) curveRows(
	row edition.TimeRow, schools map[int64]*life, of naming, r rule, most int64,
) []edition.TimeRow {
	persons, bins := personsOfLives(schools)
	var rows []edition.TimeRow
	for _, c := range of.clusters(row.Group, persons, bins, r) {
		var l *life
		for _, s := range c.schools {
			if at := schools[s]; at != nil {
				l = at.plus(l)
			}
		}
		row.Cluster = of.id(row.Group, c.schools)
		row.Schools = present(b.noise, c.schools, persons, b.o.Floors.School, r.unnamed)
		row.Persons = b.noise.Count(c.counts[0].key, c.counts[0].n)
		rows = append(rows, b.lifeRows(row, l, r.least, most)...)
	}
	return rows
}

// personsOfLives are the persons of life tables by school and bin.
func personsOfLives(schools map[int64]*life) (persons map[int64][]distinct, bins int) {
	persons = map[int64][]distinct{}
	for s, l := range schools {
		persons[s], bins = l.persons, len(l.persons)
	}
	return persons, bins
}

// lifeRows are the bins of a life table as they leave: events and censored with
// noise, and at risk those who leave in the bin or later. They end before the first
// bin with too few persons; those left are censored in the last one.
func (b *Builder) lifeRows(row edition.TimeRow, l *life, least, most int64) []edition.TimeRow {
	events, censored := b.units(l.events, most), b.units(l.censored, most)
	atRisk := left(events)
	for i, d := range left(censored) {
		atRisk[i] = atRisk[i].plus(d)
	}
	var rows []edition.TimeRow
	for bin, persons := range l.persons {
		if persons.n < least {
			break
		}
		row.Bin, row.AtRisk, row.Events, row.Censored = int32(bin), atRisk[bin].n, events[bin].n, censored[bin].n
		rows = append(rows, row)
	}
	if n := len(rows); n > 0 {
		rows[n-1].Censored = rows[n-1].AtRisk - rows[n-1].Events
	}
	return rows
}

// most is how many units a curve takes of a person in a school.
func (b *Builder) most(c curve) int64 {
	if c.Most == edition.EachDeadline {
		return int64(len(b.o.Study.Deadlines))
	}
	return c.Most
}

// unitCap is the one row of the table unit_cap.
type unitCap struct {
	Most int64 `parquet:"most"`
}

// cap says to the view capped_unit how many units the curve takes of a person.
func (b *Builder) cap(ctx context.Context, c curve) error {
	if err := b.run.Drop(ctx, "capped_unit"); err != nil { // that of another curve
		return err
	}
	return put(ctx, b, "unit_cap", []unitCap{{b.most(c)}})
}

// units are numbers of units with noise, of which one person has most or fewer. Which noise they have follows from
// what the curve declares: did it follow from what persons have, it would tell whether anybody has two. As of persons,
// no few leave.
func (b *Builder) units(exact []distinct, most int64) []distinct {
	out := slices.Clone(exact)
	if b.noise == nil {
		return out
	}
	for i, d := range exact {
		if most == 1 {
			out[i].n = b.noise.Count(d.key, d.n)
			continue
		}
		n := b.noise.Magnitude(perturb.Magnitude{Key: d.key, Sum: d.n, Largest: most})
		out[i].n = b.noise.Between(n, 0, int64(b.o.Perturbation.Least), int64(d.key), d.n)
	}
	return out
}

// left counts what leaves in each bin or later: those at risk in it.
func left(leaving []distinct) []distinct {
	n := make([]distinct, len(leaving))
	var later distinct
	for i := len(n) - 1; i >= 0; i-- {
		later = later.plus(leaving[i])
		n[i] = later
	}
	return n
}
