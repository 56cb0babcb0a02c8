package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newManCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "man --out DIR",
		Short: "Write the manual pages",
		RunE: func(c *cobra.Command, _ []string) error {
			if out == "" {
				return withExit(exitUsage, fmt.Errorf("man: --out is not set"))
			}
			if err := os.MkdirAll(out, 0o755); err != nil {
				return err
			}
			header := &doc.GenManHeader{Title: "ENTSCOPE", Section: "1", Source: softwareID()}
			root := c.Root()
			root.DisableAutoGenTag = true
			return doc.GenManTree(root, header, out)
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder for the pages")
	return c
}
