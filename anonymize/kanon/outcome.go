package kanon

// outcome is what a check of one node found.
type outcome struct {
	levels []int
	// feasible says that the node satisfies the policy within the limit.
	feasible bool
	score    float64
	// floor is the number of rows that this node and every finer one suppress.
	floor             int64
	suppressedRows    int64
	suppressedPersons int64
	classes           int64
	// classesAll counts the classes before suppression.
	classesAll int64
	keep       []bool
	grouping   *grouping
}

// checker checks nodes; one for each goroutine.
type checker struct {
	pr         *problem
	scorer     *scorer
	scratch    scratch
	sums       []float64
	memo       *memo
	totals     []reference // of the whole table, one per sensitive attribute
	prechecker *prechecker // nil when the problem is not one for it
	plain      bool        // each row is a person
	single     bool        // each person has one tuple
	parts      []*parts    // by model
	glanced    class       // memory of glance
	matrix     []int32     // memory of denseFloors
}

func newChecker(pr *problem, s *scorer, totals []reference) *checker {
	c := &checker{pr: pr, scorer: s, sums: make([]float64, len(pr.attrs)), memo: s.newMemo(), totals: totals,
		prechecker: newPrechecker(pr, s), plain: pr.plain()}
	for i := range pr.models {
		c.parts = append(c.parts, newParts(&pr.models[i], &totals[pr.models[i].attr]))
	}
	return c
}
