package national

import (
	"context"

	"github.com/entscope/entscope/analysis/stats"
)

// seasonUse is what a school did in weeks of term and in weeks without class.
type seasonUse struct {
	school        int
	visits, weeks [2]float64 // 0 holidays, 1 term
}

// readSeason reads the two kinds of weeks of one school year.
func (a *answer) readSeason(ctx context.Context, t *tables) ([]seasonUse, error) {
	var out []seasonUse
	err := t.each(ctx, "season", func(b *batch) func(int) {
		uai, term, visits, weeks := b.texts("uai"), b.ints("term"), b.ints("visits"), b.ints("weeks")
		return func(i int) {
			school := a.place[uai(i)]
			if len(out) == 0 || out[len(out)-1].school != school {
				out = append(out, seasonUse{school: school})
			}
			s := &out[len(out)-1]
			s.visits[term(i)], s.weeks[term(i)] = float64(visits(i)), float64(weeks(i))
		}
	}, a.Years[a.reference()].Label)
	return out, err
}

// seasons answers W7: how do weeks of term and holidays differ? Days on which report
// books are published cannot be seen in weekly counts.
func (a *answer) seasons(ctx context.Context, t *tables) error {
	a.add(figure{"W7", "publication_days", "parents", group{}}.missing(weekly.with()))
	year := a.reference()
	if !a.has("calendar") || year < 0 {
		why := noYear.with()
		if !a.has("calendar") {
			why = missingFile("calendar")
		}
		for _, m := range []string{"term", "holidays", "ratio"} {
			a.add(figure{"W7", m, "parents", group{}}.missing(why))
		}
		return nil
	}
	rows, err := a.readSeason(ctx, t)
	if err != nil {
		return err
	}
	a.season(group{}, rows, year)
	zones := map[string][]seasonUse{}
	for _, r := range rows {
		zones[a.Schools[r.school].Zone] = append(zones[a.Schools[r.school].Zone], r)
	}
	for _, zone := range sortedKeys(zones) {
		if zone != "" {
			a.season(group{"zone": zone}, zones[zone], year)
		}
	}
	return nil
}

// season compares the two kinds of weeks in the same schools.
func (a *answer) season(of group, rows []seasonUse, year int) {
	var visits, weeks [2][]float64
	for _, r := range rows {
		if r.weeks[0] == 0 || r.weeks[1] == 0 || r.visits[0]+r.visits[1] == 0 {
			continue
		}
		for k := range visits {
			visits[k], weeks[k] = append(visits[k], r.visits[k]), append(weeks[k], r.weeks[k])
		}
	}
	n := int64(len(visits[0]))
	f := func(measure string) figure { return figure{"W7", measure, "parents", of} }
	if n == 0 {
		a.add(f("ratio").missing(noSchool.with()))
		return
	}
	warnings := a.about(year)
	a.add(f("term").estimated(stats.ClusterRatio(visits[1], weeks[1], level), n, warnings...))
	a.add(f("holidays").estimated(stats.ClusterRatio(visits[0], weeks[0], level), n, warnings...))
	a.add(
		f(
			"ratio",
		).estimated(stats.ClusterRatioOfRatios(visits[0], weeks[0], visits[1], weeks[1], level), n, warnings...),
	)
}
