package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/anonymize/risk"
)

// riskFlags are the flags of `entscope risk`.
type riskFlags struct {
	quasi, sensitive                         []string
	person, household, population, delimiter string
	order                                    []string
	below                                    int
	asJSON                                   bool
}

func newRiskCommand(log *operatorLog) *cobra.Command {
	var f riskFlags
	c := &cobra.Command{
		Use:   "risk INPUT --qi A,B,C",
		Short: "Measure what any CSV or Parquet table gives away; change nothing",
		Long: `risk measures a table as it stands: k, uniques, the risk of the prosecutor, the
journalist and the marketer, what classes tell of sensitive attributes, and the profile
risk of persons with several rows. Every count is of distinct persons, beside what it
would be by rows.`,
		Example: `  entscope risk students.csv --qi region,age_band --person id_student
  entscope risk released/table.parquet --qi sex,age --sensitive occupation --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			report, in, err := measureRisk(args[0], f)
			if err != nil {
				return tableExit(err)
			}
			if in.suppressed > 0 {
				log.Info(fmt.Sprintf("%d rows hold * in each quasi-identifier: suppressed records, left out",
					in.suppressed))
			}
			if f.asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(report)
			} else {
				err = printRisk(c.OutOrStdout(), report)
			}
			return errors.Join(err, warnDoubts(log.Logger, in.Doubts))
		},
	}
	flags := c.Flags()
	flags.StringSliceVar(&f.quasi, "qi", nil, "quasi-identifiers, separated by commas")
	flags.StringSliceVar(&f.sensitive, "sensitive", nil, "sensitive attributes")
	flags.StringVar(&f.person, "person", "", "column of the person; without it each row is one person")
	flags.StringVar(&f.household, "household", "", "column of the household")
	flags.StringVar(&f.population, "population", "", "table of the population, with the same quasi-identifiers")
	flags.StringArrayVar(&f.order, "order", nil, "values of a sensitive attribute from low to high: ATTRIBUTE=A,B,C")
	flags.StringVar(&f.delimiter, "delimiter", "", "delimiter of a CSV; found in the heading when not given")
	flags.IntVar(&f.below, "at-risk-below", risk.AtRiskBelow, "a person in a smaller class counts as at risk")
	flags.BoolVar(&f.asJSON, "json", false, "print the result as JSON")
	return c
}

// measured is the table that risk was asked of.
type measured struct {
	*microdata.Input
	suppressed int
}

func measureRisk(input string, f riskFlags) (*risk.Report, *measured, error) {
	if len(f.quasi) == 0 {
		return nil, nil, withExit(exitUsage, errors.New("risk: --qi must be given"))
	}
	if f.below < 2 {
		return nil, nil, withExit(exitUsage, errors.New("risk: --at-risk-below must be at least 2"))
	}
	o := risk.Options{QuasiIdentifiers: f.quasi, Sensitive: f.sensitive, Household: f.household, AtRiskBelow: f.below}
	read := microdata.Options{Person: f.person, Columns: slices.Concat(f.quasi, f.sensitive)}
	if f.household != "" {
		read.Columns = append(read.Columns, f.household)
	}
	if d := []rune(f.delimiter); len(d) > 1 {
		return nil, nil, withExit(exitUsage, errors.New("risk: --delimiter must be one character"))
	} else if len(d) == 1 {
		read.Delimiter = d[0]
	}
	for _, text := range f.order {
		name, values, ok := strings.Cut(text, "=")
		if !ok || !slices.Contains(f.sensitive, name) {
			return nil, nil, withExit(exitUsage, errors.New("risk: --order must be SENSITIVE=A,B,C"))
		}
		if o.Order == nil {
			o.Order = map[string][]string{}
		}
		o.Order[name] = strings.Split(values, ",")
	}
	read.Sensitive = f.sensitive
	table, err := microdata.Read(input, read)
	if err != nil {
		return nil, nil, err
	}
	if f.population != "" {
		read.Person, read.Columns, read.Sensitive = "", f.quasi, nil
		population, err := microdata.Read(f.population, read)
		if err != nil {
			return nil, nil, fmt.Errorf("population: %w", err)
		}
		o.Population = population.Table
	}
	in := &measured{table, table.DropSuppressed(f.quasi)}
	report, err := risk.Measure(in.Table, o)
	return report, in, err
}

func printRisk(out io.Writer, r *risk.Report) error {
	fmt.Fprintf(out, "%d rows of %d persons in %d classes\n", r.Rows, r.Persons, r.Classes)
	fmt.Fprintf(out, "k = %d distinct persons (%d by rows), %d persons unique (%d by rows)\n", r.K, r.KRows, r.Uniques,
		r.ByRows.Uniques)
	line := func(name string, a *risk.Attacker) {
		if a == nil {
			fmt.Fprintf(out, "  %-12s not measurable: needs %s\n", name, r.Absent[name])
			return
		}
		fmt.Fprintf(out, "  %-12s highest %.4f, mean %.5f, at risk %.2f %%\n", name, a.Max, a.Average, 100*a.AtRisk)
	}
	line("prosecutor", &r.Prosecutor)
	line("journalist", r.Journalist)
	fmt.Fprintf(out, "  %-12s %.5f\n", "marketer", r.Marketer)
	line("household", r.Household)
	fmt.Fprintf(out, "profiles: %d persons share the least common set of rows, %d the multiset\n", r.ProfileKSet,
		r.ProfileKMultiset)
	names := make([]string, 0, len(r.BySensitive))
	for name := range r.BySensitive {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := r.BySensitive[name]
		fmt.Fprintf(out, "  %-24s l %d (entropy %.3f), t %.4f, beta %.4f, delta %.4f\n", name, s.LDistinct, s.LEntropy,
			s.TEqual, s.Beta, s.Delta)
	}
	for _, q := range r.QuasiIdentifiers {
		fmt.Fprintf(out, "  %-24s distinction %.5f, separation %.4f\n", q.Name, q.Distinction, q.Separation)
	}
	return nil
}
