package subject

import (
	"embed"
	"maps"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/ingest/register"
)

//go:embed sql/*.sql
var statements embed.FS

// The loops of the flow: over the slices for coverage, over the slices for
// behaviours, over ranges of threads, over the slices for pupils and their
// guardians, and over the groupings.
const (
	coveragePass = "pass"
	slicePass    = "slice"
	threadPass   = "thread range"
	pupilPass    = "pupil slice"
	groupingPass = "grouping"
)

// sources are the tables that are there before a statement runs: those of the
// zone, and those that Go makes of the study and of reviewed lists.
func sources() []string {
	return append(register.Names(),
		"accounts", "links", "memberships", "people", "raw_event", "schools",
		"batch", "bit", "concern", "day", "deadline", "grade", "n5_grid", "period", "period_day", "span", "step_bin", "unit_cap",
		"study", "weekdays")
}

// steps are the tables that Go makes of answers and other tables.
func steps(c contributions) []flow.Step {
	return []flow.Step{
		{Makes: "event", Reads: []string{"distinct_event", "event_count", "record_count", "several_feeds"},
			Maybe: []string{"viewed_once"}, Loop: slicePass},
		{Makes: "regularity_part", Reads: []string{"regular_visit"}, Loop: slicePass},
		{Makes: "expectation_part", Reads: []string{"checked_news", "school_week"}, Loop: slicePass},
		{Makes: "checker_part", Reads: []string{"checking_times"}, Loop: slicePass},
		{Makes: "checker", Reads: []string{"checker_part"}},
		{Makes: "matched", Reads: []string{"arm"}},
		{Makes: "risk_set", Reads: []string{"arm"}},
		{Makes: "trained", Reads: []string{"training_day"}},
		{Answers: "cells", Reads: c.tables(), Loop: groupingPass},
	}
}

// Flow is the graph of the statements that make an edition's tables.
func Flow() (*flow.Graph, error) {
	c, err := readMeasures()
	if err != nil {
		return nil, err
	}
	return flow.Read(statements, "sql", sources(), steps(c)...)
}

// constants are what statements name: the codes of the vocabulary, the settings of a
// school, and what grades are set to, as in ingest/register.
func constants() map[string]int64 {
	c := vocabulary.Constants()
	maps.Copy(c, map[string]int64{
		"setting_grades": 1, "setting_messages": 2, "setting_product": 3,
		"grades_at_once": 1, "grades_deferred": 2,
	})
	return c
}
