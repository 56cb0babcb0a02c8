package stats

// CompetingTable counts, in each bin, the units at risk at its start and the events
// of each cause in it: Events[cause][bin]. A unit has at most one event.
type CompetingTable struct {
	Time, AtRisk []float64
	Events       [][]float64
}

// Incidence is the Aalen–Johansen cumulative incidence of each cause after each bin,
// Σ S(t−)·d_c/n with S the Kaplan–Meier survival of all causes together. One minus
// the Kaplan–Meier curve of one cause, the others censored, would be too high.
//
// Source: Aalen & Johansen 1978 (Scand. J. Statist. 5); Kalbfleisch & Prentice 2002,
// §8.2.
func (t CompetingTable) Incidence() [][]float64 {
	if unsound(t.counts()) != nil {
		return broken(t)
	}
	out := make([][]float64, len(t.Events))
	for c := range out {
		out[c] = make([]float64, len(t.Time))
	}
	s := 1.0
	for k, n := range t.AtRisk {
		d := 0.0
		for c := range out {
			if k > 0 {
				out[c][k] = out[c][k-1]
			}
			if n > 0 {
				out[c][k] += s * t.Events[c][k] / n
				d += t.Events[c][k]
			}
		}
		if n > 0 {
			s *= 1 - d/n
		}
	}
	return out
}

// counts are the columns of the table.
func (t CompetingTable) counts() [][]float64 { return append([][]float64{t.AtRisk}, t.Events...) }

// broken is the incidence of what is no table.
func broken(t CompetingTable) [][]float64 {
	out := make([][]float64, len(t.Events))
	for c := range out {
		out[c] = nans(len(t.Time))
	}
	return out
}

// plus adds sign times the counts of o, which has the same bins and causes.
func (t CompetingTable) plus(o CompetingTable, sign float64) CompetingTable {
	checkLengths(len(t.Events), len(o.Events))
	sum := CompetingTable{Time: t.Time, AtRisk: added(t.AtRisk, o.AtRisk, sign)}
	for c := range t.Events {
		sum.Events = append(sum.Events, added(t.Events[c], o.Events[c], sign))
	}
	return sum
}

func added(a, b []float64, sign float64) []float64 {
	checkLengths(len(a), len(b))
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] + sign*b[i]
	}
	return out
}

// CompetingClusters is the cumulative incidence of each cause after each bin of the
// tables summed over clusters, [cause][bin], with the delete-one-cluster jackknife
// and a t interval on the log-log scale ([JackknifeClusters]). tables[g] is that of
// cluster g; all have the same bins and causes. A unit of its own may be a cluster.
func CompetingClusters(tables []CompetingTable, level float64) [][]Estimate {
	if len(tables) == 0 {
		return nil
	}
	faults := unsound(tables[0].counts())
	for _, t := range tables[1:] {
		faults = append(faults, unsound(t.counts())...)
	}
	pooled := tables[0]
	for _, t := range tables[1:] {
		pooled = pooled.plus(t, 1)
	}
	full := pooled.Incidence()
	without := make([][][]float64, len(tables))
	for g, t := range tables {
		without[g] = pooled.plus(t, -1).Incidence()
	}
	out := make([][]Estimate, len(full))
	for c := range out {
		out[c] = make([]Estimate, len(pooled.Time))
		for k := range out[c] {
			e := JackknifeClusters(len(tables), func(skip int) float64 {
				if skip < 0 {
					return full[c][k]
				}
				return without[skip][c][k]
			}, level, LogLog)
			e.Method = "Aalen-Johansen, " + e.Method
			if len(pooled.AtRisk) > 0 {
				e.N = int(pooled.AtRisk[0])
			}
			e.living(e.N, faults)
			out[c][k] = e
		}
	}
	return out
}
