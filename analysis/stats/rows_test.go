package stats

import (
	"fmt"
	"math"
	"sort"
)

// An edition holds grouped data only; these group the rows that R starts from.

// newLifeTable builds the life table of units observed until time[i], with an
// event there or censored. Ties: a unit censored at t is at risk of the events
// at t (Kaplan & Meier's convention). Only times with an event are kept.
func newLifeTable(time []float64, event []bool) LifeTable {
	checkLengths(len(time), len(event))
	order := make([]int, len(time))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return time[order[a]] < time[order[b]] })
	var t LifeTable
	for i := 0; i < len(order); {
		at, d, j := time[order[i]], 0.0, i
		for ; j < len(order) && time[order[j]] == at; j++ {
			if event[order[j]] {
				d++
			}
		}
		if d > 0 {
			t.Time = append(t.Time, at)
			t.AtRisk = append(t.AtRisk, float64(len(order)-i))
			t.Events = append(t.Events, d)
		}
		i = j
	}
	return t
}

// lifeTablesBy builds one life table per group on the common grid of all event
// times, as [LogRank] and [PoolLifeTables] need them. group is in 0…groups−1.
func lifeTablesBy(time []float64, event []bool, group []int, groups int) []LifeTable {
	checkLengths(len(time), len(event), len(group))
	grid := newLifeTable(time, event).Time
	tables := make([]LifeTable, groups)
	for g := range tables {
		tables[g] = LifeTable{grid, make([]float64, len(grid)), make([]float64, len(grid))}
	}
	for i, at := range time {
		t := tables[group[i]]
		last := sort.Search(len(grid), func(k int) bool { return grid[k] > at })
		for k := range last {
			t.AtRisk[k]++
		}
		if event[i] {
			t.Events[last-1]++
		}
	}
	return tables
}

// newCompetingTable builds the table of units observed until time[i], with an event
// of cause[i] in 1…causes there, or censored (0). Ties: a unit censored at t is at
// risk of the events at t.
func newCompetingTable(time []float64, cause []int, causes int) CompetingTable {
	checkLengths(len(time), len(cause))
	any := make([]bool, len(time))
	for i, c := range cause {
		if c < 0 || c > causes {
			panic(fmt.Sprintf("stats: cause %d outside 0..%d", c, causes))
		}
		any[i] = c > 0
	}
	all := newLifeTable(time, any)
	t := CompetingTable{Time: all.Time, AtRisk: all.AtRisk, Events: make([][]float64, causes)}
	at := map[float64]int{}
	for k, v := range t.Time {
		at[v] = k
	}
	for c := range t.Events {
		t.Events[c] = make([]float64, len(t.Time))
	}
	for i, c := range cause {
		if c > 0 {
			t.Events[c-1][at[time[i]]]++
		}
	}
	return t
}

// gini is the Gini coefficient of non-negative x, Σ_iΣ_j|x_i−x_j| / (2n²·mean),
// zeros included and without the n/(n−1) correction. All zeros or no x give NaN.
// Source: Gini 1912; the sorted form Σ(2i−n−1)x_(i) / (n·Σx).
func gini(x []float64) float64 {
	s := append([]float64(nil), x...)
	sort.Float64s(s)
	n := float64(len(s))
	var sum, weighted float64
	for i, v := range s {
		sum += v
		weighted += (2*float64(i+1) - n - 1) * v
	}
	return weighted / (n * sum)
}

// theil is [TheilSums] of units; group nil means one group.
func theil(x []float64, group []int) TheilParts {
	if group == nil {
		group = make([]int, len(x))
	}
	rows := byCluster(group)
	n, sum, log := make([]float64, len(rows)), make([]float64, len(rows)), make([]float64, len(rows))
	for g, in := range rows {
		for _, i := range in {
			n[g], sum[g] = n[g]+1, sum[g]+x[i]
			if x[i] > 0 {
				log[g] += x[i] * math.Log(x[i])
			}
		}
	}
	return TheilSums(n, sum, log)
}
