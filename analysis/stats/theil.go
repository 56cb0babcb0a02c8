package stats

import "math"

// TheilParts is a Theil T index and its exact sum of a part within groups and a
// part between them.
type TheilParts struct{ Total, Within, Between float64 }

// TheilSums is the Theil T index of non-negative x, mean of (x/μ)·log(x/μ), zeros
// counting 0, from what each group j adds up to: n units, Σx and Σx·log x.
// (Theil's L is not defined with zeros.)
//
//	Within = Σ s_j·T_j,  Between = Σ s_j·log(μ_j/μ),  s_j = share of the total
//
// Source: Theil 1967; Shorrocks 1980 (Econometrica 48).
func TheilSums(n, sum, sumLog []float64) TheilParts {
	checkLengths(len(n), len(sum), len(sumLog))
	if unsound(of(n, sum), sumLog) != nil {
		return TheilParts{math.NaN(), math.NaN(), math.NaN()}
	}
	var t TheilParts
	var units, total float64
	for g := range n {
		units, total = units+n[g], total+sum[g]
	}
	for g := range n {
		if sum[g] <= 0 {
			continue
		}
		mean := sum[g] / n[g]
		t.Within += sum[g] / total * (sumLog[g]/sum[g] - math.Log(mean))
		t.Between += sum[g] / total * math.Log(mean/(total/units))
	}
	t.Total = t.Within + t.Between
	if total == 0 {
		return TheilParts{math.NaN(), math.NaN(), math.NaN()}
	}
	return t
}

// TheilBetween is the part between groups alone, from n units and Σx by group.
func TheilBetween(n, sum []float64) float64 {
	return TheilSums(n, sum, make([]float64, len(n))).Between
}
