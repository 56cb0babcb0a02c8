package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/cmd/entscope/internal/draft"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/source"
)

func newInitCommand() *cobra.Command {
	var out, zone string
	c := &cobra.Command{
		Use:   "init FILES... [--out DIR]",
		Short: "Look at logs and directories and draft the study that reads them",
		Long: `init looks at files: logs of any format of entscope help study, access logs in any
layout of entscope help layouts, delimited exports, lists of persons and registers, AAF,
SIECLE, the ministry's open data. It recognises formats, layouts, delimiters, character sets,
dates, headings and the French words for profiles, services and devices, and writes
study.toml and its policies into DIR, with a comment that says what was seen for each
guess. What is doubtful it does not guess: it says what is left to decide, in the study
and on standard output (exit code 3).

It never overwrites: a DIR that holds a study or policies is refused. Of the records it
keeps the headings, and the words of columns that hold categories.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := time.LoadLocation(zone); err != nil || zone == "Local" || zone == "" {
				return withExit(exitUsage,
					fmt.Errorf("init: --timezone %q is no zone; hint: such as Europe/Paris", zone))
			}
			files, err := source.Glob("", patterns(args))
			if err != nil {
				return withExit(exitInput, err)
			}
			var looked []*draft.File
			for _, name := range files {
				f, err := draft.Look(c.Context(), name, zone)
				if err != nil {
					return withExit(exitInput, err)
				}
				looked = append(looked, f)
			}
			return writeDraft(c, out, zone, looked)
		},
	}
	c.Flags().StringVar(&out, "out", "study", "folder to write")
	c.Flags().StringVar(&zone, "timezone", "Europe/Paris", "of the schools, and of times that name none")
	completeFolder(c, "out")
	return c
}

// writeDraft writes the study and its policies, reads the study as check does, and says
// what comes next.
func writeDraft(c *cobra.Command, out, zone string, files []*draft.File) error {
	if _, err := os.Lstat(out); err == nil {
		if info, err := os.Stat(out); err != nil || !info.IsDir() {
			return withExit(exitUsage, fmt.Errorf("init: %s is no folder; hint: choose another with --out", out))
		}
	}
	path, policies := filepath.Join(out, "study.toml"), filepath.Join(out, "policies")
	for _, p := range []string{path, policies} {
		if _, err := os.Lstat(p); !errors.Is(err, fs.ErrNotExist) {
			return withExit(exitUsage,
				fmt.Errorf("init: %s is there already; hint: choose another folder with --out", p))
		}
	}
	dir, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(files, func(f *draft.File) bool { return f.Kind != draft.Unknown }) {
		var faults []error
		for _, f := range files {
			faults = append(faults, fmt.Errorf("%s: %s", filepath.Base(f.Path), cmp.Or(f.Doubt, f.Seen)))
		}
		return withExit(exitInput, fmt.Errorf("init: no file was recognised:\n%w", errors.Join(faults...)))
	}
	d := draft.New(dir, studyName(dir), zone, files)
	if err := writePolicies(policies); err != nil {
		return err
	}
	if err := durable.Create(path, []byte(d.Text), 0o644); err != nil {
		return err
	}
	stdout := c.OutOrStdout()
	fmt.Fprintf(stdout, "%s\n", path)
	if _, err := study.Read(path); err != nil {
		d.Decide = append(d.Decide, fmt.Sprintf("the study does not read yet: %v", err))
	}
	for _, what := range d.Decide {
		fmt.Fprintf(stdout, "to decide: %s\n", what)
	}
	fmt.Fprintf(stdout, "next: entscope key init --out %s; entscope check %s\n", filepath.Join(out, "master.key"), path)
	if n := len(d.Decide); n > 0 {
		return withExit(exitWarnings, fmt.Errorf("init: %d things are left to decide", n))
	}
	return nil
}

// patterns are the arguments as patterns: a file is itself, whatever its name, and a folder
// all that it holds.
func patterns(args []string) []string {
	var list []string
	for _, name := range args {
		info, err := os.Stat(name)
		switch {
		case err != nil:
			list = append(list, name)
		case info.IsDir():
			list = append(list, filepath.Join(draft.Pattern(name), "*"))
		default:
			list = append(list, draft.Pattern(name))
		}
	}
	return list
}

var notOfWords = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// studyName is a word made of the name of a folder.
func studyName(dir string) string {
	name := strings.Trim(notOfWords.ReplaceAllString(filepath.Base(dir), "-"), "-")
	if name == "" {
		return "study"
	}
	return name
}
