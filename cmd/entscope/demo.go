package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"

	"github.com/entscope/entscope/anonymize/durable"
)

func newDemoCommand(log *operatorLog) *cobra.Command {
	var r regionFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "Simulate a region, run everything, say where to look",
		RunE: func(c *cobra.Command, _ []string) error {
			return demo(c.Context(), r, log, c.OutOrStdout())
		},
	}
	r.register(c, "entscope-demo")
	return c
}

func demo(ctx context.Context, r regionFlags, log *operatorLog, out io.Writer) error {
	started := time.Now()
	found, err := readRegion(r.out)
	switch {
	case err != nil:
		return err
	case found == nil:
		if err := simulateRegion(ctx, r, log.progress()); err != nil {
			return err
		}
	case found.Seed != r.config.Seed || found.Parents != r.config.Parents || found.Weeks != r.config.Weeks:
		return withExit(exitUsage, fmt.Errorf("demo: %s holds another region (seed %d, %d parents, %d weeks); "+
			"hint: choose another folder with --out", r.out, found.Seed, found.Parents, found.Weeks))
	}
	path := filepath.Join(r.out, "study.toml")
	s, err := study.Read(path)
	if err != nil {
		return withExit(exitUsage, err)
	}
	if err := demoKeys(s, r.config.Seed); err != nil {
		return err
	}
	report, err := runBatch(ctx, s, runOptions{}, log)
	if err != nil {
		return err
	}
	for _, w := range report.Warnings {
		log.Warn(w)
	}
	if !report.Changed {
		fmt.Fprintln(out, "nothing to do: everything is up to date")
	}
	if err := writeHeadlines(out, filepath.Join(s.Path(s.Output.Published), "results.json")); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nDone in %.0f s. Open:\n", time.Since(started).Seconds())
	fmt.Fprintf(out, "  %s\n", filepath.Join(r.out, s.Output.Published, "index.html"))
	fmt.Fprintf(out, "  %s\n", filepath.Join(r.out, "audit-internal", "internal.html"))
	fmt.Fprintf(out, "The region is synthetic; what was planted in it is in %s.\n", filepath.Join(r.out, "truth.json"))
	return nil
}

// readRegion says which region a folder holds; nil when it holds none.
func readRegion(dir string) (*simulate.Region, error) {
	data, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var truth simulate.Truth
	if err := json.Unmarshal(data, &truth); err != nil || truth.Region == nil {
		return nil, withExit(exitUsage, fmt.Errorf("demo: %s holds a truth.json that no simulation wrote", dir))
	}
	return truth.Region, nil
}

// demoKeys gives a synthetic region a key and a salt that follow from its seed,
// so that the same seed gives the same bytes twice. They protect nobody, for
// nobody in the region exists; a real study makes its own with "key init".
func demoKeys(s *study.Study, seed uint64) error {
	if !s.About.Synthetic {
		return withExit(exitUsage, fmt.Errorf("demo: %s is not a synthetic study", s.Dir))
	}
	if err := pseudonym.RestoreKey(s.Path(s.Key.File), nil, pseudonym.SyntheticKey(seed)); err != nil &&
		!errors.Is(err, fs.ErrExist) {
		return err
	}
	salt := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("entscope synthetic salt"), seed))
	if err := pseudonym.RestoreSalt(durable.Disk{}, s.Path(s.Output.Restricted), salt); err != nil &&
		!errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// writeHeadlines writes the numbers a newcomer wants to see first, of the results of a
// publication.
func writeHeadlines(out io.Writer, results string) error {
	data, err := os.ReadFile(results)
	if err != nil {
		return err
	}
	var file struct {
		Results []indicator.Result `json:"results"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("results.json: %w", err)
	}
	lines, err := report.Headlines(report.Input{Lang: "en", Results: file.Results,
		Facts: report.Facts{Subject: "parent"}})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "\nHeadline figures (synthetic):")
	for _, line := range lines {
		fmt.Fprintf(out, "  %s\n", line)
	}
	return nil
}
