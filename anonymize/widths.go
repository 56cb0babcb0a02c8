package anonymize

import (
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/utility"
)

// grouped are the columns that an indicator groups the person table by, "" for all of it.
var grouped = []string{"", "level", "ips_band", "ep"}

// rowWidths is the price of the person table: over the shares of each value of each behaviour
// in each group, how wide the interval by clusters is in the released table, on that of all
// persons in the same clusters. A behaviour that was left out has lost its intervals.
func rowWidths(all, released *kanon.Table, behaviours []string) *edition.Widths {
	var c utility.Comparison
	for _, behaviour := range behaviours {
		for _, group := range grouped {
			after := shareWidths(released, behaviour, group)
			for of, width := range shareWidths(all, behaviour, group) {
				c.Add(width, after[of])
			}
		}
	}
	return c.Widths()
}

// share is a value of a behaviour in a group.
type share struct{ group, value string }

// shareWidths are the widths of the shares of a column's values in the groups of another; a
// column that is not there has none.
func shareWidths(t *kanon.Table, behaviour, group string) map[share]float64 {
	c, cluster, by := t.Column(behaviour), t.Column("cluster"), t.Column(group)
	if c == nil || cluster == nil || group != "" && by == nil {
		return nil
	}
	persons, bearers := map[string]map[string]float64{}, map[share]map[string]float64{}
	for row := range t.Rows() {
		in := ""
		if by != nil {
			in = by.Text(row)
		}
		count(persons, in, cluster.Text(row))
		count(bearers, share{in, c.Text(row)}, cluster.Text(row))
	}
	out := map[share]float64{}
	for of, x := range bearers {
		var clusters []utility.Cluster
		for at, n := range persons[of.group] {
			clusters = append(clusters, utility.Cluster{X: x[at], Y: n})
		}
		out[of] = utility.Width(clusters)
	}
	return out
}

func count[K comparable](in map[K]map[string]float64, of K, cluster string) {
	if in[of] == nil {
		in[of] = map[string]float64{}
	}
	in[of][cluster]++
}
