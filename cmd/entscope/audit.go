package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/entscope/entscope/analysis/publication"
	"github.com/entscope/entscope/anonymize/audit"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/engine"
	"github.com/entscope/entscope/anonymize/microdata"
	"github.com/entscope/entscope/cmd/entscope/internal/pipeline"
)

// auditLong is the long help of audit.
const auditLong = `audit derives k, l, t, sizes, thresholds and hashes again, with code that shares
nothing with what wrote them. It accepts only what it can derive: an edition whose
every byte follows from its rows and its manifest, a publication that is rendered again
from both editions and compared byte by byte, its own pages among them. Where the pages
show marks of the national open data, these are made again of the files of --national;
what they show of earlier periods is laid beside the earlier publications, --previous. What
other publications of the same editions tell, --beside, must not say what this one hides.
With --knowing it also tries what an attacker gains who knows the weekly counts of named
schools: to tell which of them stand behind the nameless groups of the research edition.

A claim holds, fails, or is not verified: nothing was there to try, or somebody attests
it. Without the public key of the controller (entscope key sign) no signature is
verified, and whoever can write the files can have made them. With --register the register
of releases must have their lines where they say that they were entered: one that was cut
back has forgotten what left. What its lines say is attested: such a claim fails or is not
verified. Exit code 4: a claim fails.

With --release it makes the tables of a request again, beside the publication, and compares
every byte; where other tables had left before them, --register names these.

With --table it recounts k and the bounds of a table that entscope table made, by rows, and by
persons and units, with what was suppressed, with the operator's sealed map (entscope table
--sealed). With the policy it was made with (--policy) promises, names of columns and units,
notes and levels are held to it, and what is promised against a population is recounted; without
it they are what the table says of itself. A table is signed where entscope table had a --key.

With --papers it drafts what the officer has to write, from what it found: the impact
assessment in the structure of the CNIL's models, the entry of the record of processing
(art. 30), notices to families and to minors, retention periods, a sheet for a breach; and
beside them the internal page and the report for programs, in the same language.
Each says what is measured, what is attested and by whom; what only a human can write is
a marked blank. The legal lines are those of the publication or, before there is one, of
--study. Nothing in DIR is overwritten.`

// audited is what the flags of audit ask for.
type audited struct {
	in     audit.Inputs
	table  audit.TableInputs
	papers officerPapers
	beside besides
	// publicKey and register are files; sealed is one too, of whose row each row of a table is,
	// and policy, which the table was made with.
	publicKey, register, sealed, policy string
	// knowing are files of what an attacker knows.
	knowing []string
	asJSON  bool
}

func newAuditCommand() *cobra.Command {
	a := audited{in: audit.Inputs{Recipes: pipeline.Recipes()}}
	c := &cobra.Command{
		Use: "audit (--edition DIR [--published DIR [--release DIR]] [--papers DIR] | --table DIR [--sealed FILE] " +
			"[--policy FILE]) [--public-key FILE]",
		Short: "Re-check every claim of an edition and of a publication from the files alone",
		Long:  auditLong,
		Example: `  entscope audit --edition editions/research-2025-T1
  entscope audit --edition editions/research-2025-T1 --edition editions/schools-2025-T1 --published published --public-key signing.pub
  entscope audit --edition editions/research-2025-T1 --study study.toml --papers papers
  entscope audit --table released --sealed persons.csv
  entscope audit --table released --policy policy.toml --public-key signing.pub`,
		RunE: func(c *cobra.Command, _ []string) error { return a.run(c.Context(), c.OutOrStdout()) },
	}
	c.Flags().StringArrayVar(&a.in.Editions, "edition", nil, "folder of an edition (repeatable)")
	c.Flags().StringVar(&a.table.Dir, "table", "", "folder of a table that entscope table made")
	c.Flags().StringVar(&a.sealed, "sealed", "",
		"with --table: whose row each row is, as entscope table --sealed wrote it")
	c.Flags().StringVar(&a.policy, "policy", "",
		"with --table: the policy that it was made with, which its manifest is held to")
	c.Flags().StringVar(&a.in.Published, "published", "", "folder of the publication made from them")
	c.Flags().StringVar(&a.in.Release, "release", "",
		"folder of tables that left beside it, as entscope release answer writes it")
	c.Flags().StringArrayVar(&a.beside.national, "national", nil,
		"files of the national open data of which the publication shows marks (repeatable)")
	c.Flags().StringArrayVar(&a.beside.previous, "previous", nil,
		"folder of a publication of an earlier period of which it shows figures (repeatable)")
	c.Flags().StringArrayVar(&a.in.Beside, "beside", nil,
		"folder of another publication of the same editions that left: what both tell together is tried (repeatable)")
	c.Flags().StringArrayVar(&a.knowing, "knowing", nil,
		"files of the DNMA (profils) whose weekly counts of schools an attacker knows (repeatable)")
	c.Flags().StringVar(&a.publicKey, "public-key", "", "public key of the controller, as entscope key sign writes it")
	c.Flags().StringVar(&a.register, "register", "",
		"register of releases, beside the master key: each edition and the publication must stand in it")
	c.Flags().StringVar(&a.papers.dir, "papers", "", "new folder for the officer's papers: impact assessment, notices …")
	c.Flags().StringVar(&a.papers.study, "study", "", "study whose [legal] the papers take where no publication says it")
	c.Flags().StringVar(&a.papers.lang, "lang", "fr", "language of the report and of the papers: fr or en")
	onlyWords(c, "lang", "fr", "en")
	c.Flags().BoolVar(&a.asJSON, "json", false, "print the report as JSON")
	return c
}

// check refuses flags that do not go together.
func (a *audited) check() error {
	ofEdition := len(a.in.Editions) > 0 || a.in.Published != "" || a.papers.dir != ""
	switch {
	case a.table.Dir != "" && ofEdition:
		return withExit(exitUsage, errors.New("audit: --table is audited alone; leave out --edition, "+
			"--published and --papers"))
	case a.table.Dir == "" && (a.sealed != "" || a.policy != ""):
		return withExit(exitUsage, errors.New("audit: --sealed and --policy tell of a table; set --table"))
	case a.in.Release != "" && a.in.Published == "":
		return withExit(exitUsage, errors.New("audit: --release holds tables that left beside a publication; "+
			"set --published and both --edition"))
	case a.table.Dir == "" && len(a.in.Editions) == 0:
		return withExit(exitUsage, errors.New("audit: neither --edition nor --table is set"))
	}
	if err := a.papers.check(); err != nil {
		return withExit(exitUsage, err)
	}
	return nil
}

func (a *audited) run(ctx context.Context, out io.Writer) (err error) {
	if err := a.check(); err != nil {
		return err
	}
	if a.publicKey != "" {
		if a.in.PublicKey, err = readPublicKey(a.publicKey); err != nil {
			return withExit(exitUsage, err)
		}
	}
	if a.register != "" {
		if a.in.Register, err = os.ReadFile(a.register); err != nil {
			return withExit(exitUsage, err)
		}
	}
	config, clean, err := tempEngine(1024, 2)
	if err != nil {
		return err
	}
	defer clean()
	if a.table.Dir != "" {
		a.table.PublicKey = a.in.PublicKey
		report, err := a.auditTable(ctx, config)
		if err != nil {
			return err
		}
		return judged(out, report, a.papers.lang, a.asJSON)
	}
	if a.in.Known, err = knownWeeks(ctx, a.in.Editions, a.knowing); err != nil {
		return err
	}
	a.in.Again = renderAgain(a.in.Editions, a.beside, config)
	a.in.Previous = a.beside.previous
	a.in.TablesAgain = tablesAgain(a.in, a.beside, config)
	report, err := audit.Folders(ctx, a.in, config)
	if err != nil {
		return withExit(exitInput, err)
	}
	if err := printReport(out, report, a.papers.lang, a.asJSON); err != nil {
		return err
	}
	if err := a.papers.write(out, report, a.in.Editions); err != nil {
		return err
	}
	return refusal(report)
}

// auditTable audits a released table, with the operator's map of persons if there is one, and
// the population of the policy that it was made with.
func (a *audited) auditTable(ctx context.Context, config engine.Config) (report *audit.Report, err error) {
	in := a.table
	if a.sealed != "" {
		if in.Sealed, err = audit.ReadSealed(a.sealed); err != nil {
			return nil, withExit(exitInput, err)
		}
	}
	if a.policy != "" {
		m, err := edition.ReadDir(in.Dir)
		if err != nil {
			return nil, withExit(exitInput, err)
		}
		if m.Anonymity == nil {
			return nil, withExit(exitInput, errors.New("audit: the manifest of the table promises nothing"))
		}
		if in.Policy, err = policyOfTable(a.policy, m); err != nil {
			return nil, tableExit(fmt.Errorf("audit: %w", err))
		}
	}
	if report, err = audit.Table(ctx, in, config); err != nil {
		return nil, withExit(exitInput, err)
	}
	return report, nil
}

// policyOfTable is the policy of a table, with the population that it names at the levels of the table.
func policyOfTable(path string, m *edition.Manifest) (*audit.TablePolicy, error) {
	asked, err := microdata.ReadAsked(path, m)
	if err != nil {
		return nil, err
	}
	persons, texts, err := asked.Population()
	if err != nil {
		return nil, err
	}
	p := &audit.TablePolicy{Promise: asked.Promise, Units: asked.Units, Columns: asked.Columns, Notes: asked.Notes,
		Stands: asked.Stands}
	if persons != nil {
		p.Population = &audit.TablePopulation{Persons: persons, Texts: texts}
	}
	return p, nil
}

// judged prints a report; a claim that fails is a refusal.
func judged(out io.Writer, r *audit.Report, lang string, asJSON bool) error {
	if err := printReport(out, r, lang, asJSON); err != nil {
		return err
	}
	return refusal(r)
}

func refusal(r *audit.Report) error {
	if r.OK() {
		return nil
	}
	return withExit(exitRefused, fmt.Errorf("audit: %d claim(s) do not hold", len(r.Failed())))
}

// tablesAgain makes the tables of a release again: of the editions, the publication, the
// request in its record, and the requests that the register has before it.
func tablesAgain(in audit.Inputs, beside besides, config engine.Config) func(context.Context, string, string) error {
	return func(ctx context.Context, folder, dir string) error {
		o, err := announcedOf(ctx, in.Published, in.Editions, beside, config)
		if err != nil {
			return err
		}
		o.Dir = in.Published
		r, err := publication.ReadRecord(folder)
		if err != nil {
			return err
		}
		earlier, err := pipeline.TablesBefore(in.Register, r, o.Research)
		if err != nil {
			return fmt.Errorf("%w: %w", audit.ErrBeside, err)
		}
		t, err := o.Protect(ctx, r.Request, earlier)
		if err != nil {
			return err
		}
		t.Booking, _ = publication.BookingOf(folder) // what it says of the register is checked there
		files, err := t.Files(nil)
		if err != nil {
			return err
		}
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				return err
			}
		}
		return nil
	}
}

// besides are what a publication shows beside its own figures: files of the national open
// data, and folders of publications of earlier periods.
type besides struct{ national, previous []string }

// renderAgain renders a publication from the editions, by what it says of itself, beside what
// it says that it was made beside.
func renderAgain(editions []string, beside besides, config engine.Config) func(context.Context, string, string) error {
	return func(ctx context.Context, published, dir string) error {
		o, err := announcedOf(ctx, published, editions, beside, config)
		if err != nil {
			return err
		}
		return o.Again(ctx, dir)
	}
}

// announcedOf is what a publication says that it was made with, with its editions and what
// stands beside it.
func announcedOf(
	ctx context.Context, published string, editions []string, beside besides, config engine.Config,
) (o publication.Options, err error) {
	if o, err = publication.Announced(published); err != nil {
		return o, err
	}
	if err := beside.give(ctx, &o); err != nil {
		return o, err
	}
	for _, folder := range editions {
		m, err := edition.ReadDir(folder)
		if err != nil {
			return o, err
		}
		if m.Kind == edition.KindSchools {
			o.Schools = folder
		} else {
			o.Research = folder
		}
	}
	o.Engine = config
	return o, nil
}

// give hands a publication what it says that it was made beside. What is another, or is not
// given, is audit.ErrBeside.
func (b besides) give(ctx context.Context, o *publication.Options) (err error) {
	said := o.NationalHash
	o.National, o.NationalHash, err = pipeline.MarksOf(ctx, b.national, runtime.GOMAXPROCS(0), func(string) {})
	if err != nil {
		return err
	}
	if o.NationalHash != said {
		return fmt.Errorf("%w: marks of other files than those of --national", audit.ErrBeside)
	}
	switch err := o.Remember(b.previous); {
	case errors.Is(err, publication.ErrEarlier):
		return fmt.Errorf("%w: --previous: %w", audit.ErrBeside, err)
	default:
		return err
	}
}

// readPublicKey reads an Ed25519 public key from a PEM file.
func readPublicKey(path string) (ed25519.PublicKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "PUBLIC KEY" || strings.TrimSpace(string(rest)) != "" {
		return nil, fmt.Errorf("public key: %s holds no PEM public key; hint: entscope key sign writes one",
			filepath.Base(path))
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if public, ok := key.(ed25519.PublicKey); err == nil && ok {
		return public, nil
	}
	return nil, fmt.Errorf("public key: %s is of another kind than Ed25519", filepath.Base(path))
}

func printReport(out io.Writer, r *audit.Report, lang string, asJSON bool) error {
	if !asJSON {
		return printClaims(out, r, lang)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(r.In(lang))
}

// results are the words of a claim's result for a terminal.
var results = map[audit.Result]string{audit.Holds: "ok", audit.Fails: "FAILED", audit.NotVerified: "not verified"}

func printClaims(out io.Writer, r *audit.Report, lang string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	said := r.In(lang).Claims
	for i, claim := range r.Claims {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", results[claim.Result], said[i].Proof, claim.ID, said[i].Title)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for i, claim := range r.Claims {
		if claim.Result == audit.Fails {
			fmt.Fprintf(out, "\n%s: %s\n", claim.ID, said[i].Detail)
		}
	}
	fmt.Fprintf(out, "\n%d claims: %d hold, %d are not verified, %d do not hold\n",
		len(r.Claims), len(r.With(audit.Holds)), len(r.With(audit.NotVerified)), len(r.Failed()))
	return nil
}

// tempEngine bounds an engine for a command that reads a finished edition.
func tempEngine(memoryMB, threads int) (engine.Config, func(), error) {
	temp, err := os.MkdirTemp("", "entscope-")
	if err != nil {
		return engine.Config{}, nil, err
	}
	return engine.Config{MemoryMB: memoryMB, Threads: threads, TempDir: temp}, func() { _ = os.RemoveAll(temp) }, nil
}
