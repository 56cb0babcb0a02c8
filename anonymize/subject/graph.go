package subject

import (
	"embed"

	"github.com/entscope/entscope/anonymize/flow"
	"github.com/entscope/entscope/ingest"
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
		"batch", "bit", "concern", "day", "deadline", "grade", "n5_grid", "period", "period_day", "span", "step_bin", "study")
}

// steps are the tables that Go makes of answers and other tables.
func steps(c contributions) []flow.Step {
	return []flow.Step{
		{Makes: "event", Reads: []string{"distinct_event", "event_count", "record_count", "several_feeds"}, Maybe: []string{"viewed_once"}, Loop: slicePass},
		{Makes: "regularity_part", Reads: []string{"regular_visit"}, Loop: slicePass},
		{Makes: "expectation_part", Reads: []string{"checked_news"}, Loop: slicePass},
		{Makes: "checker_part", Reads: []string{"checking_times"}, Loop: slicePass},
		{Makes: "checker", Reads: []string{"checker_part"}},
		{Makes: "matched", Reads: []string{"arm"}},
		{Makes: "trained", Reads: []string{"training_day"}},
		{Makes: "contribution", Reads: c.tables(), Loop: groupingPass},
		{Makes: "merged", Reads: []string{"cell"}, Loop: groupingPass},
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

// vocabulary are the constants that statements name.
var vocabulary = map[string]int64{
	"profile_pupil":   int64(ingest.ProfilePupil),
	"profile_teacher": int64(ingest.ProfileTeacher),
	"profile_parent":  int64(ingest.ProfileParent),
	"profile_admin":   int64(ingest.ProfileAdmin),

	"service_unknown":       int64(ingest.ServiceUnknown),
	"service_grades":        int64(ingest.ServiceGrades),
	"service_school_life":   int64(ingest.ServiceSchoolLife),
	"service_homework":      int64(ingest.ServiceHomework),
	"service_messages":      int64(ingest.ServiceMessages),
	"service_news":          int64(ingest.ServiceNews),
	"service_resources":     int64(ingest.ServiceResources),
	"service_video":         int64(ingest.ServiceVideo),
	"service_portal":        int64(ingest.ServicePortal),
	"service_sign_in":       int64(ingest.ServiceSignIn),
	"service_report_book":   int64(ingest.ServiceReportBook),
	"service_blog":          int64(ingest.ServiceBlog),
	"service_parent_only":   int64(ingest.ServiceParentOnly),
	"service_accessibility": int64(ingest.ServiceAccessibility),

	"action_access":       int64(ingest.ActionAccess),
	"action_login":        int64(ingest.ActionLogin),
	"action_login_failed": int64(ingest.ActionLoginFailed),
	"action_submit":       int64(ingest.ActionSubmit),

	"device_unknown":  int64(ingest.DeviceUnknown),
	"device_computer": int64(ingest.DeviceComputer),
	"device_phone":    int64(ingest.DevicePhone),
	"device_tablet":   int64(ingest.DeviceTablet),

	// The settings of a school and what grades are set to, as in ingest/register.
	"setting_grades": 1, "setting_messages": 2, "setting_product": 3,
	"grades_at_once": 1, "grades_deferred": 2,
}
