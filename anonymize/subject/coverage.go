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
	Feed, SchoolKey, WeekDay, Service, Reporting int64
}

// Coverage gives the rows of coverage: a school is expected on a feed, and for a
// service of it, when it ever reports there and from its rollout on. A row is a
// level in the research edition and a school in the schools edition.
func (b *Builder) Coverage(ctx context.Context) ([]edition.CoverageRow, error) {
	type key struct {
		feed, uai, level string
		week             int32
		service          int8
	}
	counts := map[key]*edition.CoverageRow{}
	err := flow.Rows(ctx, b.run, "coverage_cell", func(r coverageCell) error {
		feed, s := int(r.Feed), b.schools[r.SchoolKey]
		if feed < 1 || feed > len(b.o.Study.Feeds) {
			return fmt.Errorf("feed %d has no name", feed)
		}
		k := key{b.o.Study.Feeds[feed-1], "", s.level, int32(r.WeekDay), int8(r.Service)}
		if b.o.Kind == Schools {
			if k.uai = s.uai; k.uai == "" {
				return nil
			}
		}
		c := counts[k]
		if c == nil {
			c = &edition.CoverageRow{Feed: k.feed, UAI: k.uai, Level: k.level, WeekDay: k.week, Service: k.service}
			counts[k] = c
		}
		c.Expected++
		c.Reporting += int32(r.Reporting)
		return nil
	})
	if err != nil {
		return nil, err
	}
	rows := make([]edition.CoverageRow, 0, len(counts))
	for _, c := range counts {
		rows = append(rows, *c)
	}
	if b.o.Kind == Research {
		schools, err := b.schoolCoverage(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, schools...)
	}
	slices.SortFunc(rows, func(a, b edition.CoverageRow) int {
		return cmp.Or(cmp.Compare(a.Feed, b.Feed), cmp.Compare(a.UAI, b.UAI), cmp.Compare(a.Level, b.Level),
			cmp.Compare(a.WeekDay, b.WeekDay), cmp.Compare(a.Service, b.Service))
	})
	return rows, nil
}
