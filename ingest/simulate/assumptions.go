package simulate

// The generator's parameters. None is an observation of French parents unless
// its comment says SEEN: they are declared assumptions, printed in truth.json so
// that nobody takes a synthetic figure for a result.

// levels of schools, in the order every table below is indexed.
const (
	ecole = iota
	college
	lycee
)

var levelNames = [3]string{"ecole", "college", "lycee"}

// systems a school's traffic is written by.
const (
	systemEntcore = iota
	systemUportal
	systemPronote
)

// stratum is a kind of school; per30 is how many of thirty schools are of it.
// The composition is an oversample of the écoles' and lycées' small strata and
// of priority education, so that every group has enough schools to be measured.
type stratum struct {
	level   int
	private bool
	ep      string
	per30   int
	// ipsMean and ipsSD: SEEN for collèges (DEPP, Note d'information 23.16);
	// the other levels are ASSUMED alike.
	ipsMean, ipsSD float64
}

var strata = []stratum{
	{ecole, false, "HEP", 5, 104, 11.7},
	{ecole, false, "REP", 2, 86, 7},
	{ecole, false, "REP+", 2, 75, 7},
	{ecole, true, "HEP", 1, 119, 14},
	{college, false, "HEP", 4, 104, 11.7},
	{college, false, "REP", 2, 85, 7},
	{college, false, "REP+", 2, 74, 7},
	{college, true, "HEP", 2, 121, 15.6},
	{lycee, false, "HEP", 8, 103, 12},
	{lycee, true, "HEP", 2, 121, 14},
}

// systemShare is the share of schools on each system: ASSUMED.
var systemShare = [3]float64{0.60, 0.25, 0.15}

const (
	thetaVisits     = 0.8  // shape of the gamma of parents' rates: counts are NB(θ = 0.8)
	sdSchool        = 0.45 // school random effect on the log rate
	holidayFactor   = 0.25
	sizeSD          = 0.35 // spread of the log of school sizes
	parentsASchool  = 267  // mean parents of a school
	neverIPSSlope   = -0.25
	neverNoEmail    = 1.2 // logit of never for a parent without e-mail
	neverFirst      = -0.2
	neverSecond     = 0.4 // second guardians log in less
	rateFirst       = 1.12
	rateSecond      = 0.8
	shareDelayed    = 0.30 // of those who will come: not yet at the start
	hazardDelayed   = 0.18 // first log in, per week
	hazardNever     = 0.002
	shareLate       = 0.03 // accounts created during the window
	activatedNever  = 0.25 // never seen this term, but activated in the past
	twoGuardians    = 0.70
	crossFamily     = 0.08 // families with a child in a second school
	crossRate       = 0.7  // rate in each of two schools
	unknownDevice   = 0.15
	tabletOfOthers  = 0.027
	reactionShare   = 0.25 // part of a parent's rate that answers publications
	reactionHours   = 20.0
	checkerShare    = 0.05
	accompaniedMean = 0.12
	accompaniedRate = 1.6 // true multiplicative effect, on visits and on first log in
	publicationsCol = 1.3 // a class and school week
	publicationsLyc = 1.0
	duplicateShare  = 0.004 // entcore records sent twice
	malformedShare  = 0.0006
	smsShare        = 0.0003 // records of text messages, with a number in them
	strangerShare   = 0.0005 // entcore records of accounts no directory knows
	doubleEvery     = 150    // one entcore parent in so many has two accounts
	refusedShare    = 0.15   // of those who never come: log ins that failed
)

var (
	// neverBase is generator_ASSUMED.never_login_parent_year.
	neverBase = [3]float64{0.30, 0.22, 0.30}
	// visitsMean is the mean visits of an active parent in a school week.
	visitsMean = [3]float64{1.6, 3.2, 2.2}
	// sizeFactor makes the lycées bigger than the écoles.
	sizeFactor = [3]float64{0.7, 1.1, 1.2}
	// childOnly is the share of parents who only use their child's account.
	childOnly = [3]float64{0.10, 0.08, 0.04}
	// phoneOnly and phoneMixed: the share on a phone alone and, for the others,
	// the share of visits on a phone, so that phones make 0.902, 0.749, 0.655 of
	// visits (SEEN, DNMA 2025-26).
	phoneOnly  = [3]float64{0.70, 0.45, 0.35}
	phoneMixed = [3]float64{0.673, 0.544, 0.469}
	noEmail    = map[string]float64{"REP+": 0.10, "REP": 0.07, "HEP": 0.03, "private": 0.01}
	// accompaniedBand is the relative chance of being accompanied, by visits in
	// the four school weeks before: selection on low use.
	accompaniedBand = [8]float64{0.154, 0.140, 0.126, 0.104, 0.077, 0.050, 0.027, 0.014}
	bandEdges       = [8]int{0, 1, 2, 3, 5, 8, 13, 21}

	// hourBands are generator_ASSUMED.hour_bands_share, the night split in three.
	parentHours = []hourBand{{7, 9, .10}, {9, 12, .14}, {12, 14, .13}, {14, 17, .14}, {17, 19, .20}, {19, 21, .17}, {21, 23, .09}, {23, 24, .016}, {0, 2, .004}, {6, 7, .010}}
	pupilHours  = []hourBand{{7, 8, .04}, {8, 9, .04}, {9, 12, .06}, {12, 14, .12}, {14, 16, .04}, {16, 19, .34}, {19, 21, .22}, {21, 23, .12}, {23, 24, .02}}
	staffHours  = []hourBand{{7, 9, .12}, {9, 12, .25}, {12, 14, .15}, {14, 17, .2}, {17, 19, .12}, {19, 21, .08}, {21, 23, .06}, {23, 24, .02}}
	// weekdayWeight, Monday first, is normalised to 7.
	weekdayWeight = [7]float64{1.10, 1.12, 1.05, 1.12, 1.10, 0.65, 0.86}

	pupilActive = [3]float64{0.30, 0.75, 0.65}
	pupilVisits = [3]float64{0.5, 0.9, 0.7}
)

type hourBand struct {
	from, to int
	share    float64
}

// assumptions is what truth.json says of the generator.
func assumptions(c Config, schools int) map[string]any {
	comp := map[string]any{}
	for _, s := range strata {
		name := levelNames[s.level] + " " + s.ep
		if s.private {
			name = levelNames[s.level] + " private"
		}
		comp[name] = map[string]any{"schools_of_30": s.per30, "ips_mean": s.ipsMean, "ips_sd": s.ipsSD}
	}
	m := map[string]any{
		"note":                                       "every value here is ASSUMED by the generator unless facts/calibration.json marks it SEEN; none is a result",
		"weeks":                                      c.Weeks,
		"schools":                                    schools,
		"composition":                                comp,
		"composition_note":                           "levels in equal parts and priority education oversampled (REP and REP+ each 4 of 30 schools), so that every group can be measured; strata keep these proportions, schools are drawn independently inside them",
		"system_share":                               map[string]float64{"entcore": systemShare[0], "uportal": systemShare[1], "pronote front and CAS": systemShare[2]},
		"never_login":                                byLevel(neverBase),
		"never_login_per_10_ips_logit":               neverIPSSlope,
		"never_login_no_email_logit":                 neverNoEmail,
		"never_login_first_guardian":                 neverFirst,
		"never_login_second_guardian":                neverSecond,
		"visits_per_active_parent_week":              byLevel(visitsMean),
		"nb_theta":                                   thetaVisits,
		"school_random_effect_sd_log":                sdSchool,
		"holiday_factor":                             holidayFactor,
		"first_login_delayed_share":                  shareDelayed,
		"first_login_hazard_per_week":                hazardDelayed,
		"accounts_created_in_window":                 shareLate,
		"child_account_only_parents":                 byLevel(childOnly),
		"very_frequent_checkers_among_grade_viewers": checkerShare,
		"reaction_share_of_visits":                   reactionShare,
		"reaction_mean_hours":                        reactionHours,
		"publications_per_class_week":                map[string]float64{"college": publicationsCol, "lycee": publicationsLyc},
		"hour_bands_share":                           hourMap(parentHours),
		"weekday_weight":                             weekdayWeight,
		"phone_only_parents":                         byLevel(phoneOnly),
		"device_unknown_share":                       unknownDevice,
		"parent_without_email":                       noEmail,
		"two_guardians":                              twoGuardians,
		"families_with_two_schools":                  crossFamily,
		"families_with_two_schools_note":             "the chance where a later school of the basin has a neighbouring level",
		"accompanied":                                accompaniedMean,
		"accompanied_by_past_visits_band":            accompaniedBand,
		"accompaniment_true_effect":                  accompaniedRate,
		"pupil_active":                               byLevel(pupilActive),
		"pupil_visits_week":                          byLevel(pupilVisits),
		"duplicate_share":                            duplicateShare,
		"malformed_share":                            malformedShare,
		"unknown_account_share":                      strangerShare,
		"parents_with_two_accounts":                  1.0 / doubleEvery,
		"excluded_plants":                            "the stopped feed, the stopped grade service and the late school are not in the values: they change exposure only",
		"messages": map[string]float64{"collective_per_class_week": collectiveRate, "individual_per_pupil_week": individualRate, "threads_per_parent_week": threadRate,
			"opened_collective": openCollective, "opened_individual": openIndividual, "opened_by_those_who_never_come": openNever, "mean_hours": openHours, "answered": answerChance},
		"report_books":     map[string]float64{"opened": bookOpened, "mean_days": bookDays, "again": bookAgain},
		"grades_deferred":  deferredEver,
		"deferred_note":    "in a window of weeks a setting of the register alone",
		"accompanied_note": "a quarter of them a second time some weeks later, without effect",
	}
	if c.Years > 0 {
		m["years"] = map[string]any{
			"selection": string(c.Selection), "first_login_hazard_per_week": hazardSlow,
			"lockdown_factor": lockdownFactor, "after_lockdown_factor": lockdownAfter, "lockdown_note": "on the visits that no publication brings",
			"deadline_visit": deadlineVisit, "deadline_first_visit": deadlineFirst,
			"content_visit": contentVisit, "content_first_visit": contentFirst, "content_mean_hours": contentHours,
			"pupil_looks_at_publication": pupilReaction, "deferred_later": deferredLater, "deferred_checking_days_factor": deferredFactor,
			"loan_more_visits": loanRate, "meeting_joined": joinMeeting, "failures_before_log_in": failedBefore, "locked_out": lockedOut,
			"done_in_time_by_use": onTime, "second_instrument": appShare, "trained": trainedShare,
			"directory_note": "the directory is that of the first day: pupils stay in their class",
		}
	}
	return m
}

func byLevel(v [3]float64) map[string]float64 {
	m := map[string]float64{}
	for i, n := range levelNames {
		m[n] = v[i]
	}
	return m
}

func hourMap(bands []hourBand) map[string]float64 {
	m := map[string]float64{}
	for _, b := range bands {
		m[twoDigits(b.from)+"-"+twoDigits(b.to)] = b.share
	}
	return m
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
