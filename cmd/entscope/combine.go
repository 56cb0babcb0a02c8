package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/combine"
	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/durable"
	register "github.com/entscope/entscope/anonymize/release"
)

// combinedStudy is what a combination may be called: its name stands in file names of others.
var combinedStudy = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

func newCombineCommand(log *operatorLog) *cobra.Command {
	var o combine.Options
	var f registerFlags
	var keys []string
	var policy string
	c := &cobra.Command{
		Use:   "combine --out DIR EDITION...",
		Short: "Put research editions of several controllers together: a national study that moves no personal data",
		Long: `combine takes the research editions of studies of one time, each made by its own
controller under its own key, audits each, and puts their cells side by side: DIR/edition is
a research edition that every question can be asked of ("entscope analyze --edition
DIR/edition"). It needs no key and no log. What does not add up is left out and says why:
rows of persons, ranks among all persons.

With --policy the figures are protected and shown: DIR/report, as the report of a
publication, and DIR/territories, how the territories differ (random-effects
meta-analysis). A territory brings to a figure only what it could publish alone, and
nothing is released yet. With --published, --schools and --key the two folders may leave:
a territory brings what it published, figures are hidden wherever something that one
holds back would follow from them and from what all published, and the register of
releases of the key remembers them. Another publication of some of these territories and
days is refused.

Editions of other questions, days, policies or software, of one key, of one set of logs or
with schools in common (--schools) are refused, and so is one edition alone. Exit code 3
says that a signature was not verified, or that schools are disjoint by the controllers'
word alone. See entscope help scale.`,
		Example: `  entscope combine nancy/research-2025-T1 dijon/research-2025-T1 --out france \
    --policy publication.toml --public-key nancy.pub --public-key dijon.pub \
    --schools nancy/schools-2025-T1 --schools dijon/schools-2025-T1

  entscope key init --out france.key
  entscope combine nancy/research-2025-T1 dijon/research-2025-T1 --out france \
    --policy publication.toml --key france.key --published nancy/published \
    --published dijon/published --schools nancy/schools-2025-T1 --schools dijon/schools-2025-T1`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, editions []string) error {
			o.Editions = editions
			if o.Dir == "" {
				return withExit(exitUsage, errors.New("combine: --out is not set"))
			}
			if !combinedStudy.MatchString(o.Study) {
				return withExit(exitUsage, errors.New("combine: --study is not small letters, digits and -, at most 40"))
			}
			for _, path := range keys {
				key, err := readPublicKey(path)
				if err != nil {
					return withExit(exitUsage, err)
				}
				o.Keys = append(o.Keys, key)
			}
			if policy != "" {
				text, err := os.ReadFile(policy)
				if err != nil {
					return withExit(exitUsage, err)
				}
				rules, err := disclosure.ParsePolicy(text)
				if err != nil {
					return withExit(exitUsage, fmt.Errorf("%s: %w", policy, err))
				}
				o.Policy = &rules
			}
			if (f.key == "") != (len(o.Published) == 0) || f.key != "" && o.Policy == nil {
				return withExit(exitUsage, errors.New("combine: what leaves needs all of --policy, --published and --key"))
			}
			if f.key != "" {
				r, _, unlock, err := f.open("combine", true, log)
				if err != nil {
					return err
				}
				defer unlock()
				o.Register = nationalRegister{r}
			}
			return runCombine(c.Context(), o, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().StringVar(&o.Dir, "out", "", "folder to make; nothing may be there")
	c.Flags().StringVar(&o.Study, "study", "national", "what the combination is called")
	c.Flags().StringArrayVar(&keys, "public-key", nil,
		"public key of a controller, as entscope key sign writes it (repeatable); all editions must be signed then")
	c.Flags().StringArrayVar(&o.Schools, "schools", nil,
		"schools edition of the same run as one of the editions, which says what schools are in it (repeatable)")
	c.Flags().StringVar(&policy, "policy", "",
		"publication.toml: write the report, and how the territories differ, protected by these rules")
	c.Flags().StringArrayVar(&o.Published, "published", nil,
		"what a controller published of its two editions: one for each edition, for what is to leave (repeatable)")
	f.add(c.Flags())
	c.Flags().StringVar(&o.Lang, "lang", "fr", "language of the pages: fr or en")
	onlyWords(c, "lang", "fr", "en")
	return c
}

// nationalRegister is a register of releases as a combination sees it.
type nationalRegister struct{ *register.Register }

func (r nationalRegister) Admit(of combine.Release) error {
	return r.AdmitNational(register.National(of))
}

func (r nationalRegister) Book(of combine.Release) error {
	return r.BookNational(register.National(of))
}

func runCombine(ctx context.Context, o combine.Options, out, errOut io.Writer) error {
	config, clean, err := tempEngine(readingEngineMB, 2)
	if err != nil {
		return err
	}
	defer clean()
	o.Engine, o.Software = config, generation
	o.Audit = func(ctx context.Context, dir string) error {
		report, err := audit.Folders(ctx, audit.Inputs{Editions: []string{dir}}, config)
		switch {
		case err != nil:
			return withExit(exitInput, err)
		case !report.OK():
			return withExit(exitRefused, fmt.Errorf("combine: %s: %d claim(s) of its audit do not hold; hint: "+
				"entscope audit --edition %s", dir, len(report.Failed()), dir))
		}
		return nil
	}
	parts, err := combine.Make(ctx, o)
	if err != nil {
		return combineExit(err)
	}
	for _, p := range parts {
		m := p.Manifest
		fmt.Fprintf(out, "%s: %s, %s to %s, %d persons, %d schools, key %s\n", p.Dir, m.Study, m.Start, m.End,
			m.Population.Persons, m.Population.Schools, m.KeyID)
	}
	fmt.Fprintf(out, "%s: %d editions combined; personal data still, for the secure environment\n",
		filepath.Join(o.Dir, combine.EditionDir), len(parts))
	territories := filepath.Join(o.Dir, combine.TerritoriesDir, "index.html")
	switch {
	case o.Register != nil:
		fmt.Fprintf(out, "%s: may leave, with %s; booked in the register of releases\n", territories,
			filepath.Join(o.Dir, combine.ReportDir))
	case o.Policy != nil:
		fmt.Fprintf(out, "%s: not released yet\n", territories)
	}
	_, doubts := combine.Doubts(parts)
	for _, doubt := range doubts {
		fmt.Fprintln(errOut, "warning:", doubt)
	}
	if len(doubts) > 0 {
		return withExit(exitWarnings, fmt.Errorf("done with %d warning(s)", len(doubts)))
	}
	return nil
}

// combineExit gives the refusal of a combination its exit code.
func combineExit(err error) error {
	var coded *exitError
	switch {
	case errors.As(err, &coded):
		return err
	case errors.Is(err, combine.ErrOverlap), errors.Is(err, combine.ErrUnsigned), errors.Is(err, register.ErrNear):
		return withExit(exitRefused, err)
	case errors.Is(err, durable.ErrForeign):
		return withExit(exitUsage, fmt.Errorf("%w; hint: remove it, or name another folder", err))
	case errors.Is(err, combine.ErrUnlike), errors.Is(err, publication.ErrNotLeft):
		return withExit(exitInput, err)
	}
	return err
}
