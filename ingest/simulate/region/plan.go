package region

import (
	"math"
	"slices"

	"github.com/entscope/entscope/ingest/simulate/random"
)

// New draws the schools.
func New(p Plan) *Region {
	r := &Region{Window: p.Window, Assumed: p.Window.Assumed, Seed: p.Seed, Schools: make([]School, p.Schools),
		selection: p.Selection}
	schools := p.Schools
	d := random.New(p.Seed, random.Plan)
	share := func(i int) float64 { return float64(r.Assumed.Strata[i].Per30) }
	kinds := apportion(schools, share, len(r.Assumed.Strata))
	d.Shuffle(schools, func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	systems := apportion(schools, func(i int) float64 { return r.Assumed.SystemShare[i] }, 3)
	d.Shuffle(schools, func(i, j int) { systems[i], systems[j] = systems[j], systems[i] })
	quantiles := newQuantiles(d, kinds, len(r.Assumed.Strata), p.Expectation)
	sizes := make([]float64, schools)
	total := 0.0
	for i := range r.Schools {
		s := &r.Schools[i]
		*s = r.planSchool(d, place{i, kinds[i], systems[i], quantiles})
		sizes[i] = r.Assumed.SizeFactor[s.Level] * math.Exp(r.Assumed.SizeSD*d.NormFloat64())
		total += sizes[i]
	}
	left := p.Parents
	for i := range r.Schools {
		n := left
		if i < len(r.Schools)-1 {
			n = int(math.Round(float64(left) * sizes[i] / total))
		}
		n = max(2, n)
		total -= sizes[i]
		r.Schools[i].parents = n
		left -= n
	}
	if !p.Expectation {
		r.plant(d)
	}
	for i := range r.Schools {
		r.accustom(&r.Schools[i])
	}
	return r
}

// place is what is drawn for all schools together: the stratum and the system of one.
type place struct {
	number, kind, system int
	quantiles            *quantiles
}

func (r *Region) planSchool(d random.Stream, at place) School {
	k := &r.Assumed.Strata[at.kind]
	i, sd := at.number, r.Assumed.SdSchool
	s := School{Number: i, stratum: at.kind, Level: slices.Index(LevelNames[:], k.Level), Private: k.private(),
		EP: k.EP, System: at.system, stopDay: -1, gradeStopDay: -1}
	ips := k.IPSMean + k.IPSSD*random.NormalQuantile(at.quantiles.next(at.kind, 0, d))
	s.IPS = int(math.Round(math.Max(45, math.Min(185, ips)) * 10))
	s.Band = ipsBand(s.IPS)
	s.effect = math.Exp(sd*random.NormalQuantile(at.quantiles.next(at.kind, 1, d)) - sd*sd/2)
	s.Zone = i % 3
	s.UAI = uai(9990000 - 10000*(i/9999) + i%9999 + 1)
	s.Name = schoolName(s.Level, i)
	weeks := len(r.Window.Zones[s.Zone].Monday)
	if r.Window.Years > 0 { // eight school weeks to come back to follow
		s.HelpWeek = 4 + d.IntN(weeks-14)
	} else if weeks >= 9 {
		s.HelpWeek = 4 + d.IntN(weeks-8)
	} else {
		s.HelpWeek = weeks / 2
	}
	s.Rollout = -200 - d.IntN(1200)
	return s
}

// plant chooses the schools whose feeds misbehave: one that stops, some whose
// grades stop, one that joins late. Their families keep to one school, so that
// what they lack does not show elsewhere.
func (r *Region) plant(d random.Stream) {
	weeks := r.Window.Days / 7
	// The smallest of some schools of the kind: what is missing there weighs little.
	pick := func(ok func(*School) bool) *School {
		var found *School
		for range 40 {
			s := &r.Schools[d.IntN(len(r.Schools))]
			if !s.alone && ok(s) && (found == nil || s.parents < found.parents) {
				found = s
			}
		}
		if found != nil {
			found.alone = true
		}
		return found
	}
	if s := pick(func(s *School) bool { return s.System == SystemEntcore && s.Level == college }); s != nil {
		s.stopDay = 7 * (weeks - max(1, weeks/6))
	}
	if s := pick(func(s *School) bool { return s.Level == Ecole && s.System != SystemPronote }); s != nil {
		s.Rollout = r.Window.Zones[s.Zone].Monday[len(r.Window.Zones[s.Zone].Monday)/3]
	}
	for range max(2, len(r.Schools)/50) {
		if s := pick(func(s *School) bool { return s.Level != Ecole && s.System != SystemPronote }); s != nil {
			s.gradeStopDay = 7 * (weeks - max(1, weeks/5))
		}
	}
}

// accustom draws a school's customs.
func (r *Region) accustom(s *School) {
	d := random.New(r.Seed, random.Customs, uint64(s.Number))
	years := r.Window.Years > 0
	s.DeferFrom, s.Trained = NoDay, NoDay
	u, week := d.Float64(), d.Float64()
	switch {
	case u < r.Assumed.DeferredEver:
		s.DeferFrom = math.MinInt32
	case years && u < r.Assumed.DeferredEver+r.Assumed.DeferredLater:
		s.DeferFrom = r.Window.Days/3/7*7 + int(week*float64(r.Window.Days/3/7))*7
	}
	s.Openness = 1 + d.IntN(3)
	if s.Level == Ecole {
		s.Openness = 3
	}
	s.App = d.Chance(r.Assumed.AppShare) && years && s.System == SystemEntcore
	s.visio = d.Chance(r.Assumed.VisioShare) && years
	if d.Chance(r.Assumed.TrainedShare) && years {
		s.Trained = r.Window.Days/4 + d.IntN(r.Window.Days/2)
	}
	names, from, n := []string{"Portail Alpha", "Portail Bêta", "Portail Gamma"}, s.Rollout, 1
	if u := d.Float64(); u < r.Assumed.ThreeProducts {
		n = 3
	} else if u < r.Assumed.TwoProducts {
		n = 2
	}
	for i := range n {
		to := NoDay
		if i < n-1 {
			to = from + 90 + d.IntN(400)
		}
		s.Products = append(s.Products, Product{names[(int(u*100)+i)%3], from, to})
		from = to + 1
	}
}
