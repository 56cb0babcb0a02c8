package indicator

import (
	"context"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// weekCell names one cell of the weeks table.
type weekCell struct {
	cluster int32
	level   string
	week    int32
}

// weeksOf gives the weeks of a profile, of one level when the group is a level.
// Each profile is read once.
func (c *computation) weeksOf(ctx context.Context, profile int8, g query.Group) ([]query.Week, error) {
	rows, ok := c.weeks[profile]
	if !ok {
		var err error
		if rows, err = c.ed.Weeks(ctx, profile); err != nil {
			return nil, err
		}
		c.weeks[profile] = rows
	}
	if g.Grouping != "level" {
		return rows, nil
	}
	var out []query.Week
	for _, w := range rows {
		if w.Level == g.Value {
			out = append(out, w)
		}
	}
	return out, nil
}

// parentShare is the visits of parents with a service over those of parents and
// pupils.
func (c *computation) parentShare(
	ctx context.Context, r Result, m question.Measure, _ string, g query.Group,
) (Result, error) {
	parents, err := c.weeksOf(ctx, profileParent, g)
	if err != nil {
		return r, err
	}
	pupils, err := c.weeksOf(ctx, profilePupil, g)
	if err != nil {
		return r, err
	}
	s := newServiceWeeks(byWeek(parents, m.Service), byWeek(pupils, m.Service))
	if len(s.with) == 0 || len(s.all) == 0 {
		return r.unmeasured(CodeNoRows,
			"Non mesurable : le cahier de textes n’est pas transmis pour les parents et pour les élèves."), nil
	}
	// Only the weeks of a cluster where both profiles stand above the threshold.
	for at, visits := range s.with {
		if _, ok := s.all[at]; !ok {
			delete(s.with, at)
			s.missing++
			continue
		}
		s.all[at] += visits
	}
	for at := range s.all {
		if _, ok := s.with[at]; !ok {
			delete(s.all, at)
			s.missing++
		}
	}
	s.count(slices.Concat(parents, pupils), m.Service)
	return s.ratio(r, m, g), nil
}

// serviceWeeks are the visits with a service among all visits, by week and cluster.
type serviceWeeks struct {
	with, all map[weekCell]int64
	persons   map[int32]int64 // by week
	schools   map[clusterKey]int32
	missing   int // weeks of a cluster below the threshold, for one profile at least
}

func newServiceWeeks(with, all map[weekCell]int64) *serviceWeeks {
	return &serviceWeeks{with: with, all: all, persons: map[int32]int64{}, schools: map[clusterKey]int32{}}
}

// count adds the persons and the schools of the rows of a service, of the weeks that are
// kept: who came in another is not of this figure.
func (s *serviceWeeks) count(rows []query.Week, service int8) {
	for _, w := range rows {
		if _, kept := s.all[weekCell{w.Cluster, w.Level, w.WeekDay}]; kept && w.Service == service {
			s.persons[w.WeekDay] += w.Persons
			k := clusterKey{w.Level, w.Cluster}
			s.schools[k] = max(s.schools[k], w.Schools)
		}
	}
}

type clusterKey struct {
	level   string
	cluster int32
}

func byWeek(rows []query.Week, service int8) map[weekCell]int64 {
	out := map[weekCell]int64{}
	for _, w := range rows {
		if w.Service == service {
			out[weekCell{w.Cluster, w.Level, w.WeekDay}] += w.Visits
		}
	}
	return out
}

// ratio is Σwith/Σall over clusters. The number of distinct persons over
// weeks is not in the edition; that of the fullest week is a lower bound of it.
func (s *serviceWeeks) ratio(r Result, m question.Measure, g query.Group) Result {
	num, den := map[clusterKey]float64{}, map[clusterKey]float64{}
	k := &counts{cell: cellKey{"weeks." + r.Indicator + "." + m.Name, r.Population, g.Grouping, g.Value}}
	for at, visits := range s.all {
		cluster := clusterKey{at.level, at.cluster}
		den[cluster] += float64(visits)
		num[cluster] += float64(s.with[at])
		k.x, k.y = k.x+s.with[at], k.y+visits
	}
	var x, y []float64
	for cluster := range den {
		k.schools += int64(s.schools[cluster])
		x, y = append(x, num[cluster]), append(y, den[cluster])
	}
	sortPairs(x, y)
	for _, n := range s.persons {
		k.persons = max(k.persons, n)
	}
	r.N, r.counts = k.persons, k
	r = r.estimated(stats.ClusterShare(x, y, level), k.schools)
	if s.missing > 0 && r.Status == Published {
		r.Warnings = append(r.Warnings, warning(CodeMissingCells,
			"Une partie des semaines est sous le seuil de l’édition, pour l’un ou l’autre profil : "+
				"elles ne sont pas comptées."))
	}
	return r
}

// sortPairs gives the clusters an order that does not come from a map, so that
// sums of floats are the same in every run.
func sortPairs(x, y []float64) {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case x[a] != x[b] && x[a] < x[b], x[a] == x[b] && y[a] < y[b]:
			return -1
		case x[a] == x[b] && y[a] == y[b]:
			return 0
		}
		return 1
	})
	x0, y0 := slices.Clone(x), slices.Clone(y)
	for i, j := range order {
		x[i], y[i] = x0[j], y0[j]
	}
}
