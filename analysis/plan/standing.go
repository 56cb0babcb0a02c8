package plan

import (
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition"
)

// Order says how a plan and an edition follow each other.
type Order string

// Orders.
const (
	// Before: the manifest of the edition holds the hash of the plan, and no edition of the
	// period was made without it before.
	Before Order = "before"
	// After: the edition does not know the plan, or an earlier one of the period did not.
	After Order = "after"
)

// Standing is a plan beside the edition of a study.
type Standing struct {
	Plan  *Plan
	Hash  string
	Order Order
	// Earlier are editions that were there without the plan; none that it names when Order
	// is Before, and none known by name when the edition itself is the one.
	Earlier []string
	// Window says that the edition has the window and the subject of the plan, Configuration
	// that it was made under the study and the policies of the plan.
	Window, Configuration bool
}

// Stand lays a plan beside the manifest of a research edition.
func Stand(p *Plan, m *edition.Manifest) (*Standing, error) {
	text, err := p.Text()
	if err != nil {
		return nil, err
	}
	s := &Standing{Plan: p, Hash: Hash(text), Order: After, Earlier: slices.Clone(p.Study.Editions)}
	if m.Plan != nil && m.Plan.SHA256 == s.Hash {
		s.Earlier = append(s.Earlier, m.Plan.Earlier...)
		if len(s.Earlier) == 0 {
			s.Order = Before
		}
	}
	slices.Sort(s.Earlier)
	s.Earlier = slices.Compact(s.Earlier)
	s.Window = p.Study.Start == m.Start && p.Study.End == m.End && p.Study.Subject == m.Subject
	s.Configuration = p.Study.Configuration == m.ConfigHash
	return s, nil
}

// Declared are the primary families of the plan; nil without a plan.
func (s *Standing) Declared() indicator.Declared {
	if s == nil {
		return nil
	}
	out := indicator.Declared{}
	for _, f := range s.Plan.Families {
		out[f.Name] = f.Primary
	}
	return out
}

// Planned reports whether a question is in the plan, and whether it is defined as it was.
func (s *Standing) Planned(id string) (planned, same bool) {
	for _, p := range s.Plan.Questions {
		if p.ID == id {
			q, err := question.Lookup(id)
			return true, err == nil && Definition(q) == p.Definition
		}
	}
	return false, false
}

// Family reports whether a family of tests is in the plan.
func (s *Standing) Family(name string) bool {
	return slices.ContainsFunc(s.Plan.Families, func(f Family) bool { return f.Name == name })
}
