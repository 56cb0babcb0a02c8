package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/audit/papers"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// officerPapers are the flags that ask for the papers of the data-protection officer.
type officerPapers struct{ dir, study, lang string }

// check refuses flags that would do nothing.
func (o officerPapers) check() error {
	if o.dir == "" && o.study != "" {
		return errors.New("audit: --study is for --papers, which is not set")
	}
	return nil
}

// write drafts the papers from what the audit found, and lists them.
func (o officerPapers) write(out io.Writer, report *audit.Report, editions []string) error {
	if o.dir == "" {
		return nil
	}
	if o.study != "" && report.Ledger == (audit.Ledger{}) {
		legal, err := study.ReadLegal(o.study)
		if err != nil {
			return withExit(exitUsage, err)
		}
		report.Ledger = audit.Ledger(legal)
	}
	var manifests []*edition.Manifest
	for _, dir := range editions {
		m, err := edition.ReadDir(dir)
		if err != nil {
			return withExit(exitInput, err)
		}
		manifests = append(manifests, m)
	}
	facts, err := papers.New(report, manifests)
	if err != nil {
		return withExit(exitInput, err)
	}
	written, err := papers.Write(o.dir, o.lang, facts)
	if err != nil {
		return papersExit(err)
	}
	fmt.Fprintln(out, "drafted:", strings.Join(written, ", "))
	return nil
}

// papersExit gives an error of writing papers its exit code.
func papersExit(err error) error {
	if errors.Is(err, durable.ErrForeign) {
		return withExit(exitUsage, err)
	}
	return err
}
