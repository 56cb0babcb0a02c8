package subject

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/flow"
)

// leastSchools is the least number of schools in a row that speaks of schools.
const leastSchools = 3

// settingFeeds name the values of the settings, by setting and value.
var settingFeeds = map[struct{ setting, value int64 }]string{
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
	err := flow.Rows(ctx, b.run, "school_state", func(r struct{ SchoolKey, Observed, Declared int64 }) error {
		signedIn = signedIn || r.Observed > 0
		count(edition.FeedObserved, r.SchoolKey, r.Observed)
		if r.Declared >= 0 {
			count(edition.FeedDeclared, r.SchoolKey, r.Declared)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = flow.Rows(ctx, b.run, "school_setting", func(r struct{ SchoolKey, Setting, Value int64 }) error {
		for k, name := range settingFeeds {
			if k.setting != r.Setting {
				continue
			}
			n := int64(0)
			if k.value == r.Value {
				n = 1
			}
			count(edition.FeedSetting+name, r.SchoolKey, n)
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
