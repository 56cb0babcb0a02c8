package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
	var faults [3]error
	r.Research, faults[0] = readPolicy(s, "policies.research", s.Policies.Research, parseResearch)
	if faults[0] == nil {
		r.Schools, faults[1] = readPolicy(s, "policies.schools", s.Policies.Schools, policy.ParseCells)
	}
	r.Publication, faults[2] = readPolicy(s, "policies.publication", s.Policies.Publication, disclosure.ParsePolicy)
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
