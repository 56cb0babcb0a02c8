package region

import (
	"encoding/json"
	"fmt"
	"sort"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// Numbers are the values of assumptions.toml, by name; the file gives their units.
type Numbers struct {
	// Schools.
	SystemShare    BySystem `json:"system_share"`
	ParentsASchool float64  `json:"parents_per_school"`
	SizeFactor     ByLevel  `json:"school_size_factor"`
	SizeSD         float64  `json:"school_size_sd_log"`
	SdSchool       float64  `json:"school_random_effect_sd_log"`
	// Parents.
	NeverBase      ByLevel            `json:"never_login"`
	NeverIPSSlope  float64            `json:"never_login_per_10_ips_logit"`
	NeverNoEmail   float64            `json:"never_login_no_email_logit"`
	NeverFirst     float64            `json:"never_login_first_guardian"`
	NeverSecond    float64            `json:"never_login_second_guardian"`
	ActivatedNever float64            `json:"activated_in_the_past"`
	VisitsMean     ByLevel            `json:"visits_per_active_parent_week"`
	ThetaVisits    float64            `json:"nb_theta"`
	RateFirst      float64            `json:"rate_first_guardian"`
	RateSecond     float64            `json:"rate_second_guardian"`
	HolidayFactor  float64            `json:"holiday_factor"`
	ShareDelayed   float64            `json:"first_login_delayed_share"`
	HazardDelayed  float64            `json:"first_login_hazard_per_week"`
	HazardNever    float64            `json:"never_login_hazard_per_week"`
	ShareLate      float64            `json:"accounts_created_in_window"`
	ChildOnly      ByLevel            `json:"child_account_only_parents"`
	TwoGuardians   float64            `json:"two_guardians"`
	CrossFamily    float64            `json:"families_with_two_schools"`
	CrossRate      float64            `json:"rate_in_each_of_two_schools"`
	NoEmail        map[string]float64 `json:"parent_without_email"`
	RefusedShare   float64            `json:"refused_logins"`
	FailedBefore   float64            `json:"failures_before_log_in"`
	// Grades.
	CheckerShare  float64                          `json:"very_frequent_checkers_among_grade_viewers"`
	CheckDay      float64                          `json:"check_school_day"`
	CheckFree     float64                          `json:"check_weekend"`
	CheckOff      float64                          `json:"check_holiday"`
	CheckSeeds    float64                          `json:"check_seeds"`
	CheckBranch   float64                          `json:"check_branching"`
	ReactionShare float64                          `json:"reaction_share_of_visits"`
	ReactionHours float64                          `json:"reaction_mean_hours"`
	Publications  struct{ College, Lycee float64 } `json:"publications_per_class_week"`
	// Hours and devices.
	ParentHours    Hours      `json:"hour_bands_share"`
	PupilHours     Hours      `json:"pupil_hours"`
	StaffHours     Hours      `json:"staff_hours"`
	WeekdayWeight  [7]float64 `json:"weekday_weight"`
	PhoneOnly      ByLevel    `json:"phone_only_parents"`
	PhoneMixed     ByLevel    `json:"phone_share_of_other_parents"`
	TabletOfOthers float64    `json:"tablet_share"`
	UnknownDevice  float64    `json:"device_unknown_share"`
	// Accompaniment.
	AccompaniedMean float64    `json:"accompanied"`
	AccompaniedBand [8]float64 `json:"accompanied_by_past_visits_band"`
	AccompaniedRate float64    `json:"accompaniment_true_effect"`
	// Pupils.
	PupilActive ByLevel `json:"pupil_active"`
	PupilVisits ByLevel `json:"pupil_visits_week"`
	// Records.
	DuplicateShare float64 `json:"duplicate_share"`
	MalformedShare float64 `json:"malformed_share"`
	SmsShare       float64 `json:"sms_share"`
	StrangerShare  float64 `json:"unknown_account_share"`
	TwoAccounts    float64 `json:"parents_with_two_accounts"`
	// Messages.
	CollectiveRate  float64 `json:"messages.collective_per_class_week"`
	IndividualRate  float64 `json:"messages.individual_per_pupil_week"`
	ThreadRate      float64 `json:"messages.threads_per_parent_week"`
	OpenCollective  float64 `json:"messages.opened_collective"`
	OpenIndividual  float64 `json:"messages.opened_individual"`
	OpenNever       float64 `json:"messages.opened_by_those_who_never_come"`
	OpenHours       float64 `json:"messages.mean_hours"`
	AnswerChance    float64 `json:"messages.answered"`
	AnswerHours     float64 `json:"messages.answer_hours"`
	FileShare       float64 `json:"messages.with_file"`
	AttachedShare   float64 `json:"messages.attached"`
	UntilShare      float64 `json:"messages.with_deadline"`
	CopyCollective  float64 `json:"messages.copy_collective"`
	CopyIndividual  float64 `json:"messages.copy_individual"`
	CopyFirst       float64 `json:"messages.copy_thread"`
	CopyPerGrade    float64 `json:"messages.copy_thread_per_grade"`
	WeekendMessages float64 `json:"messages.weekend"`
	// Report books and settings.
	BookOpened    float64 `json:"report_books.opened"`
	BookDays      float64 `json:"report_books.mean_days"`
	BookAgain     float64 `json:"report_books.again"`
	BookLast      int     `json:"report_books.last_day"`
	DeferredEver  float64 `json:"grades_deferred"`
	TwoProducts   float64 `json:"two_products"`
	ThreeProducts float64 `json:"three_products"`
	// A window of years.
	HazardSlow      float64    `json:"years.first_login_hazard_per_week"`
	LockdownFactor  float64    `json:"years.lockdown_factor"`
	LockdownAfter   float64    `json:"years.after_lockdown_factor"`
	DeadlineVisit   float64    `json:"years.deadline_visit"`
	DeadlineFirst   float64    `json:"years.deadline_first_visit"`
	ContentVisit    float64    `json:"years.content_visit"`
	ContentFirst    float64    `json:"years.content_first_visit"`
	ContentHours    float64    `json:"years.content_mean_hours"`
	PupilReaction   float64    `json:"years.pupil_looks_at_publication"`
	PupilLookHours  float64    `json:"years.pupil_look_hours"`
	DeferredLater   float64    `json:"years.deferred_later"`
	DeferredFactor  float64    `json:"years.deferred_checking_days_factor"`
	LoanRate        float64    `json:"years.loan_more_visits"`
	JoinMeeting     float64    `json:"years.meeting_joined"`
	JoinFirst       float64    `json:"years.meeting_joined_first"`
	MeetingsPerYear int        `json:"years.meetings_per_class"`
	LockedOut       float64    `json:"years.locked_out"`
	OnTime          [3]float64 `json:"years.done_in_time_by_use"`
	LateShare       float64    `json:"years.done_late"`
	AppShare        float64    `json:"years.second_instrument"`
	VisioShare      float64    `json:"years.visio"`
	TrainedShare    float64    `json:"years.trained"`
	ResourceShare   float64    `json:"years.resources"`
	SubmitPupil     float64    `json:"years.pupil_hands_in"`
	SubmitGuardian  float64    `json:"years.guardian_hands_in"`
}

// ByLevel is a number for each level of schools, in the order of LevelNames.
type ByLevel [3]float64

// UnmarshalJSON reads an object with a number for each level.
func (v *ByLevel) UnmarshalJSON(text []byte) error { return byName(v[:], LevelNames[:], text) }

// BySystem is a number for each system, in the order of their constants.
type BySystem [3]float64

// UnmarshalJSON reads an object with a number for each system.
func (v *BySystem) UnmarshalJSON(text []byte) error {
	return byName(v[:], []string{"entcore", "uportal", "pronote front and CAS"}, text)
}

func byName(dst []float64, names []string, text []byte) error {
	var values map[string]float64
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	for i, name := range names {
		v, ok := values[name]
		if !ok || len(values) != len(names) {
			return fmt.Errorf("not a number for each of %q", names)
		}
		dst[i] = v
	}
	return nil
}

// Hours are bands of the day with their shares, which sum to 1; the day begins at 7 h.
type Hours []hourBand

type hourBand struct {
	from, to int
	share    float64
}

// UnmarshalJSON reads an object of shares by band, as "07-09".
func (bands *Hours) UnmarshalJSON(text []byte) error {
	var shares map[string]float64
	if err := json.Unmarshal(text, &shares); err != nil {
		return err
	}
	for name, share := range shares {
		b := hourBand{share: share}
		if _, err := fmt.Sscanf(name, "%02d-%02d", &b.from, &b.to); err != nil {
			return fmt.Errorf("%q is no band of hours", name)
		}
		*bands = append(*bands, b)
	}
	sort.Slice(*bands, func(i, j int) bool { return ((*bands)[i].from+17)%24 < ((*bands)[j].from+17)%24 })
	return nil
}

// Second draws a second of the day.
func (bands Hours) Second(d random.Stream) int {
	u := d.Float64()
	for _, b := range bands {
		if u -= b.share; u < 0 {
			return b.from*3600 + d.IntN((b.to-b.from)*3600)
		}
	}
	b := bands[len(bands)-1]
	return b.from*3600 + d.IntN((b.to-b.from)*3600)
}

// Basis is what a number rests on.
type Basis string

// The two: observed somewhere, or declared here.
const (
	Seen    Basis = "SEEN"
	Assumed Basis = "ASSUMED"
)

// Assumption is one entry of assumptions.toml, which says what each field means.
type Assumption struct {
	Name     string `toml:"name"`
	Value    any    `toml:"value"`
	Unit     string `toml:"unit"`
	Basis    Basis  `toml:"basis"`
	Source   string `toml:"source"`
	Unlisted bool   `toml:"unlisted"`
}

// Stratum is a kind of school. IPSMean and IPSSD are in points of IPS.
type Stratum struct {
	Level   string  `toml:"level"`
	Sector  string  `toml:"sector"` // public or private
	EP      string  `toml:"ep"`
	Per30   int     `toml:"schools_of_30"`
	IPSMean float64 `toml:"ips_mean"`
	IPSSD   float64 `toml:"ips_sd"`
	Basis   Basis   `toml:"basis"`
	Source  string  `toml:"source"`
}

// Assumptions are the reviewed parameters of the simulator: the numbers it draws
// with, and what truth.json says of them.
type Assumptions struct {
	Numbers
	Strata []Stratum
	// Listed are those that truth.json lists, in the order of the file.
	Listed []Assumption
	// Notes are what it says of them, by name.
	Notes map[string]string
}

func (s *Stratum) private() bool { return s.Sector == "private" }

// checksAWeek are the checks of a very frequent checker in a school week, in the mean.
func (n *Numbers) checksAWeek() float64 {
	return (5*n.CheckDay + 2*n.CheckFree) * (1 + n.CheckSeeds) / (1 - n.CheckBranch)
}
