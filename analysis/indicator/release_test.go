package indicator

import (
	"context"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// released protects the figures of a report alone.
func released(results []Result, policy disclosure.Policy) ([]Result, error) {
	r, err := protect(results, nil, policy, nil, nil)
	if err != nil {
		return nil, err
	}
	return r.Results, nil
}

// releasedWith protects the figures of a report and those of school pages jointly.
func releasedWith(exact []Result, ed *query.Edition, policy disclosure.Policy) ([]Result, []School, error) {
	r, err := Release(context.Background(), exact, ed, policy, nil, nil)
	if err != nil {
		return nil, nil, err
	}
	return r.Results, r.Schools, nil
}
