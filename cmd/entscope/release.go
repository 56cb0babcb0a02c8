package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func newReleaseCommand() *cobra.Command {
	var dir, to string
	var q publication.Request
	c := &cobra.Command{
		Use:   "release --edition DIR --name NAME --author WHO --reason WHY QUESTION...",
		Short: "Ask that tables of an edition leave the secure environment; the operator answers",
		Long: `A researcher asks, in the secure environment and without any key: release writes a
request, a file that names the tables, who asks and why. The operator, who holds the
key, answers it with "entscope release answer": the tables are protected as one release
with the report, the pages of schools and all tables that have left before, and leave
with a signed record, or do not leave and it says why. entscope help release.`,
		Example: `  entscope release --edition editions/research-2025-T1 L2 N2 --by device --name devices \
    --author "M. Durand, laboratoire X" --reason "article, tableau 3"
  entscope release answer study.toml devices.request.toml --dry-run
  entscope release answer study.toml devices.request.toml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, ids []string) error {
			if dir == "" {
				return withExit(exitUsage, errors.New("release: --edition is not set"))
			}
			own, err := publication.NewRequest(dir)
			if err != nil {
				return withExit(exitInput, err)
			}
			q.Edition, q.Manifest, q.Questions = own.Edition, own.Manifest, ids
			if err := q.Check(); err != nil {
				return withExit(exitUsage, err)
			}
			if to == "" {
				to = q.Name + ".request.toml"
			}
			results, err := answerable(c, dir, q)
			if err != nil {
				return err
			}
			text, err := q.Text()
			if err != nil {
				return err
			}
			switch err := durable.Create(to, text, 0o644); {
			case errors.Is(err, fs.ErrExist):
				return withExit(exitUsage,
					fmt.Errorf("release: %s is there; hint: remove it, or name another by --to", to))
			case err != nil:
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: asks for %d figures; "+
				"for the operator: entscope release answer STUDY.toml %s\n", to, results, to)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "edition", "", "folder of a research edition")
	c.Flags().StringVar(&q.Name, "name", "", "of the tables: small letters, digits and -")
	c.Flags().StringVar(&q.Author, "author", "", "who asks")
	c.Flags().StringVar(&q.Reason, "reason", "", "what the tables are for")
	c.Flags().StringSliceVar(&q.By, "by", nil, "groupings (repeatable): "+strings.Join(publication.Releasable, ", ")+
		"; those of the report unless said")
	c.Flags().StringVar(&to, "to", "", "the request to create: NAME.request.toml unless said")
	completeFolder(c, "edition")
	complete(c, "by", publication.Releasable...)
	c.ValidArgsFunction = cobra.FixedCompletions(questions(), cobra.ShellCompDirectiveNoFileComp)
	c.AddCommand(newAnswerCommand())
	return c
}

// answerable counts the figures that an edition has for a request: one that nothing
// answers is told to who asks, and not to the operator.
func answerable(c *cobra.Command, dir string, q publication.Request) (int, error) {
	ed, done, err := openEdition(c.Context(), dir)
	if err != nil {
		return 0, err
	}
	defer done()
	results, err := indicator.Analyze(c.Context(), ed, indicator.Request{IDs: q.Questions, By: q.By})
	if errors.Is(err, indicator.ErrRequest) {
		return 0, withExit(exitUsage, err)
	}
	return len(results), err
}

func newAnswerCommand() *cobra.Command {
	var out string
	var dry bool
	c := &cobra.Command{
		Use:   "answer STUDY.toml REQUEST.toml",
		Short: "Check a researcher's request, and write the tables that may leave",
		Long: `answer protects the tables of a request as one release with the publication that
stands and with every table that has left of the edition before: what is too small, or
would follow from the others, has no number. Nothing that has left is hidden after the
fact, and nothing that was held back is shown; where both cannot be, the tables do not
leave (exit code 4). The register of releases remembers which tables have left. The
folder holds CSV, JSON, Parquet and SVG, record.json (who asked, why, which rules) and a
signed manifest, and appears whole or not at all.`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			s, err := study.Read(args[0])
			if err != nil {
				return withExit(exitUsage, err)
			}
			text, err := readRequest(args[1])
			if err != nil {
				return withExit(exitUsage, err)
			}
			q, err := publication.ParseRequest(text)
			if err != nil {
				return withExit(exitUsage, err)
			}
			if out == "" {
				out = filepath.Join(pipeline.Released(s), q.Name)
			}
			batch := pipeline.Batch{Study: s, Software: generation, Release: release}
			t, err := batch.Tables(c.Context(), q, out, dry)
			if err != nil {
				return withExit(tablesExit(err), err)
			}
			saidTables(c.OutOrStdout(), t.Record)
			if dry {
				fmt.Fprintln(c.OutOrStdout(), "nothing is written or booked (--dry-run)")
				return nil
			}
			fmt.Fprintln(c.OutOrStdout(), out)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder to create: released/NAME beside the publication unless said")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would leave; write and book nothing")
	return c
}

// mostRequest bounds a request, which is a page of text.
const mostRequest = 64 << 10

func readRequest(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostRequest+1))
	if err == nil && len(text) > mostRequest {
		err = fmt.Errorf("%s is longer than a request", filepath.Base(path))
	}
	if err != nil {
		return nil, fmt.Errorf("release: %w", err)
	}
	return text, nil
}

// saidTables tells the operator what is asked and what of it may leave.
func saidTables(w io.Writer, r publication.Record) {
	q := r.Request
	fmt.Fprintf(w, "%s asks for %s, by %s\nwhy: %s\n", q.Author, strings.Join(q.Questions, ", "),
		orReport(q.By), q.Reason)
	for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
		fmt.Fprintf(w, "%5d %s\n", r.Statuses[status], strings.ReplaceAll(status, "_", " "))
	}
	fmt.Fprintf(w, "protected together with the publication and %d earlier tables\n", r.Earlier)
}

func orReport(by []string) string {
	if len(by) == 0 {
		return "the groupings of the report"
	}
	return strings.Join(by, ", ")
}

// tablesExit is the exit code of tables that did not leave.
func tablesExit(err error) int {
	switch {
	case errors.Is(err, pipeline.ErrRefused):
		return exitRefused
	case errors.Is(err, study.ErrInput):
		return exitInput
	case errors.Is(err, study.ErrLocked):
		return exitLocked
	case errors.Is(err, study.ErrConfig):
		return exitUsage
	}
	return exitUnexpected
}
