package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/cmd/entscope/internal/telemetry"
	"github.com/entscope/entscope/ingest/source"
)

// runOptions are the flags of run and of the one-stage commands.
type runOptions struct {
	until  string
	lang   string
	dryRun bool
	asJSON bool
	// acceptLoss takes a directory that is smaller than the last time.
	acceptLoss bool
	disk       durable.Disk // the machine's, but in tests
	// tell is where metrics and events are left for the operator's tools.
	tell telemetry.Files
	// shard is the part of the deliveries to decode, "" of all.
	shard string
	// passWarnings ends with 0 where there were warnings.
	passWarnings bool
}

const (
	acceptLossHelp   = "take the directory and the registers as they are, however much smaller than the last time"
	passWarningsHelp = "end with 0 instead of 3 after warnings, for a scheduler that knows 0 alone"
)

func newRunCommand(log *operatorLog) *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   "run STUDY.toml",
		Short: "Pull, ingest, anonymize, analyze, report and audit; resumable",
		Long: `run carries a study through all its stages. What an earlier run has done already, by
content and not by date, is not done again; a run that was killed goes on where it
stopped and ends with the same bytes.`,
		Example: `  entscope run study.toml
  entscope run study.toml --until anonymize
  entscope run study.toml --dry-run`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return runStudy(c.Context(), args[0], o, log, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&o.until, "until", "", "last stage: "+strings.Join(pipeline.Stages, ", "))
	c.Flags().StringVar(&o.lang, "lang", "fr", "language of the pages: fr or en")
	onlyWords(c, "until", pipeline.Stages...)
	onlyWords(c, "lang", "fr", "en")
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "say what would be read and done; write nothing")
	c.Flags().BoolVar(&o.asJSON, "json", false,
		"print run.json on stdout; with --dry-run what each stage would do, beside what check --json prints")
	c.Flags().BoolVar(&o.acceptLoss, "accept-loss", false, acceptLossHelp)
	c.Flags().StringVar(&o.tell.Metrics, "metrics", "", "leave the run's metrics in a file, for Prometheus")
	c.Flags().StringVar(&o.tell.Lineage, "lineage", "", "leave the run's events in a file, as OpenLineage")
	c.Flags().BoolVar(&o.passWarnings, "pass-warnings", false, passWarningsHelp)
	return c
}

// newStageCommand runs a study up to one stage; what comes before it is done if
// it is not yet.
func newStageCommand(log *operatorLog, stage, short string) *cobra.Command {
	var o runOptions
	c := &cobra.Command{
		Use:   stage + " STUDY.toml",
		Short: short,
		Long:  stageHelp[stage],
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.until = stage
			return runStudy(c.Context(), args[0], o, log, c.OutOrStdout())
		},
	}
	if stage == "report" {
		c.Flags().StringVar(&o.lang, "lang", "fr", "language of the pages: fr or en")
		onlyWords(c, "lang", "fr", "en")
	}
	if stage == "ingest" {
		c.Flags().StringVar(&o.shard, "shard", "",
			"decode shard I of N alone, beside the others; the next ingest takes what they have decoded")
		c.Flags().BoolVar(&o.passWarnings, "pass-warnings", false, passWarningsHelp)
	}
	if stage != "pull" {
		c.Flags().BoolVar(&o.acceptLoss, "accept-loss", false, acceptLossHelp)
	}
	c.Flags().BoolVar(&o.asJSON, "json", false, "print run.json on stdout")
	return c
}

func runStudy(ctx context.Context, path string, o runOptions, log *operatorLog, out io.Writer) error {
	s, err := study.Read(path)
	if err != nil {
		return withExit(exitUsage, err)
	}
	if o.dryRun {
		return dryRun(ctx, s, o, out)
	}
	if o.shard != "" {
		return o.passed(runShard(ctx, s, o, log, out), log)
	}
	if err := o.tell.Check(); err != nil {
		return withExit(exitUsage, err)
	}
	report, err := runBatch(ctx, s, o, log)
	if report == nil {
		return err
	}
	if report.Begun != "" {
		sayBegun(log, report.Begun)
	}
	if err == nil {
		say(report, o, log, out)
		err = pending(report, o.until)
	}
	if o.asJSON {
		err = errors.Join(err, encodeJSON(out, report))
	}
	return o.passed(errors.Join(err, o.tell.Write(report, exitCode(err))), log)
}

// passed lets warnings pass where the command line asks for it.
func (o *runOptions) passed(err error, log *operatorLog) error {
	if o.passWarnings && exitCode(err) == exitWarnings {
		log.Warn(err.Error())
		return nil
	}
	return err
}

// say tells what a run that ended well made, and what it warns of.
func say(report *pipeline.Report, o runOptions, log *operatorLog, out io.Writer) {
	if report.Overdue != "" { // said each time, also when nothing else is
		log.Warn(report.Overdue + "; hint: entscope key destroy, once nothing is to be computed again")
	}
	for _, w := range slices.Concat(report.Unfetched, report.Warnings) {
		log.Warn(w)
	}
	if o.asJSON {
		return
	}
	if report.Waits != "" && o.until != "pull" && o.until != "ingest" {
		fmt.Fprintln(out, report.Waits)
	}
	if !report.Changed {
		fmt.Fprintln(out, "nothing to do: everything is up to date")
		return
	}
	for _, stage := range report.Stages {
		for _, name := range stage.Outputs {
			fmt.Fprintln(out, name)
		}
	}
}

// pending is what a run warns of, as an exit code; files that a server did not give and a zone that has outlived its
// retention each run again, until they are mended.
func pending(report *pipeline.Report, until string) error {
	switch n := len(report.Unfetched); {
	case report.Waits != "" && (until == "anonymize" || until == "report"):
		return withExit(exitWarnings, errors.New("done, but for what was asked: "+report.Waits))
	case len(report.Warnings) > 0:
		return withExit(exitWarnings, fmt.Errorf("done with %d warning(s)", len(report.Warnings)))
	case n > 0:
		return withExit(exitWarnings, fmt.Errorf("done without %d file(s) that a server did not give", n))
	case report.Overdue != "":
		return withExit(exitWarnings, errors.New("done; the restricted zone has outlived legal.retention"))
	}
	return nil
}

// stopped gives an error its exit code, also when the run was told to stop.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return withExit(exitTryAgain,
			errors.Join(err, errors.New("hint: run it again, it goes on where it stopped")))
	}
	return runError(err)
}

// runBatch runs the stages with progress on a terminal and gives an error its
// exit code.
func runBatch(ctx context.Context, s *study.Study, o runOptions, log *operatorLog) (*pipeline.Report, error) {
	bars := log.progress()
	batch := pipeline.Batch{
		Study: s, Software: generation, Release: release, Until: o.until, Lang: o.lang, AcceptLoss: o.acceptLoss,
		Progress: bars.update, Disk: o.disk,
	}
	if piped() {
		batch.Stdin = os.Stdin
	}
	if bars.pool == nil {
		batch.Log = log.Logger
	}
	report, err := batch.Run(ctx)
	bars.close()
	if err == nil {
		return report, nil
	}
	return report, stopped(ctx, err)
}

// runError gives what a run stopped with its exit code.
func runError(err error) error {
	switch {
	case errors.Is(err, source.ErrTemporary):
		return withExit(exitTryAgain, err)
	case errors.Is(err, pipeline.ErrRefused):
		return withExit(exitRefused, err)
	case errors.Is(err, study.ErrInput), errors.Is(err, edition.ErrHash):
		return withExit(exitInput, err)
	case errors.Is(err, study.ErrLocked), errors.Is(err, durable.ErrBusy):
		return withExit(exitLocked, err)
	case errors.Is(err, study.ErrConfig), errors.Is(err, durable.ErrForeign):
		return withExit(exitUsage, err)
	}
	return err
}

// piped reports whether standard input is a pipe or a file, not a terminal.
func piped() bool {
	info, err := os.Stdin.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice == 0
}
