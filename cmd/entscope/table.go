package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/anonymize/policy"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/cmd/entscope/internal/exploration"
)

func newTableCommand(log *operatorLog) *cobra.Command {
	var job microdata.Job
	var asJSON bool
	var explore, lang string
	var key tableKey
	c := &cobra.Command{
		Use:   "table INPUT --policy POLICY.toml --out DIR",
		Short: "Make any CSV or Parquet table k-anonymous, counted on persons",
		Long: `table finds the generalisation that loses least information under the policy, proves
that none loses less, and writes the table with a manifest. Every count is of distinct
persons. A policy that cannot be met ends with exit code 4 and nothing is written.

With --explore nothing is anonymised: it writes a page of what could be chosen (the loss
for each k and suppression limit, the solutions near the best, each column and the risks
before and after), for the researcher and the officer to choose together. The page holds
no row and no count of fewer than 11 persons, and is internal.

With --sealed it also writes, for the operator alone, whose row each released row is, and what was
suppressed: with this file entscope audit --table counts persons and units, not rows. It never leaves.

With --key it signs the manifest under the master key (manifest.sig), as editions are signed: entscope
key sign --key FILE writes the public key, and entscope audit --table --public-key verifies.

A policy with non_minimal = true raises cells at random, by numbers drawn under the master key
of --key: the same table, policy and key give the same bytes. Without --key another key is drawn
for each run and written nowhere: let one release leave, since of two the finer cell would tell.`,
		Example: `  entscope table students.csv --policy policy.toml --out released
  entscope table persons.parquet --policy policy.toml --out released --json
  entscope table students.csv --policy policy.toml --out released --key master.key
  entscope table students.csv --policy policy.toml --explore choices.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if job.Policy == "" || (job.Out == "") == (explore == "") {
				return withExit(exitUsage, errors.New("table: --policy and one of --out and --explore must be given"))
			}
			job.Input, job.Software, job.Threads = args[0], generation, runtime.GOMAXPROCS(0)
			var err error
			if job.Draw, job.Sign, err = key.open(log); err != nil {
				return err
			}
			if explore != "" {
				return exploreTable(c, job, explore, lang, log)
			}
			report, err := microdata.Anonymize(c.Context(), job)
			if err != nil {
				return tableExit(err)
			}
			for _, w := range report.Warnings {
				log.Warn(w)
			}
			if report.NonMinimal && key.file == "" {
				log.Warn("cells were raised by a key that is gone: let one release leave, or name a key by --key; " +
					"of two releases the finer cells tell")
			}
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(report)
			} else {
				err = printTable(c.OutOrStdout(), report)
			}
			for _, k := range report.Kept {
				if k.AloneInClass > 0 {
					err = errors.Join(err, withExit(exitWarnings, fmt.Errorf(
						"kept column %q: %d persons are alone in their class with their value", k.Column,
						k.AloneInClass)))
				}
			}
			return errors.Join(err, warnDoubts(log.Logger, report.Doubts), warnUnmatched(log.Logger, report.Population))
		},
	}
	c.Flags().StringVar(&job.Policy, "policy", "", "policy file (TOML)")
	c.Flags().StringVar(&job.Out, "out", "", "folder to write; it must not exist, or be empty")
	c.Flags().StringVar(&job.Sealed, "sealed", "", "new file for whose row each row is; outside --out")
	key.add(c.Flags())
	c.Flags().StringVar(&explore, "explore", "",
		"new page of what could be chosen, in the place of --out; it stays inside")
	c.Flags().StringVar(&lang, "lang", "fr", "language of the page: fr or en")
	complete(c, "lang", "fr", "en")
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	completeFolder(c, "out")
	if err := c.MarkFlagFilename("policy", "toml"); err != nil {
		panic(err) // a flag that is not there
	}
	return c
}

// tableKey names the master key that signs a table, and of what is drawn at random.
type tableKey struct{ file, identity string }

func (k *tableKey) add(flags *pflag.FlagSet) {
	flags.StringVar(&k.file, "key", "",
		"master key (entscope key init): it signs the manifest, and draws what non_minimal raises")
	flags.StringVar(&k.identity, "identity", "", "age identity that opens the key")
}

// open gives keyed uniform numbers, and the signature, nil without a key.
func (k *tableKey) open(log *operatorLog) (func(parts ...int64) uint64, edition.Sign, error) {
	const label = "non-minimal recoding"
	if k.file == "" {
		if k.identity != "" {
			return nil, nil, withExit(exitUsage, errors.New("table: --identity is for --key, which is not set"))
		}
		passing, err := pseudonym.PassingKey()
		if err != nil {
			return nil, nil, err
		}
		return passing.PRF(label).Uint64, nil, nil
	}
	master, err := pseudonym.LoadKey(k.file, k.identity)
	if err != nil {
		return nil, nil, withExit(exitUsage, err)
	}
	if master.Synthetic() {
		log.Warn("the key is that of a synthetic region: it protects nobody")
	}
	lasting, err := master.Lasting()
	if err != nil {
		return nil, nil, err
	}
	signing, err := master.Signing()
	if err != nil {
		return nil, nil, err
	}
	return lasting.PRF(label).Uint64, signing.Sign, nil
}

// exploreTable writes the page of an exploration, and its text.
func exploreTable(c *cobra.Command, job microdata.Job, path, lang string, log *operatorLog) error {
	l, err := wording.Parse(lang)
	if err != nil {
		return withExit(exitUsage, err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return withExit(exitUsage, fmt.Errorf("table: %s is there; hint: name another by --explore", path))
	}
	e, err := microdata.Explore(c.Context(), job)
	if err != nil {
		return tableExit(err)
	}
	page, err := exploration.Page(e, l)
	if err != nil {
		return err
	}
	if err := durable.Create(path, page, 0o600); err != nil {
		return err
	}
	if err := exploration.Text(c.OutOrStdout(), e); err != nil {
		return err
	}
	return warnDoubts(log.Logger, e.Doubts)
}

// tableExit gives an error of the table commands its exit code.
func tableExit(err error) error {
	switch {
	case errors.Is(err, kanon.ErrUnsatisfiable):
		return withExit(exitRefused, err)
	case errors.Is(err, microdata.ErrInput), errors.Is(err, hierarchy.ErrNoPlace):
		return withExit(exitInput, err)
	case errors.Is(err, policy.ErrPolicy), errors.Is(err, kanon.ErrPolicy), errors.Is(err, microdata.ErrColumn),
		errors.Is(err, microdata.ErrOtherPolicy), errors.Is(err, edition.ErrExists), errors.Is(err, durable.ErrForeign):
		return withExit(exitUsage, err)
	case errors.Is(err, durable.ErrBusy):
		return withExit(exitLocked, err)
	}
	return err
}

// warnDoubts says where several spellings were taken for one value; the command
// then ends with exit code 3.
func warnDoubts(log *slog.Logger, doubts []microdata.Doubt) error {
	for _, d := range doubts {
		log.Warn(d.String())
	}
	if len(doubts) == 0 {
		return nil
	}
	return withExit(exitWarnings, fmt.Errorf("done with %d warning(s)", len(doubts)))
}

// warnUnmatched says that the population does not hold the table; the command then ends with
// exit code 3.
func warnUnmatched(log *slog.Logger, p *microdata.Presence) error {
	if p == nil || p.Unmatched == 0 {
		return nil
	}
	log.Warn(fmt.Sprintf("%d persons have values that fewer persons of the population have than of the table: "+
		"it does not hold them, or not in the same words", p.Unmatched))
	return withExit(exitWarnings, errors.New("done with warnings of the population"))
}

func printTable(out io.Writer, r *microdata.Report) error {
	fmt.Fprintf(out, "%d rows of %d persons; %d rows and %d persons suppressed\n", r.Rows, r.Persons, r.SuppressedRows,
		r.SuppressedPersons)
	fmt.Fprintf(out, "k = %d distinct persons, %d classes, %s %.6f", r.K, r.Classes, r.Metric, r.Score)
	if r.ProvedOptimal {
		fmt.Fprintf(out, ", proved optimal: %d of %d nodes checked", r.NodesChecked, r.LatticeNodes)
	} else if r.Recoding == policy.FullDomain && r.Bound > 0 {
		fmt.Fprintf(out, ", the best found in %d of %d nodes: none is below %.6f", r.NodesChecked, r.LatticeNodes,
			r.Bound)
	}
	fmt.Fprintln(out)
	var names []string
	for name := range r.Transformation {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(out, "  %-24s level %d\n", name, r.Transformation[name])
	}
	for _, k := range r.Kept {
		fmt.Fprintf(out, "  %-24s kept: %d values; %d persons alone with theirs, %d in their class", k.Column, k.Values,
			k.Alone, k.AloneInClass)
		if k.Constant {
			fmt.Fprint(out, "; one value a person")
		}
		fmt.Fprintln(out)
	}
	if r.RowShare > 0.5 && r.K > 1 {
		fmt.Fprintf(out,
			"  one person holds %.0f %% of the rows of a class: what is said of its rows is said of them\n",
			100*r.RowShare)
	}
	if p := r.Population; p != nil {
		fmt.Fprintf(out, "  k-map = %d of %d persons of the population; delta-presence in [%.4f, %.4f]; %d persons are in no "+
			"class of the table\n", p.KMap, p.Persons, p.DeltaMin, p.DeltaMax, p.Elsewhere)
	}
	for _, s := range r.Sensitive {
		fmt.Fprintf(out, "  %-24s %s %.4g, asked %.4g\n", s.Name, s.Model, s.Achieved, s.Bound)
	}
	if w := r.WholeTable; w != nil {
		fmt.Fprintf(out, "  compared with what leaves, too; with the table alone: %s %.6f, %d persons suppressed\n", r.Metric,
			w.Score, w.SuppressedPersons)
	}
	return nil
}
