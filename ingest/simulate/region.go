package simulate

import (
	"fmt"
	"math"
	"strings"
)

// school is one school of the region as it is planned, before its people.
type school struct {
	number  int // in the region
	stratum int
	level   int
	private bool
	ep      string
	ips     int // tenths
	band    int // 1 to 5
	system  int
	zone    int
	effect  float64 // multiplies its parents' rates, mean 1
	parents int
	uai     string
	id      string // structure id of the platform
	name    string
	// helpWeek is the school week in which its parents are accompanied.
	helpWeek int
	rollout  int // day it opened, negative before the window
	// stopDay and gradeStopDay are days from which its feed, or its grades, are
	// lost; -1 never.
	stopDay, gradeStopDay int
	// alone: no family of it has a child in another school.
	alone   bool
	classes []class
	customs
}

// class is one class with the instants at which grades were published to it.
type class struct {
	code  string
	grade string
	pubs  []int64
}

// region is the plan: all schools, none of their people.
type region struct {
	w       *window
	seed    uint64
	schools []school
	// plants: what a Monte Carlo does without is planted.
	plants    bool
	selection Selection
}

// basinSchools is how many schools are generated together: families have
// children in several schools of a basin, never across basins.
const basinSchools = 10

func (r *region) basins() int { return (len(r.schools) + basinSchools - 1) / basinSchools }

// newRegion draws the schools. With even, the random effects and the IPS are
// spread evenly over their distribution inside each stratum (one quantile per
// school), which takes their chance out of a Monte Carlo; plants says whether
// the stopped feeds and the late school are planted.
func newRegion(w *window, seed uint64, parents, schools int, even, plants bool) *region {
	r := &region{w: w, seed: seed, schools: make([]school, schools), plants: plants, selection: SelectionObserved}
	d := newDraw(seed, streamPlan)
	kinds := apportion(schools, func(i int) float64 { return float64(strata[i].per30) }, len(strata))
	d.Shuffle(schools, func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	systems := apportion(schools, func(i int) float64 { return systemShare[i] }, 3)
	d.Shuffle(schools, func(i, j int) { systems[i], systems[j] = systems[j], systems[i] })
	quantiles := newQuantiles(d, kinds, even)
	sizes := make([]float64, schools)
	total := 0.0
	for i := range r.schools {
		s := &r.schools[i]
		r.planSchool(d, s, i, kinds[i], systems[i], quantiles)
		sizes[i] = sizeFactor[s.level] * math.Exp(sizeSD*d.NormFloat64())
		total += sizes[i]
	}
	left := parents
	for i := range r.schools {
		n := left
		if i < len(r.schools)-1 {
			n = int(math.Round(float64(left) * sizes[i] / total))
		}
		n = max(2, n)
		total -= sizes[i]
		r.schools[i].parents = n
		left -= n
	}
	if plants {
		r.plant(d)
	}
	for i := range r.schools {
		r.accustom(&r.schools[i])
	}
	return r
}

func (r *region) planSchool(d draw, s *school, i, kind, system int, q *quantiles) {
	k := strata[kind]
	*s = school{number: i, stratum: kind, level: k.level, private: k.private, ep: k.ep, system: system, stopDay: -1, gradeStopDay: -1}
	ips := k.ipsMean + k.ipsSD*normalQuantile(q.next(kind, 0, d))
	s.ips = int(math.Round(math.Max(45, math.Min(185, ips)) * 10))
	s.band = ipsBand(s.ips)
	s.effect = math.Exp(sdSchool*normalQuantile(q.next(kind, 1, d)) - sdSchool*sdSchool/2)
	s.zone = i % 3
	s.uai = uai(9990000 - 10000*(i/9999) + i%9999 + 1)
	s.id = uuid(mix(r.seed, streamNames, uint64(i), 7))
	s.name = schoolName(s.level, i)
	weeks := len(r.w.zones[s.zone].monday)
	if r.w.years > 0 { // eight school weeks to come back to follow
		s.helpWeek = 4 + d.IntN(weeks-14)
	} else if weeks >= 9 {
		s.helpWeek = 4 + d.IntN(weeks-8)
	} else {
		s.helpWeek = weeks / 2
	}
	s.rollout = -200 - d.IntN(1200)
}

func ipsBand(tenths int) int {
	switch {
	case tenths < 850:
		return 1
	case tenths < 950:
		return 2
	case tenths < 1050:
		return 3
	case tenths < 1150:
		return 4
	}
	return 5
}

// plant chooses the schools whose feeds misbehave: one that stops, some whose
// grades stop, one that joins late. Their families keep to one school, so that
// what they lack does not show elsewhere.
func (r *region) plant(d draw) {
	weeks := r.w.days / 7
	// The smallest of some schools of the kind: what is missing there weighs little.
	pick := func(ok func(*school) bool) *school {
		var found *school
		for range 40 {
			s := &r.schools[d.IntN(len(r.schools))]
			if !s.alone && ok(s) && (found == nil || s.parents < found.parents) {
				found = s
			}
		}
		if found != nil {
			found.alone = true
		}
		return found
	}
	if s := pick(func(s *school) bool { return s.system == systemEntcore && s.level == college }); s != nil {
		s.stopDay = 7 * (weeks - max(1, weeks/6))
	}
	if s := pick(func(s *school) bool { return s.level == ecole && s.system != systemPronote }); s != nil {
		s.rollout = r.w.zones[s.zone].monday[len(r.w.zones[s.zone].monday)/3]
	}
	for range max(2, len(r.schools)/50) {
		if s := pick(func(s *school) bool { return s.level != ecole && s.system != systemPronote }); s != nil {
			s.gradeStopDay = 7 * (weeks - max(1, weeks/5))
		}
	}
}

// apportion gives n places to kinds by largest remainder, in order of kind.
func apportion(n int, weight func(int) float64, kinds int) []int {
	total := 0.0
	for k := range kinds {
		total += weight(k)
	}
	counts, rest, given := make([]int, kinds), make([]float64, kinds), 0
	for k := range kinds {
		exact := float64(n) * weight(k) / total
		counts[k] = int(math.Floor(exact + 1e-9))
		rest[k] = exact - float64(counts[k])
		given += counts[k]
	}
	for ; given < n; given++ {
		best := 0
		for k := range kinds {
			if rest[k] > rest[best]+1e-12 {
				best = k
			}
		}
		counts[best]++
		rest[best]--
	}
	out := make([]int, 0, n)
	for k, c := range counts {
		for range c {
			out = append(out, k)
		}
	}
	return out
}

// quantiles hands out uniform numbers for the schools of a stratum: independent
// ones, or one in each of as many equal slices as there are schools.
type quantiles struct {
	even  bool
	slots [][2][]int
	size  []int
}

func newQuantiles(d draw, kinds []int, even bool) *quantiles {
	q := &quantiles{even: even, slots: make([][2][]int, len(strata)), size: make([]int, len(strata))}
	for _, k := range kinds {
		q.size[k]++
	}
	for k := range strata {
		for v := range 2 {
			if even {
				q.slots[k][v] = d.Perm(q.size[k])
			}
		}
	}
	return q
}

func (q *quantiles) next(kind, variable int, d draw) float64 {
	u := d.Float64()
	if q.even {
		slots := q.slots[kind][variable]
		u = (float64(slots[0]) + u) / float64(q.size[kind])
		q.slots[kind][variable] = slots[1:]
	}
	return math.Max(1e-9, math.Min(1-1e-9, u))
}

// uai writes a number with its check letter. Numbers from 9950000 on belong to
// no département: no real school can be named.
func uai(n int) string {
	return fmt.Sprintf("%07d%c", n, "ABCDEFGHJKLMNPRSTUVWXYZ"[n%23])
}

var schoolWords = []string{"Fictif des Tilleuls", "Fictif Rosa-Exemple", "Fictif du Lac", "Fictif de l'Étoile", "Fictif Jean-Modèle",
	"Fictif des Œillets", "Fictif Marie-Gabarit", "Fictif du Pré-aux-Ânes", "Fictif de la Forêt", "Fictif Noël-Prototype"}

func schoolName(level, i int) string {
	kind := [3]string{"École", "Collège", "Lycée"}[level]
	return fmt.Sprintf("%s %s %d", kind, schoolWords[i%len(schoolWords)], i+1)
}

// shortName is how an uPortal fname names the school.
func (s *school) shortName() string {
	n := strings.NewReplacer(" ", "_", "'", "", "É", "E", "é", "e", "è", "e", "Œ", "Oe", "Â", "A", "ë", "e", "ê", "e", "-", "").Replace(s.name)
	return n
}

func (s *school) graded() bool { return s.level != ecole }
