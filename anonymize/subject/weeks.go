package subject

import (
	"cmp"
	"context"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/anonymize/perturb"
)

// weekSeries names the cells of one level, profile and service over the weeks.
type weekSeries struct {
	level            string
	profile, service int64
}

type weekRow struct {
	Level                                                 string
	SchoolKey, WeekDay, Profile, Service, Visits, Persons int64
	Keys, Most                                            int64
}

type weekCount struct {
	visits, most int64
	persons      distinct
}

// Weeks gives the rows of weeks: cluster × school week × profile × service. Each
// series has its own clusters, merged until every week that can be written is;
// a cell that is still below its floor is left out. Where holidays are staggered, a
// cluster may have fewer schools in one week than in another.
func (b *Builder) Weeks(ctx context.Context) ([]edition.WeekRow, error) {
	cells := map[weekSeries]map[int64]map[int64]weekCount{} // series, school, week
	err := flow.Rows(ctx, b.run, "week", func(r weekRow) error {
		k := weekSeries{r.Level, r.Profile, r.Service}
		if cells[k] == nil {
			cells[k] = map[int64]map[int64]weekCount{}
		}
		if cells[k][r.SchoolKey] == nil {
			cells[k][r.SchoolKey] = map[int64]weekCount{}
		}
		cells[k][r.SchoolKey][r.WeekDay] = weekCount{r.Visits, r.Most, distinct{r.Persons, uint32(r.Keys)}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	term, err := b.schoolWeeks(ctx)
	if err != nil {
		return nil, err
	}
	names := newNamer(b.o.Key, edition.TableWeeks, "level", b.salt())
	var rows []edition.WeekRow
	for k, schools := range cells {
		rows = append(rows, b.weekRows(k, schools, term, names)...)
	}
	slices.SortFunc(rows, func(a, b edition.WeekRow) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Cluster, b.Cluster),
			cmp.Compare(a.Schools, b.Schools), cmp.Compare(a.WeekDay, b.WeekDay), cmp.Compare(a.Profile, b.Profile),
			cmp.Compare(a.Service, b.Service))
	})
	return rows, nil
}

// weekRows are the rows of one series; term holds the school weeks of each school. The schools of a cluster are those
// under study, whoever came in the week: what is asked of a school in a week is asked of all of them.
func (b *Builder) weekRows(
	k weekSeries, schools map[int64]map[int64]weekCount, term map[int64]map[int64]bool, names *namer,
) []edition.WeekRow {
	least := b.least(b.o.Floors.Cell)
	var days []int64
	for _, weeks := range schools {
		for d := range weeks {
			if !slices.Contains(days, d) {
				days = append(days, d)
			}
		}
	}
	slices.Sort(days)
	persons := map[int64][]distinct{}
	for s, weeks := range schools {
		persons[s] = make([]distinct, len(days))
		for j, d := range days {
			persons[s][j] = weeks[d].persons
		}
	}
	studied := map[int64]bool{}
	for _, c := range b.together {
		for _, s := range c.schools {
			studied[s] = true
		}
	}
	atoms := populate(b.schoolsOf(k.level, names), persons, len(days), names)
	var rows []edition.WeekRow
	for _, c := range merge(atoms, rule{least: least}) {
		id := names.id(k.level, c.schools)
		for j, d := range days {
			in := c.counts[j]
			if in.n < least {
				continue
			}
			r := edition.WeekRow{Level: k.level, Cluster: id, WeekDay: int32(d),
				Profile: int8(k.profile), Service: int8(k.service)}
			visits := perturb.Magnitude{Key: in.key}
			for _, s := range c.schools {
				if studied[s] && term[s][weekOf(d*dayMs)] {
					r.Schools++
				}
				visits.Sum += schools[s][d].visits
				visits.Largest = max(visits.Largest, schools[s][d].most)
			}
			r.Schools = max(r.Schools, 1)
			r.Persons, r.Visits = b.eachOnce(in, visits)
			rows = append(rows, r)
		}
	}
	return rows
}

// schoolsOf are the schools of a level, whoever is in them.
func (b *Builder) schoolsOf(level string, names *namer) []atom {
	var schools []int64
	for s, school := range b.schools {
		if school.level == level {
			schools = append(schools, s)
		}
	}
	names.sort(schools)
	atoms := make([]atom, len(schools))
	for i, s := range schools {
		atoms[i] = atom{schools: []int64{s}}
	}
	return atoms
}

const (
	dayMs  = 24 * 3600 * 1000
	weekMs = 7 * dayMs
)

// weekOf numbers the weeks, from Monday: 1970-01-01 was a Thursday.
func weekOf(clockMs int64) int64 {
	t := clockMs + 3*dayMs
	return (t - (t%weekMs+weekMs)%weekMs) / weekMs
}
