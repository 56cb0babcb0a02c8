package indicator

import (
	"context"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// ReleaseOptions say under which rules, and against what, a release is protected.
type ReleaseOptions struct {
	Policy disclosure.Policy
	// Earlier is the ledger of all releases before this one; empty for the first.
	Earlier disclosure.Ledger
	// Name identifies the release (the term, or the edition that supersedes it);
	// Start and End are the ISO dates of its period.
	Name, Start, End string
}

// ReleaseAgainst protects the figures of a report (exact Results of Compute) and
// those of the school pages jointly, as one release: no figure of one follows from
// the others by subtraction. A figure whose difference with one of an earlier
// release would speak of a few persons is suppressed. It returns the ledger with
// this release added: exact counts, for the operator's restricted zone only, to be
// kept when the release goes out. ed may be nil when no school page is released.
func ReleaseAgainst(
	ctx context.Context, exact []Result, ed *query.Edition, o ReleaseOptions,
) ([]Result, []School, disclosure.Ledger, error) {
	var schools []School
	if ed != nil {
		var err error
		if schools, err = exactSchools(ctx, ed); err != nil {
			return nil, nil, disclosure.Ledger{}, err
		}
	}
	out, err := protect(exact, schools, o)
	return out.results, out.schools, out.ledger, err
}
