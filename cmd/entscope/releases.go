package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func newReleasesCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "releases STUDY.toml",
		Short: "List what has left under the study's master key, and check the register",
		Long: `The register of releases remembers every edition and publication that has left under
a master key, of whichever study. It lies beside the key and outlives key rotate,
key destroy and every folder: keep it with the key's backup. An edition that differs
from an earlier one by a few persons does not leave.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := study.Read(args[0])
			if err != nil {
				return withExit(exitUsage, err)
			}
			register, err := pipeline.Releases(s)
			if errors.Is(err, study.ErrConfig) {
				return withExit(exitUsage, err)
			}
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "no\tkind\tname\tperiod\trows of persons\tstudy")
			for _, e := range register.Entries() {
				persons := "no"
				if e.Persons {
					persons = "yes"
				}
				fmt.Fprintf(w, "%d\t%s\t%s\t%s to %s\t%s\t%s\n", e.Number, e.Kind, e.Name, e.Start, e.End, persons,
					e.Study)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%d entries, the chain is whole: %s\n", len(register.Entries()),
				s.ReleasesFile())
			return nil
		},
	}
	c.AddCommand(newRecallCommand())
	return c
}

func newRecallCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "recall STUDY.toml NAME --yes",
		Short: "Book that every copy of a release was taken back and destroyed",
		Args:  cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if !yes {
				return withExit(exitUsage,
					errors.New("releases recall: it states that nobody holds a copy any more; hint: add --yes"))
			}
			s, err := study.Read(args[0])
			if err != nil {
				return withExit(exitUsage, err)
			}
			unlock, err := pipeline.Lock(durable.Disk{}, s)
			if errors.Is(err, study.ErrLocked) {
				return withExit(exitLocked, err)
			}
			if err != nil {
				return err
			}
			defer unlock()
			register, err := pipeline.Releases(s)
			if errors.Is(err, study.ErrConfig) {
				return withExit(exitUsage, err)
			}
			if err != nil {
				return err
			}
			if dir := pipeline.Standing(s, register, args[1]); dir != "" {
				return withExit(exitUsage, fmt.Errorf("releases recall: %s is a copy of %s; hint: remove it first", dir,
					args[1]))
			}
			if err := register.Recall(args[1]); err != nil {
				return withExit(exitUsage, err)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: booked as taken back; it still counts among the releases of its period\n",
				args[1])
			return nil
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "yes, every copy was destroyed")
	return c
}
