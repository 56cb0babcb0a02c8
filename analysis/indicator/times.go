package indicator

import (
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
)

// firstLoginWeeks is the horizon of D3.first_login_8w.
const firstLoginWeeks = 8

// firstLogin is 1 − S(8 weeks) of the curve D3.first_login, by Kaplan-Meier on
// the life table in weeks: an account is at risk in a week when it had neither
// visited nor been censored before it.
func (c *computation) firstLogin(r Result, g query.Group) (Result, error) {
	if c.times == nil {
		all, err := c.ed.Times(c.ctx, curveFirstLogin)
		if err != nil {
			return r, err
		}
		c.times = map[query.Group][]query.Time{}
		for _, t := range all {
			at := query.Group{Grouping: t.Grouping, Value: t.Group}
			c.times[at] = append(c.times[at], t)
		}
	}
	rows := c.times[g]
	if len(rows) == 0 {
		return r.unmeasured(CodeNoRows, noRows), nil
	}
	var last int32
	for _, t := range rows {
		last = max(last, t.Bin)
	}
	if last < firstLoginWeeks-1 {
		return r.unmeasured(CodeShort, "Non mesurable : la période compte moins de %d semaines.", firstLoginWeeks), nil
	}
	k := &counts{cell: cellKey{curveFirstLogin, r.Population, g.Grouping, g.Value}, perHead: true}
	tables := lifeTables(rows, k)
	k.y = k.persons
	r.N, r.counts = k.persons, k
	survival := stats.KaplanMeierClusters(tables, level)
	return r.estimated(stats.Incidence(survival[firstLoginWeeks-1]), k.schools), nil
}

// lifeTables builds the life table of each cluster over the first weeks. A bin
// without a row has no event and nobody censored: who was left is still at risk.
func lifeTables(rows []query.Time, k *counts) []stats.LifeTable {
	var tables []stats.LifeTable
	for i := 0; i < len(rows); {
		first := rows[i]
		t := stats.LifeTable{Time: make([]float64, firstLoginWeeks), AtRisk: make([]float64, firstLoginWeeks), Events: make([]float64, firstLoginWeeks)}
		left := first.Persons
		bin := int32(0)
		fill := func(to int32) {
			for ; bin < to && bin < firstLoginWeeks; bin++ {
				t.Time[bin], t.AtRisk[bin] = float64(bin), float64(left)
			}
		}
		for ; i < len(rows) && rows[i].Cluster == first.Cluster; i++ {
			row := rows[i]
			fill(row.Bin)
			if row.Bin < firstLoginWeeks {
				t.Time[row.Bin], t.AtRisk[row.Bin], t.Events[row.Bin] = float64(row.Bin), float64(row.AtRisk), float64(row.Events)
				k.x += row.Events
				bin = row.Bin + 1
			}
			left = row.AtRisk - row.Events - row.Censored
		}
		fill(firstLoginWeeks)
		k.persons += first.Persons
		k.schools += int64(first.Schools)
		tables = append(tables, t)
	}
	return tables
}
