package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// JointTest tests that q smooth functionals of g independent clusters are 0 at once (the
// leads of an event study, say). f(skip) must return them without cluster skip, and of all
// clusters when skip is -1. With u_g = f(g) − f(−1) and V = Σ u·uᵀ (delete-one-cluster
// jackknife, as [JackknifeClusters])
//
//	T² = fᵀ·V⁻¹·f,  F = T²·(g−q)/(q·(g−1))  against F(q, g−q)
//
// For the mean of g vectors T² is Hotelling's times (g−1)/g. Fewer than [MinClusters]
// clusters, a functional that is NaN without some cluster, or functionals that determine
// each other give P = NaN and a warning. DF is q, the other degrees of freedom g−q.
// Source: Hotelling 1931 (Ann. Math. Statist. 2); Pustejovsky & Tipton 2018 (J. Bus. Econ.
// Statist. 36) on F in the place of χ².
func JointTest(g int, f func(skip int) []float64) Test {
	all := f(-1)
	q := len(all)
	test := Test{Statistic: math.NaN(), P: math.NaN(), DF: float64(q), Method: "joint F, jackknife over clusters"}
	if g < max(MinClusters, q+2) {
		test.Warnings = append(test.Warnings, warning(FewClusters, g, max(MinClusters, q+2)))
		return test
	}
	v := mat.NewSymDense(q, nil)
	lost := 0
	for skip := range g {
		u := f(skip)
		bad := false
		for i := range u {
			u[i] -= all[i]
			bad = bad || math.IsNaN(u[i]) || math.IsInf(u[i], 0)
		}
		if bad {
			lost++
			continue
		}
		v.SymRankOne(v, 1, mat.NewVecDense(q, u))
	}
	if lost > 0 {
		test.Warnings = append(test.Warnings, warning(Undefined, lost, g))
		return test
	}
	var chol mat.Cholesky
	if !chol.Factorize(v) || chol.Cond() > 1e12 {
		test.Warnings = append(test.Warnings, warning(Singular, q))
		return test
	}
	var solved mat.VecDense
	d := mat.NewVecDense(q, all)
	if err := chol.SolveVecTo(&solved, d); err != nil {
		test.Warnings = append(test.Warnings, warning(Singular, q))
		return test
	}
	test.Statistic = mat.Dot(d, &solved) * float64(g-q) / float64(q*(g-1))
	test.P = distuv.F{D1: float64(q), D2: float64(g - q)}.Survival(test.Statistic)
	return test
}
