package national

import (
	"math"
	"slices"
	"strings"
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
	{44, "Loire-Atlantique", "Nantes", "Pays de la Loire", "B", 140}, {49, "Maine-et-Loire", "Nantes",
		"Pays de la Loire", "B", 127},
	{93, "Seine-Saint-Denis", "Créteil", "Ile-de-France", "C", 130}, {94, "Val-de-Marne", "Créteil", "Ile-de-France",
		"C", 135},
	{35, "Ille-et-Vilaine", "Rennes", "Bretagne", "B", 256},
	{31, "Haute-Garonne", "Toulouse", "Occitanie", "C", 224},
	{69, "Rhône", "Lyon", "Auvergne-Rhône-Alpes", "A", 180}, {1, "Ain", "Lyon", "Auvergne-Rhône-Alpes", "A", 60},
	{33, "Gironde", "Bordeaux", "Nouvelle-Aquitaine", "A", 170},
	{13, "Bouches-du-Rhône", "Aix-Marseille", "Provence-Alpes-Côte d'Azur", "B", 150},
	{67, "Bas-Rhin", "Strasbourg", "Grand Est", "B", 140}, {54, "Meurthe-et-Moselle", "Nancy-Metz", "Grand Est", "B",
		150},
	{14, "Calvados", "Normandie", "Normandie", "B", 200}, {34, "Hérault", "Montpellier", "Occitanie", "C", 180},
	{75, "Paris", "Paris", "Ile-de-France", "C", 90}, {6, "Alpes-Maritimes", "Nice", "Provence-Alpes-Côte d'Azur", "B",
		110},
	{21, "Côte-d'Or", "Dijon", "Bourgogne-Franche-Comté", "A", 110}, {80, "Somme", "Amiens", "Hauts-de-France", "B",
		130},
	{45, "Loiret", "Orléans-Tours", "Centre-Val de Loire", "B", 150}, {38, "Isère", "Grenoble", "Auvergne-Rhône-Alpes",
		"A", 170},
	{25, "Doubs", "Besançon", "Bourgogne-Franche-Comté", "A", 70}, {51, "Marne", "Reims", "Grand Est", "B", 70},
	{86, "Vienne", "Poitiers", "Nouvelle-Aquitaine", "A", 60}, {87, "Haute-Vienne", "Limoges", "Nouvelle-Aquitaine",
		"A", 40},
	{63, "Puy-de-Dôme", "Clermont-Ferrand", "Auvergne-Rhône-Alpes", "A", 60},
	{620, "Corse-du-Sud", "Corse", "Corse", "Corse", 7}, {720, "Haute-Corse", "Corse", "Corse", "Corse", 8},
	{971, "Guadeloupe", "Guadeloupe", "Guadeloupe", "Guadeloupe", 20}, {972, "Martinique", "Martinique", "Martinique",
		"Martinique", 20},
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

// yearWeeks is in how many weeks of a school year a school has a row; none without.
// Those that it lacks lie around 15 August.
type yearWeeks int

type world struct {
	Config
	schools []school
	weeks   []int32
	years   []int // begin of each school year
	ranks   map[int]map[int32]int
	list    []file
	totals  totals
}

func newWorld(c Config) *world {
	w := &world{Config: c}
	last := lastWeek
	if c.Published {
		last = publishedLast
	}
	for d := firstWeek; d <= last && (c.Weeks == 0 || len(w.weeks) < c.Weeks); d += 7 {
		w.weeks = append(w.weeks, d)
	}
	for y := 2019; y <= yearOf(w.weeks[len(w.weeks)-1]); y++ {
		w.years = append(w.years, y)
	}
	w.totals = newTotals()
	w.rankWeeks()
	w.drawSchools()
	w.list = w.newFiles()
	return w
}

func (w *world) files() []file { return w.list }

// academiePlan is how many schools of an académie are measured in each school year, and
// how many rows they have.
type academiePlan struct {
	departements []*departement
	schools      []int
	rows         []int64
}

// plan lays out the perimeter: that of the real files in small, or theirs.
func (w *world) plan() []academiePlan {
	var list []academiePlan
	at := map[string]int{}
	for i := range departements {
		d := &departements[i]
		if _, ok := at[d.academie]; !ok {
			at[d.academie] = len(list)
			list = append(list, academiePlan{})
		}
		list[at[d.academie]].departements = append(list[at[d.academie]].departements, d)
	}
	if w.Published {
		w.publishedPlan(list)
	} else {
		w.smallPlan(list)
	}
	return list
}

func (p *academiePlan) name() string { return p.departements[0].academie }

func (p *academiePlan) weight() (sum float64) {
	for _, d := range p.departements {
		sum += d.weight
	}
	return sum
}

// perimeterOf is the share of an académie's schools that are measured in a school year.
func perimeterOf(academie string, year int) float64 {
	if slices.Contains(vanished, academie) && year >= vanishedFrom {
		return perimeter[0] / 20
	}
	return perimeter[min(year-2019, len(perimeter)-1)]
}

func (w *world) smallPlan(list []academiePlan) {
	var all float64
	for i := range list {
		all += list[i].weight()
	}
	for i := range list {
		p := &list[i]
		n := max(3, math.Round(p.weight()/all*float64(w.Schools)))
		for _, y := range w.years {
			schools := int(math.Round(n * perimeterOf(p.name(), y)))
			p.schools = append(p.schools, schools)
			p.rows = append(p.rows, int64(float64(schools)*max(float64(len(w.ranks[y]))-2.5, 1)))
		}
	}
}

// publishedPlan gives each académie and school year the rows of the real files where
// they have been published, and divides the others.
func (w *world) publishedPlan(list []academiePlan) {
	total := apportionRows(list)
	now := make([]float64, len(list)) // of the school year that is known
	for i := range list {
		if list[i].name() != "Corse" {
			now[i] = float64(total[i]) * perimeterOf(list[i].name(), publishedYear)
		}
	}
	yearRows := apportion(publishedYearRows-corseYearRows, now)
	for i := range list {
		p := &list[i]
		if p.name() == "Corse" {
			yearRows[i] = corseYearRows
		}
		var others []float64
		for _, y := range w.years {
			weight := perimeterOf(p.name(), y) * float64(len(w.ranks[y]))
			if y == publishedYear {
				weight = 0
			}
			others = append(others, weight)
		}
		p.rows = apportion(total[i]-yearRows[i], others)
		p.rows[publishedYear-w.years[0]] += yearRows[i]
		for j, y := range w.years {
			weeks := float64(len(w.ranks[y]))
			p.schools = append(p.schools, int(math.Ceil(float64(p.rows[j])/(weeks*0.946))))
		}
	}
	for year, schools := range map[int]int64{publishedYear: publishedSchools, earlierYear: earlierSchools} {
		at := year - w.years[0]
		weights := make([]float64, len(list))
		for i := range list {
			weights[i] = float64(list[i].rows[at])
		}
		largest := 0
		for i, n := range apportion(schools, weights) {
			weeks := int64(len(w.ranks[year]))
			list[i].schools[at] = int(max(n, (list[i].rows[at]+weeks-1)/weeks)) // as many as have room for the rows
			schools -= int64(list[i].schools[at])
			if list[i].rows[at] > list[largest].rows[at] {
				largest = i
			}
		}
		list[largest].schools[at] += int(schools)
	}
}

// apportionRows gives each académie its rows over all years.
func apportionRows(list []academiePlan) []int64 {
	left := int64(publishedRows)
	weights := make([]float64, len(list))
	for i := range list {
		if n, ok := publishedAcademies[list[i].name()]; ok {
			left -= n
		} else {
			weights[i] = list[i].weight()
		}
	}
	rows := apportion(left, weights)
	for i := range list {
		if n, ok := publishedAcademies[list[i].name()]; ok {
			rows[i] = n
		}
	}
	return rows
}

// drawSchools lays out the schools, académie by académie. The first of one are those
// measured from the beginning: collèges and lycées above all.
func (w *world) drawSchools() {
	given := map[int]int{} // schools of each département so far
	for _, p := range w.plan() {
		n := max(slices.Max(p.schools), 1)
		for j := range n {
			d := p.departements[j%len(p.departements)]
			given[d.number]++
			s := w.drawSchool(d, given[d.number], (float64(j)+0.5)/float64(n))
			for y := range w.years {
				rows := 0
				if k := int64(p.schools[y]); int64(j) < k {
					rows = int(p.rows[y] / k)
					if int64(j) < p.rows[y]%k {
						rows++
					}
				}
				s.years = append(s.years, yearWeeks(rows))
			}
			w.schools = append(w.schools, s)
		}
	}
	slices.SortFunc(w.schools, func(a, b school) int { return strings.Compare(a.uai, b.uai) })
	w.standardise()
}

// drawSchool draws a school that stands at a place, from 0 to 1, among those of its
// académie.
func (w *world) drawSchool(d *departement, number int, at float64) school {
	number += d.number * 10000
	s := random.New(w.Seed, random.Plan, uint64(number))
	out := school{number: number, uai: uaiOf(number), departement: d}
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
	kinds := []string{"ECOLE ELEMENTAIRE", "COLLEGE", "LYCEE GENERAL ET TECHNOLOGIQUE"}
	out.name = kinds[out.level] + " FICTIF " + out.uai
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

// measured reports whether a school has a row in a week.
func (w *world) measured(s *school, week int32) bool {
	year := yearOf(week)
	return w.ranks[year][week] < int(s.years[year-w.years[0]])
}

// rankWeeks orders the weeks of each school year: the first are those that a school has
// a row in first, the last lie around 15 August.
func (w *world) rankWeeks() {
	w.ranks = map[int]map[int32]int{}
	for _, y := range w.years {
		summer := [2]int32{day(y, time.August, 12), day(y+1, time.August, 12)}
		far := func(week int32) int32 { return min(abs(week-summer[0]), abs(week-summer[1])) }
		var of []int32
		for _, week := range w.weeks {
			if yearOf(week) == y {
				of = append(of, week)
			}
		}
		slices.SortStableFunc(of, func(a, b int32) int { return int(far(b) - far(a)) })
		w.ranks[y] = map[int32]int{}
		for rank, week := range of {
			w.ranks[y][week] = rank
		}
	}
}

func abs(n int32) int32 { return max(n, -n) }
