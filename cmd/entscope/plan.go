package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func newPlanCommand() *cobra.Command {
	var primary []string
	var lang, out, day string
	c := &cobra.Command{
		Use:   "plan STUDY.toml --out FILE",
		Short: "Write down what a study will ask, before its edition is opened",
		Long: `plan writes questions, families of tests, primary outcomes, window and rules of a study into
one document, and prints its hash. Register the document, name it in the study under [plan],
and then make the edition: the report marks what was planned, and whether the plan came first.
"entscope help plan" shows how.`,
		Example: `  entscope plan study.toml --out plan.toml
  entscope plan study.toml --primary L2-jamais --primary F2-ecart --out plan.toml`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if out == "" {
				return withExit(exitUsage, errors.New("plan: --out FILE is needed: a plan is registered as a file"))
			}
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				return withExit(exitUsage, fmt.Errorf("plan: --date %q is not like 2026-01-31", day))
			}
			a, err := asked(args[0])
			if err != nil {
				return err
			}
			a.Primary, a.Lang, a.Study.Written = primary, lang, day
			p, err := plan.New(a)
			if err != nil {
				return withExit(exitUsage, err)
			}
			text, err := p.Text()
			if err != nil {
				return err
			}
			if err := durable.Create(out, text, 0o644); err != nil {
				return withExit(exitInput, err)
			}
			return sayPlan(c, p, plan.Hash(text), out)
		},
	}
	c.Flags().StringArrayVar(&primary, "primary", nil, "figure whose comparisons are primary (repeatable); "+
		"those of the catalogue unless said")
	c.Flags().StringVar(&out, "out", "", "file to write; it must not be there")
	c.Flags().StringVar(&lang, "lang", "fr", "language of the questions: fr or en")
	c.Flags().StringVar(&day, "date", time.Now().Format(time.DateOnly), "day that the document gives")
	onlyWords(c, "lang", "fr", "en")
	completeBy(c, "primary", func() (figures []string) {
		for _, f := range indicator.Families(question.All()) {
			if !slices.Contains(figures, f.Figure) {
				figures = append(figures, f.Figure)
			}
		}
		return figures
	})
	return c
}

// asked reads from a study what its plan is made from.
func asked(file string) (a plan.Asked, err error) {
	s, err := study.Read(file)
	if err != nil {
		return a, withExit(exitUsage, err)
	}
	rules, err := s.PolicyHashes()
	if err != nil {
		return a, withExit(exitUsage, err)
	}
	a = plan.Asked{
		Study: plan.Study{
			Name: s.About.Name, Term: s.About.Term, Start: s.About.Start.String(), End: s.About.End.String(),
			Subject: s.About.Subject, Software: generation, Configuration: s.Hash,
		},
		Rules: rules, Questions: s.Indicators.Compute,
	}
	newest, err := edition.Newest(s.Path(s.Output.Editions), edition.KindResearch, s.About.Term)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return a, withExit(exitInput, err)
	}
	a.Study.Editions = newest.All
	return a, nil
}

// sayPlan prints the hash, what is primary, and what comes next.
func sayPlan(c *cobra.Command, p *plan.Plan, hash, file string) error {
	var primary []string
	for _, f := range p.Families {
		if f.Primary {
			primary = append(primary, f.Name)
		}
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), "%s  %s\n%d questions, %d families of comparisons\nprimary: %s\n", hash,
		filepath.Base(file), len(p.Questions), len(p.Families), strings.Join(primary, ", "))
	if err != nil {
		return err
	}
	next := "next: register the file, name it in the study ([plan] file), and then make the edition"
	if len(p.Study.Editions) > 0 {
		next = "too late for a plan: " + strings.Join(p.Study.Editions, ", ") +
			" is there already, and the report will say so"
	}
	_, err = fmt.Fprintln(c.OutOrStdout(), next)
	return err
}
