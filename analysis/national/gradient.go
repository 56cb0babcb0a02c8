package national

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// gradientMeasures are those of W6 without a file of IPS.
var gradientMeasures = []string{
	"user_weeks_per_pupil", "visits_per_pupil", "ratio", "sii", "rii", "concentration_index",
}

// gradients answers W6: does the use of parents follow the social position of schools?
func (a *answer) gradients() {
	last := a.reference()
	if !a.has("ips") || last < 0 {
		why := noWholeYear.with()
		if !a.has("ips") {
			why = missingFile("ips")
		}
		for _, m := range gradientMeasures {
			a.add(figure{"W6", m, "parents", group{}}.missing(why))
		}
		return
	}
	for _, year := range a.compared() {
		members := a.members(year)
		for _, l := range Levels {
			inLevel := slices.DeleteFunc(slices.Clone(members), func(m member) bool { return m.school.Level != l })
			for _, sector := range []string{"", "PU", "PR"} {
				in := inLevel
				if sector != "" {
					in = slices.DeleteFunc(
						slices.Clone(inLevel),
						func(m member) bool { return m.school.Sector != sector },
					)
				}
				of := group{"level": l}.and("sector", sector)
				a.gradient(of.and("school_year", a.Years[year].Label), year, in)
				if year == last {
					a.gradient(of, year, in)
				}
			}
		}
	}
}

// outcome is what is held against social position.
type outcome struct {
	measure, prefix string
	of              func(m member) int64
}

var outcomes = []outcome{
	{"user_weeks_per_pupil", "", func(m member) int64 { return m.ParentUsers }},
	{"visits_per_pupil", "visits_", func(m member) int64 { return m.Visits[parent] }},
}

// gradient is the use of parents by quintile and its indices, of the schools of a level
// whose social position and enrolment are known.
func (a *answer) gradient(of group, year int, members []member) {
	var known []member
	for _, m := range members {
		if m.tenths > 0 && m.pupils > 0 && m.Weeks[parent] > 0 {
			known = append(known, m)
		}
	}
	warnings := append(a.about(year), ecological.with())
	if w, ok := a.otherYear(year, known); ok {
		warnings = append(warnings, w)
	}
	slices.SortFunc(known, func(x, y member) int {
		return cmp.Or(cmp.Compare(x.tenths, y.tenths), cmp.Compare(x.School, y.School))
	})
	for _, o := range outcomes {
		s := newSlope(known, o)
		n := int64(len(known))
		f := func(measure string) figure { return figure{"W6", o.prefix + measure, "parents", of} }
		if n == 0 {
			a.add(figure{"W6", o.measure, "parents", of}.missing(noSchool.with()))
			continue
		}
		for band := range bands {
			e, schools := s.band(band)
			b := figure{"W6", o.measure, "parents", of.and("ips_band", bandText(band+1))}
			if schools == 0 {
				a.add(b.missing(noSchool.with()))
				continue
			}
			a.add(b.estimated(e, int64(schools), warnings...))
		}
		a.add(f("ratio").estimated(s.ratio(), n, warnings...))
		a.add(
			f(
				"sii",
			).estimated(s.index(func(g stats.Gradient) float64 { return g.Slope }, stats.Identity), n, warnings...),
		)
		a.add(f("rii").estimated(s.index(stats.Gradient.RelativeIndex, stats.Log), n, warnings...))
		concentration := func(g stats.Gradient) float64 { return g.Concentration }
		a.add(f("concentration_index").estimated(s.index(concentration, stats.Fisher), n, warnings...))
	}
}

// slope is one outcome of schools in the order of their social position.
type slope struct {
	num, den []float64
	bands    []int // 0 to 4
	cluster  []int // the département of each school
	clusters int
	// gradients are those without each département, the last with all.
	gradients []stats.Gradient
}

func newSlope(known []member, o outcome) *slope {
	s := &slope{}
	at := map[string]int{}
	for _, m := range known {
		if _, ok := at[m.school.Number]; !ok {
			at[m.school.Number] = len(at)
		}
		s.num, s.den = append(s.num, float64(o.of(m))), append(s.den, float64(m.pupils*m.Weeks[parent]))
		s.bands, s.cluster = append(s.bands, m.band-1), append(s.cluster, at[m.school.Number])
	}
	s.clusters = len(at)
	return s
}

// band is the mean of a quintile, clustered by département, and its number of schools.
func (s *slope) band(band int) (stats.Estimate, int) {
	num, den := make([]float64, s.clusters), make([]float64, s.clusters)
	schools := 0
	for i, b := range s.bands {
		if b == band {
			num[s.cluster[i]] += s.num[i]
			den[s.cluster[i]] += s.den[i]
			schools++
		}
	}
	return stats.ClusterRatio(num, den, level), schools
}

// ratio is the mean of the top quintile over that of the bottom one.
func (s *slope) ratio() stats.Estimate {
	var columns [4][]float64
	for k := range columns {
		columns[k] = make([]float64, s.clusters)
	}
	for i, b := range s.bands {
		if b == bands-1 {
			columns[0][s.cluster[i]] += s.num[i]
			columns[1][s.cluster[i]] += s.den[i]
		}
		if b == 0 {
			columns[2][s.cluster[i]] += s.num[i]
			columns[3][s.cluster[i]] += s.den[i]
		}
	}
	return stats.ClusterRatioOfRatios(columns[0], columns[1], columns[2], columns[3], level)
}

// index is a functional of the gradient over schools, ranked one by one and weighted by
// the weeks of their pupils, with a jackknife over départements.
func (s *slope) index(of func(stats.Gradient) float64, t stats.Transform) stats.Estimate {
	if s.gradients == nil {
		s.gradients = make([]stats.Gradient, s.clusters+1)
		den := make([]float64, len(s.den))
		num := make([]float64, len(s.num))
		for skip := range s.gradients {
			copy(den, s.den)
			copy(num, s.num)
			for i, c := range s.cluster {
				if c == skip {
					num[i], den[i] = 0, 0
				}
			}
			s.gradients[skip] = stats.NewGradient(num, den)
		}
	}
	return stats.JackknifeClusters(s.clusters, func(skip int) float64 {
		if skip < 0 {
			skip = s.clusters
		}
		v := of(s.gradients[skip])
		if t == stats.Log && !(v > 0) {
			return math.NaN()
		}
		return v
	}, level, t)
}

// otherYear says when the social position is of another school year.
func (a *answer) otherYear(year int, known []member) (indicator.Warning, bool) {
	first, _ := firstYear(a.Years[year].Label)
	others := map[int]int64{}
	for _, m := range known {
		if m.year != first {
			others[m.year]++
		}
	}
	if len(others) == 0 {
		return indicator.Warning{}, false
	}
	most := 0
	for _, y := range slices.Sorted(maps.Keys(others)) {
		if most == 0 || others[y] > others[most] {
			most = y
		}
	}
	return ipsYear.with(fmt.Sprintf("%d-%d", most, most+1), others[most]), true
}
