package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/anonymize/attack"
	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/anonymize/risk"
	"github.com/entscope/entscope/anonymize/uniqueness"
)

// riskFlags are the flags of `entscope risk`.
type riskFlags struct {
	quasi, sensitive                         []string
	person, household, population, delimiter string
	populationPerson, policy                 string
	level                                    map[string]int
	second                                   string
	attack                                   bool
	downcode                                 downcodeFlags
	populationSize                           int
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
would be by rows.

With --attack the three attacks of the opinion WP216 are tried on the table as it stands
(Giomi et al. 2023): singling out, inference of each sensitive attribute, and with
--second linkability with a table that others hold; membership, whether somebody is in
the table, stands beside them. Everybody is attacked as a target in
four fifths of the table and as their own control in the fifth without their household;
the risk is what succeeds more often with targets, with a 95 % interval by a bootstrap
over households, or persons. 0 is no risk, 1 certainty. Beside it stands which combinations
of quasi-identifiers tell somebody apart (SUDA), and with --population-size how many
persons of a population would be alone, by the models of Pitman, of Zayatz and of the
shifted negative binomial, and which of them the rule of Dankar et al. believes.

With --population the table is held against a table of the persons among whom its own are:
k-map, the fewest of them who may be meant by a row (Sweeney 2002), and delta-presence, the
least and largest share of those alike who are in the table (Nergiz, Atzori and Clifton
2007). Where the table is generalised and the population is not, --policy gives the
hierarchies, and the quasi-identifiers unless --qi does; values tell at which level they
stand, or --level. Rows whom nobody of the population matches are said, and the command
ends with exit code 3. Rows that were suppressed count as absent.

With --downcode and --policy an attacker who has the table and the hierarchies says which of
the values beneath each generalised cell are there (downcoding, Cohen 2022): no value right
below holds all rows of a class, or the cell would be lower. --marginals (frequency tables, a
CSV of column, value, count) and --population bound them further, by linear programmes. With
--truth, the true table, and --sealed, the map of entscope table, it says how many claims are
right, and how many would be by chance; without --sealed the rows must stand in one order.`,
		Example: `  entscope risk students.csv --qi region,age_band --person id_student
  entscope risk released/table.parquet --qi sex,age --sensitive occupation --json
  entscope risk released/table.parquet --qi sex,age --sensitive occupation --attack --second register.csv
  entscope risk released/table.parquet --population register.csv --policy policy.toml
  entscope risk released/table.parquet --policy policy.toml --downcode --truth adult.csv --sealed persons.csv`,
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
			return errors.Join(err, warnDoubts(log.Logger, in.Doubts), warnPopulation(log.Logger, report.Population))
		},
	}
	flags := c.Flags()
	flags.StringSliceVar(&f.quasi, "qi", nil, "quasi-identifiers, separated by commas")
	flags.StringSliceVar(&f.sensitive, "sensitive", nil, "sensitive attributes")
	flags.StringVar(&f.person, "person", "", "column of the person; without it each row is one person")
	flags.StringVar(&f.household, "household", "", "column of the household")
	flags.StringVar(&f.population, "population", "", "table of the population, with the same quasi-identifiers")
	flags.StringVar(&f.populationPerson, "population-person", "",
		"column of the person in the population; without it each of its rows is one person")
	flags.StringVar(&f.policy, "policy", "",
		"policy whose hierarchies bring the population to the levels of the table")
	flags.StringToIntVar(&f.level, "level", nil,
		"level of a column whose values do not tell it: COLUMN=LEVEL")
	flags.IntVar(&f.populationSize, "population-size", 0,
		"persons of whom the table is a sample: how many would be alone there")
	flags.BoolVar(&f.attack, "attack", false, "try to single out, link and infer, and say how often it succeeds")
	flags.StringVar(&f.second, "second", "", "with --attack: a table that others hold, with columns of this one")
	flags.StringArrayVar(&f.order, "order", nil, "values of a sensitive attribute from low to high: ATTRIBUTE=A,B,C")
	f.downcode.add(flags)
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
	hierarchies, err := f.hierarchies()
	if err != nil {
		return nil, nil, err
	}
	if len(f.quasi) == 0 {
		f.quasi = hierarchies.names()
	}
	if len(f.quasi) == 0 {
		return nil, nil, withExit(exitUsage, errors.New("risk: --qi must be given"))
	}
	if f.below < 2 {
		return nil, nil, withExit(exitUsage, errors.New("risk: --at-risk-below must be at least 2"))
	}
	if f.second != "" && !f.attack {
		return nil, nil, withExit(exitUsage, errors.New("risk: --second is for --attack, which is not set"))
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
	var doubts []microdata.Doubt
	if f.population != "" {
		read.Person, read.Columns, read.Sensitive = f.populationPerson, f.quasi, nil
		if o.Population, doubts, err = f.readPopulation(read, hierarchies); err != nil {
			return nil, nil, fmt.Errorf("population: %w", err)
		}
	}
	o.Attack, o.PopulationSize = f.attack, f.populationSize
	if f.second != "" {
		second, err := microdata.Read(f.second, microdata.Options{Delimiter: read.Delimiter})
		if err != nil {
			return nil, nil, fmt.Errorf("second: %w", err)
		}
		o.Second = second.Table
	}
	in := &measured{table, table.DropSuppressed(f.quasi)}
	in.Doubts = append(in.Doubts, doubts...)
	report, err := risk.Measure(in.Table, o)
	if err == nil && f.downcode.on {
		report.Downcoding, err = f.downcode.try(in.Table, hierarchies, o.Population, read.Delimiter)
	}
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
	printPopulation(out, r)
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
	printDowncoding(out, r.Downcoding)
	printUniqueness(out, r.Uniqueness)
	return printAttacks(out, r)
}

// printUniqueness writes what tells somebody apart.
func printUniqueness(out io.Writer, u *risk.Uniqueness) {
	if u == nil {
		return
	}
	fmt.Fprintf(out, "%d persons have a combination of at most %d quasi-identifiers to themselves; by its size: %v; "+
		"highest SUDA score %g\n", u.Special, u.Largest, u.BySize, u.HighestScore)
	if u.Model == "" {
		return
	}
	fmt.Fprintf(out, "alone in the population: %.4f by %s", *u.Dankar, u.Model)
	for _, m := range []struct {
		name string
		x    *float64
	}{{uniqueness.Pitman, u.Pitman}, {uniqueness.Zayatz, u.Zayatz}, {uniqueness.SNB, u.SNB}} {
		if m.x != nil {
			fmt.Fprintf(out, "; %s %.4f", m.name, *m.x)
		}
	}
	fmt.Fprintln(out)
}

// printAttacks writes what each attack gained, and what those that were not tried need.
func printAttacks(out io.Writer, r *risk.Report) error {
	if len(r.Attacks) > 0 {
		fmt.Fprintf(out, "attacks on %d rows: success with those in the table, with the same held out, and the risk\n",
			r.Attacks[0].Attacked)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range r.Attacks {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%.4f\t%.4f\t%.4f\t[%.4f, %.4f]\n", a.Attack, a.Attacker, a.Secret, a.Targeted,
			a.Controlled, a.Risk, a.Low, a.High)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, name := range []string{"attacks", attack.Inference, attack.Linkability} {
		if needs := r.Absent[name]; needs != "" {
			fmt.Fprintf(out, "  %s not tried: needs %s\n", name, needs)
		}
	}
	return nil
}
