package kanon

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// search is one search under way.
type search struct {
	pr       *problem
	scorer   *scorer
	totals   []reference
	base     *grouping
	pairs    *pairs  // nil when a single node is checked
	ladder   *ladder // idem
	checkers []*checker
	memory   []*grouping // of the outcomes of a batch
	nodes    int64
	checked  int64
	best     *outcome
	// low and high are the levels between which the search looks.
	low, high []int
	stride    []int64 // of the node ids of a sweep
	floors    []int64 // by node id
	past      *past   // of the searches before, of more rows; nil when there were none
	budget    budget
	until     time.Time          // the end of the policy's time limit
	scored    map[string]float64 // of an any-time search, by node
}

func newSearch(pr *problem) *search {
	s := &search{pr: pr, scorer: newScorer(pr)}
	var sc scratch
	s.base = pr.bottom(&sc)
	s.totals = pr.references(s.base, make([]int32, s.base.n), int64(pr.persons[0]), &sc)
	for range max(1, pr.policy.Search.Threads) {
		c := newChecker(pr, s.scorer, s.totals)
		c.single = len(s.base.units[0].class) == 0
		s.checkers = append(s.checkers, c)
	}
	for j := range pr.attrs {
		s.low, s.high = append(s.low, 0), append(s.high, pr.attrs[j].top)
	}
	s.nodes = s.span()
	return s
}

// levels are those of a node id, in the memory given.
func (s *search) levels(levels []int, id int64) []int {
	for j := range levels {
		levels[j] = s.low[j] + int(id/s.stride[j])%(s.high[j]-s.low[j]+1)
	}
	return levels
}

// span is the number of nodes between low and high, saturated.
func (s *search) span() int64 {
	n := int64(1)
	for j := range s.high {
		wide := int64(s.high[j] - s.low[j] + 1)
		if n > math.MaxInt64/wide {
			return math.MaxInt64
		}
		n *= wide
	}
	return n
}

// cutoff is the score that a node must be below.
func (s *search) cutoff() float64 {
	if s.best == nil {
		return math.Inf(1)
	}
	return s.best.score
}

// offer keeps outcome i of a batch if it is better than the best; its memory is
// then its own.
func (s *search) offer(o outcome, i int) {
	if o.feasible && (s.best == nil || better(&o, s.best)) {
		s.best, s.memory[i] = &o, &grouping{}
	}
}

// better orders feasible outcomes: score, then rows suppressed, then levels in
// the order of the attributes' names.
func better(a, b *outcome) bool {
	if a.score != b.score {
		return a.score < b.score
	}
	if a.suppressedRows != b.suppressedRows {
		return a.suppressedRows < b.suppressedRows
	}
	return slices.Compare(a.levels, b.levels) < 0
}

// budget bounds a search; zero bounds nothing.
type budget struct {
	checks   int64
	deadline time.Time
}

func (b budget) spent(checks int64) bool {
	return b.checks > 0 && checks >= b.checks || !b.deadline.IsZero() && !time.Now().Before(b.deadline)
}

// half leaves a half of what is left after some checks for what comes after.
func (b budget) half(checks int64) budget {
	if b.checks > 0 {
		b.checks -= max(b.checks-checks, 0) / 2
	}
	if !b.deadline.IsZero() {
		b.deadline = b.deadline.Add(-time.Until(b.deadline) / 2)
	}
	return b
}

func (s *search) halt(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("kanon: search: %w", err)
	}
	if s.budget.spent(s.checked) {
		return errSpent
	}
	return nil
}

// errSpent says that a search has used its budget up.
var errSpent = errors.New("the budget is spent")

// batchSize is how many nodes are checked before the incumbent is looked at
// again; it does not depend on the threads, so that the result does not either.
const batchSize = 8
