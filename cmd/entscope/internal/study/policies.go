package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/policy"
)

// Rules are the three policies of a study, read.
type Rules struct {
	Research    *policy.Policy
	Schools     *policy.Cells
	Publication disclosure.Policy
}

// Rules reads the policies that the study names. The error wraps ErrConfig.
func (s *Study) Rules() (Rules, error) {
	var r Rules
	var faults [4]error
	r.Research, faults[0] = readPolicy(s, "policies.research", s.Policies.Research, parseResearch)
	if faults[0] == nil {
		r.Schools, faults[1] = readPolicy(s, "policies.schools", s.Policies.Schools, policy.ParseCells)
	}
	r.Publication, faults[2] = readPolicy(s, "policies.publication", s.Policies.Publication, disclosure.ParsePolicy)
	if faults[0] == nil && faults[1] == nil &&
		r.Research.Cells.Perturbation.Parameters() != r.Schools.Perturbation.Parameters() {
		faults[3] = fmt.Errorf("%w: policies.schools: its [cells.perturbation] is not that of policies.research: the same "+
			"cells stand in both editions, and would be drawn twice", ErrConfig)
	}
	return r, errors.Join(faults[:]...)
}

// parseResearch reads a policy whose person table an edition can hold.
func parseResearch(text []byte) (*policy.Policy, error) {
	p, err := policy.Parse(text)
	if err != nil {
		return nil, err
	}
	return p, anonymize.CheckPolicy(p)
}

// Planned reads the analysis plan that the study names, and its bytes; nil for none. The
// error wraps ErrConfig.
func (s *Study) Planned() (*plan.Plan, []byte, error) {
	if s.Plan.File == "" {
		return nil, nil, nil
	}
	text, err := os.ReadFile(s.Path(s.Plan.File))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: plan.file: %w", ErrConfig, err)
	}
	p, err := plan.Read(text)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: plan.file: %w", ErrConfig, err)
	}
	if p.Study.Name != s.About.Name || p.Study.Term != s.About.Term {
		return nil, nil, fmt.Errorf("%w: plan.file: it is the plan of %s, %s", ErrConfig, p.Study.Name, p.Study.Term)
	}
	return p, text, nil
}

// PolicyHashes are the SHA-256 of what the three policies mean.
func (s *Study) PolicyHashes() (plan.Rules, error) {
	var r plan.Rules
	for _, f := range []struct {
		file string
		into *string
	}{
		{s.Policies.Research, &r.Research}, {s.Policies.Schools, &r.Schools},
		{s.Policies.Publication, &r.Publication},
	} {
		text, err := os.ReadFile(s.Path(f.file))
		if err != nil {
			return r, fmt.Errorf("%w: %w", ErrConfig, err)
		}
		meaning, err := meaningOf(text)
		if err != nil {
			return r, fmt.Errorf("%w: %w", ErrConfig, err)
		}
		*f.into = plan.Hash(meaning)
	}
	return r, nil
}

func readPolicy[P any](s *Study, key, file string, parse func([]byte) (P, error)) (p P, err error) {
	text, err := os.ReadFile(s.Path(file))
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrConfig, err)
	}
	if p, err = parse(text); err != nil {
		return p, fmt.Errorf("%w: %s: %w", ErrConfig, key, err)
	}
	return p, nil
}

// HierarchyFile reads a file that the research policy names, beside the policy.
func (s *Study) HierarchyFile(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(filepath.Dir(s.Path(s.Policies.Research)), filepath.FromSlash(name)))
}
