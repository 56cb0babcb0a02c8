// Package region draws who does what in a synthetic ENT region: schools, people,
// accounts, calendars, customs, visits, grades, messages. Plain data comes out; of file
// formats it knows nothing.
//
// A Window (calendar.go) is the simulated time and a Plan says which region to draw in it.
// New plans the schools (plan.go): strata of level, sector and priority education in
// fixed proportions; inside a stratum IPS, random effect and system are drawn
// independently. Region.Basin then draws ten schools at a time: families, guardians,
// pupils and staff, some with children in two schools (families.go), and all they do:
// visits from habit (habits.go, visits.go, clicks.go), those that deadlines, contents,
// loans and meetings bring, messages (messages.go) and what the registers hold
// (registers.go).
//
// Days are numbered from 0 at the start of the window, instants are Unix
// milliseconds, persons and schools are indices into their basin.
package region

import "time"

// Plan says which region to draw.
type Plan struct {
	Window           *Window
	Seed             uint64
	Parents, Schools int
	Selection        Selection
	// Expectation is for a Monte Carlo run: random effects and IPS are spread evenly over
	// their distribution inside each stratum (one quantile per school), which takes their
	// chance out of the values, and no feed misbehaves.
	Expectation bool
}

// Selection is by what parents are chosen to be accompanied.
type Selection string

// The ways. By observed past use, one who compares parents of the same past use finds the
// effect; by latent use nobody who sees the logs alone can. By a beginning, of those who
// have just begun to come and ask for help, as many visits before stand for a rise in one
// arm and for a habit in the other: the comparison is wrong, and its weeks before say so.
const (
	SelectionObserved  Selection = "observed"
	SelectionLatent    Selection = "latent"
	SelectionBeginning Selection = "beginning"
)

// Region is the plan: all schools, none of their people.
type Region struct {
	Window    *Window
	Assumed   *Assumptions
	Seed      uint64
	Schools   []School
	selection Selection
}

// BasinSchools is how many schools are generated together: families have
// children in several schools of a basin, never across basins.
const BasinSchools = 10

// Basins is the number of basins.
func (r *Region) Basins() int { return (len(r.Schools) + BasinSchools - 1) / BasinSchools }

// Plant is one thing planted in the region.
type Plant struct {
	Kind string `json:"kind"`
	UAI  string `json:"uai"`
	// Day is the first day of it.
	Day string `json:"day"`
}

// Kinds of plants.
const (
	PlantStopped     = "feed stops"
	PlantGradesStop  = "grade service stops"
	PlantLate        = "school joins late"
	PlantSixChildren = "family of six children in one school"
)

// Planted are the plants of the region.
func (r *Region) Planted() []Plant {
	var out []Plant
	add := func(kind string, s *School, day int) {
		out = append(out, Plant{kind, s.UAI, r.Window.Date(day).Format(time.DateOnly)})
	}
	for i := range r.Schools {
		s := &r.Schools[i]
		if s.stopDay >= 0 {
			add(PlantStopped, s, s.stopDay)
		}
		if s.gradeStopDay >= 0 {
			add(PlantGradesStop, s, s.gradeStopDay)
		}
		if s.Rollout > 0 {
			add(PlantLate, s, s.Rollout)
		}
		if i == 0 {
			add(PlantSixChildren, s, 0)
		}
	}
	return out
}
