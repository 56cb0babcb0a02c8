package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/national/pages"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/ingest/national"
	"github.com/entscope/entscope/ingest/source"
)

// nationalRun is DIR/run.json: the one file of the folder in which clocks and paths
// stand.
type nationalRun struct {
	Software string             `json:"software"`
	Began    time.Time          `json:"began"`
	Seconds  float64            `json:"seconds"`
	Files    []nationalFile     `json:"files"`
	Manifest *national.Manifest `json:"edition"`
	Answers  pages.Summary      `json:"answers"`
}

type nationalFile struct {
	Path  string `json:"path"`
	Label string `json:"label"`
}

const nationalRunName = "run.json"

func newNationalCommand() *cobra.Command {
	var asJSON bool
	var o nationalOptions
	c := &cobra.Command{
		Use:   "national --out DIR FILE...",
		Short: "Read the national open data on the use of ENTs (DNMA), without a key or a log",
		Long: `national reads the ministry's open data as they are: the four DNMA files of schools and
weeks, IPS files of écoles, collèges and lycées of any year, the annuaire, the school
calendar; CSV, also compressed or in a zip, or Parquet. Each file is recognised by its
headings. It writes DIR/edition, typed tables with their codebook, and DIR/published:
pages by theme and by school, a CSV and a JSON file for each figure, and results.json.
Questions whose file is missing are answered « non mesurable », with the file to
download. A file that would give wrong sums ends with exit code 5, and nothing is
written.`,
		Example: `  entscope national --out france fr-en-dnma-par-uai-*.csv fr-en-ips-*.csv fr-en-annuaire-education.csv
  entscope help national`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if o.dir == "" {
				return withExit(exitUsage, errors.New("national: --out is not set"))
			}
			if err := o.parse(); err != nil {
				return withExit(exitUsage, err)
			}
			return runNational(c.Context(), o, args, asJSON, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	o.register(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print run.json on stdout")
	return c
}

func runNational(ctx context.Context, o nationalOptions, files []string, asJSON bool, out, errOut io.Writer) error {
	began, dir := time.Now(), o.dir
	if _, err := durable.Check(dir, ourNational); err != nil {
		return nationalExit(err)
	}
	reading, err := national.Read(ctx, national.Job{
		Files: files, Out: filepath.Join(dir, "edition"), Software: generation, Threads: runtime.GOMAXPROCS(0),
	})
	if err != nil {
		return nationalExit(err)
	}
	run := nationalRun{Software: "entscope " + release, Began: began.UTC(), Manifest: reading.Manifest}
	for _, in := range reading.Inputs {
		run.Files = append(run.Files, nationalFile{in.Path, in.Label})
	}
	if !asJSON {
		printNational(out, reading)
	}
	if run.Answers, err = o.publish(ctx); err != nil {
		return nationalExit(err)
	}
	if !asJSON {
		fmt.Fprintf(out, "answers: %d published, %d not measurable: %s\n", run.Answers.Published,
			run.Answers.Unmeasured, filepath.Join(dir, "published", "index.html"))
	}
	if reading.Made || run.Answers.Made {
		run.Seconds = time.Since(began).Seconds()
		data, err := json.MarshalIndent(run, "", "  ")
		if err != nil {
			return err
		}
		if err := durable.WriteFile(filepath.Join(dir, nationalRunName), append(data, '\n'), 0o644); err != nil {
			return err
		}
	} else if !asJSON {
		fmt.Fprintln(out, "nothing to do: everything is up to date")
	}
	if asJSON {
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		if err := e.Encode(run); err != nil {
			return err
		}
	}
	return warnNational(errOut, reading.Manifest.Warnings)
}

func warnNational(errOut io.Writer, warnings []string) error {
	for _, w := range warnings {
		fmt.Fprintln(errOut, "warning:", w)
	}
	if len(warnings) == 0 {
		return nil
	}
	return withExit(exitWarnings, fmt.Errorf("done with %d warning(s)", len(warnings)))
}

// printNational tells what was recognised: a line for each file.
func printNational(out io.Writer, r *national.Reading) {
	for i, in := range r.Manifest.Inputs {
		fmt.Fprintf(out, "%s: %s, %d rows, %d of %d columns used",
			r.Inputs[i].Name, in.Label, in.Accepted, in.Used, in.Columns)
		for _, list := range []struct {
			name string
			of   []string
		}{{"unknown", in.Unknown}, {"missing", in.Missing}} {
			if len(list.of) > 0 {
				fmt.Fprintf(out, "; %s: %s", list.name, strings.Join(list.of, ", "))
			}
		}
		fmt.Fprintln(out)
	}
}

// ourNational accepts a folder that holds what this command writes and nothing else.
func ourNational(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		known := slices.Contains([]string{"edition", "published", nationalRunName}, name)
		if !known && !durable.IsStage(name) && !durable.IsTemporary(name) {
			return fmt.Errorf("it holds %q", name)
		}
	}
	return nil
}

// nationalExit gives an error of the reader its exit code.
func nationalExit(err error) error {
	switch {
	case errors.Is(err, durable.ErrBusy):
		return withExit(exitLocked, err)
	case errors.Is(err, durable.ErrForeign):
		return withExit(exitUsage, err)
	}
	for _, unusable := range []error{
		national.ErrUnknown, national.ErrDamaged, os.ErrNotExist, source.ErrCorrupt, source.ErrExpansion,
		source.ErrArchive,
		source.ErrNested, source.ErrEncrypted, source.ErrMethod, source.ErrEmpty,
	} {
		if errors.Is(err, unusable) {
			return withExit(exitInput, err)
		}
	}
	return err
}
