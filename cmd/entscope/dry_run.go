package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// dryRun says what a run would do in each stage, and what check says of the input; its exit code is the run's, as far
// as that is seen beforehand.
func dryRun(ctx context.Context, s *study.Study, o runOptions, out io.Writer) error {
	found, err := checkInput(ctx, s)
	if err != nil {
		return err
	}
	batch := pipeline.Batch{Study: s, Software: generation, Release: release, Until: o.until, Lang: o.lang}
	if piped() {
		batch.Stdin = os.Stdin
	}
	steps, stopped := batch.Steps(ctx, pipeline.Looked{
		Summary: found.Summary, Directory: found.directory.Files, Feeds: found.feeds,
	})
	stopped = runError(stopped)
	if o.asJSON {
		err := encodeJSON(out, struct {
			Stages []pipeline.Step `json:"stages"`
			account
		}{steps, found.account()})
		return cmp.Or(err, stopped, found.exit())
	}
	if err := printSteps(out, steps); err != nil {
		return err
	}
	if err := found.show(s, false, out); err != nil {
		return err
	}
	return cmp.Or(stopped, found.verdict(out))
}

// printSteps writes a line a stage, what would be written under it.
func printSteps(out io.Writer, steps []pipeline.Step) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, step := range steps {
		fmt.Fprintf(w, "%s\t%s\t%s\n", step.Stage, step.Status, step.Why)
		if len(step.Writes) > 0 {
			fmt.Fprintf(w, "\twrites\t%s\n", strings.Join(step.Writes, " "))
		}
	}
	fmt.Fprintln(w)
	return w.Flush()
}

func encodeJSON(out io.Writer, value any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
