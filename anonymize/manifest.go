package anonymize

import (
	"cmp"
	"context"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/recount"
	"github.com/entscope/entscope/anonymize/subject"
)

func (o *Options) manifest(kind subject.Kind) *edition.Manifest {
	const isoDate = "2006-01-02"
	return &edition.Manifest{
		Kind: string(kind), Study: o.Study.Name, Term: o.Study.Term,
		Start: o.Study.Start.Format(isoDate), End: o.Study.End.Format(isoDate),
		Subject: o.Study.Subject, Synthetic: o.Study.Synthetic, Supersedes: o.Study.Supersedes,
		Software: o.Software, InputHash: o.InputHash(), ConfigHash: o.ConfigHash, KeyID: o.Key.ID(),
		Declared: o.Study.Declared, Notes: []string{},
	}
}

// commit writes what explains the tables, completes the manifest and renames
// the edition into place.
func (o *Options) commit(ctx context.Context, b *subject.Builder, w *edition.Writer, m *edition.Manifest) error {
	var err error
	if m.Population, err = b.Population(ctx); err != nil {
		return err
	}
	m.Attested = b.Attested()
	if err := o.recount(ctx, m); err != nil {
		return err
	}
	m.Notes = append(m.Notes, b.Notes()...)
	codebook := codebookText(m)
	if err := w.WriteFile("CODEBOOK.fr.md", codebook); err != nil {
		return err
	}
	data, err := dataPackage(m)
	if err != nil {
		return err
	}
	if err := w.WriteFile("datapackage.json", data); err != nil {
		return err
	}
	return w.Commit(m)
}

// recount makes the attested counts a second time, with other statements and a
// part of the engine's memory, and refuses an edition whose counts differ.
func (o *Options) recount(ctx context.Context, m *edition.Manifest) error {
	c := o.Engine
	c.MemoryMB = max(c.MemoryMB/3, 64)
	again, err := recount.Recount(ctx, o.Zone, day(o.Study.Start), day(o.Study.End), c)
	if err != nil {
		return err
	}
	m.Recounted, err = recount.Compare(m.Attested, again)
	return err
}

// metadata goes into each Parquet file, so that a lone file says what it is.
func (o *Options) metadata(table string) map[string]string {
	m := map[string]string{
		"entscope.study": o.Study.Name, "entscope.term": o.Study.Term, "entscope.table": table, "entscope.software": o.Software,
		"entscope.status": "pseudonymised personal data, k-anonymised: not anonymous by itself",
	}
	if o.Study.Synthetic {
		m["entscope.synthetic"] = "true"
	}
	return m
}

// sortParents orders rows by what they hold, column by column.
func sortParents(rows []edition.ParentRow) {
	slices.SortFunc(rows, func(a, b edition.ParentRow) int {
		return cmp.Or(
			cmp.Compare(a.Level, b.Level), cmp.Compare(a.GradeBand, b.GradeBand), cmp.Compare(a.Sector, b.Sector),
			cmp.Compare(a.EP, b.EP), cmp.Compare(a.IPSBand, b.IPSBand), cmp.Compare(a.Cluster, b.Cluster),
			cmp.Compare(a.Children, b.Children), cmp.Compare(a.Devices, b.Devices), cmp.Compare(a.Activation, b.Activation),
			cmp.Compare(a.Visits, b.Visits), cmp.Compare(a.GradeVisits, b.GradeVisits), cmp.Compare(a.Evening, b.Evening),
			cmp.Compare(a.Accompanied, b.Accompanied), cmp.Compare(a.Contact, b.Contact),
		)
	})
}
