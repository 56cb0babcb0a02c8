package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/query"
)

func newAnalyzeCommand() *cobra.Command {
	var dir, format string
	var by, filters []string
	var explain bool
	c := &cobra.Command{
		Use:   "analyze --edition DIR [INDICATOR...]",
		Short: "Compute indicators on a research edition, for researchers in a secure environment",
		Long: `analyze prints exact figures of an edition. They are not protected and not yet
released: what leaves the secure environment goes through "entscope run".`,
		Example: `  entscope analyze --edition editions/research-2025-T1 L2 --by ips_band
  entscope analyze --edition editions/research-2025-T1 N5 --filter "level = college"
  entscope analyze --explain N3`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, ids []string) error {
			if explain {
				return explainIndicators(c, ids)
			}
			if dir == "" {
				return withExit(exitUsage, errors.New("analyze: --edition is not set"))
			}
			var parsed []indicator.Filter
			for _, text := range filters {
				f, err := indicator.ParseFilter(text)
				if err != nil {
					return withExit(exitUsage, err)
				}
				parsed = append(parsed, f)
			}
			for _, id := range ids {
				if _, err := indicator.Lookup(id); err != nil {
					return withExit(exitUsage, err)
				}
			}
			config, clean, err := tempEngine(1024, 2)
			if err != nil {
				return err
			}
			defer clean()
			ed, err := query.Open(c.Context(), dir, config)
			if err != nil {
				return withExit(exitInput, err)
			}
			defer ed.Close()
			results, err := indicator.Compute(c.Context(), ed, ids)
			if err != nil {
				return err
			}
			if results, err = indicator.Select(results, by, parsed); err != nil {
				return withExit(exitUsage, err)
			}
			return indicator.WriteAnalysis(c.OutOrStdout(), results, format)
		},
	}
	c.Flags().StringVar(&dir, "edition", "", "folder of a research edition")
	c.Flags().StringVar(&format, "format", "table", "table, csv or json")
	c.Flags().StringSliceVar(&by, "by", nil, "groupings to show: level, ips_band, ep")
	c.Flags().StringArrayVar(&filters, "filter", nil, `groups to keep, such as "level = college" (repeatable)`)
	c.Flags().BoolVar(&explain, "explain", false, "print definition, SQL, method and reference instead")
	return c
}

func explainIndicators(c *cobra.Command, ids []string) error {
	if len(ids) == 0 {
		return withExit(exitUsage, errors.New("analyze: --explain needs an indicator"))
	}
	for _, id := range ids {
		text, err := indicator.Explain(id)
		if err != nil {
			return withExit(exitUsage, err)
		}
		fmt.Fprintln(c.OutOrStdout(), text)
	}
	return nil
}
