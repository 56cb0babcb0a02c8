package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// wordsOf is the annotation of a flag that may be one of some words.
const wordsOf = "words"

// onlyWords says which words a flag may be: others are refused, and shells complete them.
func onlyWords(c *cobra.Command, flag string, words ...string) {
	complete(c, flag, words...)
	f := c.Flag(flag)
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[wordsOf] = words
}

// complete says which words shells propose for a flag that takes others too.
func complete(c *cobra.Command, flag string, words ...string) {
	completeBy(c, flag, func() []string { return words })
}

// completeBy is complete with words that take a while to find: only a shell that asks waits for them.
func completeBy(c *cobra.Command, flag string, words func() []string) {
	proposed := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc(flag, proposed); err != nil {
		panic(err) // a flag that is not there
	}
}

// completeFolder lets shells propose folders for a flag.
func completeFolder(c *cobra.Command, flags ...string) {
	for _, flag := range flags {
		if err := c.MarkFlagDirname(flag); err != nil {
			panic(err) // a flag that is not there
		}
	}
}

// completeArguments lets shells propose what the line of use says that a command
// takes: the file of a study, a table.
func completeArguments(c *cobra.Command) {
	_, argument, _ := strings.Cut(c.Use, " ")
	argument, _, _ = strings.Cut(argument, " ")
	endings := map[string][]string{"STUDY.toml": {"toml"}, "INPUT": {"csv", "parquet", "tsv", "txt"}}[argument]
	if endings != nil {
		c.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return endings, cobra.ShellCompDirectiveFilterFileExt
		}
	}
	for _, sub := range c.Commands() {
		completeArguments(sub)
	}
}

// groupings are the groupings that an edition may carry.
func groupings() []cobra.Completion {
	var list []cobra.Completion
	for _, g := range question.Groupings() {
		list = append(list, g.Name)
	}
	return list
}

// questions are the identifiers of the questions, each with its title for the shell.
func questions() []cobra.Completion {
	var list []cobra.Completion
	for _, q := range question.All() {
		list = append(list, cobra.CompletionWithDesc(q.ID, q.Question.FR))
	}
	return list
}

// checkFlags refuses a flag that is given and says nothing, or says a word that is none
// of its own: `--sensitive ""` would protect nothing in silence.
func checkFlags(c *cobra.Command, _ []string) error {
	var faults []error
	c.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if len(values) == 0 {
			values = []string{""}
		}
		for _, value := range values {
			switch words := f.Annotations[wordsOf]; {
			case strings.TrimSpace(value) == "":
				faults = append(faults, fmt.Errorf("--%s is given without a value", f.Name))
			case words != nil:
				faults = append(faults, oneOfWords(f.Name, value, words))
			}
		}
	})
	if err := errors.Join(faults...); err != nil {
		return withExit(exitUsage, err)
	}
	return nil
}

func oneOfWords(flag, value string, words []string) error {
	for _, w := range words {
		if w == value {
			return nil
		}
	}
	return fmt.Errorf("--%s: %w", flag, vocabulary.Unknown(value, words))
}

// unknownFlag is the error for a flag that a command does not have, with the nearest
// that it has.
func unknownFlag(c *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	if !errors.As(err, &missing) {
		return withExit(exitUsage, err)
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	hint := fmt.Sprintf("see %q", c.CommandPath()+" --help")
	if near := vocabulary.Nearest(missing.GetSpecifiedName(), names); near != "" {
		hint = fmt.Sprintf("did you mean --%s?", near)
	}
	return withExit(exitUsage, fmt.Errorf("%w; %s", err, hint))
}
