package national

import (
	"math"
	"slices"
	"time"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// Profiles, in the order of the file, behind the total.
const (
	pupil = iota
	parent
	teacher
	staff
	profiles
)

var profileNames = [profiles]string{"eleve", "parent", "enseignant", "admin_vie_scol_tech"}

// The planted effects. Each multiplies the expected visits.
const (
	lockdownLevel = 1.8   // of parents' visits, in its first week
	lockdownSlope = -0.05 // a week, of the logarithm
	lockdownWeeks = 14
	holidayRatio  = 0.15
	breakRatio    = 0.55 // of pupils' visits, by method, from breakYear on
	breakYear     = 2025
	visitsPerUser = 2.4  // of parents, in a week
	weekNoise     = 0.15 // standard deviation of the logarithm, mean 1
)

var (
	lockdownWeek = day(2020, time.March, 16)
	// gradients are the logarithms by which parents' visits rise with one standard
	// deviation of IPS, by level.
	gradients = []float64{0.10, 0.22, 0.15}
	// parentRate is parents' visits for each pupil and week of term.
	parentRate = []float64{0.5, 1.1, 0.7}
	// rates of the other profiles.
	rates = [profiles][]float64{{0.2, 1.9, 2.2}, nil, {0.35, 0.55, 0.5}, {0.05, 0.12, 0.1}}
	// growth of parents' visits in the same schools, by school year from 2019 on.
	growth = []float64{1, 1.05, 1.08, 1.1, 1.12, 1.15, 1.2}
)

// holidays are the weeks off of each zone: of autumn, Christmas, winter and spring, by
// the number of their Monday's week in the school year.
func holiday(zone string, week int32) string {
	t := date(week)
	md := int(t.Month())*100 + t.Day()
	shift := map[string]int{"A": 0, "B": 1, "C": 2}[zone]
	winter := day(t.Year(), time.February, 8) + int32(7*shift)
	spring := day(t.Year(), time.April, 8) + int32(7*shift)
	switch {
	case md >= 705 && md < 829:
		return "Vacances d'Été"
	case md >= 1019 && md < 1102:
		return "Vacances de la Toussaint"
	case md >= 1221 || md < 103:
		return "Vacances de Noël"
	case week >= winter && week < winter+14:
		return "Vacances d'Hiver"
	case week >= spring && week < spring+14:
		return "Vacances de Printemps"
	}
	return ""
}

// season is a gentle wave, of mean 1 over a school year.
func season(week int32) float64 {
	return 1 + 0.1*math.Sin(2*math.Pi*float64(date(week).YearDay())/365.25)
}

// lockdown is the factor of parents' visits in a week.
func lockdown(week int32) float64 {
	k := (week - lockdownWeek) / 7
	if week < lockdownWeek || k >= lockdownWeeks {
		return 1
	}
	return lockdownLevel * math.Exp(lockdownSlope*float64(k))
}

// expected is the mean of a profile's visits of a school in a week, given its effects.
func (w *world) expected(s *school, week int32, profile int) float64 {
	x := float64(s.pupils) * season(week)
	if holiday(s.departement.zone, week) != "" {
		x *= holidayRatio
	}
	year := yearOf(week)
	if profile == parent {
		x *= parentRate[s.level] * math.Exp(gradients[s.level]*s.z) * growth[min(year-2019, len(growth)-1)]
		return x * lockdown(week) * s.effect
	}
	x *= rates[profile][s.level] * s.others
	if profile == pupil && year >= breakYear {
		x *= breakRatio
	}
	return x
}

// drawn is a school's week.
type drawn struct {
	visits [profiles]int64
	users  [profiles]int64
	// rest are visits of no profile, a few in a thousand.
	rest int64
}

func (d *drawn) total() int64 {
	sum := d.rest
	for _, v := range d.visits {
		sum += v
	}
	return sum
}

func (d *drawn) allUsers() int64 {
	sum := (d.rest + 2) / 3
	for _, v := range d.users {
		sum += v
	}
	return sum
}

// draw gives the visits of a school in a week: the same, whichever file asks.
func (w *world) draw(s *school, week int32) (d drawn) {
	r := random.New(w.Seed, random.People, uint64(s.number), uint64(week))
	for p := range profiles {
		noise := math.Exp(weekNoise*r.NormFloat64() - weekNoise*weekNoise/2)
		d.visits[p] = rounded(w.expected(s, week, p)*noise, r.Float64())
		per := visitsPerUser
		if p != parent {
			per = []float64{4, 0, 6, 5}[p]
		}
		d.users[p] = min(rounded(float64(d.visits[p])/per, r.Float64()), d.visits[p])
	}
	d.rest = rounded(float64(d.total())*0.0014, r.Float64())
	return d
}

// rounded is a number near x whose mean is x.
func rounded(x, u float64) int64 { return int64(math.Floor(x + u)) }

// Devices, in the order of the file.
var deviceNames = []string{"ordinateur", "smartphone", "tablette", "autresappareil"}

// deviceShares are expected shares of visits, by profile.
var deviceShares = [profiles][]float64{
	{0.44, 0.52, 0.02, 0.02}, {0.30, 0.62, 0.03, 0.05}, {0.90, 0.08, 0.01, 0.01}, {0.93, 0.05, 0.01, 0.01},
}

// split divides n by shares that vary between schools and weeks around given means. One
// draw rounds all of them, at the ends of the parts laid one behind the other, so that
// each has the mean it should have however small n is.
func split(r random.Stream, n int64, shares []float64, concentration float64, into []int64) {
	var sum float64
	weights := make([]float64, len(shares))
	for i, share := range shares {
		weights[i] = share * r.Gamma(share*concentration)
		sum += weights[i]
	}
	u, end, before := r.Float64(), 0.0, int64(0)
	for i := range shares {
		end += float64(n) * weights[i] / sum
		upto := min(n, rounded(end, u))
		if i == len(shares)-1 {
			upto = n
		}
		into[i], before = upto-before, upto
	}
}

// service is one of the 25, with its expected share of all visits.
type service struct {
	name  string
	share float64
}

var services = []service{
	{"accueil", 0.75}, {"actualites", 0.06}, {"cahier_textes", 0.12}, {"cahier_liaison", 0.01},
	{"courrier_electronique", 0.31},
	{"messagerie_instantanee", 0.01}, {"visioconference", 0.004}, {"stockage_partage", 0.03},
	{"production_collaborative", 0.07},
	{"documentation_cdi", 0.01}, {"parcours_pedagogique", 0.03}, {"reservation_salles_materiels", 0.002},
	{"service_collectivite", 0.002}, {"services_vie_scolaire", 0.3}, {"gestion_temps", 0.02}, {"absences", 0.02},
	{"gestion_competences", 0.006}, {"notes", 0.05}, {"manuel_numerique", 0.02}, {"ressource_multimedia", 0.01},
	{"ressource_orientation", 0.004}, {"ressource_production", 0.005}, {"ressource_accompagnement_entrainement", 0.006},
	{"ressource_reference_dictionnaire", 0.002}, {"ressource_documentaire", 0.008},
}

// stop is a feed that ends: its column is 0 from a week on, in one académie or in all.
type stop struct {
	table, column, academie string
	since                   int32
}

var stops = []stop{
	{"services", "notes", "", day(2025, time.September, 1)},
	{"services", "absences", "Nantes", day(2023, time.September, 4)},
}

// stopped reports whether a service's feed has ended for a school.
func stopped(name string, s *school, week int32) bool {
	return slices.ContainsFunc(stops, func(x stop) bool {
		return x.column == name && week >= x.since && (x.academie == "" || x.academie == s.departement.academie)
	})
}
