package anonymize

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/recount"
	"github.com/entscope/entscope/anonymize/subject"
)

func (o *Options) manifest(kind subject.Kind) *edition.Manifest {
	const isoDate = "2006-01-02"
	m := &edition.Manifest{
		Kind: string(kind), Study: o.Study.Name, Term: o.Study.Term,
		Start: o.Study.Start.Format(isoDate), End: o.Study.End.Format(isoDate),
		Subject: o.Study.Subject, Synthetic: o.Study.Synthetic, Supersedes: o.Study.Supersedes, Booking: o.booking,
		Software: o.Software, InputHash: o.InputHash(), ConfigHash: o.ConfigHash, KeyID: o.Key.ID(),
		Declared: o.Study.Declared, Notes: []string{},
		Joins: o.Joins.released(), JoinFloor: int64(100 * o.Joins.Floor),
	}
	if o.Study.Plan != "" {
		m.Plan = &edition.Plan{SHA256: o.Study.Plan, Earlier: o.unplanned}
	}
	return m
}

// commit writes what explains the tables, completes the manifest and renames
// the edition into place.
func (o *Options) commit(ctx context.Context, b *subject.Builder, w *edition.Writer, m *edition.Manifest) error {
	population, err := b.Population(ctx)
	if err != nil {
		return err
	}
	m.Population = population.Rounded()
	m.Attested = b.Attested()
	if err := o.recount(ctx, m); err != nil {
		return err
	}
	m.Notes = append(m.Notes, b.Notes()...)
	if err := w.Describe(m); err != nil {
		return err
	}
	if o.book != nil {
		if err := o.book(); err != nil {
			return err
		}
	}
	return w.Commit(m)
}

// recount makes the attested counts a second time, with other statements and a
// part of the engine's memory, and refuses an edition whose counts differ.
func (o *Options) recount(ctx context.Context, m *edition.Manifest) error {
	again, err := o.recounted(ctx)
	if err != nil {
		return err
	}
	if m.Recounted, err = recount.Compare(m.Attested, again); err != nil {
		return err
	}
	for name, n := range m.Attested {
		m.Attested[name] = edition.RoundUp(n)
	}
	return nil
}
