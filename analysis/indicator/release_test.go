package indicator

import (
	"context"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// released protects the figures of a report alone.
func released(results []Result, policy disclosure.Policy) ([]Result, error) {
	r, err := protect(results, nil, ReleaseOptions{Policy: policy})
	return r.results, err
}

// releasedWith protects the figures of a report and those of school pages jointly.
func releasedWith(exact []Result, ed *query.Edition, policy disclosure.Policy) ([]Result, []School, error) {
	report, schools, _, err := ReleaseAgainst(context.Background(), exact, ed, ReleaseOptions{Policy: policy})
	return report, schools, err
}

// entries is the number of cells a ledger writes.
func entries(l disclosure.Ledger) int {
	var b strings.Builder
	l.Write(&b)
	return strings.Count(b.String(), `"key"`)
}
