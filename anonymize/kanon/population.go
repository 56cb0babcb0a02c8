package kanon

import (
	"errors"
	"fmt"
	"math"
)

// Population is a table of the persons among whom those of the anonymised table are, and what
// is asked against those who hold it. Who does looks up a class and finds so many persons of
// whom it may speak. Its first unit is the person; without one each of its rows is.
type Population struct {
	*Table
	// KMap, when above 0, is the least number of persons of the population in each class
	// that leaves (k-map, Sweeney 2002). A class of fewer is suppressed.
	KMap int
	// DeltaMin and DeltaMax bound the share, in each class of the population, of its
	// persons who are in the table that leaves (δ-presence, Nergiz, Atzori & Clifton, SIGMOD
	// 2007); DeltaMax 0 asks nothing. A class above DeltaMax is suppressed. One below
	// DeltaMin cannot be, nor any other where DeltaMin is above 0: a class that is gone is one
	// that nobody is in. (ARX 3.9.2 does the same, but lets suppressed rows count as present.)
	DeltaMin, DeltaMax float64
}

// Presence is what a released table tells those who hold its population.
type Presence struct {
	// Persons are those of the population, Elsewhere those of them in no class that leaves.
	Persons, Elsewhere int
	// KMap is the least number of them in a class that leaves.
	KMap int
	// DeltaMin and DeltaMax are the least and the largest share of a class of the
	// population that is in what leaves.
	DeltaMin, DeltaMax float64
	// Unmatched are persons of the table all of whose tuples have fewer persons in the
	// population than here: it does not hold them, or not in the same words.
	Unmatched int
}

func (p *Population) check(quasi []QuasiIdentifier) (faults []error) {
	if p.KMap < 0 || p.KMap > math.MaxInt32 {
		faults = append(faults, errors.New("k_map must be at least 1, or unset"))
	}
	if !(p.DeltaMin >= 0 && p.DeltaMin <= p.DeltaMax && p.DeltaMax <= 1) {
		faults = append(faults, errors.New("delta_min and delta_max must be in [0, 1], the least first"))
	}
	if p.KMap == 0 && p.DeltaMax == 0 {
		faults = append(faults, errors.New("neither k_map nor delta_max is asked"))
	}
	if p.Table == nil || p.Rows() == 0 {
		return append(faults, errors.New("it has no row"))
	}
	if err := p.Table.check(); err != nil {
		return append(faults, err)
	}
	for _, q := range quasi {
		if p.Column(q.Name) == nil {
			faults = append(faults, fmt.Errorf("%q is not a column", q.Name))
		}
	}
	return faults
}

// among is a population made ready: its persons, numbered densely by row.
type among struct {
	*Population
	ids     []int32
	persons int
}

func newAmong(p *Population) *among {
	if p == nil {
		return nil
	}
	a := &among{Population: p}
	if len(p.Units) > 0 {
		a.ids, a.persons = densify(p.Units[0].IDs)
		return a
	}
	a.persons, a.ids = p.Rows(), make([]int32, p.Rows())
	for i := range a.ids {
		a.ids[i] = int32(i)
	}
	return a
}

// mapAlone asks k-map alone, which holds of any attributes where it holds of all; nil where it
// is not asked.
func (a *among) mapAlone() *among {
	if a == nil || a.KMap == 0 {
		return nil
	}
	return &among{&Population{Table: a.Table, KMap: a.KMap}, a.ids, a.persons}
}

// mapped reports whether k-map is asked.
func (pr *problem) mapped() bool { return pr.among != nil && pr.among.KMap > 0 }

// hidden says of each class whether k persons, and as many of the population as k-map asks,
// share it; a class within one that is not is none either. Out may be nil.
func (pr *problem) hidden(g *grouping, out []bool) []bool {
	if out == nil {
		out = make([]bool, g.n)
	}
	for i, k := range pr.classK(g)[:g.n] {
		out[i] = k >= int32(pr.policy.K)
	}
	if pr.mapped() {
		for i, n := range g.population.counts(g.n)[:g.n] {
			out[i] = out[i] && n >= int32(pr.among.KMap)
		}
	}
	return out
}

// dropPresent drops the classes of which more than DeltaMax are in the table, and reports
// whether there are any.
func (pr *problem) dropPresent(o *outcome) bool {
	if pr.among == nil || pr.among.DeltaMax == 0 {
		return false
	}
	dropped := false
	in, all := o.grouping.units[0].counts(o.grouping.n), o.grouping.population.counts(o.grouping.n)
	for i, kept := range o.keep {
		if kept && share(in[i], all[i]) > pr.among.DeltaMax+Tolerance {
			o.keep[i], dropped = false, true
		}
	}
	return dropped
}

// presenceHolds reports whether no class of the population has a smaller share than DeltaMin.
func (pr *problem) presenceHolds(o *outcome) bool {
	if pr.among == nil || pr.among.DeltaMin == 0 {
		return true
	}
	in, all := o.grouping.units[0].counts(o.grouping.n), o.grouping.population.counts(o.grouping.n)
	for i, kept := range o.keep {
		if all[i] > 0 && (!kept || share(in[i], all[i]) < pr.among.DeltaMin-Tolerance) {
			return false
		}
	}
	return true
}

// share of a class of the population is infinite where the population has nobody for it.
func share(in, all int32) float64 { return float64(in) / float64(all) }

// presence measures the classes that leave.
func (pr *problem) presence(base *grouping, o *outcome) *Presence {
	if pr.among == nil {
		return nil
	}
	g := o.grouping
	in, all := g.units[0].counts(g.n), g.population.counts(g.n)
	p := &Presence{Persons: pr.among.persons, DeltaMin: 1}
	for i, kept := range o.keep {
		if !kept {
			if all[i] > 0 {
				p.DeltaMin = 0
			}
			continue
		}
		if p.KMap == 0 || int(all[i]) < p.KMap {
			p.KMap = int(all[i])
		}
		if all[i] > 0 {
			p.DeltaMin, p.DeltaMax = min(p.DeltaMin, share(in[i], all[i])), max(p.DeltaMax, share(in[i], all[i]))
		}
	}
	p.Elsewhere, p.Unmatched = int(g.population.outside(o.keep)), pr.unmatched(base)
	return p
}

// unmatched counts the persons of the table in tuples alone of which the population has fewer.
func (pr *problem) unmatched(base *grouping) int {
	in, all := base.units[0].counts(base.n), base.population.counts(base.n)
	matched := make([]bool, base.n)
	for i := range matched {
		matched[i] = all[i] >= in[i]
	}
	return int(base.units[0].outside(matched))
}
