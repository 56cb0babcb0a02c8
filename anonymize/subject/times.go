package subject

import (
	"cmp"
	"context"

	"github.com/entscope/entscope/anonymize/edition"
)

// life is the life table of one school: events and censorings by week.
type life struct{ events, censored []int64 }

// timeGrouping gives the life tables of the curve D3.first_login by group and
// cluster. Clusters are merged until at least the floor is at risk in every week
// in which the whole group has as many at risk; a week with fewer at risk ends
// its curve, and those left are counted as censored in the last week written.
func (b *Builder) timeGrouping(ctx context.Context, grouping string) ([]edition.TimeRow, error) {
	tables, err := b.lives(ctx)
	if err != nil {
		return nil, err
	}
	names := newNamer(b.o.Key, edition.TableTimes, grouping, b.salt())
	var rows []edition.TimeRow
	for group, schools := range tables {
		rows = append(rows, b.curve(grouping, group, schools, names)...)
	}
	return rows, nil
}

func compareTimes(a, b edition.TimeRow) int {
	return cmp.Or(cmp.Compare(a.Curve, b.Curve), cmp.Compare(a.Grouping, b.Grouping), cmp.Compare(a.Group, b.Group),
		cmp.Compare(a.Cluster, b.Cluster), cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.Bin, b.Bin))
}

func (b *Builder) lives(ctx context.Context) (map[string]map[int64]*life, error) {
	weeks := int(b.o.Study.End-b.o.Study.Start)/7 + 1
	tables := map[string]map[int64]*life{}
	err := b.each(ctx, "first_login", func(r *row) error {
		group, school := r.text(0), r.int(1)
		if tables[group] == nil {
			tables[group] = map[int64]*life{}
		}
		l := tables[group][school]
		if l == nil {
			l = &life{make([]int64, weeks), make([]int64, weeks)}
			tables[group][school] = l
		}
		if bin := r.int(2) / 7; r.int(3) == 1 {
			l.events[bin] += r.int(4)
		} else {
			l.censored[bin] += r.int(4)
		}
		return nil
	})
	return tables, err
}

func (b *Builder) curve(grouping, group string, schools map[int64]*life, names *namer) []edition.TimeRow {
	keys := make([]int64, 0, len(schools))
	for s := range schools {
		keys = append(keys, s)
	}
	names.sort(keys)
	atoms := make([]atom, len(keys))
	for i, s := range keys {
		atoms[i] = atom{[]int64{s}, schools[s].atRisk()}
	}
	var rows []edition.TimeRow
	for _, c := range merge(atoms, b.o.Floors.Cell) {
		id := names.id(group, c.schools)
		first := len(rows)
		for bin, atRisk := range c.counts {
			if atRisk < b.o.Floors.Cell {
				break
			}
			r := edition.TimeRow{Curve: "D3.first_login", Grouping: grouping, Group: group, Cluster: id, Schools: int32(len(c.schools)),
				Bin: int32(bin), Persons: c.counts[0], AtRisk: atRisk}
			for _, s := range c.schools {
				r.Events += schools[s].events[bin]
				r.Censored += schools[s].censored[bin]
			}
			rows = append(rows, r)
		}
		if n := len(rows); n > first {
			rows[n-1].Censored = rows[n-1].AtRisk - rows[n-1].Events
		}
	}
	return rows
}

// atRisk counts those who had neither an event nor a censoring before each week.
func (l *life) atRisk() []int64 {
	n := make([]int64, len(l.events))
	var later int64
	for i := len(n) - 1; i >= 0; i-- {
		later += l.events[i] + l.censored[i]
		n[i] = later
	}
	return n
}
