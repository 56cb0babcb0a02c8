package main

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// An edition of a million parents is read within 2 GiB: the engine takes one, Go's
// own memory less than the rest.
const (
	analyzeEngineMB = 1024
	analyzeGoMB     = 640
)

func newAnalyzeCommand() *cobra.Command {
	var dir, format, period string
	var by, filters []string
	var explain, list bool
	var lang string
	c := &cobra.Command{
		Use:   "analyze --edition DIR [INDICATOR...]",
		Short: "Compute indicators on a research edition, for researchers in a secure environment",
		Long: `analyze prints exact figures of an edition. They are not protected and not yet
released: what leaves the secure environment goes through "entscope run".`,
		Example: `  entscope analyze --edition editions/research-2025-T1 L2 --by ips_band
  entscope analyze --edition editions/research-2025-T1 N5 --filter "level = college"
  entscope analyze --edition editions/research-2025-T1 L1 --period 2025-10..2025-11
  entscope analyze --edition editions/research-2025-T1 L2 --by level,ips_band
  entscope analyze --edition editions/research-2025-T1 --list
  entscope analyze --explain N3`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, ids []string) error {
			if explain {
				return explainIndicators(c, ids, lang)
			}
			if list && dir == "" {
				return listQuestions(c.OutOrStdout())
			}
			if dir == "" {
				return withExit(exitUsage, errors.New("analyze: --edition is not set"))
			}
			request, err := parseRequest(ids, by, filters, period)
			if err != nil {
				return withExit(exitUsage, err)
			}
			debug.SetMemoryLimit(analyzeGoMB << 20)
			config, clean, err := tempEngine(analyzeEngineMB, 2)
			if err != nil {
				return err
			}
			defer clean()
			ed, err := query.Open(c.Context(), dir, config)
			if err != nil {
				return withExit(exitInput, err)
			}
			defer ed.Close()
			if list {
				return indicator.WriteList(c.Context(), c.OutOrStdout(), ed)
			}
			results, err := indicator.Analyze(c.Context(), ed, request)
			if errors.Is(err, indicator.ErrRequest) {
				return withExit(exitUsage, err)
			}
			if err != nil {
				return err
			}
			return indicator.WriteAnalysis(c.OutOrStdout(), results, format)
		},
	}
	c.Flags().StringVar(&dir, "edition", "", "folder of a research edition")
	c.Flags().StringVar(&format, "format", "table", "table, csv or json")
	c.Flags().StringArrayVar(&by, "by", nil, "grouping to show, any that the edition carries: level, ips_band, ep, "+
		"grade, sector, territory, device, month… (repeatable); two joined by a comma are crossed: level,ips_band")
	c.Flags().BoolVar(&list, "list", false,
		"list the questions; with --edition, what it answers and by which groupings")
	c.Flags().StringArrayVar(&filters, "filter", nil, `groups to keep, such as "level = college" (repeatable)`)
	c.Flags().StringVar(&period, "period", "", "months to keep, one result each: YYYY-MM or YYYY-MM..YYYY-MM")
	c.Flags().BoolVar(&explain, "explain", false, "print definition, SQL, method and reference instead")
	c.Flags().StringVar(&lang, "lang", "fr", "language of --explain: fr or en")
	completeFolder(c, "edition")
	onlyWords(c, "format", "table", "csv", "json")
	onlyWords(c, "lang", "fr", "en")
	complete(c, "by", groupings()...)
	c.ValidArgsFunction = cobra.FixedCompletions(questions(), cobra.ShellCompDirectiveNoFileComp)
	return c
}

// parseRequest reads what is asked, before any edition is opened.
func parseRequest(ids, by, filters []string, period string) (q indicator.Request, err error) {
	q.IDs = ids
	for _, text := range by {
		grouping, err := indicator.ParseGrouping(text)
		if err != nil {
			return q, err
		}
		q.By = append(q.By, grouping)
	}
	for _, text := range filters {
		f, err := indicator.ParseFilter(text)
		if err != nil {
			return q, err
		}
		q.Filters = append(q.Filters, f)
	}
	if period != "" {
		if q.Period, err = indicator.ParsePeriod(period); err != nil {
			return q, err
		}
	}
	for _, id := range ids {
		if _, err := question.Lookup(id); err != nil {
			return q, fmt.Errorf("analyze: %w", vocabulary.Unknown(id, study.Words()["questions"]))
		}
	}
	return q, nil
}

func explainIndicators(c *cobra.Command, ids []string, lang string) error {
	if len(ids) == 0 {
		return withExit(exitUsage, errors.New("analyze: --explain needs an indicator"))
	}
	for _, id := range ids {
		text, err := indicator.Explain(id, lang)
		if err != nil {
			return withExit(exitUsage, err)
		}
		fmt.Fprintln(c.OutOrStdout(), text)
	}
	return nil
}
