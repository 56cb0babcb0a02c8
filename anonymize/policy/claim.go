package policy

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
)

// Promise is what the manifest of a table says that its policy asks, with nothing that was achieved.
func (p *Policy) Promise() *edition.Anonymity {
	a := &edition.Anonymity{K: int64(p.K), SuppressionLimit: p.SuppressionLimit, KnownRows: p.KnownRows,
		WholeProfile: p.WholeProfile, Sensitive: []edition.SensitiveClaim{}}
	for _, q := range p.QuasiIdentifiers {
		a.QuasiIdentifiers = append(a.QuasiIdentifiers, q.Name)
	}
	for _, s := range p.Sensitive {
		a.Sensitive = append(a.Sensitive, asked(s.Sensitive))
	}
	if p.Population != nil {
		among := p.Population.bind(nil)
		a.Among = &edition.AmongClaim{KMap: int64(among.KMap), DeltaMin: among.DeltaMin, DeltaMax: among.DeltaMax}
	}
	return a
}

// Columns are the names of those that leave, each once, in their order.
func (p *Policy) Columns() []string {
	names := slices.Clone(p.Keep)
	for _, q := range p.QuasiIdentifiers {
		names = append(names, q.Name)
	}
	for _, s := range p.Sensitive {
		names = append(names, s.Name)
	}
	return slices.Compact(slices.Sorted(slices.Values(names)))
}

// Notes are those of the manifest of a table; levelled says that each column stands at one level.
func (p *Policy) Notes(levelled bool) []string {
	notes := []string{}
	if p.Person == "" {
		notes = append(notes, edition.NoteRowsArePersons)
	}
	if p.Recoding == Cell && !levelled {
		notes = append(notes, edition.NoteCells)
	}
	if p.NonMinimal && !levelled {
		notes = append(notes, edition.NoteNonMinimal)
	}
	if p.AverageRisk > 0 {
		notes = append(notes, fmt.Sprintf(edition.NoteAverageRisk, strconv.FormatFloat(p.AverageRisk, 'g', -1, 64)))
	}
	return notes
}

// Claims writes what the manifest claims of each sensitive attribute: the model with
// every parameter that a recount needs, and achieved, the value of each on the table
// that leaves. The tree of a distance holds the values that leave and no other.
func Claims(p *kanon.Policy, achieved []float64, released *kanon.Table) []edition.SensitiveClaim {
	out := make([]edition.SensitiveClaim, 0, len(p.Sensitive))
	for i, s := range p.Sensitive {
		claim := asked(s)
		claim.Achieved, claim.Tree = achieved[i], branches(s.Hierarchy, released.Column(s.Name))
		out = append(out, claim)
	}
	return out
}

// asked is a claim with nothing achieved.
func asked(s kanon.Sensitive) edition.SensitiveClaim {
	against := ""
	if s.WholeTable {
		against = edition.AgainstTable
	}
	return edition.SensitiveClaim{Name: s.Name, Model: string(s.Model), Bound: s.Bound, C: s.C, Against: against,
		Order: s.Order, Rare: s.Rare}
}

// branches gives, for each value of a column, the value and its node at each level: the nodes of a level are numbered
// from 1 as they come, since their names are the policy's and tell nothing of a distance.
func branches(h *hierarchy.Hierarchy, c *kanon.Column) [][]string {
	if h == nil || c == nil {
		return nil
	}
	var out [][]string
	values, _ := c.Used()
	numbers := make([]map[string]int, h.MaxLevel()+1)
	for _, v := range values {
		branch := []string{v}
		for level := 1; level <= h.MaxLevel(); level++ {
			if numbers[level] == nil {
				numbers[level] = map[string]int{}
			}
			node, _ := h.Value(level, v)
			if numbers[level][node] == 0 {
				numbers[level][node] = len(numbers[level]) + 1
			}
			branch = append(branch, strconv.Itoa(numbers[level][node]))
		}
		out = append(out, branch)
	}
	return out
}
