package pipeline

import (
	"context"
	"errors"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/audit"
)

// errRehearsed ends a publication that is not to leave.
var errRehearsed = errors.New("a publication that was only to be audited")

// rehearse takes back from a publication of few questions what the audit of one of all questions would have taken back,
// and says of how many measures: a figure that the one shows may be what a later one, of other questions, hides. Where that
// does not heal it, or what has left already tells it, the publication itself is judged.
func (b *Batch) rehearse(ctx context.Context, options *publication.Options) (taken int64, err error) {
	if made, err := publication.IsMade(*options); made || err != nil || len(options.Indicators) == 0 {
		return 0, err
	}
	all := *options
	all.Indicators, all.Progress = nil, nil
	all.Audit = func(ctx context.Context, editions []string, published string, _ indicator.Standing) error {
		findings, err := audit.Folders(ctx, audit.Inputs{Editions: editions, Published: published, Staged: true,
			Ledger: audit.Ledger(b.Study.Legal), Recipes: Recipes()}, all.Engine)
		if err != nil {
			return err
		}
		return &figuresFollow{errRehearsed, findings.Found()}
	}
	for {
		_, err := publication.Make(ctx, all)
		var told *indicator.Told
		if err != nil && !errors.Is(err, errRehearsed) && !errors.As(err, &told) {
			return taken, err
		}
		more := takeBack(&all.Beside, err)
		if more == 0 {
			options.Beside = all.Beside
			return taken, nil
		}
		taken += more
	}
}
