package subject

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

type coverageCell struct {
	Feed, SchoolKey, WeekDay, Service, Persons int64
}

// Coverage gives the rows of coverage of the research edition, by level: a school is expected on a feed, and for a
// service of it, when it ever reports there and from its rollout on.
func (b *Builder) Coverage(ctx context.Context) ([]edition.CoverageRow, error) {
	type key struct {
		feed, level string
		week        int32
		service     int8
	}
	counts := map[key]*edition.CoverageRow{}
	err := b.coverageCells(ctx, func(feed string, r coverageCell) {
		k := key{feed, b.schools[r.SchoolKey].level, int32(r.WeekDay), int8(r.Service)}
		c := counts[k]
		if c == nil {
			c = &edition.CoverageRow{Feed: k.feed, Level: k.level, WeekDay: k.week, Service: k.service}
			counts[k] = c
		}
		c.Expected++
		if r.Persons > 0 {
			c.Reporting++
		}
	})
	if err != nil {
		return nil, err
	}
	rows := make([]edition.CoverageRow, 0, len(counts))
	for _, c := range counts {
		rows = append(rows, *c)
	}
	schools, err := b.schoolCoverage(ctx)
	if err != nil {
		return nil, err
	}
	rows = append(rows, schools...)
	sortCoverage(rows)
	return rows, nil
}

// SchoolCoverage gives the rows of coverage of the schools edition, of the schools that have measures there. By the
// name of a school no service is told, and a feed reports in a week only of as many persons as stand behind a rate
// of the school: of fewer, the row says the same as of none.
func (b *Builder) SchoolCoverage(ctx context.Context, measures []edition.SchoolRow) ([]edition.CoverageRow, error) {
	told := map[string]bool{}
	for _, m := range measures {
		told[m.UAI] = true
	}
	type series struct{ feed, uai string }
	var rows []edition.CoverageRow
	reports := map[series]bool{}
	err := b.coverageCells(ctx, func(feed string, r coverageCell) {
		s := b.schools[r.SchoolKey]
		if r.Service != 0 || !told[s.uai] {
			return
		}
		row := edition.CoverageRow{Feed: feed, UAI: s.uai, Level: s.level, WeekDay: int32(r.WeekDay), Expected: 1}
		if r.Persons >= b.o.Floors.School {
			row.Reporting = 1
			reports[series{feed, s.uai}] = true
		}
		rows = append(rows, row)
	})
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(r edition.CoverageRow) bool { return !reports[series{r.Feed, r.UAI}] })
	sortCoverage(rows)
	return rows, nil
}

// coverageCells asks in which weeks each feed, by its name, reported for each school.
func (b *Builder) coverageCells(ctx context.Context, add func(feed string, r coverageCell)) error {
	return flow.Rows(ctx, b.run, "coverage_cell", func(r coverageCell) error {
		feed := int(r.Feed)
		if feed < 1 || feed > len(b.o.Study.Feeds) {
			return fmt.Errorf("feed %d has no name", feed)
		}
		add(b.o.Study.Feeds[feed-1], r)
		return nil
	})
}

func sortCoverage(rows []edition.CoverageRow) {
	slices.SortFunc(rows, func(a, b edition.CoverageRow) int {
		return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.UAI, b.UAI), cmp.Compare(a.Level, b.Level),
			cmp.Compare(a.WeekDay, b.WeekDay), cmp.Compare(a.Service, b.Service))
	})
}
