package indicator

import (
	"context"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// Released is what may be written: the figures of the report and of the pages, protected,
// and what tests on the exact ones say of those that are shown.
type Released struct {
	Results     []Result
	Schools     []School
	Comparisons []Comparison
}

// Release protects the figures of a report (exact Results of Compute) and those of
// the school pages jointly: no figure of one follows from the others by
// subtraction. Between releases the noise of the editions' cells and the register
// of releases protect, and not a mark that would say where something changed. ed
// may be nil when no school page is released.
func Release(
	ctx context.Context, exact []Result, ed *query.Edition, policy disclosure.Policy, declared Declared,
) (*Released, error) {
	var schools []School
	if ed != nil {
		var err error
		if schools, err = exactSchools(ctx, ed); err != nil {
			return nil, err
		}
	}
	return protect(exact, schools, policy, declared)
}
