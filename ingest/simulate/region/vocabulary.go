package region

// levels of schools, in the order every table below is indexed.
const (
	Ecole = iota
	college
	lycee
)

var LevelNames = [3]string{"ecole", "college", "lycee"}

// systems a school's traffic is written by.
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
	kindDelayed          // comes after a first log in still to happen
	KindNever            // almost never does
	kindChildOnly        // uses the child's account and never the own one
)

const NoDay = 1 << 20

var GradeNames = [3][]string{{"CP", "CE1", "CE2", "CM1", "CM2"}, {"6e", "5e", "4e", "3e"}, {"2de", "1re", "Tle"}}

var ZoneNames = [3]string{"A", "B", "C"}

// Academies of each zone whose names the schools carry.
var Academies = [3]string{"Dijon", "Reims", "Créteil"}

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
