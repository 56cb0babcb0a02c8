package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"
)

func signalContext(signals ...os.Signal) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), signals...)
}

// run executes one command line and returns the exit code. Results go to out,
// messages and progress to errOut.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	log := &operatorLog{out: errOut, format: "text", level: "info"}
	root := newRoot(out, errOut, log)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	code := exitCode(err)
	if _, _, unknown := root.Find(args); unknown != nil {
		code = exitUsage
	} else if ctx.Err() != nil && code == exitUnexpected {
		code = exitTryAgain
	}
	if log.open() != nil {
		log.format, log.level = "text", "info"
		_ = log.open()
	}
	log.Error(err.Error(), "exit", code)
	return code
}

func newRoot(out, errOut io.Writer, log *operatorLog) *cobra.Command {
	root := &cobra.Command{
		Use:   "entscope",
		Short: "Study how families use a school portal, without anyone being identifiable",
		Long: `entscope turns the raw logs of an ENT (espace numérique de travail) into published
figures on how families use it, without anyone being identifiable.

` + topicList() + "\n\nRead one with: entscope help TOPIC",
		Example: `  entscope demo                      simulate a region and run everything
  entscope check study.toml          is the study sound; nothing is written
  entscope run study.toml            the whole batch, resumable`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetOut(out)
	root.SetErr(errOut)
	root.SetFlagErrorFunc(unknownFlag)
	root.Version = release
	root.SetVersionTemplate("entscope {{.Version}}\n")
	log.register(root)
	root.PersistentPreRunE = func(c *cobra.Command, args []string) error {
		if err := checkFlags(c, args); err != nil {
			return err
		}
		return log.open()
	}
	root.AddCommand(
		newDemoCommand(log), newSimulateCommand(log), newInitCommand(), newCheckCommand(), newRunCommand(log),
		newStageCommand(log, "pull", "Fetch what the sources have, and list the deliveries"),
		newStageCommand(log, "ingest", "Decode and pseudonymise what the restricted zone does not hold yet"),
		newStageCommand(log, "anonymize", "Build the two editions, or refuse"),
		newStageCommand(log, "report", "Compute, protect, render and audit the publication"),
		newAnalyzeCommand(), newModelCommand(), newAssociateCommand(), newPowerCommand(), newPlanCommand(), newCapacityCommand(),
		newAuditCommand(), newTableCommand(log), newProtectCommand(log), newRiskCommand(log), newKeyCommand(log),
		newReleaseCommand(),
		newReleasesCommand(log), newBundleCommand(), newNationalCommand(), newCombineCommand(log),
		newVersionCommand(), newManCommand(),
	)
	root.SetHelpCommand(newHelpCommand(root))
	completeArguments(root)
	for _, c := range root.Commands() {
		wrapUsage(c)
	}
	return root
}

// wrapUsage gives wrong arguments the usage exit code.
func wrapUsage(c *cobra.Command) {
	check := c.Args
	if check == nil {
		check = cobra.NoArgs
		if c.HasSubCommands() {
			check = nil
		}
	}
	if check != nil {
		c.Args = func(cmd *cobra.Command, args []string) error {
			if err := check(cmd, args); err != nil {
				return withExit(exitUsage, fmt.Errorf("%w; usage: %s", err, cmd.UseLine()))
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		wrapUsage(sub)
	}
}
