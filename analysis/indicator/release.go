package indicator

import (
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// Released is what may be written: the figures of the report and of the pages, protected,
// and what tests on the exact ones say of those that are shown.
type Released struct {
	Results     []Result
	Schools     []School
	Comparisons []Comparison
	// Standing is what was decided on the numbers, for the register of releases.
	Standing Standing
	// Overrides are those of the release; of one that stands alone, what it hides.
	Overrides []Override
}

// Release protects the figures of a report (exact Results of Compute) and those of
// the school pages jointly: no figure of one follows from the others by
// subtraction. Between releases the noise of the editions' cells and the register
// of releases protect, and not a mark that would say where something changed; of the numbers
// that stood before, overrides say what was decided: see [Overrides]. ed
// may be nil when no school page is released.
func Release(
	ctx context.Context, exact []Result, ed *query.Edition, policy disclosure.Policy, declared Declared,
	overrides []Override,
) (*Released, error) {
	var schools []School
	if ed != nil {
		var err error
		if schools, err = exactSchools(ctx, ed); err != nil {
			return nil, err
		}
	}
	return protect(exact, schools, policy, declared, overrides)
}

// Beside protects tables that are to leave beside a publication, one after the other: exact
// are the figures of its report and ed the edition of its pages, as [Release] had them. All
// are protected as one release, in which what has left stays as it left: none of its
// figures is hidden after the fact, and none that it held back is shown. The error wraps
// [disclosure.ErrKept] where a table cannot leave beside the others.
func Beside(
	ctx context.Context, exact []Result, ed *query.Edition, policy disclosure.Policy, declared Declared,
	overrides []Override, tables [][]Result,
) (publication *Released, protected [][]Result, err error) {
	schools, err := exactSchools(ctx, ed)
	if err != nil {
		return nil, nil, err
	}
	t, exact, err := decided(exact, schools, policy, overrides)
	if err != nil {
		return nil, nil, err
	}
	publication = t.released(exact, schools, declared)
	all := slices.Clone(exact)
	for i, results := range tables {
		kept := t.decided()
		all = append(all, results...)
		if t, err = newTable(besideCrosses(all), schools, policy); err != nil {
			return nil, nil, err
		}
		if err := t.decide(kept); err != nil {
			return nil, nil, fmt.Errorf("table %d: %w", i+1, err)
		}
		out := make([]Result, len(results))
		for k, r := range results {
			out[k] = t.show(r)
		}
		protected = append(protected, out)
	}
	return publication, protected, nil
}
