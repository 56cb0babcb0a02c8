package subject

import (
	"context"
	"fmt"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// The groupings whose groups are not those of schools alone: a month is a part
// of the window, a device is what the behaviours say.
const (
	byMonth  = "month"
	byDevice = "device"
)

// seniorityYears are the bounds of the grouping "seniority": 0-1, 2-4, 5+ whole
// years from the rollout to the end of the window.
var seniorityYears = [2]int{2, 5}

// attribute says who is in which group of one grouping and puts the behaviours
// there, where the measures read them.
func (b *Builder) attribute(ctx context.Context, grouping string) error {
	name, behaviours, args := "grouped", "period_behaviour", []any{grouping, 0}
	switch {
	case grouping == byMonth:
		name, behaviours, args = "grouped_month", "period_behaviour_month", nil
	case grouping == byDevice:
		name, args = "grouped_device", nil
	case b.o.Kind == Schools:
		behaviours, args[1] = "period_behaviour_school", 1
	}
	if err := b.materialise(ctx, "grouped", name, args...); err != nil {
		return err
	}
	if err := b.define(ctx, "period_behaviour", behaviours); err != nil {
		return err
	}
	if err := b.materialise(ctx, "attributed", "attributed"); err != nil {
		return err
	}
	if err := b.each(ctx, "twice_attributed", func(r *row) error {
		if r.int(0) != 0 {
			return fmt.Errorf("%d persons are attributed twice in a group", r.int(0))
		}
		return nil
	}); err != nil {
		return err
	}
	clear(b.read)
	return b.define(ctx, "account", "account")
}

// contribute makes the view contribution of one family of measures in the
// grouping attributed last, and before it the tables that the family reads.
func (b *Builder) contribute(ctx context.Context, fam family) error {
	if err := b.makeRead(ctx, fam.reads); err != nil {
		return err
	}
	return b.define(ctx, "contribution", "measure_"+fam.name)
}

// makeRead makes, once for a grouping, the tables that families and curves read
// beside account, each by the statement of its name.
func (b *Builder) makeRead(ctx context.Context, tables []string) error {
	for _, t := range tables {
		if b.read[t] {
			continue
		}
		if err := b.materialise(ctx, t, t); err != nil {
			return err
		}
		b.read[t] = true
	}
	return nil
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

// familiesBy are the families that have a measure for a grouping; only those of
// each period have one for the month.
func (b *Builder) familiesBy(grouping string) []family {
	of := groupingsOf()
	return slices.DeleteFunc(b.families(), func(fam family) bool {
		if grouping == byMonth && !fam.monthly {
			return true
		}
		for m := range fam.like {
			if slices.Contains(of[m], grouping) {
				return false
			}
		}
		return true
	})
}
