package policy

import (
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

// Claims writes what the manifest claims of each sensitive attribute: the model with
// every parameter that a recount needs, and achieved, the value of each on the table
// that leaves. The tree of a distance holds the values that leave and no other.
func Claims(p *kanon.Policy, achieved []float64, released *kanon.Table) []edition.SensitiveClaim {
	out := make([]edition.SensitiveClaim, 0, len(p.Sensitive))
	for i, s := range p.Sensitive {
		against := ""
		if s.WholeTable {
			against = edition.AgainstTable
		}
		out = append(out, edition.SensitiveClaim{
			Name: s.Name, Model: string(s.Model), Bound: s.Bound, Achieved: achieved[i],
			C: s.C, Against: against, Order: s.Order, Rare: s.Rare, Tree: branches(s.Hierarchy, released.Column(s.Name)),
		})
	}
	return out
}

// branches gives, for each value of a column, the value and its node at each level.
func branches(h *hierarchy.Hierarchy, c *kanon.Column) [][]string {
	if h == nil || c == nil {
		return nil
	}
	var out [][]string
	values, _ := c.Used()
	for _, v := range values {
		branch := make([]string, 0, h.MaxLevel()+1)
		for level := 0; level <= h.MaxLevel(); level++ {
			node, _ := h.Value(level, v)
			branch = append(branch, node)
		}
		out = append(out, branch)
	}
	return out
}
