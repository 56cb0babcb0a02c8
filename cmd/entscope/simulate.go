package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/simulate"
)

// regionFlags are the flags by which a synthetic region is chosen.
type regionFlags struct {
	out    string
	config simulate.Config
}

func (r *regionFlags) register(c *cobra.Command, out string) {
	c.Flags().StringVar(&r.out, "out", out, "folder to write")
	completeFolder(c, "out")
	c.Flags().IntVar(&r.config.Parents, "parents", 40000, "parents of the region, 300 to 1000000")
	c.Flags().IntVar(&r.config.Weeks, "weeks", 12, "school weeks")
	c.Flags().Uint64Var(&r.config.Seed, "seed", 1,
		"seed that draws the region; the planted truth does not depend on it")
}

func newSimulateCommand(log *operatorLog) *cobra.Command {
	var r regionFlags
	var selection string
	var open nationalFlags
	c := &cobra.Command{
		Use:   "simulate --out DIR",
		Short: "Write the logs of a synthetic region in the real formats, with its planted truth",
		Long: `simulate writes raw logs as the real systems do, a directory, reference data and
registers, a study.toml over all of it with its policies, and truth.json: the values
of the population the region is drawn from. Nobody in it exists. study-cas.toml
beside it reads the log of the CAS server alone.

With --years it simulates whole school years up to July 2026, with what a term
cannot hold: a lockdown, deadlines, report books, a change of settings, loans,
meetings, a second instrument. 4,000 parents are then the default.

With --national it writes the national open data instead, as entscope national reads
them: no log, a row for each school and week, and the effects planted in them.`,
		RunE: func(c *cobra.Command, _ []string) error {
			if r.out == "" {
				return withExit(exitUsage, errors.New("simulate: --out is not set"))
			}
			if err := open.check(c); err != nil {
				return err
			}
			if open.national {
				return open.simulate(c.Context(), r, c.OutOrStdout())
			}
			if r.config.Years > 0 { // what a term has by default, years have not
				if !c.Flags().Changed("weeks") {
					r.config.Weeks = 0
				}
				if !c.Flags().Changed("parents") {
					r.config.Parents = 0
				}
			}
			r.config.Selection = simulate.Selection(selection)
			if err := simulateRegion(c.Context(), r, log.progress()); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s\n", filepath.Join(r.out, "study.toml"))
			return nil
		},
	}
	r.register(c, "")
	c.Flags().IntVar(&r.config.Years, "years", 0, "school years, 1 to 3, instead of weeks")
	c.Flags().StringVar(&selection, "selection", "",
		"by what the accompanied are chosen, with --years: observed (past use) or latent")
	onlyWords(c, "selection", "observed", "latent")
	c.MarkFlagsMutuallyExclusive("weeks", "years")
	c.Flags().BoolVar(&r.config.Direct, "direct", false,
		"also write direct.json, the indicators of the realised region without any anonymisation")
	open.register(c)
	return c
}

// simulateRegion writes a region into a folder that is empty or holds the same
// unfinished one; truth.json comes last and says that it is whole.
func simulateRegion(ctx context.Context, r regionFlags, bars *progress) error {
	defer bars.close()
	if err := r.config.Check(); err != nil {
		return withExit(exitUsage, err)
	}
	if err := freshFolder(r.out); err != nil {
		return err
	}
	unlock, err := pipeline.LockFolder(r.out)
	if errors.Is(err, study.ErrLocked) {
		return withExit(exitLocked, err)
	}
	if err != nil {
		return err
	}
	defer unlock()
	if err := freshFolder(r.out); err != nil { // another simulation may have ended in between
		return err
	}
	if err := writePolicies(filepath.Join(r.out, "policies")); err != nil {
		return err
	}
	return simulate.Write(ctx, r.out, r.config, func(done, total int64) { bars.update("simulate", done, total) })
}

// freshFolder makes dir and refuses one in which other things lie.
func freshFolder(dir string) error {
	ours := []string{"raw", "policies", "study.toml", "study-cas.toml", "direct.json", zone.LockName}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case slices.Contains(ours, name), durable.IsTemporary(name):
		default:
			return withExit(exitUsage,
				fmt.Errorf("%s: holds %q already; hint: choose an empty folder with --out", dir, e.Name()))
		}
	}
	if err := simulate.Claim(dir); err != nil {
		return withExit(exitUsage, fmt.Errorf("%w; hint: choose an empty folder with --out", err))
	}
	return nil
}

// writePolicies writes the policies that are built in, to be read and changed.
func writePolicies(dir string) error {
	if err := durable.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range map[string][]byte{
		"research.toml": policy.ResearchText(), "schools.toml": policy.SchoolsText(),
		"publication.toml": disclosure.DefaultPolicy(),
	} {
		if err := durable.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
