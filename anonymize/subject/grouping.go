package subject

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// The groupings whose groups are not those of schools: a month is a part of the
// window, a device is what the behaviours say, a grade level is of a child.
const (
	byMonth  = "month"
	byDevice = "device"
	byGrade  = "grade"
)

// seniorityYears are the bounds of the grouping "seniority": 0-1, 2-4, 5+ whole
// years from the rollout to the end of the window.
var seniorityYears = [2]int{2, 5}

// SeniorityDays are the days after which a school has had the portal for less than two years, and for less than
// five, at the end of a window.
func SeniorityDays(end int32) (two, five int32) {
	return yearsBefore(end, seniorityYears[0]), yearsBefore(end, seniorityYears[1])
}

type batchRow struct {
	Grouping string `parquet:"grouping"`
}

// attribute says who is in which group of a grouping, or of several by school at
// once, and puts the behaviours there, where the measures read them.
//
// Groupings by school differ only in the families of several schools. What
// persons of the others bring is therefore computed once for all of them, in the
// group "", and parted adds it to the group of the school. Families are either in
// the one or in the other, so that distinct families add as well.
func (b *Builder) attribute(ctx context.Context, groupings ...string) error {
	grouped, behaviours, ranked, everyPeriod := "grouped", "period_behaviour", "ranked", 0
	switch {
	case len(groupings) > 1:
		grouped, ranked = "grouped_batch", "ranked_batch"
		rows := make([]batchRow, len(groupings))
		for i, g := range groupings {
			rows[i] = batchRow{g}
		}
		if err := put(ctx, b, "batch", rows); err != nil {
			return err
		}
	case groupings[0] == byMonth:
		grouped, behaviours = "grouped_month", "period_behaviour_month"
	case groupings[0] == byDevice:
		grouped = "grouped_device"
	case b.o.Kind == Schools:
		behaviours, everyPeriod = "period_behaviour_school", 1
	}
	b.run.Choose("grouped", grouped)
	b.run.Choose("period_behaviour", behaviours)
	b.run.Choose("ranked", ranked)
	values := map[string]any{"grouping": groupings[0], "every_period": everyPeriod}
	if err := b.run.Round(ctx, groupingPass, values); err != nil {
		return err
	}
	return flow.Rows(ctx, b.run, "twice_attributed", func(r struct{ Persons int64 }) error {
		if r.Persons != 0 {
			return fmt.Errorf("%d persons are attributed twice in a group", r.Persons)
		}
		return nil
	})
}

// groupings are those that any measure or curve of the approved list is written
// for, in the order in which they are first named.
func groupings() []string {
	var list []string
	for _, m := range edition.Measures {
		list = append(list, m.By...)
	}
	for _, c := range edition.Curves {
		list = append(list, c.By...)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(append(slices.Clone(edition.Groupings), list...), func(g string) bool {
		again := seen[g]
		seen[g] = true
		return again
	})
}

// groupingsOf gives the groupings of every approved measure.
func groupingsOf() map[string][]string {
	of := map[string][]string{}
	for _, m := range edition.Measures {
		if of[m.Name] = m.By; m.By == nil {
			of[m.Name] = edition.Groupings
		}
	}
	return of
}

// batches are the groupings that are computed at once: those by school, and each of
// those that are not.
func batches() [][]string {
	list := [][]string{nil}
	for _, g := range groupings() {
		if g == byMonth || g == byDevice || g == byGrade {
			list = append(list, []string{g})
		} else {
			list[0] = append(list[0], g)
		}
	}
	return list
}

// familiesBy are the families that have a measure for one of the groupings; only
// those of each period have one for the month.
func (b *Builder) familiesBy(groupings []string) []family {
	of := groupingsOf()
	return slices.DeleteFunc(b.families(), func(fam family) bool {
		if slices.Contains(groupings, byMonth) && !fam.monthly() {
			return true
		}
		for m := range fam.like {
			if slices.ContainsFunc(of[m], func(g string) bool { return slices.Contains(groupings, g) }) {
				return false
			}
		}
		return true
	})
}

// parted hands what was computed for a group of several groupings at once, and for
// a school, to each grouping and group that it belongs to. alone says that it is
// of families of that one school.
func (b *Builder) parted(groupings []string, group string, school int64, f func(grouping, group string, alone bool)) {
	if len(groupings) == 1 {
		f(groupings[0], group, false)
		return
	}
	if grouping, group, ok := strings.Cut(group, " "); ok {
		f(grouping, group, false)
		return
	}
	for _, g := range groupings {
		if group, ok := b.groups[g][school]; ok {
			f(g, group, true)
		}
	}
}

// groupName is the group of a grouping where several are computed at once.
func groupName(groupings []string, grouping, group string) string {
	if len(groupings) == 1 {
		return group
	}
	return grouping + " " + group
}
