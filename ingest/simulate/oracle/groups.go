package oracle

import (
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/ingest/simulate/region"
)

// groups: 0 all, 1–3 level, 4–8 IPS band, 9–11 priority education.
const groupCount = 12

var epNames = [3]string{"HEP", "REP", "REP+"}

func groupLabel(g int) map[string]string {
	switch {
	case g == 0:
		return map[string]string{}
	case g < 4:
		return map[string]string{"level": region.LevelNames[g-1]}
	case g < 9:
		return map[string]string{"ips_band": string(rune('1' + g - 4))}
	}
	return map[string]string{"ep": epNames[g-9]}
}

// in reports whether a school belongs to a group.
func in(s *region.School, g int) bool {
	switch {
	case g == 0:
		return true
	case g < 4:
		return s.Level == g-1
	case g < 9:
		return s.Band == g-3
	}
	return s.EP == epNames[g-9]
}

// ratio names a measure of a population.
type ratio struct{ measure, population string }

// Totals are what a region adds up to.
type Totals struct {
	x, y map[ratio]*[groupCount]float64
	// visits is the distribution of visits per parent, for concentrations.
	visits [groupCount][]float64
	// weekVisits and activeVisits are those of visits in counted school weeks, of
	// all parents and of those with a visit.
	weekVisits, activeVisits [groupCount][]float64
	// risk and events are the life table of the first visit, by week.
	risk, events [groupCount][]float64
	// waits are the curves, labels the groups of few measures.
	waits  map[string]*[groupCount]wait
	labels map[label][2]float64
	// spreads are distributions of whole values from 0.
	spreads map[string]*[groupCount][]float64
}

// NewTotals are the totals of nobody.
func NewTotals() *Totals {
	return &Totals{x: map[ratio]*[groupCount]float64{}, y: map[ratio]*[groupCount]float64{},
		waits: map[string]*[groupCount]wait{}, labels: map[label][2]float64{},
		spreads: map[string]*[groupCount][]float64{}}
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

func indicate(b bool) float64 { return float64(oneIf(b)) }

// sorted are the measures in a fixed order.
func (t *Totals) sorted() []ratio {
	return slices.SortedFunc(maps.Keys(t.x), func(a, b ratio) int {
		return strings.Compare(a.measure+"|"+a.population, b.measure+"|"+b.population)
	})
}
