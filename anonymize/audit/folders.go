package audit

import (
	"context"
	"errors"

	"github.com/entscope/entscope/anonymize/engine"
)

// Folders audits editions and, when published is not empty, the publication made
// from them, from the files alone. An error means that one could not be audited at
// all.
func Folders(ctx context.Context, editions []string, published string, config engine.Config) (*Report, error) {
	var reports []*Report
	var faults []error
	for _, dir := range editions {
		r, err := Edition(ctx, dir, config)
		reports, faults = append(reports, r), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if published != "" {
		r, err := Publication(ctx, editions, published)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	return Merge(reports...), nil
}
