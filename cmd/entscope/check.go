package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/lake"
	"github.com/entscope/entscope/anonymize/zone"
	"github.com/entscope/entscope/cmd/entscope/internal/input"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/source"
)

func newCheckCommand() *cobra.Command {
	var (
		asJSON   bool
		allFiles bool
		against  []string
	)
	c := &cobra.Command{
		Use:   "check STUDY.toml [--against FILE...]",
		Short: "Is the study sound; what would be read; nothing is written",
		Long: `check reads the study, its policies, its directory and every delivery, and accounts
for each record, file by file: read = events + ignored by rule + rejects. It writes
nothing and needs no key. Files of the directory and of the registers are summed by
what they were read as; those with rejects are named, with the reasons.

Of each file it says what ingest makes of it: new; ingested already; delivered again
(the same content under another name or compression: read once); half-written (a
longer file begins with it, and is read instead) or ending within a record (read as
far as it goes, and taken back when the whole one comes); refused, with the reason;
late (older than what was ingested); or overlapping others in time (records that are
in both count once). A file in a zip is shown as logs.zip!/access.log.

Where a table's records are refused for a field, it says the field, the first line,
what the values look like (99/99/9999, never a value) and the word of the mapping or
the layout of dates that would fit.

Then how well the inputs fit together: of the accounts, events and schools that each
feed names, how many the directory knows, by profile; of the links, how many have
both a pupil and a guardian of their own; of each list of accounts, how many name
somebody. Then which of the questions the study answers, and what each other lacks.

A record in a hundred that was lost on the way shows in no single file: what makes it
visible is the size of the last delivery that was accepted, the number of records that
the study expects (expect, of a source, a table or the exports of the directory), or the
checksums that were made where the files were (checksums, of a source). Feeds that have
neither are named as not verified.

The exit code is that of a run: 3 where something is doubtful, 5 where a
run would refuse the input (limits in study.toml: max_reject_share, min_known_share,
sure_known_share, max_loss_share).

A source of standard input (files = ["-"]) is read here as well: entscope check
study.toml < access.log.

With --against it also reads what the platform says about itself, entcore's
statistics exports (CSV) and RECIA's YYYY/MM/mois_<siren>.xml, and prints our
totals by month and profile beside the platform's own. Of the national open data
(profils of the DNMA) it prints our visits and weekly users of each school and week
beside theirs, with the ratio: a feed that is missing, or counted twice, is seen.
These are exact counts, for the operator of the logs, not for publication.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(against) > 0 {
				return cobra.MinimumNArgs(1)(c, args)
			}
			return cobra.ExactArgs(1)(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			s, err := study.Read(args[0])
			if err != nil {
				return withExit(exitUsage, err)
			}
			if len(against) > 0 {
				against = append(against, args[1:]...)
			}
			found, err := checkInput(c.Context(), s)
			if err != nil {
				return err
			}
			if found.store, err = look(c.Context(), s); err != nil {
				return runError(err)
			}
			compared, err := compareAgainst(c.Context(), s, found, against)
			if err != nil {
				return err
			}
			if asJSON {
				err := found.encode(c.OutOrStdout(), compared)
				return cmp.Or(err, found.exit())
			}
			if err := found.show(s, allFiles, c.OutOrStdout()); err != nil {
				return err
			}
			if err := compared.print(c.OutOrStdout()); err != nil {
				return err
			}
			return found.verdict(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&allFiles, "files", false,
		"list every file, also where there are many and nothing to say of them")
	c.Flags().StringArrayVar(&against, "against", nil,
		"compare with totals: files of entcore, RECIA or the national open data")
	c.Flags().BoolVar(&asJSON, "json", false, "print the accounts of the feeds and of the directory's files as JSON")
	return c
}

// checked is what check found.
type checked struct {
	*zone.Summary
	directory *directory.Directory
	feeds     []ingest.Feed
	store     *lake.Look // nil where the zone is a folder alone
}

func checkInput(ctx context.Context, s *study.Study) (*checked, error) {
	if _, err := s.Rules(); err != nil {
		return nil, withExit(exitUsage, err)
	}
	feeds, err := input.Feeds(s)
	if err != nil {
		return nil, inputError(err)
	}
	z, err := zone.Open(s.Path(s.Output.Restricted))
	if err != nil {
		return nil, err
	}
	for i, src := range s.Sources {
		if slices.Contains(src.Files, source.Stdin) && piped() {
			feeds[i].Files = append(feeds[i].Files, source.Stdin)
		}
	}
	d, err := input.Directory(ctx, s, nil)
	if err != nil {
		return nil, inputError(err)
	}
	summary, err := zone.Check(ctx, zone.CheckOptions{
		Zone: z, Feeds: feeds, Directory: d, Study: input.Subject(s), Threads: s.Limits.Threads,
		Limits: input.Limits(s),
	})
	return &checked{Summary: summary, directory: d, feeds: feeds}, inputError(err)
}

// exit is the error that a run would end with.
func (c *checked) exit() error {
	switch {
	case len(c.Faults) > 0:
		return withExit(exitInput, fmt.Errorf("a run would refuse this input: %s", strings.Join(c.Faults, "\n")))
	case len(c.Doubts) > 0:
		return withExit(exitWarnings, fmt.Errorf("a run would end with %d warning(s)", len(c.Doubts)))
	}
	return nil
}

// verdict writes the doubts, and gives the error that a run would end with.
func (c *checked) verdict(out io.Writer) error {
	for i, doubt := range c.Doubts {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, "warning:", doubt)
	}
	return c.exit()
}

func inputError(err error) error {
	switch {
	case errors.Is(err, study.ErrInput):
		return withExit(exitInput, err)
	case errors.Is(err, study.ErrConfig):
		return withExit(exitUsage, err)
	}
	return err
}

// encode writes the accounts of the feeds and of the directory's files as JSON.
func (c *checked) encode(out io.Writer, compared *comparisons) error {
	return encodeJSON(out, struct {
		account
		*comparisons
	}{c.account(), compared})
}

// account is what was found, as JSON gives it.
type account struct {
	*zone.Summary
	Directory []directory.FileCounts `json:"directory"`
	Questions []answer               `json:"questions"`
	Store     *lake.Look             `json:"store,omitempty"`
}

func (c *checked) account() account {
	return account{c.Summary, c.directory.Files, c.answers(), c.store}
}

// show writes what would be read.
func (c *checked) show(s *study.Study, allFiles bool, out io.Writer) error {
	summary := c.Summary
	fmt.Fprintf(out, "study %s, %s: %s to %s, %s\n\n", s.About.Name, s.About.Term, s.About.Start, s.About.End,
		s.About.Timezone)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "feed\tformat\tdeliveries\tMB\tread\tevents\tignored\trejects\tfrom\tto\t")
	for _, f := range summary.Feeds {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.1f\t%d\t%d\t%d\t%d\t%s\t%s\t\n", f.Name, f.Format, f.Deliveries,
			float64(f.Bytes)/1e6, f.Read, f.Events, f.Skipped(), f.Rejected(), spanDay(f.FirstMs), spanDay(f.LastMs))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, f := range summary.Feeds {
		printCounts(out, f.Name+": ignored, ", f.Ignored)
		printCounts(out, f.Name+": rejected, ", f.Rejects)
		printCounts(out, f.Name+": no service for a name like ", f.Unknown)
		if err := printLayout(out, s, &f); err != nil {
			return err
		}
	}
	if err := printFiles(out, summary, allFiles); err != nil {
		return err
	}
	printShards(out, summary.Shards)
	printStore(out, c.store)
	if n := len(summary.Unverified); n > 0 {
		fmt.Fprintf(out, "\nnot verified: nothing says how many records %s should have; a loss at the end of a line "+
			"would not be seen; hint: expect or checksums of the source\n", strings.Join(summary.Unverified, ", "))
	}
	printDirectory(out, c.directory, allFiles)
	if err := s.Publishable(); err != nil {
		fmt.Fprintf(out, "\nnot to be published yet: %s\n",
			strings.TrimPrefix(err.Error(), study.ErrConfig.Error()+": "))
	}
	if len(c.directory.Persons) == 0 { // nothing to join with
		return nil
	}
	if err := printJoins(out, summary, s.Limits.Joins(), allFiles); err != nil {
		return err
	}
	printAnswers(out, c.answers())
	return nil
}

func spanDay(ms int64) string {
	if ms == 0 {
		return "-"
	}
	return time.UnixMilli(ms).UTC().Format(time.DateOnly)
}

// printCounts writes one line for each reason, the most frequent first.
func printCounts[K ~string](out io.Writer, what string, counts map[K]int64) {
	keys := slices.Collect(maps.Keys(counts))
	sort.Slice(keys, func(i, j int) bool {
		if counts[keys[i]] != counts[keys[j]] {
			return counts[keys[i]] > counts[keys[j]]
		}
		return keys[i] < keys[j]
	})
	for i, key := range keys {
		if i == 12 {
			fmt.Fprintf(out, "%sand %d more\n", what, len(keys)-i)
			return
		}
		fmt.Fprintf(out, "%s%s: %d\n", what, strings.TrimSpace(string(key)), counts[key])
	}
}
