package subject

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition"
)

// leastSchools is the least number of schools in a row that speaks of schools.
const leastSchools = 3

// settingFeeds name the values of the settings, by setting and value.
var settingFeeds = map[[2]int64]string{
	{1, 1}: "grades at-once", {1, 2}: "grades deferred",
	{2, 1}: "messages closed", {2, 2}: "messages principal", {2, 3}: "messages all",
}

// schoolCoverage gives the rows of coverage that count schools over the whole
// window: those where somebody signed in, those said to have opened their portal,
// and those of each setting at its end. What no school of a level tells is left
// out, and so is a level of fewer than three schools.
func (b *Builder) schoolCoverage(ctx context.Context) ([]edition.CoverageRow, error) {
	type key struct{ feed, level string }
	expected := map[string]int32{}
	for _, s := range b.schools {
		expected[s.level]++
	}
	delete(expected, "")
	reporting := map[key]int32{}
	signedIn := false
	count := func(feed string, school, n int64) {
		reporting[key{feed, b.schools[school].level}] += int32(n)
	}
	err := b.each(ctx, "school_state", func(r *row) error {
		signedIn = signedIn || r.int(1) > 0
		count(edition.FeedObserved, r.int(0), r.int(1))
		if r.int(2) >= 0 {
			count(edition.FeedDeclared, r.int(0), r.int(2))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = b.each(ctx, "school_setting", func(r *row) error {
		for k, name := range settingFeeds {
			if k[0] != r.int(1) {
				continue
			}
			n := int64(0)
			if k[1] == r.int(2) {
				n = 1
			}
			count(edition.FeedSetting+name, r.int(0), n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var rows []edition.CoverageRow
	for k, n := range reporting {
		if all := expected[k.level]; all >= leastSchools && (signedIn || k.feed != edition.FeedObserved) {
			rows = append(rows, edition.CoverageRow{Feed: k.feed, Level: k.level, Expected: all, Reporting: n})
		}
	}
	return rows, nil
}
