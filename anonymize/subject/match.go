package subject

import (
	"context"
	"slices"
	"sort"

	"github.com/entscope/entscope/anonymize/flow"
)

type matchedRow struct {
	PersonKey    int64 `parquet:"person_key"`
	Arm          int64 `parquet:"arm"` // 1 accompanied, 0 control
	VisitsBefore int64 `parquet:"visits_before"`
	VisitsAfter  int64 `parquet:"visits_after"`
	// Of the accompaniment of the pair, in both rows.
	SchoolKey       int64 `parquet:"school_key"`
	AccompaniedWeek int64 `parquet:"accompanied_week"`
	Day             int64 `parquet:"day"`
	Form            int64 `parquet:"form"`
}

type armRow struct {
	SchoolKey, AccompaniedWeek, Arm, PersonKey, VisitsBefore, VisitsAfter, Newcomer, Day, Form int64
}

// candidate is one who may be matched, in one week of a first accompaniment.
type candidate struct {
	matchedRow
	order  uint64 // of the keyed random function
	before int    // band of visits before, -1 for a newcomer
}

// beforeBands are the lower edges of the exact strata of visits in the four
// school weeks before: 0, 1, 2, 3–4, 5–7, 8–12, 13–20, 21 and more.
var beforeBands = []int64{0, 1, 2, 3, 5, 8, 13, 21}

func beforeBand(visits int64) int {
	return sort.Search(len(beforeBands), func(i int) bool { return beforeBands[i] > visits }) - 1
}

// personsPerSlice is about how many persons are matched at a time.
const personsPerSlice = 50_000

// match pairs every accompanied parent with one never accompanied parent of the
// same school who visited as much in the same four weeks before: 1:1, in the
// order of the keyed random function, no control twice. Those who had not visited
// at all before (newcomers) are matched with each other.
func (b *Builder) match(ctx context.Context) error {
	var matched []matchedRow
	random := b.o.Key.PRF("A2 matching")
	parts := b.persons/personsPerSlice + 1
	if !b.known["accompaniment"] {
		parts = 0
	}
	for part := range parts {
		b.run.Set(map[string]any{"parts": parts, "part": part})
		var school int64
		var pool []candidate
		err := flow.Rows(ctx, b.run, "arm", func(r armRow) error {
			if r.SchoolKey != school {
				matched = append(matched, matchSchool(pool)...)
				school, pool = r.SchoolKey, pool[:0]
			}
			row := matchedRow{
				r.PersonKey, r.Arm, r.VisitsBefore, r.VisitsAfter, school, r.AccompaniedWeek, r.Day, r.Form,
			}
			c := candidate{order: random.Uint64(r.PersonKey), before: beforeBand(r.VisitsBefore), matchedRow: row}
			if r.Newcomer == 1 {
				c.before = -1
			}
			pool = append(pool, c)
			return nil
		})
		if err != nil {
			return err
		}
		matched = append(matched, matchSchool(pool)...)
	}
	b.attested["matched_accompanied"] = int64(len(matched) / 2)
	return put(ctx, b, "matched", matched)
}

// matchSchool matches the candidates of one school, earliest week first. A
// control is a candidate in every week, and is used once.
func matchSchool(pool []candidate) []matchedRow {
	slices.SortFunc(pool, func(a, b candidate) int {
		switch {
		case a.AccompaniedWeek != b.AccompaniedWeek:
			return compare(a.AccompaniedWeek, b.AccompaniedWeek)
		case a.before != b.before:
			return a.before - b.before
		case a.Arm != b.Arm:
			return compare(b.Arm, a.Arm)
		case a.order != b.order:
			if a.order < b.order {
				return -1
			}
			return 1
		}
		return compare(a.PersonKey, b.PersonKey)
	})
	var matched []matchedRow
	used := map[int64]bool{}
	for start := 0; start < len(pool); {
		end := start
		for end < len(pool) && pool[end].AccompaniedWeek == pool[start].AccompaniedWeek &&
			pool[end].before == pool[start].before {
			end++
		}
		stratum := pool[start:end]
		controls := stratum[sort.Search(len(stratum), func(i int) bool { return stratum[i].Arm == 0 }):]
		for _, c := range stratum[:len(stratum)-len(controls)] {
			for len(controls) > 0 && used[controls[0].PersonKey] {
				controls = controls[1:]
			}
			if len(controls) == 0 {
				break
			}
			control := controls[0].matchedRow
			control.Day, control.Form = c.Day, c.Form
			used[control.PersonKey] = true
			matched = append(matched, c.matchedRow, control)
			controls = controls[1:]
		}
		start = end
	}
	return matched
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
