package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

func newAnalyzeCommand() *cobra.Command {
	var dir, format, period, out string
	var by, filters []string
	var explain, list bool
	var lang string
	c := &cobra.Command{
		Use:   "analyze --edition DIR [INDICATOR...]",
		Short: "Compute indicators on a research edition, for researchers in a secure environment",
		Long: `analyze prints exact figures of an edition. They are not protected and not yet
released: what leaves the secure environment goes through "entscope run". --out writes
the answer to a file that appears whole or not at all, as a table or as a picture.`,
		Example: `  entscope analyze --edition editions/research-2025-T1 L2 --by ips_band
  entscope analyze --edition editions/research-2025-T1 N5 --filter "level = college"
  entscope analyze --edition editions/research-2025-T1 L1 --period 2025-10..2025-11
  entscope analyze --edition editions/research-2025-T1 L2 --by level,ips_band
  entscope analyze --edition editions/research-2025-T1 L2 --by ips_band --out never.png
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
			if out != "" {
				if format, err = analysisFormat(out, format, c.Flags().Changed("format")); err != nil {
					return withExit(exitUsage, err)
				}
			}
			ed, done, err := openEdition(c.Context(), dir)
			if err != nil {
				return err
			}
			defer done()
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
			return writeAnalysis(c, out, func(w io.Writer) error {
				if format != "svg" && format != "png" {
					return indicator.WriteAnalysis(w, results, format)
				}
				facts := report.FactsOf(ed.Manifest)
				facts.Software = generation
				return drawAnalysis(w, report.Input{Lang: lang, Results: results, Facts: facts},
					len(request.By)+len(request.Filters) > 0 || period != "", format)
			})
		},
	}
	c.Flags().StringVar(&dir, "edition", "", "folder of a research edition")
	c.Flags().StringVar(&format, "format", "table", "table, csv or json")
	c.Flags().StringVar(&out, "out", "", "file to create instead of the standard output; its name says the format: "+
		strings.Join(analysisFormats, ", "))
	c.Flags().StringArrayVar(&by, "by", nil, "grouping to show, any that the edition carries: level, ips_band, ep, "+
		"grade, sector, territory, device, month… (repeatable); two joined by a comma are crossed: level,ips_band")
	c.Flags().BoolVar(&list, "list", false,
		"list the questions; with --edition, what it answers and by which groupings")
	c.Flags().StringArrayVar(&filters, "filter", nil, `groups to keep, such as "level = college" (repeatable)`)
	c.Flags().StringVar(&period, "period", "", "months to keep, one result each: YYYY-MM or YYYY-MM..YYYY-MM")
	c.Flags().BoolVar(&explain, "explain", false, "print definition, SQL, method and reference instead")
	c.Flags().StringVar(&lang, "lang", "fr", "language of --explain and of pictures: fr or en")
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

// analysisFormats are the endings of files that an analysis may be written to.
var analysisFormats = []string{"csv", "json", "parquet", "svg", "png"}

// analysisFormat is the format that the name of a file says; --format may say the same.
func analysisFormat(out, format string, asked bool) (string, error) {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(out), "."))
	if !slices.Contains(analysisFormats, ending) {
		return "", fmt.Errorf("analyze: --out %s: its name does not end in %s, so its format is not known",
			filepath.Base(out), strings.Join(analysisFormats, ", "))
	}
	if asked && format != ending {
		return "", fmt.Errorf("analyze: --format %s and --out %s are not the same format; hint: leave --format out",
			format, filepath.Base(out))
	}
	return ending, nil
}

// writeAnalysis writes an answer, and says where it went.
func writeAnalysis(c *cobra.Command, out string, write func(w io.Writer) error) error {
	err := writeOut(c, out, write)
	switch {
	case errors.Is(err, fs.ErrExist):
		return withExit(exitUsage, fmt.Errorf("analyze: %s is there; hint: remove it, or name another", out))
	case errors.Is(err, report.ErrNothingDrawn):
		return withExit(exitUsage, fmt.Errorf("analyze: %s is not written: %w", out, err))
	case err == nil && out != "":
		fmt.Fprintf(c.OutOrStdout(), "%s: exact figures, not released\n", out)
	}
	return err
}

// pixels of a picture for a user unit: a sheet of 760 units is 1,520 pixels wide.
const pixels = 2

// drawAnalysis draws results as an svg or a png; by, each measure by its groups.
func drawAnalysis(w io.Writer, in report.Input, by bool, format string) error {
	note := "NON DIFFUSÉ : chiffres exacts d’une édition, pour l’environnement sécurisé seulement."
	if in.Lang == "en" {
		note = "NOT RELEASED: exact figures of an edition, for the secure environment only."
	}
	sheet, err := report.Sheet(in, note, by)
	if err != nil {
		return err
	}
	data := sheet.SVG(note)
	if format == "png" {
		if data, err = sheet.PNG(pixels); err != nil {
			return err
		}
	}
	_, err = w.Write(data)
	return err
}
