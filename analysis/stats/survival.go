package stats

// LifeTable counts, at each time (or in each bin), the units at risk at its
// start and the events in it. Time rises strictly.
type LifeTable struct {
	Time           []float64
	AtRisk, Events []float64
}

// check panics on unequal lengths.
func (t LifeTable) check() { checkLengths(len(t.AtRisk), len(t.Events), len(t.Time)) }

// Survival is the Kaplan–Meier estimate after each bin, Π(1 − d/n). A bin with
// nobody at risk leaves it unchanged.
func (t LifeTable) Survival() []float64 {
	t.check()
	if unsound(of(t.AtRisk, t.Events)) != nil {
		return nans(len(t.Time))
	}
	s := make([]float64, len(t.AtRisk))
	at := 1.0
	for i, n := range t.AtRisk {
		if n > 0 {
			at *= 1 - t.Events[i]/n
		}
		s[i] = at
	}
	return s
}

// KaplanMeierClusters is the survival after each bin of the life table summed
// over clusters, with the delete-one-cluster jackknife and a t interval on the
// log-log scale ([JackknifeClusters]). tables[g] is the life table of cluster
// g; all have the same bins. Fewer than [MinClusters] clusters give no interval.
func KaplanMeierClusters(tables []LifeTable, level float64) []Estimate {
	pooled := PoolLifeTables(tables)
	full := pooled.Survival()
	without := make([][]float64, len(tables))
	n, faults := 0, unsound(lives(tables))
	sizes := make([]float64, len(tables))
	for g, t := range tables {
		without[g] = pooled.minus(t).Survival()
		if len(t.AtRisk) > 0 {
			n += int(t.AtRisk[0])
			sizes[g] = t.AtRisk[0]
		}
	}
	out := make([]Estimate, len(full))
	for i := range out {
		e := JackknifeClustersWith(len(tables), func(skip int) float64 {
			if skip < 0 {
				return full[i]
			}
			return without[skip][i]
		}, JackknifeOptions{Level: level, Transform: LogLog, Sizes: sizes})
		e.N, e.Method = n, "Kaplan-Meier, "+e.Method
		e.living(n, faults)
		out[i] = e
	}
	return out
}

// living takes the number of e away when nobody was at risk, or when the tables are none.
func (e *Estimate) living(n int, faults []Warning) {
	if n <= 0 && len(faults) == 0 {
		faults = []Warning{warning(NoUnits)}
	}
	if len(faults) > 0 {
		e.none()
		e.Warnings = append(e.Warnings, faults...)
	}
}

// Incidence turns a survival into the cumulative incidence 1 − S.
func Incidence(s Estimate) Estimate {
	s.Value, s.Low, s.High = 1-s.Value, 1-s.High, 1-s.Low
	return s
}

// PoolLifeTables adds life tables of the same bins.
func PoolLifeTables(tables []LifeTable) LifeTable {
	if len(tables) == 0 {
		return LifeTable{}
	}
	bins := len(tables[0].Time)
	p := LifeTable{tables[0].Time, make([]float64, bins), make([]float64, bins)}
	for _, t := range tables {
		checkLengths(bins, len(t.Time), len(t.AtRisk), len(t.Events))
		for i := range bins {
			p.AtRisk[i] += t.AtRisk[i]
			p.Events[i] += t.Events[i]
		}
	}
	return p
}

// minus takes the units of o out of t.
func (t LifeTable) minus(o LifeTable) LifeTable {
	m := LifeTable{t.Time, make([]float64, len(t.Time)), make([]float64, len(t.Time))}
	for i := range m.AtRisk {
		m.AtRisk[i], m.Events[i] = t.AtRisk[i]-o.AtRisk[i], t.Events[i]-o.Events[i]
	}
	return m
}
