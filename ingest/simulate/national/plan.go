package national

import (
	"math"
	"slices"
	"time"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// departement is one in which schools are drawn, by its number in UAIs.
type departement struct {
	number         int
	name, academie string
	region, zone   string
	weight         float64
}

// departements are some of each kind: of the great académies, of those whose feed
// ended, of Corse and of the overseas. Weights are rows of the real files, in
// thousands, where they have been published.
var departements = []departement{
	{59, "Nord", "Lille", "Hauts-de-France", "B", 190}, {62, "Pas-de-Calais", "Lille", "Hauts-de-France", "B", 137},
	{78, "Yvelines", "Versailles", "Ile-de-France", "C", 100}, {91, "Essonne", "Versailles", "Ile-de-France", "C", 100},
	{92, "Hauts-de-Seine", "Versailles", "Ile-de-France", "C", 103},
	{44, "Loire-Atlantique", "Nantes", "Pays de la Loire", "B", 140}, {49, "Maine-et-Loire", "Nantes", "Pays de la Loire", "B", 127},
	{93, "Seine-Saint-Denis", "Créteil", "Ile-de-France", "C", 130}, {94, "Val-de-Marne", "Créteil", "Ile-de-France", "C", 135},
	{35, "Ille-et-Vilaine", "Rennes", "Bretagne", "B", 256},
	{31, "Haute-Garonne", "Toulouse", "Occitanie", "C", 224},
	{69, "Rhône", "Lyon", "Auvergne-Rhône-Alpes", "A", 180}, {1, "Ain", "Lyon", "Auvergne-Rhône-Alpes", "A", 60},
	{33, "Gironde", "Bordeaux", "Nouvelle-Aquitaine", "A", 170},
	{13, "Bouches-du-Rhône", "Aix-Marseille", "Provence-Alpes-Côte d'Azur", "B", 150},
	{67, "Bas-Rhin", "Strasbourg", "Grand Est", "B", 140}, {54, "Meurthe-et-Moselle", "Nancy-Metz", "Grand Est", "B", 150},
	{14, "Calvados", "Normandie", "Normandie", "B", 200}, {34, "Hérault", "Montpellier", "Occitanie", "C", 180},
	{75, "Paris", "Paris", "Ile-de-France", "C", 90}, {6, "Alpes-Maritimes", "Nice", "Provence-Alpes-Côte d'Azur", "B", 110},
	{21, "Côte-d'Or", "Dijon", "Bourgogne-Franche-Comté", "A", 110}, {80, "Somme", "Amiens", "Hauts-de-France", "B", 130},
	{45, "Loiret", "Orléans-Tours", "Centre-Val de Loire", "B", 150}, {38, "Isère", "Grenoble", "Auvergne-Rhône-Alpes", "A", 170},
	{25, "Doubs", "Besançon", "Bourgogne-Franche-Comté", "A", 70}, {51, "Marne", "Reims", "Grand Est", "B", 70},
	{86, "Vienne", "Poitiers", "Nouvelle-Aquitaine", "A", 60}, {87, "Haute-Vienne", "Limoges", "Nouvelle-Aquitaine", "A", 40},
	{63, "Puy-de-Dôme", "Clermont-Ferrand", "Auvergne-Rhône-Alpes", "A", 60},
	{620, "Corse-du-Sud", "Corse", "Corse", "Corse", 7}, {720, "Haute-Corse", "Corse", "Corse", "Corse", 8},
	{971, "Guadeloupe", "Guadeloupe", "Guadeloupe", "Guadeloupe", 20}, {972, "Martinique", "Martinique", "Martinique", "Martinique", 20},
	{973, "Guyane", "Guyane", "Guyane", "Guyane", 13}, {974, "La Réunion", "La Réunion", "La Réunion", "Réunion", 60},
	{976, "Mayotte", "Mayotte", "Mayotte", "Mayotte", 13},
}

// vanished are the académies whose schools are hardly measured from a school year on.
var vanished = []string{"Poitiers", "Limoges", "Besançon", "Reims"}

const vanishedFrom = 2024

// perimeter is the share of the schools of the widest year that are measured in each
// school year from 2019 on: 7,060 of 30,026 in 2023, all in 2025.
var perimeter = []float64{0.19, 0.21, 0.22, 0.23, 0.235, 0.40, 1}

// levels, in the order of their codes.
var levels = []string{"ecole", "college", "lycee"}

// school is one that does not exist.
type school struct {
	number      int
	uai, name   string
	departement *departement
	level       int
	private     bool
	ips         int // tenths
	z           float64
	pupils      int
	effect      float64 // of the school on its parents' visits, mean 1
	others      float64 // idem, on everybody else's
	years       []yearWeeks
}

// yearWeeks are the weeks of a school year in which a school is measured: from the
// first on, but for those of high summer.
type yearWeeks struct {
	measured bool
	dropped  int // weeks without a row
}

type world struct {
	Config
	schools []school
	weeks   []int32
	years   []int // begin of each school year
	list    []file
	totals  totals
}

func newWorld(c Config) *world {
	w := &world{Config: c}
	for d := firstWeek; d <= lastWeek && (c.Weeks == 0 || len(w.weeks) < c.Weeks); d += 7 {
		w.weeks = append(w.weeks, d)
	}
	for y := 2019; y <= yearOf(w.weeks[len(w.weeks)-1]); y++ {
		w.years = append(w.years, y)
	}
	w.totals = newTotals()
	w.drawSchools()
	w.list = w.newFiles()
	return w
}

func (w *world) files() []file { return w.list }

// drawSchools lays out the schools, département by département. The first of a
// département are those measured from the beginning: collèges and lycées above all.
func (w *world) drawSchools() {
	var all float64
	for _, d := range departements {
		all += d.weight
	}
	for i := range departements {
		d := &departements[i]
		n := max(2, int(math.Round(d.weight/all*float64(w.Schools))))
		for j := range n {
			w.schools = append(w.schools, w.drawSchool(d, j, n))
		}
	}
	slices.SortFunc(w.schools, func(a, b school) int {
		if a.uai < b.uai {
			return -1
		}
		return 1
	})
	w.standardise()
}

func (w *world) drawSchool(d *departement, j, n int) school {
	number := d.number*10000 + j + 1
	s := random.New(w.Seed, random.Plan, uint64(number))
	out := school{number: number, uai: uaiOf(number), departement: d}
	at := (float64(j) + s.Float64()) / float64(n)
	switch u := s.Float64(); {
	case at < 0.42 && u < 0.55, at >= 0.42 && u < 0.10:
		out.level = 1
	case at < 0.42 && u < 0.88, at >= 0.42 && u < 0.15:
		out.level = 2
	}
	out.private = s.Chance(0.2)
	mean := 1030.0
	if out.private {
		mean = 1130
	}
	out.ips = int(min(max(mean+130*s.NormFloat64(), 600), 1700))
	out.pupils = int([]float64{150, 480, 800}[out.level] * math.Exp(0.4*s.NormFloat64()-0.08))
	out.effect = math.Exp(0.45*s.NormFloat64() - 0.45*0.45/2)
	out.others = math.Exp(0.35*s.NormFloat64() - 0.35*0.35/2)
	out.name = []string{"ECOLE ELEMENTAIRE", "COLLEGE", "LYCEE GENERAL ET TECHNOLOGIQUE"}[out.level] + " FICTIF " + out.uai
	ends := slices.Contains(vanished, d.academie)
	for i, y := range w.years {
		share := perimeter[min(i, len(perimeter)-1)]
		if ends && y >= vanishedFrom {
			share = perimeter[0] / 20
		}
		out.years = append(out.years, yearWeeks{measured: (float64(j)+0.5)/float64(n) < share, dropped: 2 + s.IntN(2)})
	}
	return out
}

// standardise gives each school the IPS of its level in standard deviations.
func (w *world) standardise() {
	for level := range levels {
		var n, sum, squares float64
		for i := range w.schools {
			if s := &w.schools[i]; s.level == level {
				n, sum, squares = n+1, sum+float64(s.ips), squares+float64(s.ips)*float64(s.ips)
			}
		}
		mean := sum / max(n, 1)
		deviation := math.Sqrt(max(squares/max(n, 1)-mean*mean, 1))
		for i := range w.schools {
			if s := &w.schools[i]; s.level == level {
				s.z = (float64(s.ips) - mean) / deviation
			}
		}
	}
}

func uaiOf(number int) string {
	b := []byte("0000000X")
	for i, n := 6, number; i >= 0; i-- {
		b[i], n = byte('0'+n%10), n/10
	}
	b[7] = "ABCDEFGHJKLMNPRSTUVWXYZ"[number%23]
	return string(b)
}

// measured reports whether a school has a row in a week. The weeks without one are
// those around 15 August.
func (w *world) measured(s *school, week int32) bool {
	y := s.years[yearOf(week)-w.years[0]]
	if !y.measured {
		return false
	}
	t := date(week)
	if t.Month() != time.August {
		return true
	}
	return t.Day() < 8 || t.Day() >= 8+7*y.dropped || t.Day() >= 29
}
