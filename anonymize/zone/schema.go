package zone

// The rows of the restricted zone. They are personal data. Keys are the first
// 64 bits of a pseudonym (HMAC-SHA-256 under the study key, truncated to 128
// bits); the whole pseudonym stands in PersonRow alone. Days are days since
// 1970-01-01 in local time; -1 is "unknown" wherever 0 has a meaning.

// EventRow is one event; files lie under events/month=YYYYMM/bucket=BB/ and are
// ordered by (TsMs, PersonKey) inside a file. A bucket is the high bits of PersonKey.
type EventRow struct {
	PersonKey int64 `parquet:"person_key"`
	TsMs      int64 `parquet:"ts_ms,delta"`
	LocalDate int32 `parquet:"local_date"`
	LocalHour int8  `parquet:"local_hour"`
	// SchoolKey is ingest.SchoolKey of the school the record names, 0 if none.
	SchoolKey int32 `parquet:"school_key"`
	Profile   int8  `parquet:"profile"`
	Service   int8  `parquet:"service"`
	Action    int8  `parquet:"action"`
	Device    int8  `parquet:"device"`
	Channel   int8  `parquet:"channel"`
	// ChildKey is the pupil looked at, ObjectKey what was acted upon; 0 if none.
	ChildKey  int64 `parquet:"child_key"`
	ObjectKey int64 `parquet:"object_key"`
	// EventKey identifies the record when its format has identifiers, else 0.
	EventKey int64 `parquet:"event_key"`
	Weight   int32 `parquet:"weight"`
	// Feed is the 1-based number of the source in the study.
	Feed int8 `parquet:"feed"`
	// Delivery is the number of the delivery in the ledger.
	Delivery int32 `parquet:"delivery"`
}

// PersonRow is one person of the directory (or an account no directory knows:
// then FamilyKey = PersonKey and Profile comes from its events).
type PersonRow struct {
	PersonKey int64    `parquet:"person_key"`
	Pseudonym [16]byte `parquet:"pseudonym"`
	// ReleaseKey is the person under the lasting key of the master key, 63 bits: the
	// same in every study, so that noise and the register of releases outlive a salt.
	ReleaseKey int64 `parquet:"release_key"`
	Profile    int8  `parquet:"profile"`
	// FamilyKey is the smallest person key of the connected component of
	// guardian–child links.
	FamilyKey    int64 `parquet:"family_key"`
	CreatedDay   int32 `parquet:"created_day"`
	ActivatedDay int32 `parquet:"activated_day"`
	EmailKnown   int8  `parquet:"email_known"`
	PhoneKnown   int8  `parquet:"phone_known"`
	// SocialBand is a position 1 (low) to 5 (high) known for the person and not
	// only for the school (OULAD's deprivation band); 0 unknown.
	SocialBand int8 `parquet:"social_band"`
}

// AccountRow says whose an account is: one person may have several accounts.
type AccountRow struct {
	AccountKey int64 `parquet:"account_key"`
	PersonKey  int64 `parquet:"person_key"`
}

// MembershipRow says that a person belonged to a school. A parent has one row
// for each (school, grade level) of a child; both days are included.
type MembershipRow struct {
	PersonKey  int64  `parquet:"person_key"`
	SchoolKey  int32  `parquet:"school_key"`
	GradeLevel string `parquet:"grade_level,dict"` // "6e", "5e", … "CP", "2de", "" unknown
	ClassKey   int64  `parquet:"class_key"`        // 0 unknown
	FromDay    int32  `parquet:"from_day"`
	ToDay      int32  `parquet:"to_day"`
}

// LinkRow is a guardian–child link with its legal rank (1 first, 2 second, 0 none).
type LinkRow struct {
	ChildKey    int64 `parquet:"child_key"`
	GuardianKey int64 `parquet:"guardian_key"`
	LegalRank   int8  `parquet:"legal_rank"`
}

// SchoolRow is one school of the perimeter (public reference data).
type SchoolRow struct {
	SchoolKey  int32  `parquet:"school_key"`
	UAI        string `parquet:"uai"`
	UAIValid   bool   `parquet:"uai_valid"`
	Name       string `parquet:"name"`
	Level      string `parquet:"level,dict"`  // ecole, college, lycee
	Sector     string `parquet:"sector,dict"` // public, prive
	EP         string `parquet:"ep,dict"`     // HEP, REP, REP+
	IPSTenths  int32  `parquet:"ips_tenths"`  // IPS × 10, -1 unknown
	IPSBand    int8   `parquet:"ips_band"`    // 1 (low) to 5 (high), 0 unknown
	Academie   string `parquet:"academie,dict"`
	Zone       string `parquet:"zone,dict"` // A, B, C, …
	RolloutDay int32  `parquet:"rollout_day"`
}

// CalendarRow is one day of one holiday zone.
type CalendarRow struct {
	Zone      string `parquet:"zone,dict"`
	LocalDate int32  `parquet:"local_date"`
	// WeekDay is the Monday of the week, as a day.
	WeekDay int32 `parquet:"week_day"`
	// Month is YYYYMM.
	Month int32 `parquet:"month"`
	// Weekday is 1 (Monday) to 7 (Sunday).
	Weekday int8 `parquet:"weekday"`
	// Holiday is 1 in the school holidays and on public holidays.
	Holiday int8 `parquet:"holiday"`
	// SchoolDay is 1 on Monday to Friday (Wednesday included) outside holidays.
	SchoolDay int8 `parquet:"school_day"`
	// SchoolWeek is 1 for every day of a week that has at least one school day.
	SchoolWeek int8 `parquet:"school_week"`
}
