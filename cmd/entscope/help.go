package main

import (
	"embed"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest/register"
	"github.com/entscope/entscope/ingest/tabular"
)

//go:generate go test -run TestHelpListsEveryKey . -update .

// The texts of the topics; lists of keys in them are generated (package reference).
//
//go:embed help/*.md help/*.json
var helpTexts embed.FS

// topic is a page of `entscope help`, which is also a manual page.
type topic struct {
	name, short string
	// page is the name and section of its manual page.
	page string
	// list writes what follows the text: a list that another package keeps as
	// data. It is nil where there is none.
	list func(io.Writer) error
}

var topics = []topic{
	{name: "getting-started", short: "from logs to a publication in ten minutes", page: "entscope-getting-started(7)"},
	{name: "study", short: "study.toml, key by key", page: "study.toml(5)", list: listRead},
	{name: "sources", short: "where logs come from and what becomes of each file", page: "entscope-sources(7)"},
	{
		name: "layouts", short: "how the lines of an access log are laid out", page: "entscope-layouts(7)",
		list: listLayouts,
	},
	{name: "registers", short: "the registers kept alongside the logs", page: "entscope-registers(7)",
		list: register.Reference},
	{name: "policy", short: "privacy policies, key by key", page: "entscope-policy(5)"},
	{name: "protect", short: "your own table of aggregates, protected and audited", page: "entscope-protect-tables(7)"},
	{name: "indicators", short: "the questions that are asked", page: "entscope-indicators(7)", list: listQuestions},
	{name: "model", short: "models that you write, on an edition", page: "entscope-models(7)"},
	{name: "power", short: "which differences a study can find", page: "entscope-power-of-a-study(7)"},
	{name: "plan", short: "what a study will ask, written down before", page: "entscope-analysis-plans(7)"},
	{name: "release", short: "tables that leave at a researcher's request", page: "entscope-release-of-tables(7)"},
	{name: "national", short: "the ministry's open data: files, answers, breaks", page: "entscope-national-data(7)"},
	{name: "scale", short: "when one machine is enough, and when to move", page: "entscope-scale(7)"},
	{name: "flow", short: "the SQL of an edition, from table to table", page: "entscope-flow(7)", list: listFlow},
	{
		name: "schedulers", short: "a run each night: systemd, cron, Kubernetes, Slurm, Airflow",
		page: "entscope-schedulers(7)", list: listDeployFiles,
	},
	{name: "accessibility", short: "what the pages do for everybody to read them (RGAA)",
		page: "entscope-accessibility(7)"},
	{name: "exit-codes", short: "what an exit code says", page: "entscope-exit-codes(7)", list: listExitCodes},
}

// text gives the topic as Markdown.
func (t topic) text() (string, error) {
	data, err := helpTexts.ReadFile("help/" + t.name + ".md")
	if err != nil {
		return "", fmt.Errorf("help: %w", err)
	}
	var b strings.Builder
	b.Write(data)
	if t.list != nil {
		b.WriteString("\n")
		if err := t.list(&b); err != nil {
			return "", fmt.Errorf("help: %s: %w", t.name, err)
		}
	}
	return b.String(), nil
}

// newHelpCommand takes the place of cobra's: it knows the topics too.
func newHelpCommand(root *cobra.Command) *cobra.Command {
	c := &cobra.Command{
		Use:   "help [TOPIC | COMMAND]",
		Short: "Read about a topic or a command",
		Long:  "help shows a topic or the help of a command.\n\n" + topicList(),
		Args:  cobra.ArbitraryArgs,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, t := range topics {
				names = append(names, t.name+"\t"+t.short)
			}
			for _, sub := range root.Commands() {
				if sub.IsAvailableCommand() {
					names = append(names, sub.Name()+"\t"+sub.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	format := c.Flags().String("format", "text", "text; dot for the topic flow; schema for "+schemaList())
	onlyWords(c, "format", "text", "dot", "schema")
	c.RunE = func(c *cobra.Command, args []string) error {
		switch strings.Join(args, " ") + " " + *format {
		case "flow dot":
			return writeFlow(c.OutOrStdout())
		}
		if *format == "schema" {
			return writeSchema(c.OutOrStdout(), strings.Join(args, " "))
		}
		if *format != "text" {
			return errFormat(strings.Join(args, " "), *format)
		}
		if len(args) == 0 {
			return root.Help()
		}
		if i := slices.IndexFunc(topics, func(t topic) bool { return t.name == args[0] }); i >= 0 {
			text, err := topics[i].text()
			if err != nil {
				return err
			}
			_, err = io.WriteString(c.OutOrStdout(), stripMarks(text))
			return err
		}
		found, _, err := root.Find(args)
		if err != nil || found == root {
			return withExit(exitUsage, noTopic(root, strings.Join(args, " ")))
		}
		return found.Help()
	}
	return c
}

// noTopic is the error for what help knows nothing of, with the nearest that it knows.
func noTopic(root *cobra.Command, name string) error {
	var names []string
	for _, t := range topics {
		names = append(names, t.name)
	}
	for _, sub := range root.Commands() {
		names = append(names, sub.Name())
	}
	hint := ""
	if near := vocabulary.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return fmt.Errorf("help: no topic or command %q%s\n%s", name, hint, topicList())
}

// schemaFile is a kind of file whose keys are written as a JSON Schema, for editors.
type schemaFile struct {
	name, title string
	keys        reflect.Type
}

// schemaFiles are those that an operator writes. A mapping and the lines of a catalog are tables of the study too; on
// their own they are for those who keep them apart and put a study together from parts.
var schemaFiles = []schemaFile{
	{"study", "study.toml", reflect.TypeFor[study.Study]()},
	{"policy", "research.toml, schools.toml, the policy of entscope table", policy.Keys()},
	{"publication", "publication.toml", reflect.TypeFor[disclosure.Policy]()},
	{"mapping", "a mapping, such as [source.csv]", reflect.TypeFor[tabular.Mapping]()},
	{"catalog", "[catalog]", reflect.TypeFor[study.Catalog]()},
}

func schemaList() string {
	var names []string
	for _, f := range schemaFiles {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

// writeSchema writes the JSON Schema of a kind of file.
func writeSchema(w io.Writer, name string) error {
	schema, err := helpTexts.ReadFile("help/" + name + ".schema.json")
	if err != nil {
		return errFormat(name, "schema")
	}
	_, err = w.Write(schema)
	return err
}

func topicList() string {
	var b strings.Builder
	b.WriteString("Topics:\n")
	for _, t := range topics {
		fmt.Fprintf(&b, "  %-16s %s\n", t.name, t.short)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// stripMarks drops the marks of generated lists, which say nothing to a reader.
func stripMarks(text string) string {
	var kept []string
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "<!--") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func listExitCodes(w io.Writer) error {
	for _, c := range exitCodes {
		if _, err := fmt.Fprintf(w, "- `%d` %s.\n", c.code, c.meaning); err != nil {
			return err
		}
	}
	return nil
}
