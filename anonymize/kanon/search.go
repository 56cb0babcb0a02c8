package kanon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Search finds the allowed node with the least score whose suppression stays
// within the limit. It refuses with ErrPolicy or hierarchy.ErrNoPlace what it
// cannot search, and with ErrUnsatisfiable when no node will do.
func Search(ctx context.Context, t *Table, p *Policy) (*Solution, error) {
	_, solution, err := find(ctx, t, p)
	return solution, err
}

// Generalise searches a table and applies the solution to it, as Search and Apply do one
// after the other, and compiles the table once.
func Generalise(ctx context.Context, t *Table, p *Policy) (*Solution, *Table, error) {
	s, solution, err := find(ctx, t, p)
	if err != nil {
		return nil, nil, err
	}
	return solution, s.release(t), nil
}

func find(ctx context.Context, t *Table, p *Policy) (*search, *Solution, error) {
	pr, err := compile(t, p)
	if err != nil {
		return nil, nil, err
	}
	s := newSearch(pr)
	var solution *Solution
	if p.Search.Fixed != nil {
		solution, err = s.fixed(p.Search.Fixed)
	} else {
		solution, err = s.run(ctx)
	}
	return s, solution, err
}

// run proves the optimum when the lattice is small enough for the time there is,
// and otherwise searches any-time.
func (s *search) run(ctx context.Context) (*Solution, error) {
	most := s.pr.policy.Search.MaxNodes
	if most == 0 {
		most = defaultMaxNodes
	}
	if limit := s.pr.policy.Search.TimeLimit; limit > 0 {
		s.until = time.Now().Add(limit)
		s.budget.deadline = time.Now().Add(limit / 2)
	}
	s.prepare()
	proved, bound, err := true, 0.0, errSpent
	if s.span() <= most {
		if err = s.sweep(ctx); errors.Is(err, errSpent) {
			most = 0 // a proof takes longer than there is
		}
	}
	if errors.Is(err, errSpent) {
		proved, bound, err = s.anytime(ctx, most)
	}
	if err != nil {
		return nil, err
	}
	if s.best == nil && proved {
		return nil, s.unsatisfiable()
	}
	if s.best == nil {
		return nil, fmt.Errorf("kanon: none found in %d checks, which is no proof: %w", s.checked, ErrUnsatisfiable)
	}
	if s.best.grouping == nil { // pre-checked only
		full := s.checkers[0].check(s.base, s.best.levels, math.Inf(1), &grouping{})
		if !full.feasible || full.score != s.best.score {
			return nil, errors.New("kanon: a full check of the best node contradicts the search")
		}
		s.best = &full
	}
	s.settle()
	solution := s.solution(proved)
	if !proved {
		solution.Bound = bound
	}
	return solution, nil
}

// settle lowers the best node, an attribute after the other, where nothing is lost by it:
// a search stops looking where no node can be better, and a level that tells less for the
// same score would say « * » of a column of one value.
func (s *search) settle() {
	for i := range s.best.levels {
		for s.best.levels[i] > 0 {
			levels := slices.Clone(s.best.levels)
			levels[i]--
			lower := s.checkers[0].check(s.base, levels, math.Inf(1), &grouping{})
			if !lower.feasible || lower.score > s.best.score || lower.suppressedRows > s.best.suppressedRows {
				break
			}
			s.best = &lower
		}
	}
}
