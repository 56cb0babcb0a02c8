package national

import (
	"encoding/json"
	"math"
	"slices"
	"sync"
)

// Truth is what was planted, and the sums that came out.
type Truth struct {
	Synthetic bool   `json:"synthetic"`
	Seed      uint64 `json:"seed"`
	Published bool   `json:"published,omitempty"`
	FirstWeek string `json:"first_week"`
	LastWeek  string `json:"last_week"`
	// Schools are those measured at least once, by level; Panel those measured in every
	// school year.
	Schools  map[string]int      `json:"schools"`
	Measured map[string]int      `json:"measured"` // by school year
	Panel    int                 `json:"panel"`
	Gradient map[string]Gradient `json:"gradient"`
	Lockdown Lockdown            `json:"lockdown"`
	Breaks   []Break             `json:"breaks"`
	Stopped  []Stopped           `json:"stopped"`
	Vanished []string            `json:"vanished"` // académies hardly measured from 2024 on
	// Devices are expected shares of the visits of a profile.
	Devices map[string]map[string]float64 `json:"devices"`
	// Services are expected shares of the visits of all services whose feed goes on.
	Services  map[string]float64 `json:"services"`
	TermRatio float64            `json:"term_ratio"` // visits in a week of holidays ÷ in one of term
	// Growth of parents' visits in the same schools, by school year, the first being 1.
	Growth map[string]float64 `json:"growth"`
	// Rows are those of each table; Totals the sums of visites_*, by table, school year
	// and item.
	Rows   map[string]int64                       `json:"rows"`
	Totals map[string]map[string]map[string]int64 `json:"totals"`
}

// Gradient is how the user-weeks of parents for each pupil and week of term, in the
// first school year and at the season's mean, rise from the poorest fifth of pupils to
// the richest; Ratio is the last band ÷ the first.
type Gradient struct {
	Ratio float64    `json:"ratio"`
	Bands [5]float64 `json:"bands"`
}

// Lockdown multiplies parents' visits by LevelRatio·exp(SlopePerWeek·k) in its week k.
type Lockdown struct {
	Week         string  `json:"week"`
	LevelRatio   float64 `json:"level_ratio"`
	SlopePerWeek float64 `json:"slope_per_week"`
	Weeks        int     `json:"weeks"`
}

// Break is a change of method: every school's visits of a profile, times Ratio, from
// a school year on.
type Break struct {
	SchoolYear string  `json:"school_year"`
	Profile    string  `json:"profile"`
	Ratio      float64 `json:"ratio"`
}

// Stopped is a column that is 0 since a week; of all académies where none is named.
type Stopped struct {
	Table    string `json:"table"`
	Column   string `json:"column"`
	Since    string `json:"since"`
	Academie string `json:"academie"`
}

// totals are sums over the rows that were written.
type totals struct {
	mutex *sync.Mutex
	by    map[string]*sums
}

type sums struct {
	items []string
	rows  int64
	years map[string][]int64
}

func newTotals() totals { return totals{&sync.Mutex{}, map[string]*sums{}} }

func (t totals) of(f *file) *sums {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	s := &sums{items: f.items, years: map[string][]int64{}}
	t.by[f.name] = s
	return s
}

func (s *sums) add(week int32, visits, _ []int64) {
	name := yearName(yearOf(week))
	of := s.years[name]
	if of == nil {
		of = make([]int64, len(visits))
		s.years[name] = of
	}
	for i, v := range visits {
		of[i] += max(v, 0)
	}
	s.rows++
}

// truth tells what was planted.
func (w *world) truth() *Truth {
	t := &Truth{
		Synthetic: true, Seed: w.Seed, Published: w.Published, FirstWeek: dateText(w.weeks[0]),
		LastWeek: dateText(w.weeks[len(w.weeks)-1]),
		Schools:  map[string]int{}, Measured: map[string]int{}, Gradient: map[string]Gradient{}, Vanished: vanished,
		Lockdown: Lockdown{dateText(lockdownWeek), lockdownLevel, lockdownSlope, lockdownWeeks},
		Breaks:   []Break{{yearName(breakYear), "eleve", breakRatio}},
		Devices:  map[string]map[string]float64{}, Services: map[string]float64{}, TermRatio: holidayRatio,
		Growth: map[string]float64{}, Rows: map[string]int64{}, Totals: map[string]map[string]map[string]int64{},
	}
	for i := range w.schools {
		s := &w.schools[i]
		years := 0
		for y, in := range s.years {
			if in > 0 {
				years++
				t.Measured[yearName(w.years[y])]++
			}
		}
		if years > 0 {
			t.Schools[levels[s.level]]++
		}
		if years == len(w.years) {
			t.Panel++
		}
	}
	for level, name := range levels {
		t.Gradient[name] = w.gradient(level)
	}
	for _, s := range stops {
		t.Stopped = append(t.Stopped, Stopped{s.table, "visites_" + s.column, dateText(s.since), s.academie})
	}
	for p, name := range profileNames {
		t.Devices[name] = map[string]float64{}
		for d, share := range deviceShares[p] {
			t.Devices[name][deviceNames[d]] = share
		}
	}
	w.serviceShares(t)
	for i, y := range w.years {
		t.Growth[yearName(y)] = growth[min(i, len(growth)-1)]
	}
	for name, s := range w.totals.by {
		t.Rows[name] = s.rows
		t.Totals[name] = map[string]map[string]int64{}
		for year, of := range s.years {
			t.Totals[name][year] = map[string]int64{}
			for i, item := range s.items {
				t.Totals[name][year][item] = of[i]
			}
		}
	}
	return t
}

func (w *world) serviceShares(t *Truth) {
	ended := func(name string) bool {
		return slices.ContainsFunc(stops, func(s stop) bool { return s.column == name })
	}
	var all float64
	for _, s := range services {
		if !ended(s.name) {
			all += s.share
		}
	}
	for _, s := range services {
		if !ended(s.name) {
			t.Services[s.name] = s.share / all
		}
	}
}

// gradient is the mean of the planted gradient in each fifth of the pupils of a level's
// measured schools, by IPS.
func (w *world) gradient(level int) (g Gradient) {
	var some []*school
	var pupils float64
	for i := range w.schools {
		s := &w.schools[i]
		if s.level == level && slices.ContainsFunc(s.years, func(y yearWeeks) bool { return y > 0 }) {
			some = append(some, s)
			pupils += float64(s.pupils)
		}
	}
	slices.SortStableFunc(some, func(a, b *school) int { return a.ips - b.ips })
	var before float64
	var sum, weight [5]float64
	for _, s := range some {
		band := min(4, int(5*(before+float64(s.pupils)/2)/pupils))
		before += float64(s.pupils)
		sum[band] += float64(s.pupils) * math.Exp(gradients[level]*s.z)
		weight[band] += float64(s.pupils)
	}
	for i := range g.Bands {
		g.Bands[i] = parentRate[level] / visitsPerUser * sum[i] / max(weight[i], 1)
	}
	if g.Bands[0] > 0 {
		g.Ratio = g.Bands[4] / g.Bands[0]
	}
	return g
}

func (t *Truth) render() ([]byte, error) {
	data, err := json.MarshalIndent(t, "", "  ")
	return append(data, '\n'), err
}
