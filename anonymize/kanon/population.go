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
