package publication

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
)

// Again renders into dir what the publication of the same options must hold: every file
// but the audit's, the manifest and its signature. Who checks a publication compares.
func (o *Options) Again(ctx context.Context, dir string) error {
	_, err := o.render(ctx, dir, &Outcome{Statuses: map[string]int64{}})
	return err
}

// overridesOf reads what the publication in dir decided otherwise for earlier ones.
func overridesOf(dir string) ([]indicator.Override, error) {
	text, err := edition.ReadPlain(dir, OverridesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("publication: %w", err)
	}
	return indicator.ReadOverrides(text)
}

// Announced reads from a publication in dir what it says it was made with: the rules,
// the questions, the language, the software, the configuration, the hashes of the national
// open data and of the earlier publications (Remember) beside it, and, from the legal record in its audit,
// who publishes.
func Announced(dir string) (o Options, err error) {
	data, err := edition.ReadPlain(dir, manifestFile)
	if err != nil {
		return o, fmt.Errorf("publication: %w", err)
	}
	var s stamp
	if err := json.Unmarshal(data, &s); err != nil {
		return o, fmt.Errorf("publication: %s is no manifest of a publication", manifestFile)
	}
	rules, err := edition.ReadPlain(dir, RulesFile)
	if err != nil {
		return o, fmt.Errorf("publication: %w", err)
	}
	if o.Policy, err = disclosure.ParsePolicy(rules); err != nil {
		return o, err
	}
	if o.Overrides, err = overridesOf(dir); err != nil {
		return o, err
	}
	o.Lang, o.Indicators, o.Software, o.ConfigHash = s.Lang, s.Indicators, s.Software, s.Config
	o.NationalHash, o.Issued = s.National, s.Issued
	for _, hash := range s.Previous {
		o.Earlier = append(o.Earlier, Earlier{Hash: hash})
	}
	if s.Plan != "" {
		if o.Plan, err = plan.Read([]byte(s.Plan)); err != nil {
			return o, err
		}
	}
	var said struct {
		Ledger struct {
			Controller string `json:"controller"`
		} `json:"ledger"`
	}
	data, err = edition.ReadPlain(dir, "audit/audit.json")
	if err != nil {
		return o, fmt.Errorf("publication: %w", err)
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return o, fmt.Errorf("publication: the audit of %s is unreadable", filepath.Base(dir))
	}
	o.Sender = report.SenderOf(said.Ledger.Controller)
	return o, nil
}
