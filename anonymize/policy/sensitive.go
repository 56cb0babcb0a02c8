package policy

import (
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/privacy"
)

// sensitiveTable is a [[sensitive]] as it is written.
type sensitiveTable struct {
	// needed; the column
	Name string `toml:"name"`
	// distinct l-diversity: least number of values in a class
	DistinctL *float64 `toml:"distinct_l"`
	// entropy l-diversity
	EntropyL *float64 `toml:"entropy_l"`
	// recursive (c, l)-diversity, [c, l]
	Recursive []float64 `toml:"recursive"`
	// t-closeness: most distance between a class and the table, 0 to 1
	T *float64 `toml:"t"`
	// of t
	Distance string `toml:"distance" hints:"equal,ordered,hierarchical"`
	// β-likeness: most relative gain of a value's share in a class
	Beta *float64 `toml:"beta"`
	// enhanced β-likeness, with beta
	Enhanced bool `toml:"enhanced"`
	// δ-disclosure privacy
	Delta *float64 `toml:"delta"`
	// α of (α, k)-anonymity: most share of a value in a class
	Alpha *float64 `toml:"alpha"`
	// table: t, beta or delta compares with the whole table alone; with what leaves of it too if unset
	Against string `toml:"against" hints:"table"`
	// values from least to most, for an ordered distance; numbers if unset
	Order []string `toml:"order"`
	// the one value that beta or alpha bounds
	Rare string `toml:"rare"`
	// for a hierarchical distance, as for a quasi-identifier
	Hierarchy any `toml:"hierarchy"`
	// rare or order may name values that the table does not hold
	MayBeAbsent bool `toml:"may_be_absent"`
	// category: a missing value is a value of its own; one is refused if unset
	Missing string `toml:"missing" hints:"category"`
}

// bounds are the bounds that a [[sensitive]] writes, by the key of their model.
func (s *sensitiveTable) bounds() map[string]float64 {
	out := map[string]float64{}
	for key, bound := range map[string]*float64{
		"distinct_l": s.DistinctL, "entropy_l": s.EntropyL, "t": s.T, "beta": s.Beta, "delta": s.Delta,
		"alpha": s.Alpha,
	} {
		if bound != nil {
			out[key] = *bound
		}
	}
	if s.Recursive != nil {
		out["recursive"] = s.Recursive[1]
	}
	return out
}

// variant is what chooses among the models of one key.
func (s *sensitiveTable) variant(key string) string {
	switch {
	case key == "t":
		return s.Distance
	case key != "beta":
		return ""
	case s.Rare != "":
		return "rare"
	case s.Enhanced:
		return "enhanced"
	}
	return ""
}

func (r *reader) sensitive(s *sensitiveTable, key string, p *Policy) {
	if s.Recursive != nil && len(s.Recursive) != 2 {
		r.fault(key+".recursive", "sensitive %q: recursive must be [c, l]", s.Name)
		return
	}
	if s.Missing != "" && s.Missing != MissingCategory {
		r.fault(key+".missing", "sensitive %q: missing %q is not %q", s.Name, s.Missing, MissingCategory)
	}
	bounds := s.bounds()
	if _, ok := bounds["t"]; ok && !slices.Contains([]string{"equal", "ordered", "hierarchical"}, s.Distance) {
		r.fault(key+".distance", "sensitive %q: distance must be equal, ordered or hierarchical", s.Name)
		return
	}
	if len(bounds) != 1 {
		r.fault(key, "sensitive %q must ask exactly one model; write one [[sensitive]] for each", s.Name)
		return
	}
	out, rule := Sensitive{
		Sensitive:   kanon.Sensitive{Name: s.Name, Order: s.Order, Rare: s.Rare},
		MayBeAbsent: s.MayBeAbsent, Missing: s.Missing,
	}, privacy.Rule{}
	for _, m := range privacy.Rules {
		if bound, ok := bounds[m.Key]; ok && m.Variant == s.variant(m.Key) {
			rule, out.Model, out.Bound = m, m.Model, bound
		}
	}
	if rule.C == privacy.Must {
		out.C = s.Recursive[0]
	}
	if (rule.Tree == privacy.Must) != (s.Hierarchy != nil) {
		r.fault(key+".hierarchy", "sensitive %q: a hierarchy goes with t of hierarchical distance, and only with it",
			s.Name)
		return
	}
	if s.Rare != "" && rule.Rare == privacy.Never {
		r.fault(key+".rare", "sensitive %q: rare goes with beta or alpha", s.Name)
	}
	if s.Against != "" && s.Against != edition.AgainstTable {
		r.fault(key+".against", "sensitive %q: against %q is not %q", s.Name, s.Against, edition.AgainstTable)
	}
	if out.WholeTable = s.Against != ""; out.WholeTable && !rule.Relative {
		r.fault(key+".against", "sensitive %q: against goes with t, beta or delta", s.Name)
	}
	if s.Enhanced && rule.Variant != "enhanced" {
		r.fault(key+".enhanced", "sensitive %q: enhanced goes with beta, without rare", s.Name)
	}
	if s.Hierarchy != nil {
		h, err := hierarchyOf(s.Hierarchy)
		if err != nil {
			r.fault(key+".hierarchy", "sensitive %q: %v", s.Name, err)
		}
		out.Tree = &h
	}
	if err := out.CheckBound(); err != nil {
		r.fault(key, "sensitive %q: %v", s.Name, err)
	}
	p.Sensitive = append(p.Sensitive, out)
}
