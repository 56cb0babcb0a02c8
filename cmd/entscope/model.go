package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/model"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/anonymize/durable"
)

func newModelCommand() *cobra.Command {
	var dir, format, out string
	var reference []string
	var list bool
	var o model.Options
	c := &cobra.Command{
		Use:   "model FORMULA --edition DIR",
		Short: "Fit a model that you write to a research edition, and say how it fits",
		Long: `model fits a formula such as "never ~ level * ips_band" to the cells, the life tables or
the person table of an edition: coefficients with errors by clusters of schools, joint
tests, standardised means with their contrasts, and checks of the fit. Nothing is
protected or released. "entscope help model" says what may be asked.`,
		Example: `  entscope model "never ~ level * ips_band" --edition editions/research-2025-T1
  entscope model "visits_per_week ~ level" --family nb --edition editions/research-2025-T1
  entscope model "first_login ~ ips_band" --errors two-way --edition editions/research-2025-T1
  entscope model "never ~ level" --schools random --edition editions/research-2025-T1
  entscope model "visits >= 3-weekly ~ trend(ips_band) + accompanied" --edition editions/research-2025-T1
  entscope model "never ~ level" --edition editions/research-2025-T1 --format svg --out forest.svg`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if list {
				return listModel(c.OutOrStdout())
			}
			if len(args) == 0 {
				return withExit(exitUsage, errors.New(`model: no formula, such as "never ~ level"`))
			}
			f, err := model.Parse(args[0])
			if err != nil {
				return withExit(exitUsage, pointed(args[0], err))
			}
			if o.Reference, err = parseReference(reference); err != nil {
				return withExit(exitUsage, err)
			}
			if dir == "" {
				return withExit(exitUsage, errors.New("model: --edition is not set"))
			}
			ed, done, err := openEdition(c.Context(), dir)
			if err != nil {
				return err
			}
			defer done()
			report, err := model.Fit(c.Context(), ed, f, o)
			if err != nil {
				return withExit(modelExit(err), pointed(args[0], err))
			}
			report.Edition = filepath.Base(filepath.Clean(dir))
			return writeOut(c, out, func(w io.Writer) error { return report.Write(w, format) })
		},
	}
	c.Flags().StringVar(&dir, "edition", "", "folder of a research edition")
	c.Flags().StringVar(&o.Family, "family", "", "law of the response: binomial for shares, linear for amounts, "+
		"cox for curves unless said; nb and poisson for counts")
	c.Flags().StringVar(&o.Schools, "schools", "independent", "how persons of a school resemble each other, in the "+
		"binomial family: in the errors alone, exchangeable (GEE), or by a random intercept")
	c.Flags().StringVar(&o.Errors, "errors", "", "errors by clusters of schools; CR3 unless said, jackknife of "+
		"exchangeable schools, information of random ones")
	c.Flags().StringVar(&o.Population, "population", "", "denominator of the measure: its first unless said")
	c.Flags().StringArrayVar(&reference, "reference", nil,
		`value that the others of a factor are compared with, such as "level = lycee" (repeatable)`)
	c.Flags().StringVar(&format, "format", "table", "table, csv, json or svg (a forest plot)")
	c.Flags().StringVar(&out, "out", "", "file to write instead of the standard output")
	c.Flags().BoolVar(&list, "list", false, "list what a formula may name")
	completeFolder(c, "edition")
	onlyWords(c, "format", model.Formats...)
	onlyWords(c, "family", model.Families...)
	onlyWords(c, "errors", model.Errors...)
	onlyWords(c, "schools", model.Schools...)
	c.ValidArgsFunction = cobra.FixedCompletions(model.Responses(), cobra.ShellCompDirectiveNoFileComp|
		cobra.ShellCompDirectiveNoSpace)
	return c
}

// modelExit is the exit code of a model that is not fitted.
func modelExit(err error) int {
	var fault model.FormulaError
	switch {
	case errors.As(err, &fault), errors.Is(err, model.ErrAsked):
		return exitUsage
	case errors.Is(err, model.ErrNothing), errors.Is(err, query.ErrNoTable):
		return exitInput
	}
	return exitUnexpected
}

// pointed shows where the fault of a formula stands.
func pointed(formula string, err error) error {
	var fault model.FormulaError
	if !errors.As(err, &fault) || strings.ContainsAny(formula, "\n\t") {
		return err
	}
	return fmt.Errorf("%w\n  %s\n  %s^", err, formula, strings.Repeat(" ", fault.At-1))
}

// parseReference reads "level = lycee".
func parseReference(texts []string) (map[string]string, error) {
	out := map[string]string{}
	for _, text := range texts {
		factor, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf(`model: reference needs a factor, = and a value, such as "level = lycee"`)
		}
		out[strings.TrimSpace(factor)] = strings.TrimSpace(value)
	}
	return out, nil
}

func listModel(w io.Writer) error {
	_, err := fmt.Fprintf(w, "measures and curves:\n  %s\ncolumns of the person table:\n  %s\n",
		strings.Join(model.Responses(), "\n  "), strings.Join(model.Columns(), "\n  "))
	return err
}

// writeOut writes to the standard output, or to a file that appears whole.
func writeOut(c *cobra.Command, file string, write func(w io.Writer) error) error {
	if file == "" {
		return write(c.OutOrStdout())
	}
	var b strings.Builder
	if err := write(&b); err != nil {
		return err
	}
	return durable.Create(file, []byte(b.String()), 0o600)
}
