package stats

import (
	"fmt"
	"math"
	"sort"
)

// LifeTable counts, at each time (or in each bin), the units at risk at its
// start and the events in it. Time rises strictly.
type LifeTable struct {
	Time           []float64
	AtRisk, Events []float64
}

// NewLifeTable builds the life table of units observed until time[i], with an
// event there or censored. Ties: a unit censored at t is at risk of the events
// at t (Kaplan & Meier's convention). Only times with an event are kept.
func NewLifeTable(time []float64, event []bool) LifeTable {
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

// check panics on unequal lengths.
func (t LifeTable) check() { checkLengths(len(t.AtRisk), len(t.Events), len(t.Time)) }

// Survival is the Kaplan–Meier estimate after each bin, Π(1 − d/n). A bin with
// nobody at risk leaves it unchanged.
func (t LifeTable) Survival() []float64 {
	t.check()
	s := make([]float64, len(t.AtRisk))
	at := 1.0
	for i, n := range t.AtRisk {
		if n > 0 {
			at *= 1 - t.Events[i]/n
		}
		s[i] = at
	}
	return s
}

// greenwood is Σ d/(n(n−d)) after each bin: the variance of log S.
func (t LifeTable) greenwood() []float64 {
	v := make([]float64, len(t.AtRisk))
	at := 0.0
	for i, n := range t.AtRisk {
		if d := t.Events[i]; n > 0 && d > 0 {
			at += d / (n * (n - d))
		}
		v[i] = at
	}
	return v
}

// KaplanMeier is the survival after each bin with Greenwood's variance and a
// normal interval on the scale of tr: Log is R's default (its upper bound is cut
// at 1), LogLog stays inside (0, 1). Units are taken as independent; see
// [KaplanMeierClusters] when they are not.
//
// Source: Kaplan & Meier 1958 (JASA 53); Greenwood 1926; Kalbfleisch & Prentice
// 2002, §1.4. Before the first event S = 1 with bounds 1, 1; at S = 0 the bounds
// are NaN.
func KaplanMeier(t LifeTable, level float64, tr Transform) []Estimate {
	checkLevel(level)
	s, v := t.Survival(), t.greenwood()
	out := make([]Estimate, len(s))
	for i := range out {
		e := Estimate{Value: s[i], SE: s[i] * math.Sqrt(v[i]), N: int(t.AtRisk[0]), DF: math.Inf(1),
			Method: fmt.Sprintf("Kaplan-Meier, Greenwood, %v scale", tr)}
		if s[i] == 1 {
			e.Low, e.High, e.Level = 1, 1, level
		} else {
			e.deltaInterval(level, tr)
			e.High = math.Min(e.High, 1)
		}
		out[i] = e
	}
	return out
}

// KaplanMeierClusters is the survival after each bin of the life table summed
// over clusters, with the delete-one-cluster jackknife and a t interval on the
// log-log scale ([JackknifeClusters]). tables[g] is the life table of cluster
// g; all have the same bins. Fewer than [MinClusters] clusters give no interval.
func KaplanMeierClusters(tables []LifeTable, level float64) []Estimate {
	pooled := PoolLifeTables(tables)
	full := pooled.Survival()
	without := make([][]float64, len(tables))
	n := 0
	for g, t := range tables {
		without[g] = pooled.minus(t).Survival()
		if len(t.AtRisk) > 0 {
			n += int(t.AtRisk[0])
		}
	}
	out := make([]Estimate, len(full))
	for i := range out {
		e := JackknifeClusters(len(tables), func(skip int) float64 {
			if skip < 0 {
				return full[i]
			}
			return without[skip][i]
		}, level, LogLog)
		e.N, e.Method = n, "Kaplan-Meier, "+e.Method
		out[i] = e
	}
	return out
}

// Incidence turns a survival into the cumulative incidence 1 − S.
func Incidence(s Estimate) Estimate {
	s.Value, s.Low, s.High = 1-s.Value, 1-s.High, 1-s.Low
	return s
}

// PoolLifeTables adds life tables of the same bins.
func PoolLifeTables(tables []LifeTable) LifeTable {
	if len(tables) == 0 {
		return LifeTable{}
	}
	bins := len(tables[0].Time)
	p := LifeTable{tables[0].Time, make([]float64, bins), make([]float64, bins)}
	for _, t := range tables {
		checkLengths(bins, len(t.Time), len(t.AtRisk), len(t.Events))
		for i := range bins {
			p.AtRisk[i] += t.AtRisk[i]
			p.Events[i] += t.Events[i]
		}
	}
	return p
}

// minus takes the units of o out of t.
func (t LifeTable) minus(o LifeTable) LifeTable {
	m := LifeTable{t.Time, make([]float64, len(t.Time)), make([]float64, len(t.Time))}
	for i := range m.AtRisk {
		m.AtRisk[i], m.Events[i] = t.AtRisk[i]-o.AtRisk[i], t.Events[i]-o.Events[i]
	}
	return m
}
