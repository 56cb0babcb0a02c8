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
	root := newRoot(out, errOut)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(errOut, "error:", err)
	if _, _, unknown := root.Find(args); unknown != nil {
		return exitUsage
	}
	if ctx.Err() != nil && exitCode(err) == exitUnexpected {
		return exitTryAgain
	}
	return exitCode(err)
}

func newRoot(out, errOut io.Writer) *cobra.Command {
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
	root.Version = softwareID()
	root.SetVersionTemplate("{{.Version}}\n")
	root.PersistentPreRunE = checkFlags
	root.AddCommand(
		newDemoCommand(), newSimulateCommand(), newCheckCommand(), newRunCommand(),
		newStageCommand("pull", "Fetch what the sources have, and list the deliveries"),
		newStageCommand("ingest", "Decode and pseudonymise what the restricted zone does not hold yet"),
		newStageCommand("anonymize", "Build the two editions, or refuse"),
		newStageCommand("report", "Compute, protect, render and audit the publication"),
		newAnalyzeCommand(), newAuditCommand(), newTableCommand(), newRiskCommand(), newKeyCommand(),
		newNationalCommand(), newVersionCommand(), newManCommand(),
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
