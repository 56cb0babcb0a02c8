package region

import (
	"github.com/entscope/entscope/ingest/simulate/random"
)

// stratum is a kind of school; per30 is how many of thirty schools are of it.
// The composition is an oversample of the écoles' and lycées' small strata and
// of priority education, so that every group has enough schools to be measured.
type stratum struct {
	Level   int
	Private bool
	EP      string
	Per30   int
	// ipsMean and ipsSD: SEEN for collèges (DEPP, Note d'information 23.16);
	// the other levels are ASSUMED alike.
	IPSMean, IPSSD float64
}

var Strata = []stratum{
	{Ecole, false, "HEP", 5, 104, 11.7},
	{Ecole, false, "REP", 2, 86, 7},
	{Ecole, false, "REP+", 2, 75, 7},
	{Ecole, true, "HEP", 1, 119, 14},
	{college, false, "HEP", 4, 104, 11.7},
	{college, false, "REP", 2, 85, 7},
	{college, false, "REP+", 2, 74, 7},
	{college, true, "HEP", 2, 121, 15.6},
	{lycee, false, "HEP", 8, 103, 12},
	{lycee, true, "HEP", 2, 121, 14},
}

// SystemShare is the share of schools on each system: ASSUMED.
var SystemShare = [3]float64{0.60, 0.25, 0.15}

const (
	ThetaVisits     = 0.8  // shape of the gamma of parents' rates: counts are NB(θ = 0.8)
	SdSchool        = 0.45 // school random effect on the log rate
	HolidayFactor   = 0.25
	sizeSD          = 0.35 // spread of the log of school sizes
	ParentsASchool  = 267  // mean parents of a school
	NeverIPSSlope   = -0.25
	NeverNoEmail    = 1.2 // logit of never for a parent without e-mail
	NeverFirst      = -0.2
	NeverSecond     = 0.4 // second guardians log in less
	rateFirst       = 1.12
	rateSecond      = 0.8
	ShareDelayed    = 0.30 // of those who will come: not yet at the start
	HazardDelayed   = 0.18 // first log in, per week
	hazardNever     = 0.002
	ShareLate       = 0.03 // accounts created during the window
	activatedNever  = 0.25 // never seen this term, but activated in the past
	TwoGuardians    = 0.70
	CrossFamily     = 0.08 // families with a child in a second school
	crossRate       = 0.7  // rate in each of two schools
	UnknownDevice   = 0.15
	tabletOfOthers  = 0.027
	ReactionShare   = 0.25 // part of a parent's rate that answers publications
	ReactionHours   = 20.0
	CheckerShare    = 0.05
	AccompaniedMean = 0.12
	AccompaniedRate = 1.6 // true multiplicative effect, on visits and on first log in
	PublicationsCol = 1.3 // a class and school week
	PublicationsLyc = 1.0
	DuplicateShare  = 0.004 // entcore records sent twice
	MalformedShare  = 0.0006
	SmsShare        = 0.0003 // records of text messages, with a number in them
	StrangerShare   = 0.0005 // entcore records of accounts no directory knows
	DoubleEvery     = 150    // one entcore parent in so many has two accounts
	refusedShare    = 0.15   // of those who never come: log ins that failed
)

var (
	// neverBase is generator_ASSUMED.never_login_parent_year.
	NeverBase = [3]float64{0.30, 0.22, 0.30}
	// visitsMean is the mean visits of an active parent in a school week.
	VisitsMean = [3]float64{1.6, 3.2, 2.2}
	// sizeFactor makes the lycées bigger than the écoles.
	sizeFactor = [3]float64{0.7, 1.1, 1.2}
	// childOnly is the share of parents who only use their child's account.
	ChildOnly = [3]float64{0.10, 0.08, 0.04}
	// phoneOnly and phoneMixed: the share on a phone alone and, for the others,
	// the share of visits on a phone, so that phones make 0.902, 0.749, 0.655 of
	// visits (SEEN, DNMA 2025-26).
	PhoneOnly  = [3]float64{0.70, 0.45, 0.35}
	phoneMixed = [3]float64{0.673, 0.544, 0.469}
	NoEmail    = map[string]float64{"REP+": 0.10, "REP": 0.07, "HEP": 0.03, "private": 0.01}
	// accompaniedBand is the relative chance of being accompanied, by visits in
	// the four school weeks before: selection on low use.
	AccompaniedBand = [8]float64{0.154, 0.140, 0.126, 0.104, 0.077, 0.050, 0.027, 0.014}
	bandEdges       = [8]int{0, 1, 2, 3, 5, 8, 13, 21}

	// hourBands are generator_ASSUMED.hour_bands_share, the night split in three.
	ParentHours = Hours{{7, 9, .10}, {9, 12, .14}, {12, 14, .13}, {14, 17, .14}, {17, 19, .20}, {19, 21, .17}, {21, 23, .09}, {23, 24, .016}, {0, 2, .004}, {6, 7, .010}}
	pupilHours  = Hours{{7, 8, .04}, {8, 9, .04}, {9, 12, .06}, {12, 14, .12}, {14, 16, .04}, {16, 19, .34}, {19, 21, .22}, {21, 23, .12}, {23, 24, .02}}
	staffHours  = Hours{{7, 9, .12}, {9, 12, .25}, {12, 14, .15}, {14, 17, .2}, {17, 19, .12}, {19, 21, .08}, {21, 23, .06}, {23, 24, .02}}
	// weekdayWeight, Monday first, is normalised to 7.
	WeekdayWeight = [7]float64{1.10, 1.12, 1.05, 1.12, 1.10, 0.65, 0.86}

	PupilActive = [3]float64{0.30, 0.75, 0.65}
	PupilVisits = [3]float64{0.5, 0.9, 0.7}
)

// Hours are bands of the day with their shares, which sum to 1.
type Hours []hourBand

type hourBand struct {
	From, To int
	Share    float64
}

// Second draws a second of the day from bands whose shares sum to 1.
func (bands Hours) Second(d random.Stream) int {
	u := d.Float64()
	for _, b := range bands {
		if u -= b.Share; u < 0 {
			return b.From*3600 + d.IntN((b.To-b.From)*3600)
		}
	}
	b := bands[len(bands)-1]
	return b.From*3600 + d.IntN((b.To-b.From)*3600)
}

const (
	checkDay    = 0.55 // chance of a day of checking: school days
	checkFree   = 0.40 // … week-ends
	checkOff    = 0.10 // … holidays
	checkSeeds  = 1.0  // checks of a day that nothing excites, beyond the first
	checkBranch = 0.55 // checks that one check excites
	checksAWeek = (5*checkDay + 2*checkFree) * (1 + checkSeeds) / (1 - checkBranch)
)

// Rates and chances of messages: ASSUMED.
const (
	CollectiveRate  = 0.25 // messages to the guardians of a class, a school week
	IndividualRate  = 0.02 // … to those of one pupil, a pupil and school week
	ThreadRate      = 0.03 // threads that a parent who comes begins, a school week
	OpenCollective  = 0.45 // by parents who come
	OpenIndividual  = 0.75
	OpenNever       = 0.05 // by parents who never come and have an address
	OpenHours       = 18.0
	fileShare       = 0.30
	attachedShare   = 0.60
	untilShare      = 0.15
	copyCollective  = 0.33 // pupils among the recipients
	copyIndividual  = 0.20
	copyFirst       = 0.05 // … of a thread that a parent begins, in the lowest grade
	copyPerGrade    = 0.03
	weekendMessages = 0.06
	AnswerChance    = 0.80
	answerHours     = 30.0
)

const (
	DeferredFactor = 0.6  // of the days of checking, where grades are deferred
	DeferredEver   = 0.25 // of schools
	DeferredLater  = 0.35 // of schools, in a window of years: in its middle
	AppShare       = 0.5  // of entcore schools, in a window of years
	visioShare     = 0.6
	TrainedShare   = 0.4
	twoProducts    = 0.30
	threeProducts  = 0.05
)

// Chances of what brings people beside their habits, in a window of years: ASSUMED.
const (
	DeadlineVisit   = 0.30  // a parent who comes, in the fortnight before a deadline
	DeadlineFirst   = 0.04  // … one who never did
	ContentVisit    = 0.10  // within 48 hours of an item with media of the child's class
	ContentFirst    = 0.004 // … one who never did
	ContentHours    = 12.0
	PupilReaction   = 0.30 // a pupil's look at a published grade
	pupilHours10    = 10.0 // … after so many hours in the mean
	LoanRate        = 0.5  // more visits while the loan lasts
	JoinMeeting     = 0.40
	joinFirst       = 0.03
	FailedBefore    = 0.06 // log ins that failures came before
	LockedOut       = 0.25 // of those who never come
	BookOpened      = 0.45 // report books opened by the parents who come
	BookDays        = 4.0
	BookAgain       = 0.2 // … opened again on another day
	bookLast        = 62  // days after which nobody opens it for the first time
	resourceShare   = 0.04
	submitPupil     = 0.30 // visits to the homework that hand some in
	submitGuardian  = 0.02
	meetingsPerYear = 2
)

// Planted factors of a window of years: ASSUMED.
const (
	LockdownFactor = 2.2  // of visits in the lockdown (generator_ASSUMED.lockdown_level_multiplier)
	LockdownAfter  = 1.25 // … after it, to the end (post_lockdown_persistence)
	// hazardSlow is the weekly hazard of a first log in still to happen: slower
	// than in a term, so that there are parents without any visit to accompany.
	HazardSlow = 0.03
)

// OnTime is the chance that a family completes a procedure in time, by how much
// its guardians visit; lateShare of the others do it later.
var OnTime = [3]float64{0.35, 0.60, 0.85}

const lateShare = 0.3
