package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/entscope/entscope/anonymize/durable"
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
			root := c.Root()
			root.DisableAutoGenTag = true
			pages := map[string][]byte{}
			if err := commandPages(root, pages); err != nil {
				return err
			}
			for _, t := range topics {
				name, page, err := t.manual()
				if err != nil {
					return err
				}
				pages[name] = page
			}
			return writeManual(out, pages)
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder for the pages")
	completeFolder(c, "out")
	return c
}

// commandPages makes the pages of a command and of those below it, by file name.
func commandPages(c *cobra.Command, pages map[string][]byte) error {
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() || sub.IsAdditionalHelpTopicCommand() {
			continue
		}
		if err := commandPages(sub, pages); err != nil {
			return err
		}
	}
	var page bytes.Buffer
	header := doc.GenManHeader{Title: "ENTSCOPE", Section: "1", Source: "entscope " + release}
	if err := doc.GenMan(c, &header, &page); err != nil {
		return err
	}
	pages[strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"] = page.Bytes()
	return nil
}

// writeManual writes the pages into a folder that may hold those of others. None
// is written when one of the same name is there that is not ours.
func writeManual(dir string, pages map[string][]byte) error {
	names := slices.Sorted(maps.Keys(pages))
	var foreign []error
	for _, name := range names {
		there, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !ourPage.Match(there):
			foreign = append(foreign, fmt.Errorf("%s: %w", filepath.Join(dir, name), durable.ErrForeign))
		}
	}
	if err := errors.Join(foreign...); err != nil {
		return withExit(exitUsage, err)
	}
	if err := durable.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for _, name := range names {
		if err := durable.WriteFile(filepath.Join(dir, name), pages[name], 0o644); err != nil {
			return err
		}
	}
	return nil
}

// ourPage finds the source that every page of the manual names in its header.
var ourPage = regexp.MustCompile(`(?m)^\.TH .*"entscope [^"]*"`)

// manual is the topic's manual page and its file: study.toml(5) is study.toml.5.
func (t topic) manual() (file string, page []byte, err error) {
	text, err := t.text()
	if err != nil {
		return "", nil, err
	}
	name, section, _ := strings.Cut(strings.TrimSuffix(t.page, ")"), "(")
	_, body, _ := strings.Cut(stripMarks(text), "\n") // its first line is the topic's title
	source := fmt.Sprintf("%% %q %q \"\" %q\n\n# NAME\n\n%s - %s\n%s",
		strings.ToUpper(name), section, "entscope "+release, name, t.short, body)
	return name + "." + section, md2man.Render([]byte(source)), nil
}
