package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/entscope/entscope/anonymize"
	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// auditEditions looks at the editions that were made now: where a claim fails they do not
// stay, whether a publication is to follow or not.
func (b *Batch) auditEditions(ctx context.Context, made *anonymize.Outcome, config engine.Config) error {
	if len(made.Made) == 0 {
		return nil
	}
	findings, err := audit.Folders(ctx, audit.Inputs{Editions: made.Made, Staged: true,
		Ledger: audit.Ledger(b.Study.Legal)},
		config)
	if err != nil {
		return err
	}
	return refusedBy(findings)
}

// writeFindings keeps what everybody may read of the audit with the pages, and the rest
// apart. A claim that fails refuses the publication.
func (b *Batch) writeFindings(dir string, findings *audit.Report) error {
	if findings.OK() {
		if err := audit.WriteInternal(b.Disk, internalAudit(b.Study), findings, b.Lang); err != nil {
			return err
		}
		return audit.WritePublic(b.Disk, dir, findings, b.Lang)
	}
	if found := findings.Found(); len(found) > 0 {
		return &figuresFollow{refusedBy(findings), found}
	}
	return refusedBy(findings)
}

// figuresFollow refuses a publication in which figures that must stay hidden follow from those that are shown: with
// less of their measures it may pass.
type figuresFollow struct {
	error
	found []audit.Found
}

func (f *figuresFollow) Unwrap() error { return f.error }

// internalAudit is the folder of what the officer alone reads of the audit, beside that of
// the publication.
func internalAudit(s *study.Study) string {
	return filepath.Join(filepath.Dir(s.Path(s.Output.Published)), internalAuditName)
}

const internalAuditName = "audit-internal"

// refusedBy is the refusal for the claims that failed; nil where none did.
func refusedBy(findings *audit.Report) error {
	if findings.OK() {
		return nil
	}
	var failed []string
	for _, claim := range findings.Failed() {
		failed = append(failed, claim.ID+": "+claim.Title+" "+claim.Detail)
	}
	return fmt.Errorf("%w: the audit failed: %s (hint: leave out the question of a figure that is named, [indicators] "+
		"compute in the study; or round more coarsely, [rounding] in the publication's policy)", ErrRefused,
		strings.Join(failed, "; "))
}
