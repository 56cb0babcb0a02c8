package region

// Levels of schools, in the order of every table by level.
const (
	Ecole = iota
	college
	lycee
)

// LevelNames are the names of the levels.
var LevelNames = [3]string{"ecole", "college", "lycee"}

// Systems a school's traffic is written by.
const (
	SystemEntcore = iota
	SystemUportal
	SystemPronote
)

// Roles of a person.
const (
	RoleParent = iota
	RolePupil
	RoleStaff
)

// Kinds of parents.
const (
	kindAlready   = iota // comes from the start
	kindDelayed          // comes after a first login still to happen
	KindNever            // almost never does
	kindChildOnly        // uses the child's account and never the own one
)

// NoDay is a day beyond every window: never.
const NoDay = 1 << 20

// GradeNames are the grades of each level.
var GradeNames = [3][]string{{"CP", "CE1", "CE2", "CM1", "CM2"}, {"6e", "5e", "4e", "3e"}, {"2de", "1re", "Tle"}}

// ZoneNames are the holiday zones.
var ZoneNames = [3]string{"A", "B", "C"}

// Academies are the académies, one of each zone, that the schools belong to.
var Academies = [3]string{"Dijon", "Reims", "Créteil"}

// Durations, in ms.
const (
	HourMs = int64(3600_000)
	DayMs  = 24 * HourMs
)

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}
