package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/power"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/cmd/entscope/internal/study"
)

// assumption is what is taken for a study without an edition.
type assumption struct {
	share, icc       float64
	schools, persons int64
}

func newPowerCommand() *cobra.Command {
	var measures []string
	var also []int64
	var a assumption
	var format, out string
	test := power.Test{}
	c := &cobra.Command{
		Use:   "power [STUDY.toml]",
		Short: "Say which differences a study can find",
		Long: `power gives the smallest difference between two halves of the schools that a test on
clusters finds. With a study it takes value, sizes and likeness of schools from the newest
research edition, measure by measure; without one, from what you assume.
"entscope help power" says how to read it.`,
		Example: `  entscope power study.toml
  entscope power study.toml --measure L2.never --measure L1.visits_per_week --format svg --out power.svg
  entscope power --share 0.4 --icc 0.03 --schools 60 --persons 250`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := test.Check(); err != nil {
				return withExit(exitUsage, err)
			}
			p := power.Plan{Test: test, Schools: also}
			var err error
			if len(args) == 1 {
				p.Bases, err = studied(c.Context(), args[0], measures)
			} else if p.Bases, err = assumed(c, a); err != nil {
				err = withExit(exitUsage, err)
			}
			if err != nil {
				return err
			}
			if format == "svg" { // a curve a measure, of its first denominator
				p.Bases = slices.CompactFunc(p.Bases, func(a, b power.Basis) bool { return a.Measure == b.Measure })
			}
			if format == "svg" && len(p.Bases) > power.MaxCurves {
				return withExit(exitUsage, fmt.Errorf("power: %d measures: a drawing holds %d curves, choose "+
					"with --measure", len(p.Bases), power.MaxCurves))
			}
			return writeOut(c, out, func(w io.Writer) error { return p.Write(w, format) })
		},
	}
	c.Flags().StringArrayVar(&measures, "measure", nil, "measure of the edition (repeatable); all unless said")
	c.Flags().Int64SliceVar(&also, "of", []int64{12, 20, 50, 150}, "numbers of schools to ask about too")
	c.Flags().Float64Var(&test.Alpha, "alpha", 0.05, "significance, two-sided")
	c.Flags().Float64Var(&test.Power, "power", 0.8, "chance of finding the difference")
	c.Flags().Float64Var(&a.share, "share", 0.5, "without a study: share of persons")
	c.Flags().Float64Var(&a.icc, "icc", 0.05, "without a study: intraclass correlation of schools")
	c.Flags().Int64Var(&a.schools, "schools", 0, "without a study: number of schools")
	c.Flags().Int64Var(&a.persons, "persons", 0, "without a study: persons a school")
	c.Flags().StringVar(&format, "format", "table", "table, csv or svg (curves)")
	c.Flags().StringVar(&out, "out", "", "file to write instead of the standard output")
	onlyWords(c, "format", power.Formats...)
	var names []string
	for _, m := range edition.Measures {
		names = append(names, m.Name)
	}
	complete(c, "measure", names...)
	return c
}

func assumed(c *cobra.Command, a assumption) ([]power.Basis, error) {
	if !c.Flags().Changed("schools") || !c.Flags().Changed("persons") {
		return nil, errors.New("power: give STUDY.toml, or --schools and --persons (with --share and --icc)")
	}
	b, err := power.Assumed(a.share, a.icc, a.schools, a.persons)
	return []power.Basis{b}, err
}

// studied reads the bases of the newest research edition of a study.
func studied(ctx context.Context, file string, measures []string) ([]power.Basis, error) {
	for _, name := range measures {
		if _, ok := edition.FindMeasure(name); !ok {
			var names []string
			for _, m := range edition.Measures {
				names = append(names, m.Name)
			}
			return nil, withExit(exitUsage, fmt.Errorf("power: no measure %q; did you mean %q?", name,
				vocabulary.Nearest(name, names)))
		}
	}
	s, err := study.Read(file)
	if err != nil {
		return nil, withExit(exitUsage, err)
	}
	newest, err := edition.Newest(s.Path(s.Output.Editions), edition.KindResearch, s.About.Term)
	if err != nil {
		return nil, withExit(exitInput, err)
	}
	if newest.Dir == "" {
		return nil, withExit(exitInput, errors.New("power: the study has no research edition yet: run it to "+
			"anonymize, or assume --schools, --persons, --share and --icc without the study"))
	}
	ed, done, err := openEdition(ctx, newest.Dir)
	if err != nil {
		return nil, err
	}
	defer done()
	bases, err := power.FromEdition(ctx, ed)
	if err != nil {
		return nil, err
	}
	if len(measures) > 0 {
		bases = slices.DeleteFunc(bases, func(b power.Basis) bool { return !slices.Contains(measures, b.Measure) })
	}
	if len(bases) == 0 {
		return nil, withExit(exitInput, fmt.Errorf("power: the edition has no interval for %s: fewer than %d "+
			"schools, or not measured", strings.Join(measures, ", "), power.MinSchools))
	}
	return bases, nil
}
