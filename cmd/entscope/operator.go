package main

import (
	"io"
	"log/slog"
	"strings"

	"github.com/entscope/entscope/cmd/entscope/internal/journal"
	"github.com/spf13/cobra"
)

// operatorLog is the journal on standard error, as the flags of the command line ask for it.
type operatorLog struct {
	*slog.Logger  // nil until open
	out           io.Writer
	format, level string
}

func (l *operatorLog) register(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&l.format, "log-format", l.format, "standard error: "+strings.Join(journal.Formats, " or "))
	flags.StringVar(&l.level, "log-level", l.level, "what standard error tells: "+strings.Join(journal.Levels, ", "))
	onlyWords(root, "log-format", journal.Formats...)
	onlyWords(root, "log-level", journal.Levels...)
}

// progress draws on a terminal, for people who did not ask for more.
func (l *operatorLog) progress() *progress {
	if l.format != "text" || l.level == "debug" {
		return &progress{}
	}
	return newProgress(l.out)
}

func (l *operatorLog) open() (err error) {
	l.Logger, err = journal.New(l.out, l.format, l.level)
	return err
}
