package publication

import (
	"bytes"
	"context"
	"path/filepath"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/plan"
	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition"
)

// render computes, protects and writes everything but the audit, and completes
// out.
func (o *Options) render(ctx context.Context, stage string, out *Outcome) (indicator.Standing, error) {
	o.progress(100)
	research, err := query.Open(ctx, o.Research, o.Engine)
	if err != nil {
		return nil, err
	}
	defer research.Close()
	exact, err := indicator.Compute(ctx, research, o.Indicators)
	if err != nil {
		return nil, err
	}
	o.progress(500)
	perSchool, err := query.Open(ctx, o.Schools, o.Engine)
	if err != nil {
		return nil, err
	}
	defer perSchool.Close()
	manifest, err := edition.ReadDir(o.Research)
	if err != nil {
		return nil, err
	}
	standing, err := o.standing(manifest)
	if err != nil {
		return nil, err
	}
	past, err := o.past(periodOf(manifest))
	if err != nil {
		return nil, err
	}
	overrides, err := o.overrides(ctx, research, perSchool, exact)
	if err != nil {
		return nil, err
	}
	released, err := indicator.Release(ctx, exact, perSchool, o.Policy, standing.Declared(), overrides)
	if err != nil {
		return nil, err
	}
	for _, r := range released.Results {
		out.Statuses[string(r.Status)]++
	}
	out.Schools = len(released.Schools)
	if err := o.writeData(stage, released); err != nil {
		return nil, err
	}
	facts := o.facts(manifest)
	var national *report.National
	if o.National != nil {
		if national, err = o.National(ctx); err != nil {
			return nil, err
		}
	}
	in := report.Input{Lang: o.Lang, Results: released.Results, Comparisons: released.Comparisons, Facts: facts,
		National: national, Plan: standing, Earlier: past}
	if err := report.WriteOn(o.Disk, filepath.Join(stage, "report"), in); err != nil {
		return nil, err
	}
	o.progress(700)
	pages := report.SchoolsInput{Lang: o.Lang, Facts: facts, Schools: released.Schools, National: national,
		Earlier: past}
	if err := report.WriteSchoolsOn(o.Disk, filepath.Join(stage, "schools"), pages); err != nil {
		return nil, err
	}
	return released.Standing, o.describe(stage, facts, released)
}

// overrides are what follows from the publications that have left, or what a publication that is rendered again says that
// it hides and that followed. What this one does not show of its edition may have left before, or leave later: all of it
// is protected, and a publication of few questions is a part of that of all.
func (o *Options) overrides(
	ctx context.Context, research, schools *query.Edition, shown []indicator.Result,
) ([]indicator.Override, error) {
	if o.Beside.Empty() && (len(o.Indicators) == 0 || o.Overrides != nil) {
		return o.Overrides, nil
	}
	exact := shown
	if len(o.Indicators) > 0 {
		var err error
		if exact, err = indicator.Compute(ctx, research, nil); err != nil {
			return nil, err
		}
	}
	return indicator.Overrides(ctx, exact, shown, schools, o.Policy, o.Beside)
}

// documents name the codebook and the terms of use in the language of the pages.
func (o *Options) documents() (codebook, terms string) {
	if o.Lang == "en" {
		return "INDICATORS.en.md", "CONDITIONS.en.md"
	}
	return "INDICATEURS.fr.md", "CONDITIONS.fr.md"
}

// describe writes the front door, the table of all figures, and what describes the
// publication to catalogues, archives and tools.
func (o *Options) describe(stage string, facts report.Facts, released *indicator.Released) error {
	l, err := wording.Parse(o.Lang)
	if err != nil {
		return err
	}
	codebook, terms := o.documents()
	home, err := report.HomePage(report.Home{Lang: o.Lang, Facts: facts, Schools: len(released.Schools),
		Codebook: codebook, Terms: terms})
	if err != nil {
		return err
	}
	d := description{lang: l, facts: facts, terms: edition.PublicTerms(string(l)),
		rows: figureRows(l, released.Results, released.Schools, facts.Synthetic)}
	data, err := d.files()
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{"index.html": home, "CITATION.cff": d.citation()} {
		if err := o.Disk.Fill(filepath.Join(stage, name), text, 0o644); err != nil {
			return err
		}
	}
	return o.Disk.WriteFolder(filepath.Join(stage, "data"), data, 0o755)
}

// Files of a publication in its folder: its rules, what it hides and shows otherwise than they do for publications that
// had left, and every figure of it.
const (
	RulesFile     = "publication.toml"
	OverridesFile = "overrides.json"
	ResultsFile   = "results.json"
)

// standing lays the plan beside the edition; nil without a plan.
func (o *Options) standing(m *edition.Manifest) (*plan.Standing, error) {
	if o.Plan == nil {
		return nil, nil
	}
	return plan.Stand(o.Plan, m)
}

// writeData writes what is not a page: the rules, the results and what they mean.
func (o *Options) writeData(stage string, released *indicator.Released) error {
	rules, err := o.Policy.Text()
	if err != nil {
		return err
	}
	if err := o.Disk.Fill(filepath.Join(stage, RulesFile), rules, 0o644); err != nil {
		return err
	}
	if len(released.Overrides) > 0 {
		text, err := indicator.WriteOverrides(released.Overrides)
		if err != nil {
			return err
		}
		if err := o.Disk.Fill(filepath.Join(stage, OverridesFile), text, 0o644); err != nil {
			return err
		}
	}
	codebooks := map[string]string{"INDICATEURS.fr.md": "fr"}
	if o.Lang == "en" {
		codebooks["INDICATORS.en.md"] = "en"
	}
	for name, lang := range codebooks {
		codebook, err := indicator.Codebook(lang)
		if err != nil {
			return err
		}
		if err := o.Disk.Fill(filepath.Join(stage, name), codebook, 0o644); err != nil {
			return err
		}
		if err := o.Disk.Fill(filepath.Join(stage, "CONDITIONS."+lang+".md"), conditions(lang), 0o644); err != nil {
			return err
		}
	}
	var list bytes.Buffer
	if err := indicator.WriteReleased(&list, released); err != nil {
		return err
	}
	return o.Disk.Fill(filepath.Join(stage, ResultsFile), list.Bytes(), 0o644)
}

// conditions are the terms of use of all that is published, tables and results.json too.
func conditions(lang string) []byte {
	title := map[string]string{"fr": "Conditions d’utilisation", "en": "Terms of use"}[lang]
	terms := edition.PublicTerms(lang)
	return []byte("# " + title + "\n\n" + terms.Use + " (" + terms.Licence + ")\n\n" + terms.Ban + "\n")
}

func (o *Options) facts(m *edition.Manifest) report.Facts {
	f := report.FactsOf(m)
	f.CellPersons = o.Policy.Persons.Minimum
	f.SchoolPersons = max(o.Policy.Persons.School, o.Policy.Persons.Minimum)
	f.Software, f.Sender, f.Issued, f.Site = o.Software, o.Sender, o.Issued, true
	return f
}
