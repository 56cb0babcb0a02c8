package pipeline

import (
	"context"
	"errors"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/engine"
)

// Audit re-checks editions and, when published is not empty, the publication
// made from them, from the files alone.
func Audit(ctx context.Context, editions []string, published string, config engine.Config) (*audit.Report, error) {
	var reports []*audit.Report
	var faults []error
	for _, dir := range editions {
		r, err := audit.Edition(ctx, dir, config)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		reports = append(reports, r)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if published != "" {
		r, err := audit.Publication(ctx, editions, published)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	return audit.Merge(reports...), nil
}
