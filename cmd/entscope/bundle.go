package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/durable"
)

func newBundleCommand() *cobra.Command {
	var to string
	c := &cobra.Command{
		Use:   "bundle PUBLISHED --to FILE.zip",
		Short: "Pack a publication into one archive, to put online or to send",
		Long: `Pack the folder of a publication into a zip archive: the files that its manifest
lists, each checked against it, the manifest and its signature. The same publication
gives the same bytes. What is in the folder and not in the manifest, or is not what
the manifest lists, is refused: nothing leaves that was not audited. Whoever receives
the archive unpacks it and opens index.html, and checks it with entscope audit.`,
		Example: `  entscope bundle published --to ent-2025-T1.zip`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if to == "" {
				return withExit(exitUsage, errors.New("bundle: --to is not set"))
			}
			if inside(args[0], to) {
				return withExit(exitUsage,
					errors.New("bundle: --to lies in the publication; hint: name a place outside"))
			}
			data, err := publication.Bundle(args[0])
			if err != nil {
				return withExit(exitUsage, fmt.Errorf("bundle: %s: %w", args[0], err))
			}
			switch there, err := os.ReadFile(to); {
			case err == nil && bytes.Equal(there, data):
				fmt.Fprintln(c.OutOrStdout(), "nothing to do: the archive is there already")
				return nil
			case !errors.Is(err, fs.ErrNotExist):
				return withExit(exitUsage, fmt.Errorf("bundle: %s is there and is not this archive; "+
					"hint: remove it, or name another", to))
			}
			if err := durable.Create(to, data, 0o644); err != nil {
				return fmt.Errorf("bundle: %w", err)
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d bytes\n", to, len(data))
			return nil
		},
	}
	c.Flags().StringVar(&to, "to", "", "the archive to write")
	return c
}

// inside says whether a path lies in a folder; false where either cannot be told.
func inside(dir, path string) bool {
	folder, err := filepath.Abs(dir)
	if err != nil {
		return false
	}
	at, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(folder, at)
	return err == nil && filepath.IsLocal(rel)
}
