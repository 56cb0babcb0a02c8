package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/engine"
)

func newAuditCommand() *cobra.Command {
	var editions []string
	var published string
	var asJSON bool
	c := &cobra.Command{
		Use:   "audit --edition DIR [--published DIR]",
		Short: "Re-check every claim of an edition and of a publication from the files alone",
		Long: `audit derives k, l, t, sizes, thresholds and hashes again, with code that shares
nothing with what wrote them. Each claim is proved by the files, attested by the
operator, or not verifiable. Exit code 4: a claim does not hold.`,
		Example: `  entscope audit --edition editions/research-2025-T1
  entscope audit --edition editions/research-2025-T1 --edition editions/schools-2025-T1 --published published`,
		RunE: func(c *cobra.Command, _ []string) error {
			if len(editions) == 0 {
				return withExit(exitUsage, errors.New("audit: --edition is not set"))
			}
			config, clean, err := tempEngine(1024, 2)
			if err != nil {
				return err
			}
			defer clean()
			report, err := audit.Folders(c.Context(), editions, published, config)
			if err != nil {
				return withExit(exitInput, err)
			}
			if asJSON {
				e := json.NewEncoder(c.OutOrStdout())
				e.SetIndent("", "  ")
				err = e.Encode(report)
			} else {
				err = printClaims(c.OutOrStdout(), report)
			}
			if err != nil {
				return err
			}
			if !report.OK() {
				return withExit(exitRefused, fmt.Errorf("audit: %d claim(s) do not hold", len(report.Failed())))
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&editions, "edition", nil, "folder of an edition (repeatable)")
	c.Flags().StringVar(&published, "published", "", "folder of the publication made from them")
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	completeFolder(c, "edition", "published")
	return c
}

func printClaims(out io.Writer, r *audit.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, claim := range r.Claims {
		verdict := "ok"
		if !claim.OK {
			verdict = "FAILED"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", verdict, claim.Proof, claim.ID, claim.Title)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, claim := range r.Failed() {
		fmt.Fprintf(out, "\n%s: %s\n", claim.ID, claim.Detail)
	}
	fmt.Fprintf(out, "\n%d claims, %d do not hold\n", len(r.Claims), len(r.Failed()))
	return nil
}

// tempEngine bounds an engine for a command that reads a finished edition.
func tempEngine(memoryMB, threads int) (engine.Config, func(), error) {
	temp, err := os.MkdirTemp("", "entscope-")
	if err != nil {
		return engine.Config{}, nil, err
	}
	return engine.Config{MemoryMB: memoryMB, Threads: threads, TempDir: temp}, func() { _ = os.RemoveAll(temp) }, nil
}
