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
	// By are the groupings it is written for; nil is Groupings.
	By []string
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

	PopRegular    = "regular_accounts"    // >= 10 visits in the window
	PopAttempting = "attempting_accounts" // >= 1 attempt to sign in
	PopSeen       = "seen_grades"         // pupils with >= 1 grade that they or a guardian opened
	PopPublished  = "published_grades"    // pupils with >= 1 published grade
	PopTwoGuards  = "two_guardians"       // pupils with >= 2 declared guardians
	PopRecipients = "recipients"          // subject accounts that received >= 1 such message
	PopSenders    = "senders"             // subject accounts that sent >= 1 message
	PopStaff      = "staff"               // staff accounts that sent >= 1 message: floor of staff
	PopThreads    = "threads"             // subject accounts that wrote to staff
	PopConcerned  = "concerned_accounts"  // subject accounts that a deadline, report book or item concerns
	PopSurveyed   = "surveyed_pupils"     // pupils who answered the equipment survey
	PopAllPupils  = "all_pupils"          // every pupil of the perimeter
	PopEligible   = "eligible_families"   // families of a téléservice
	PopInvited    = "invited_families"    // families invited to a remote meeting
)

// Wide are the groupings of the measures that answer for every kind of group:
// "grade" is a grade level, "territory" an académie, "device" the devices seen on
// the account, "month" a calendar month of the window (YYYY-MM), "stratum" a
// level and an IPS band ("college 2"), "publication" the school's setting for
// grades (at-once, deferred), "seniority" the years since the ENT was opened
// (0-1, 2-4, 5+), "products" how many ENT products the school has had (1, 2, 3+).
// A measure of the whole window, such as never, has no month.
var Wide = []string{
	"all", "level", "ips_band", "ep", "grade", "sector", "territory", "device", "month", "stratum", "publication", "seniority", "products",
}

// Few are the groupings of a sensitivity grid or of a rare event.
var Few = []string{"all", "level"}

// Whole is the whole population alone.
var Whole = []string{"all"}

// Graded adds the grade level to the common groupings.
var Graded = []string{"all", "level", "ips_band", "ep", "grade"}

// Measures is the approved list. Weeks and days count only where the school's
// feed was covered; "window" is the study's start to end.
var Measures = []Measure{
	{"L1.visits_per_week", []string{PopAll, PopActive}, "visits in covered school weeks", "covered school weeks", true, Wide},
	{"L1.active_days_per_week", []string{PopAll, PopActive}, "days with a visit in covered school weeks", "covered school weeks", false, Wide},
	{"L1.weekly", []string{PopAll, PopActive}, "covered school weeks with >= 1 visit", "covered school weeks", true, Wide},
	{"L2.never", []string{PopAll, PopOpened}, "1 if no visit in the whole window", "1 (account open and school covered all the window, window >= 8 school weeks)", true, Wide},
	{"L4.07-09", []string{PopActive}, "visits started 7 h to 9 h", "visits", true, Wide},
	{"L4.09-12", []string{PopActive}, "visits started 9 h to 12 h", "visits", true, Wide},
	{"L4.12-14", []string{PopActive}, "visits started 12 h to 14 h", "visits", true, Wide},
	{"L4.14-17", []string{PopActive}, "visits started 14 h to 17 h", "visits", true, Wide},
	{"L4.17-19", []string{PopActive}, "visits started 17 h to 19 h", "visits", true, Wide},
	{"L4.19-21", []string{PopActive}, "visits started 19 h to 21 h", "visits", true, Wide},
	{"L4.21-23", []string{PopActive}, "visits started 21 h to 23 h", "visits", true, Wide},
	{"L4.23-07", []string{PopActive}, "visits started 23 h to 7 h", "visits", true, Wide},
	{"L4.weekend", []string{PopActive}, "visits started on a Saturday or Sunday", "visits", true, Wide},
	{"L4.wednesday", []string{PopActive}, "visits started on a Wednesday of a school week", "visits", false, Wide},
	{"L4.holiday", []string{PopActive}, "visits started in the holidays", "visits", false, Wide},
	{"L5.known", []string{PopActive}, "visits whose device is known", "visits", false, Wide},
	{"L5.phone", []string{PopActive}, "visits on a phone", "visits whose device is known", true, Wide},
	{"L5.computer", []string{PopActive}, "visits on a computer", "visits whose device is known", false, Wide},
	{"L5.tablet", []string{PopActive}, "visits on a tablet", "visits whose device is known", false, Wide},
	{"L5.phone_only", []string{PopActive}, "1 if every visit of known device is on a phone", "1 if >= 1 visit of known device", true, Wide},
	{"N1.views_per_day", []string{PopPairs, PopViewers}, "grade events on covered school days", "covered school days", false, Wide},
	{"N2.two_a_day", []string{PopPairs, PopViewers}, "school days with >= 2 grade visits", "covered school days (pairs) or days with >= 1 grade visit (active_pairs)", false, Wide},
	{"N2.three_a_day", []string{PopPairs, PopViewers}, "school days with >= 3 grade visits", "as N2.two_a_day", false, Wide},
	{"N2.five_a_day", []string{PopPairs, PopViewers}, "school days with >= 5 grade visits", "as N2.two_a_day", false, Wide},
	{"N3.empty", []string{PopViewers}, "empty grade visits", "grade visits after the first, of pairs with >= 10 grade visits", false, Wide},
	{"N3.expected", []string{PopViewers}, "grade visits expected to be empty if they fell at random among the same publications, in hundredths", "100 × grade visits after the first, of pairs with >= 10 grade visits", false, Wide},
	{"N5.very_frequent", []string{PopPairs, PopViewers}, "1 if all conditions of N5 hold", "1", false, Wide},
	{"A1.accompanied", []string{PopAll, PopActive, PopFamilies}, "1 if >= 1 recorded accompaniment from the start of the school year to the end of the window", "1", true, Wide},
	{"A2.before.accompanied", []string{PopMatched}, "visits in the 4 school weeks before", "4", false, nil},
	{"A2.after.accompanied", []string{PopMatched}, "visits in the 4 school weeks after", "4", false, nil},
	{"A2.before.control", []string{PopMatched}, "visits of the matched parent in the same 4 weeks before", "4", false, nil},
	{"A2.after.control", []string{PopMatched}, "visits of the matched parent in the same 4 weeks after", "4", false, nil},
	{"A2.naive.accompanied", []string{PopAll}, "visits in covered school weeks, accompanied parents", "covered school weeks", false, nil},
	{"A2.naive.others", []string{PopAll}, "visits in covered school weeks, other parents", "covered school weeks", false, nil},
	{"D3.activated", []string{PopAll}, "1 if the account was activated by the end", "1", true, Wide},
	{"D3.connected", []string{PopAll}, "1 if >= 1 visit in the window", "1", true, Wide},
	{"D3.active_month", []string{PopAll}, "1 if >= 1 visit in the last 28 days of the window", "1", true, Wide},
	{"F5.rank", []string{PopAll}, "visits × (2 × mid-rank of visits in the group)", "visits", false, Wide},
	{"F5.upper", []string{PopAll}, "sum of the visits of all persons of the group with more visits", "visits", false, Wide},
	{"F5.top_tenth", []string{PopAll}, "visits if among the tenth of the group with most visits", "visits", false, Wide},
	{"P1.low", []string{PopPupils}, "1 if >= 1 pupil visit of strict parent-like score and no guardian visit", "1", false, nil},
	{"P1.high", []string{PopPupils}, "1 if >= 1 pupil visit of loose parent-like score and no guardian visit", "1", false, nil},
	{"L1.actions_per_person", []string{PopAll, PopActive}, "actions (the weights of the events of the visits) in the window", "1", false, Wide},
	{"R1.ready", []string{PopAll}, "1 if activated and >= 1 visit in the last 60 days of the window", "1", true, Wide},
	{"L3.entropy", []string{PopRegular}, "100 × normalised Shannon entropy of the weekdays of the visits, rounded", "100", false, Wide},
	{"L3.burstiness", []string{PopRegular}, "100 × (1 + A_n) of the times between visits (Kim & Jo 2016), rounded", "100", false, Wide},
	{"L3.memory", []string{PopRegular}, "100 × (1 + M) of successive times between visits (Goh & Barabási 2008), rounded", "100", false, Wide},
	{"L1.visits_per_week.pause15", []string{PopAll, PopActive}, "visits in covered school weeks, with a pause of 15 minutes", "covered school weeks", false, Few},
	{"N2.two_a_day.pause15", []string{PopPairs, PopViewers}, "school days with >= 2 grade visits, with a pause of 15 minutes", "as N2.two_a_day", false, Few},
	{"N2.three_a_day.pause15", []string{PopPairs, PopViewers}, "school days with >= 3 grade visits, with a pause of 15 minutes", "as N2.two_a_day", false, Few},
	{"N2.five_a_day.pause15", []string{PopPairs, PopViewers}, "school days with >= 5 grade visits, with a pause of 15 minutes", "as N2.two_a_day", false, Few},
	{"L1.visits_per_week.pause60", []string{PopAll, PopActive}, "visits in covered school weeks, with a pause of 60 minutes", "covered school weeks", false, Few},
	{"N2.two_a_day.pause60", []string{PopPairs, PopViewers}, "school days with >= 2 grade visits, with a pause of 60 minutes", "as N2.two_a_day", false, Few},
	{"N2.three_a_day.pause60", []string{PopPairs, PopViewers}, "school days with >= 3 grade visits, with a pause of 60 minutes", "as N2.two_a_day", false, Few},
	{"N2.five_a_day.pause60", []string{PopPairs, PopViewers}, "school days with >= 5 grade visits, with a pause of 60 minutes", "as N2.two_a_day", false, Few},
	{"N5.grid.15.50.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 50 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.15.50.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 50 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.15.50.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 50 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.15.60.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 60 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.15.60.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 60 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.15.60.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 60 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.15.70.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 70 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.15.70.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 70 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.15.70.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 15 % of school days, >= 70 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.25.50.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 50 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.25.50.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 50 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.25.50.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 50 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.25.60.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 60 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.25.60.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 60 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.25.60.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 60 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.25.70.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 70 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.25.70.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 70 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.25.70.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 25 % of school days, >= 70 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.35.50.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 50 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.35.50.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 50 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.35.50.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 50 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.35.60.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 60 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.35.60.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 60 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.35.60.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 60 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.35.70.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 70 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.35.70.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 70 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.35.70.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 35 % of school days, >= 70 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.50.50.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 50 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.50.50.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 50 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.50.50.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 50 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.50.60.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 60 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.50.60.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 60 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.50.60.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 60 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N5.grid.50.70.low", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 70 % empty checks and A_n >= 0.2 or >= 5 % of visits at night", "1", false, Few},
	{"N5.grid.50.70.mid", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 70 % empty checks and A_n >= 0.3 or >= 10 % of visits at night", "1", false, Few},
	{"N5.grid.50.70.high", []string{PopPairs, PopViewers}, "1 if N5 holds with >= 3 grade visits on >= 50 % of school days, >= 70 % empty checks and A_n >= 0.4 or >= 20 % of visits at night", "1", false, Few},
	{"N6.parent_first", []string{PopSeen, PopPublished}, "published grades that a guardian opened more than 5 minutes before the pupil, or the guardian alone", "published grades that one of them opened (seen_grades) or all (published_grades)", false, nil},
	{"N6.parent_first_high", []string{PopSeen, PopPublished}, "as N6.parent_first, a pupil visit of loose parent-like score counted as the guardian's", "as N6.parent_first", false, nil},
	{"N6.pupil_first", []string{PopSeen, PopPublished}, "published grades that the pupil opened more than 5 minutes before every guardian, or the pupil alone", "as N6.parent_first", false, nil},
	{"N6.together", []string{PopSeen, PopPublished}, "published grades opened by both within 5 minutes", "as N6.parent_first", false, nil},
	{"N7.after_return", []string{PopPairs}, "publications after the copies were given back", "publications with both days", false, nil},
	{"N7.days", []string{PopPairs}, "days from the assessment to the publication, of publications not before it", "publications with the day of the assessment", false, nil},
	{"N8.before.changed", []string{PopPairs}, "school days with >= 2 grade visits before the change, of pairs of schools that went from at once to deferred", "covered school days before it", false, Whole},
	{"N8.before.same", []string{PopPairs}, "school days with >= 2 grade visits before the change, of pairs of schools that published at once throughout, at the median day of change", "covered school days before it", false, Whole},
	{"N8.after.changed", []string{PopPairs}, "school days with >= 2 grade visits after the change, of pairs of schools that went from at once to deferred", "covered school days after it", false, Whole},
	{"N8.after.same", []string{PopPairs}, "school days with >= 2 grade visits after the change, of pairs of schools that published at once throughout, at the median day of change", "covered school days after it", false, Whole},
	{"P2.by_pupil", []string{PopPupils}, "submissions from the pupil's account", "submissions from the accounts of the pupil and of the guardians with one child", false, nil},
	{"P3.none", []string{PopTwoGuards}, "1 if no guardian visited in the window", "1", false, nil},
	{"P3.one", []string{PopTwoGuards}, "1 if one guardian visited in the window", "1", false, nil},
	{"P3.two", []string{PopTwoGuards}, "1 if two guardians or more visited in the window", "1", false, nil},
	{"A3.reach.1", []string{PopFamilies}, "1 if the family has an accompaniment of the form présentation", "1 (families of schools with the form)", false, nil},
	{"A3.visits.1", []string{PopAll}, "visits in covered school weeks after the first accompaniment, of the form présentation", "covered school weeks after it", false, Whole},
	{"A2.before.accompanied.1", []string{PopMatched}, "as A2.before.accompanied, form présentation", "4", false, Whole},
	{"A2.before.control.1", []string{PopMatched}, "as A2.before.control, form présentation", "4", false, Whole},
	{"A2.after.accompanied.1", []string{PopMatched}, "as A2.after.accompanied, form présentation", "4", false, Whole},
	{"A2.after.control.1", []string{PopMatched}, "as A2.after.control, form présentation", "4", false, Whole},
	{"A3.reach.2", []string{PopFamilies}, "1 if the family has an accompaniment of the form tutoriel or documentation", "1 (families of schools with the form)", false, nil},
	{"A3.visits.2", []string{PopAll}, "visits in covered school weeks after the first accompaniment, of the form tutoriel or documentation", "covered school weeks after it", false, Whole},
	{"A2.before.accompanied.2", []string{PopMatched}, "as A2.before.accompanied, form tutoriel or documentation", "4", false, Whole},
	{"A2.before.control.2", []string{PopMatched}, "as A2.before.control, form tutoriel or documentation", "4", false, Whole},
	{"A2.after.accompanied.2", []string{PopMatched}, "as A2.after.accompanied, form tutoriel or documentation", "4", false, Whole},
	{"A2.after.control.2", []string{PopMatched}, "as A2.after.control, form tutoriel or documentation", "4", false, Whole},
	{"A3.reach.3", []string{PopFamilies}, "1 if the family has an accompaniment of the form atelier or médiateur", "1 (families of schools with the form)", false, nil},
	{"A3.visits.3", []string{PopAll}, "visits in covered school weeks after the first accompaniment, of the form atelier or médiateur", "covered school weeks after it", false, Whole},
	{"A2.before.accompanied.3", []string{PopMatched}, "as A2.before.accompanied, form atelier or médiateur", "4", false, Whole},
	{"A2.before.control.3", []string{PopMatched}, "as A2.before.control, form atelier or médiateur", "4", false, Whole},
	{"A2.after.accompanied.3", []string{PopMatched}, "as A2.after.accompanied, form atelier or médiateur", "4", false, Whole},
	{"A2.after.control.3", []string{PopMatched}, "as A2.after.control, form atelier or médiateur", "4", false, Whole},
	{"A3.reach.4", []string{PopFamilies}, "1 if the family has an accompaniment of the form parent ressource", "1 (families of schools with the form)", false, nil},
	{"A3.visits.4", []string{PopAll}, "visits in covered school weeks after the first accompaniment, of the form parent ressource", "covered school weeks after it", false, Whole},
	{"A2.before.accompanied.4", []string{PopMatched}, "as A2.before.accompanied, form parent ressource", "4", false, Whole},
	{"A2.before.control.4", []string{PopMatched}, "as A2.before.control, form parent ressource", "4", false, Whole},
	{"A2.after.accompanied.4", []string{PopMatched}, "as A2.after.accompanied, form parent ressource", "4", false, Whole},
	{"A2.after.control.4", []string{PopMatched}, "as A2.after.control, form parent ressource", "4", false, Whole},
	{"A2.first.accompanied", []string{PopMatched}, "1 if the first visit comes within 8 weeks of the accompaniment, of parents who had none before it", "1", false, Whole},
	{"A2.first.control", []string{PopMatched}, "1 if the first visit comes within 8 weeks of the accompaniment, of parents who had none before it (matched)", "1", false, Whole},
	{"A2.week-4.accompanied", []string{PopMatched}, "visits in week -4 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week-4.control", []string{PopMatched}, "visits in week -4 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week-3.accompanied", []string{PopMatched}, "visits in week -3 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week-3.control", []string{PopMatched}, "visits in week -3 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week-2.accompanied", []string{PopMatched}, "visits in week -2 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week-2.control", []string{PopMatched}, "visits in week -2 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week-1.accompanied", []string{PopMatched}, "visits in week -1 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week-1.control", []string{PopMatched}, "visits in week -1 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+1.accompanied", []string{PopMatched}, "visits in week +1 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+1.control", []string{PopMatched}, "visits in week +1 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+2.accompanied", []string{PopMatched}, "visits in week +2 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+2.control", []string{PopMatched}, "visits in week +2 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+3.accompanied", []string{PopMatched}, "visits in week +3 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+3.control", []string{PopMatched}, "visits in week +3 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+4.accompanied", []string{PopMatched}, "visits in week +4 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+4.control", []string{PopMatched}, "visits in week +4 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+5.accompanied", []string{PopMatched}, "visits in week +5 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+5.control", []string{PopMatched}, "visits in week +5 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+6.accompanied", []string{PopMatched}, "visits in week +6 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+6.control", []string{PopMatched}, "visits in week +6 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+7.accompanied", []string{PopMatched}, "visits in week +7 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+7.control", []string{PopMatched}, "visits in week +7 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A2.week+8.accompanied", []string{PopMatched}, "visits in week +8 from the accompaniment", "1 (covered school week)", false, Whole},
	{"A2.week+8.control", []string{PopMatched}, "visits in week +8 from the accompaniment (matched)", "1 (covered school week)", false, Whole},
	{"A4.collective_first", []string{PopFamilies}, "1 if the first accompaniment was collective", "1 (families with a collective one)", false, nil},
	{"A4.individual_after", []string{PopFamilies}, "1 if an individual one came after a collective one", "1 (families with a collective one)", false, nil},
	{"A5.before.trained", []string{PopPairs}, "days from assessment to publication, before the first training session (others: the median such day)", "publications", false, Whole},
	{"A5.before.others", []string{PopPairs}, "days from assessment to publication, before the first training session (others: the median such day)", "publications", false, Whole},
	{"A5.after.trained", []string{PopPairs}, "days from assessment to publication, after the first training session (others: the median such day)", "publications", false, Whole},
	{"A5.after.others", []string{PopPairs}, "days from assessment to publication, after the first training session (others: the median such day)", "publications", false, Whole},
	{"R1.ready.D30", []string{PopConcerned}, "declared deadlines for which the account was activated and visited in the 60 days before D-30", "declared deadlines that concern the person", false, Graded},
	{"R1.ready.D7", []string{PopConcerned}, "declared deadlines for which the account was activated and visited in the 60 days before D-7", "declared deadlines that concern the person", false, Graded},
	{"R1.ready.D0", []string{PopConcerned}, "declared deadlines for which the account was activated and visited in the 60 days before D-0", "declared deadlines that concern the person", false, Graded},
	{"R2.failures", []string{PopAttempting}, "failed attempts to sign in", "sign-ins that succeeded", false, nil},
	{"R2.blocked", []string{PopAttempting}, "1 if >= 3 failures and no success within 7 days of the third", "1", false, nil},
	{"R3.no_email", []string{PopAll}, "1 if the directory knows no e-mail address", "1", false, Graded},
	{"R3.no_phone", []string{PopAll}, "1 if the directory knows no mobile number", "1", false, Graded},
	{"R3.neither", []string{PopAll}, "1 if it knows neither", "1", false, Graded},
	{"R4.opened_in_time", []string{PopRecipients}, "requests opened before their deadline", "requests with a deadline", false, nil},
	{"R4.hours_allowed", []string{PopRecipients}, "hours from the request to its deadline", "requests with a deadline", false, nil},
	{"R4.no_visit", []string{PopRecipients}, "requests between which and their deadline the account made no visit", "requests with a deadline", false, nil},
	{"M1.individual", []string{PopRecipients}, "messages to 1 or 2 recipients opened within 72 hours", "messages to 1 or 2 recipients sent >= 72 hours before the end", false, nil},
	{"M1.collective", []string{PopRecipients}, "messages to >= 10 recipients opened within 72 hours", "messages to >= 10 recipients sent >= 72 hours before the end", false, nil},
	{"M2.subject.outside", []string{PopSenders}, "messages sent outside 8 h to 18 h of school days by subject accounts", "messages sent", false, nil},
	{"M2.subject.night", []string{PopSenders}, "messages sent from 21 h to 7 h by subject accounts", "messages sent", false, nil},
	{"M2.staff.outside", []string{PopStaff}, "messages sent outside 8 h to 18 h of school days by staff accounts", "messages sent", false, nil},
	{"M2.staff.night", []string{PopStaff}, "messages sent from 21 h to 7 h by staff accounts", "messages sent", false, nil},
	{"M3.answered", []string{PopThreads}, "threads begun by the account that staff answered within 2 working days", "threads begun by the account >= 10 days before the end", false, nil},
	{"M4.tools.messages", []string{PopActive}, "distinct tools (feeds) met for messages", "1 (accounts that met one)", false, nil},
	{"M4.tools.grades", []string{PopActive}, "distinct tools (feeds) met for grades", "1 (accounts that met one)", false, nil},
	{"M4.tools.homework", []string{PopActive}, "distinct tools (feeds) met for homework", "1 (accounts that met one)", false, nil},
	{"M4.tools.video", []string{PopActive}, "distinct tools (feeds) met for video", "1 (accounts that met one)", false, nil},
	{"M4.tools.any", []string{PopActive}, "distinct tools (feeds) met for any purpose", "1 (accounts that met one)", false, nil},
	{"M4.hhi", []string{PopActive}, "100 × Σ of the squared shares of the tools in the visits, rounded", "100", false, nil},
	{"M5.pupil_included", []string{PopThreads}, "threads between the account and staff that a pupil account received too", "threads between the account and staff", false, Graded},
	{"C1.visits", []string{PopConcerned}, "visits in the 48 hours after an item with media for the children's classes", "visits in the same 48 hours a week before, with no item", false, nil},
	{"C1.first_login", []string{PopAll}, "1 if the first visit came within 48 hours after such an item", "1 (accounts whose first visit lies in the window)", false, nil},
	{"C2.parent_share", []string{PopPupils}, "homework views by the guardians", "homework views by the pupil and the guardians", false, Graded},
	{"C4.opened", []string{PopConcerned}, "1 if the report book was opened in the window after its publication", "1 (guardians of pupils with a published report book)", false, Graded},
	{"C4.viewed_grades", []string{PopConcerned}, "1 if grades were opened in the window", "1 (guardians of pupils with a published report book)", false, nil},
	{"C4.again", []string{PopConcerned}, "1 if the report book was opened on >= 2 days", "1 (those who opened it)", false, nil},
	{"C5.pupils", []string{PopAllPupils}, "visits of the pupil with a resource", "1", false, nil},
	{"C5.parents", []string{PopAll}, "1 if >= 1 visit with a resource", "1", false, nil},
	{"C6.views", []string{PopConcerned}, "views of news and blogs in the window", "items published to the schools and classes of the children", false, nil},
	{"C7.joined", []string{PopInvited}, "meetings joined", "meetings the family was invited to", false, nil},
	{"C8.kilobytes", []string{PopRecipients}, "kilobytes of the files received", "30-day months of the window, at least 1", false, nil},
	{"C8.attached", []string{PopRecipients}, "messages whose file is an attachment", "messages with a file", false, nil},
	{"C9.visits", []string{PopActive}, "visits with translation or reading aloud", "visits", false, []string{"all", "ips_band"}},
	{"F1.answered", []string{PopAllPupils}, "1 if the survey has an answer", "1", false, nil},
	{"F1.no_computer", []string{PopSurveyed}, "1 if no computer at home", "1 (answered)", false, nil},
	{"F1.no_network", []string{PopSurveyed}, "1 if no fixed internet at home", "1 (answered)", false, nil},
	{"F3.on_time.never", []string{PopEligible}, "téléservices done by their deadline, of families who visit never", "téléservices the family may complete", false, nil},
	{"F3.on_time.rare", []string{PopEligible}, "téléservices done by their deadline, of families who visit less than weekly", "téléservices the family may complete", false, nil},
	{"F3.on_time.weekly", []string{PopEligible}, "téléservices done by their deadline, of families who visit at least weekly", "téléservices the family may complete", false, nil},
	{"F4.before.loan", []string{PopFamilies}, "visits in the 8 weeks before the loan", "8", false, Whole},
	{"F4.before.waiting", []string{PopFamilies}, "visits in the 8 weeks before the median day of loan, of families on the waiting list", "8", false, Whole},
	{"F4.after.loan", []string{PopFamilies}, "visits in the 8 weeks after the loan", "8", false, Whole},
	{"F4.after.waiting", []string{PopFamilies}, "visits in the 8 weeks after the median day of loan, of families on the waiting list", "8", false, Whole},
	{"F6.far", []string{PopFamilies}, "1 if no visit, no message opened and no accompaniment in the window", "1", false, nil},
}

// Groupings are the one-way groupings every research measure is written for; a
// cross needs its own entry, declared in the policy.
var Groupings = []string{"all", "level", "ips_band", "ep"}
