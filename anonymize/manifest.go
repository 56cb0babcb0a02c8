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
// the edition into place; rows are those of persons.
func (o *Options) commit(
	ctx context.Context, b *subject.Builder, w *edition.Writer, m *edition.Manifest, rows int64,
) error {
	population, err := b.Population(ctx)
	if err != nil {
		return err
	}
	o.count(m, population, rows)
	if err := o.recount(ctx, b, m); err != nil {
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

// count fills the numbers of persons, all of which follow from the population as it is told, with noise, and from the
// rows that leave: an exact number beside them would give the noise away.
func (o *Options) count(m *edition.Manifest, told edition.Population, rows int64) {
	m.Population = told
	m.Population.Persons = max(told.Persons, rows)
	o.told.add(m.Population)
	a := m.Anonymity
	if a == nil || a.Withheld != "" {
		return
	}
	a.SuppressedPersons = m.Population.Persons - rows
	a.SuppressedRows = a.SuppressedPersons
	for i := range a.Attacks {
		a.Attacks[i].Persons = m.Population.Persons
		if most := int64(o.Research.Attack.Persons); most > 0 {
			a.Attacks[i].Persons = min(most, m.Population.Persons)
		}
	}
}

// recount makes the counts of the zone a second time, with other statements and a part of the engine's memory, and
// refuses an edition whose counts differ. The manifest names those that agree, without their numbers.
func (o *Options) recount(ctx context.Context, b *subject.Builder, m *edition.Manifest) error {
	again, err := o.recounted(ctx)
	if err != nil {
		return err
	}
	m.Recounted, err = recount.Compare(b.Attested(), again)
	return err
}
