package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newManCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "man --out DIR",
		Short: "Write the manual pages of the commands and of the help topics",
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
			if err := doc.GenManTree(root, header, out); err != nil {
				return err
			}
			for _, t := range topics {
				if err := t.writePage(out); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder for the pages")
	return c
}

// writePage writes the topic's manual page: study.toml(5) is DIR/study.toml.5.
func (t topic) writePage(dir string) error {
	text, err := t.text()
	if err != nil {
		return err
	}
	name, section, _ := strings.Cut(strings.TrimSuffix(t.page, ")"), "(")
	_, body, _ := strings.Cut(stripMarks(text), "\n") // its first line is the topic's title
	page := fmt.Sprintf("%% %q %q \"\" %q\n\n# NAME\n\n%s - %s\n%s",
		strings.ToUpper(name), section, softwareID(), name, t.short, body)
	return os.WriteFile(filepath.Join(dir, name+"."+section), md2man.Render([]byte(page)), 0o644)
}
