package stats

import (
	"math"
)

// GiniFromRanks is the Gini coefficient of non-negative x, Σ_iΣ_j|x_i−x_j| /
// (2n²·mean) with zeros and without the n/(n−1) correction (Gini 1912), from n
// units, their total Σx and Σx·r, where r is
// twice the mid-rank of the unit (ties share the mean of their ranks, so 2r is
// an integer):
//
//	G = Σx·r/(n·Σx) − (n+1)/n
func GiniFromRanks(n, sum, sumRank float64) float64 {
	if n < 0 || sum < 0 {
		return math.NaN()
	}
	return number(sumRank/(n*sum) - (n+1)/n)
}

// GiniClusters is [GiniFromRanks] over clusters, with a cluster-robust interval.
// For cluster g: persons[g] units, sum[g] = Σx, rank[g] = Σx·r with r twice the
// mid-rank among all units, above[g] = Σ over its units of the total of all
// units with a larger x.
//
// Ranks belong to the whole, so dropping a cluster would not redo them; the
// variance is that of the linearised variable instead. With N, X the totals and
// D_i = Σ_j|x_i − x_j| = x_i(r_i − 1 − N) − X + 2·above_i + t_i, where t_i is x_i
// times the number of units tied with i,
//
//	z_i = D_i/(N·X) − G·(1/N + x_i/X),  V = Σ_g z_g²/(1−h_g)²,  h_g = persons/N
//
// Only Σt_i is known (by difference); it is shared among clusters as Σx is. The
// interval is symmetric on the log scale, cut at 1, and widened by
// [ConcentrationAllowance].
//
// Source: Deville 1999; Langel & Tillé 2013 (JRSS A 176), eq. 15.
func GiniClusters(persons, sum, rank, above []float64, level float64) Estimate {
	checkLevel(level)
	checkLengths(len(persons), len(sum), len(rank), len(above))
	if e := (Estimate{Method: "Gini"}); !e.sound(of(persons, sum, rank, above)) {
		return e
	}
	var n, x, r, a float64
	for g := range persons {
		n, x, r, a = n+persons[g], x+sum[g], r+rank[g], a+above[g]
	}
	e := Estimate{Value: GiniFromRanks(n, x, r), N: int(n), SE: math.NaN(), DF: math.NaN(),
		Method: "Gini, linearised, CR3, t, log scale"}
	ties := r - x - 2*a // Σt_i, from ΣD_i = 2Σx_i(r_i−1−N)/2·2
	var h, influence []float64
	for g := range persons {
		if persons[g] <= 0 {
			continue
		}
		hg := persons[g] / n
		d := rank[g] - (1+n)*sum[g] - persons[g]*x + 2*above[g] + ties*sum[g]/x
		z := d/(n*x) - e.Value*(hg+sum[g]/x)
		z /= 1 - hg
		h, influence = append(h, hg), append(influence, z)
	}
	if e.linearised(influence, h, Log, level) {
		e.High = math.Min(e.High, 1)
	}
	return e
}
