package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/crosstab"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
)

func newProtectCommand(log *operatorLog) *cobra.Command {
	var job crosstab.Job
	var f registerFlags
	var auditFile string
	c := &cobra.Command{
		Use:   "protect TABLE --policy publication.toml --key master.key --out DIR",
		Short: "Protect your own table of aggregates: suppression, rounding or noise, audited",
		Long: `protect makes a table of counts or sums publishable, from a file with a row for each
contribution or for each cell. Unsafe cells (too few distinct contributors, (n, k) or
p % dominance) are hidden, and others so that none can be computed from the totals; or
all cells are rounded so that they still add up, or have the noise of the cell-key
method. Linear programming then says where each unsafe cell is left, for everybody and
for whoever contributes to a cell alone; if one is left too narrow nothing is written
(exit code 4). The register of releases remembers the table, and later tables of the
same figures are protected together with it. entscope help protect.`,
		Example: `  entscope key init --out master.key
  entscope protect turnover.csv --policy publication.toml --key master.key --dry-run
  entscope protect turnover.csv --policy publication.toml --key master.key --out published --audit audit.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if job.Policy == "" || f.key == "" || job.Out == "" && !job.Dry {
				return withExit(exitUsage,
					errors.New("protect: --policy, --key and --out (or --dry-run) must be given"))
			}
			if _, err := os.Lstat(auditFile); auditFile != "" && !errors.Is(err, fs.ErrNotExist) {
				return withExit(exitUsage, fmt.Errorf("protect: %s is there; hint: name another by --audit", auditFile))
			}
			job.Input, job.Inert = args[0], wording.Inert
			var unlock func()
			var err error
			if job.Register, job.Key, unlock, err = f.open("protect", !job.Dry, log); err != nil {
				return err
			}
			defer unlock()
			return runProtect(c, job, auditFile, log)
		},
	}
	flags := c.Flags()
	flags.StringVar(&job.Policy, "policy", "", "what the table is and its rules (TOML)")
	flags.StringVar(&job.Out, "out", "", "folder to write; it must not exist, or be empty")
	flags.BoolVar(&job.Dry, "dry-run", false, "say what would leave; write and book nothing")
	f.add(flags)
	flags.StringVar(&auditFile, "audit", "", "new file for the intervals of all hidden cells; it stays with you")
	completeFolder(c, "out")
	if err := c.MarkFlagFilename("policy", "toml"); err != nil {
		panic(err) // a flag that is not there
	}
	return c
}

func runProtect(c *cobra.Command, job crosstab.Job, auditFile string, log *operatorLog) error {
	result, table, err := crosstab.Publish(c.Context(), job)
	if result != nil {
		printProtected(c.OutOrStdout(), result)
	}
	if err != nil {
		return protectExit(err)
	}
	if auditFile != "" {
		text, err := result.AuditCSV(wording.Inert)
		if err != nil {
			return err
		}
		if err := durable.Create(auditFile, text, 0o600); err != nil {
			return err
		}
	}
	if job.Dry {
		fmt.Fprintln(c.OutOrStdout(), "nothing is written or booked (--dry-run)")
	} else {
		fmt.Fprintln(c.OutOrStdout(), job.Out)
	}
	return warnDoubts(log.Logger, table.Doubts)
}

// protectExit gives an error of protect its exit code.
func protectExit(err error) error {
	for _, refusal := range []error{crosstab.ErrUnprotected, crosstab.ErrAudit, crosstab.ErrRounding,
		crosstab.ErrChanged, crosstab.ErrBeside, crosstab.ErrRecoded,
		crosstab.ErrNoise} {
		if errors.Is(err, refusal) {
			return withExit(exitRefused, err)
		}
	}
	switch {
	case errors.Is(err, crosstab.ErrPolicy), errors.Is(err, edition.ErrExists):
		return withExit(exitUsage, err)
	}
	return tableExit(err)
}

// mostPrinted is how many intervals the terminal shows.
const mostPrinted = 40

func printProtected(out io.Writer, r *crosstab.Result) {
	unsafe := "left as they are"
	switch r.Method {
	case crosstab.MethodSuppress:
		unsafe = fmt.Sprintf("hidden, and %d others with them", r.Secondary)
	case crosstab.MethodRound:
		unsafe = "rounded like all others"
	case crosstab.MethodNoise:
		unsafe = "under noise like all others"
	}
	fmt.Fprintf(out, "%d cells, %d of them empty; %d unsafe, %s\n", len(r.Cells), r.Empty, r.Primary, unsafe)
	if r.Earlier > 0 {
		fmt.Fprintf(out, "protected together with %d earlier tables of the same figures\n", r.Earlier)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s\twhy\tfrom\tto\twidth\tasked\tholds\n", strings.Join(r.Columns, "\t"))
	for i, a := range r.Audit {
		if i == mostPrinted {
			fmt.Fprintf(w, "… %d more (--audit)\n", len(r.Audit)-mostPrinted)
			break
		}
		fmt.Fprintf(w, "%s\t%s\n", printable(strings.Join(a.Labels, "\t")), strings.Join(a.Row(r.Decimals), "\t"))
	}
	w.Flush()
}

// printable keeps the codes of a foreign file from driving a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
