package edition

// Measure is one entry of the approved list of what the cell tables may hold:
// reviewed data, tested like code. x and y are what one person brings to the
// numerator and to the denominator.
type Measure struct {
	Name string
	// Populations are the denominators it is written for.
	Populations []string
	X, Y        string
	// Schools says that the schools edition carries it too.
	Schools bool
}

// Populations.
const (
	PopAll      = "all_accounts"    // every subject account open in the window, zeros included
	PopActive   = "active_accounts" // >= 1 visit in the window
	PopOpened   = "opened_accounts" // activated accounts
	PopPairs    = "pairs"           // parent × school with >= 1 published grade, grade feed covered
	PopViewers  = "active_pairs"    // … with >= 1 grade visit
	PopFamilies = "families"
	PopPupils   = "pupils" // pupil accounts with activity
	PopMatched  = "matched"
)

// Measures is the approved list. Weeks and days count only where the school's
// feed was covered; "window" is the study's start to end.
var Measures = []Measure{
	{"L1.visits_per_week", []string{PopAll, PopActive}, "visits in covered school weeks", "covered school weeks", true},
	{"L1.active_days_per_week", []string{PopAll, PopActive}, "days with a visit in covered school weeks", "covered school weeks", false},
	{"L1.weekly", []string{PopAll, PopActive}, "covered school weeks with >= 1 visit", "covered school weeks", true},
	{"L2.never", []string{PopAll, PopOpened}, "1 if no visit in the whole window", "1 (account open and school covered all the window, window >= 8 school weeks)", true},
	{"L4.07-09", []string{PopActive}, "visits started 7 h to 9 h", "visits", true},
	{"L4.09-12", []string{PopActive}, "visits started 9 h to 12 h", "visits", true},
	{"L4.12-14", []string{PopActive}, "visits started 12 h to 14 h", "visits", true},
	{"L4.14-17", []string{PopActive}, "visits started 14 h to 17 h", "visits", true},
	{"L4.17-19", []string{PopActive}, "visits started 17 h to 19 h", "visits", true},
	{"L4.19-21", []string{PopActive}, "visits started 19 h to 21 h", "visits", true},
	{"L4.21-23", []string{PopActive}, "visits started 21 h to 23 h", "visits", true},
	{"L4.23-07", []string{PopActive}, "visits started 23 h to 7 h", "visits", true},
	{"L4.weekend", []string{PopActive}, "visits started on a Saturday or Sunday", "visits", true},
	{"L4.wednesday", []string{PopActive}, "visits started on a Wednesday of a school week", "visits", false},
	{"L4.holiday", []string{PopActive}, "visits started in the holidays", "visits", false},
	{"L5.known", []string{PopActive}, "visits whose device is known", "visits", false},
	{"L5.phone", []string{PopActive}, "visits on a phone", "visits whose device is known", true},
	{"L5.computer", []string{PopActive}, "visits on a computer", "visits whose device is known", false},
	{"L5.tablet", []string{PopActive}, "visits on a tablet", "visits whose device is known", false},
	{"L5.phone_only", []string{PopActive}, "1 if every visit of known device is on a phone", "1 if >= 1 visit of known device", true},
	{"N1.views_per_day", []string{PopPairs, PopViewers}, "grade events on covered school days", "covered school days", false},
	{"N2.two_a_day", []string{PopPairs, PopViewers}, "school days with >= 2 grade visits", "covered school days (pairs) or days with >= 1 grade visit (active_pairs)", false},
	{"N2.three_a_day", []string{PopPairs, PopViewers}, "school days with >= 3 grade visits", "as N2.two_a_day", false},
	{"N2.five_a_day", []string{PopPairs, PopViewers}, "school days with >= 5 grade visits", "as N2.two_a_day", false},
	{"N3.empty", []string{PopViewers}, "empty grade visits", "grade visits after the first, of pairs with >= 10 grade visits", false},
	{"N5.very_frequent", []string{PopPairs, PopViewers}, "1 if all conditions of N5 hold", "1", false},
	{"A1.accompanied", []string{PopAll, PopActive, PopFamilies}, "1 if >= 1 recorded accompaniment from the start of the school year to the end of the window", "1", true},
	{"A2.before.accompanied", []string{PopMatched}, "visits in the 4 school weeks before", "4", false},
	{"A2.after.accompanied", []string{PopMatched}, "visits in the 4 school weeks after", "4", false},
	{"A2.before.control", []string{PopMatched}, "visits of the matched parent in the same 4 weeks before", "4", false},
	{"A2.after.control", []string{PopMatched}, "visits of the matched parent in the same 4 weeks after", "4", false},
	{"A2.naive.accompanied", []string{PopAll}, "visits in covered school weeks, accompanied parents", "covered school weeks", false},
	{"A2.naive.others", []string{PopAll}, "visits in covered school weeks, other parents", "covered school weeks", false},
	{"D3.activated", []string{PopAll}, "1 if the account was activated by the end", "1", true},
	{"D3.connected", []string{PopAll}, "1 if >= 1 visit in the window", "1", true},
	{"D3.active_month", []string{PopAll}, "1 if >= 1 visit in the last 28 days of the window", "1", true},
	{"F5.rank", []string{PopAll}, "visits × (2 × mid-rank of visits in the group)", "visits", false},
	{"F5.upper", []string{PopAll}, "sum of the visits of all persons of the group with more visits", "visits", false},
	{"F5.top_tenth", []string{PopAll}, "visits if among the tenth of the group with most visits", "visits", false},
	{"P1.low", []string{PopPupils}, "1 if >= 1 pupil visit of strict parent-like score and no guardian visit", "1", false},
	{"P1.high", []string{PopPupils}, "1 if >= 1 pupil visit of loose parent-like score and no guardian visit", "1", false},
	{"L1.actions_per_person", []string{PopAll, PopActive}, "actions (the weights of the events of the visits) in the window", "1", false},
	{"R1.ready", []string{PopAll}, "1 if activated and >= 1 visit in the last 60 days of the window", "1", true},
}

// Groupings are the one-way groupings every research measure is written for; a
// cross needs its own entry, declared in the policy.
var Groupings = []string{"all", "level", "ips_band", "ep"}
