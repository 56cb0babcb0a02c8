package subject

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// SchoolMeasures gives the rows of school_measures: every measure of the
// approved list that schools get, over the term and, for the measures of visits,
// by month. A cell below the floor is left out.
func (b *Builder) SchoolMeasures(ctx context.Context, term string) ([]edition.SchoolRow, error) {
	forSchools := map[string]bool{}
	for _, m := range edition.Measures {
		forSchools[m.Name] = m.Schools()
	}
	if err := b.attribute(ctx, "school"); err != nil {
		return nil, fmt.Errorf("subject: school measures: %w", err)
	}
	least := b.least(b.o.Floors.School)
	var rows []edition.SchoolRow
	for _, family := range b.families() {
		table, err := b.tally(ctx, family)
		if err != nil {
			return nil, err
		}
		table.each(func(k periodKey, t tally) {
			s := b.schools[k.school]
			if t.Persons < least || !forSchools[k.measure] || s.uai == "" {
				return
			}
			c := b.leaving(t)
			rows = append(rows, edition.SchoolRow{
				UAI: s.uai, Name: s.name, Level: s.level, IPSBand: ipsBand(s.ips), EP: s.ep,
				Period: periodName(k.period, term), Measure: k.measure, Population: k.population,
				Persons: c.Persons, Families: c.Families, Numerator: c.Numerator, Denom: c.Denom,
				SumXX: c.SumXX, SumYY: c.SumYY,
			})
		})
	}
	slices.SortFunc(rows, func(a, b edition.SchoolRow) int {
		return cmp.Or(cmp.Compare(a.UAI, b.UAI), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Period, b.Period),
			cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Population, b.Population))
	})
	return rows, nil
}

func periodName(period int64, term string) string {
	if period == 0 {
		return term
	}
	return fmt.Sprintf("%04d-%02d", period/100, period%100)
}
