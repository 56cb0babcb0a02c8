package policy

import (
	"github.com/entscope/entscope/anonymize/kanon"
)

func (r *reader) sensitive(s *sensitiveTable, key string, p *Policy) {
	out := Sensitive{Sensitive: kanon.Sensitive{Name: s.Name, Order: s.Order, Rare: s.Rare}, MayBeAbsent: s.MayBeAbsent, Missing: s.Missing}
	if s.Missing != "" && s.Missing != MissingCategory {
		r.fault(key+".missing", "sensitive %q: missing %q is not %q", s.Name, s.Missing, MissingCategory)
	}
	models := 0
	set := func(model kanon.Model, bound *float64) {
		if bound != nil {
			out.Model, out.Bound = model, *bound
			models++
		}
	}
	set(kanon.DistinctL, s.DistinctL)
	set(kanon.EntropyL, s.EntropyL)
	set(kanon.Delta, s.Delta)
	set(kanon.Alpha, s.Alpha)
	if s.Recursive != nil {
		if len(s.Recursive) != 2 {
			r.fault(key+".recursive", "sensitive %q: recursive must be [c, l]", s.Name)
			return
		}
		out.Model, out.C, out.Bound = kanon.RecursiveCL, s.Recursive[0], s.Recursive[1]
		models++
	}
	if s.Beta != nil {
		model := kanon.Beta
		switch {
		case s.Rare != "":
			model = kanon.BetaRare
		case s.Enhanced:
			model = kanon.BetaEnhanced
		}
		set(model, s.Beta)
	}
	if s.T != nil {
		models++
		out.Bound = *s.T
		switch s.Distance {
		case "equal":
			out.Model = kanon.TEqual
		case "ordered":
			out.Model = kanon.TOrdered
		case "hierarchical":
			out.Model = kanon.THierarchical
		default:
			r.fault(key+".distance", "sensitive %q: distance must be equal, ordered or hierarchical", s.Name)
			return
		}
	}
	if models != 1 {
		r.fault(key, "sensitive %q must ask exactly one model; write one [[sensitive]] for each", s.Name)
		return
	}
	if (out.Model == kanon.THierarchical) != (s.Hierarchy != nil) {
		r.fault(key+".hierarchy", "sensitive %q: a hierarchy goes with t of hierarchical distance, and only with it", s.Name)
		return
	}
	if s.Rare != "" && out.Model != kanon.BetaRare && out.Model != kanon.Alpha {
		r.fault(key+".rare", "sensitive %q: rare goes with beta or alpha", s.Name)
	}
	if s.Enhanced && out.Model != kanon.BetaEnhanced {
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
