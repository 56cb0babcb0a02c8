package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestCompareCoverage checks the intervals of figures built on several sums by
// cluster: nominal 95 % on the law of [region], between separate groups, within
// shared clusters, along bands and on survival curves.
// `go test -run CompareCoverage -v -coverage-draws 4000` prints the table.
func TestCompareCoverage(t *testing.T) {
	const level = 0.95
	cells, held := 0, 0
	run := func(name string, g int, truth float64, draw func(r *rand.Rand) Estimate) {
		r := rand.New(rand.NewPCG(uint64(g), 77))
		hits, none := 0, 0
		for range *coverageDraws {
			e := draw(r)
			if !e.HasInterval() {
				none++
			}
			if e.Low <= truth && truth <= e.High {
				hits++
			}
		}
		t.Logf("%-28s G=%-3d %.3f (%d without interval)", name, g, float64(hits)/float64(*coverageDraws), none)
		cells, held = cells+1, held+hits
	}
	for _, g := range []int{12, 20, 40} {
		apart := func(r *rand.Rand, share bool, m1, m2 float64) (a, b, c, d []float64) {
			zero := make([]float64, g)
			n1, d1 := region(r, g, m1, share)
			n2, d2 := region(r, g, m2, share)
			return append(n1, zero...), append(d1, zero...), append(append([]float64{}, zero...),
				n2...), append(append([]float64{}, zero...), d2...)
		}
		run("ratio of shares, apart", g, 2, func(r *rand.Rand) Estimate {
			a, b, c, d := apart(r, true, 0.16, 0.08)
			return ClusterRatioOfRatios(a, b, c, d, level)
		})
		run("difference of shares, apart", g, 0.08, func(r *rand.Rand) Estimate {
			a, b, c, d := apart(r, true, 0.16, 0.08)
			return ClusterShareDifference(a, b, c, d, level)
		})
		run("rate ratio, shared", g, 1.3, func(r *rand.Rand) Estimate {
			var n1, d1, n2, d2 []float64
			for range g {
				m := math.Round(40 * math.Exp(0.6*r.NormFloat64()))
				rate := math.Exp(0.45 * r.NormFloat64())
				own := math.Exp(0.2*r.NormFloat64() - 0.02)
				n1 = append(n1, float64(poisson(r, math.Min(500, 1.3*rate*own*m))))
				n2 = append(n2, float64(poisson(r, math.Min(500, rate*m))))
				d1, d2 = append(d1, m), append(d2, m)
			}
			return ClusterRatioOfRatios(n1, d1, n2, d2, level)
		})
		bands := []float64{0.22, 0.19, 0.16, 0.13, 0.10}
		slope := func(f func(Gradient) float64, tr Transform) func(r *rand.Rand) Estimate {
			return func(r *rand.Rand) Estimate {
				var group []int
				var num, den []float64
				for j, p := range bands {
					n, d := region(r, g/4, p, true)
					for range n {
						group = append(group, j)
					}
					num, den = append(num, n...), append(den, d...)
				}
				return GradientClusters(group, nil, num, den, 5, f, level, tr)
			}
		}
		even := []float64{1, 1, 1, 1, 1}
		truth := NewGradient(bands, even)
		run("slope index, bands of G/4", g, truth.Slope, slope(func(g Gradient) float64 { return g.Slope }, Identity))
		run("Erreygers, bands of G/4", g, truth.Erreygers(1), slope(func(g Gradient) float64 {
			return g.Erreygers(1)
		}, Identity))
		run("incidence at 8", g, 1-meanSurvival(8), func(r *rand.Rand) Estimate {
			return Incidence(KaplanMeierClusters(curves(r, g), level)[7])
		})
		run("ICC of normal units", g, 0.1, func(r *rand.Rand) Estimate {
			n, s, ss := make([]float64, g), make([]float64, g), make([]float64, g)
			for k := range n {
				u := math.Sqrt(0.1) * r.NormFloat64()
				for range 30 + r.IntN(40) {
					v := u + math.Sqrt(0.9)*r.NormFloat64()
					n[k], s[k], ss[k] = n[k]+1, s[k]+v, ss[k]+v*v
				}
			}
			return ICCOneWay(n, s, ss, level)
		})
	}
	if pooled := float64(held) / float64(cells**coverageDraws); pooled < 0.93 {
		t.Errorf("intervals cover %.3f", pooled)
	}
}

// meanSurvival is the survival at week k of a unit whose weekly hazard is
// 0.08·exp(u), u ~ N(−0.1, 0.45²), by the trapezoidal rule.
func meanSurvival(k float64) float64 {
	s, w := 0.0, 0.0
	for z := -6.0; z <= 6; z += 0.01 {
		p := math.Exp(-z * z / 2)
		h := math.Min(0.9, 0.08*math.Exp(0.45*z-0.1))
		s, w = s+p*math.Pow(1-h, k), w+p
	}
	return s / w
}

// curves draws the life tables of g clusters over 10 weeks, some units censored.
func curves(r *rand.Rand, g int) []LifeTable {
	var out []LifeTable
	for range g {
		h := math.Min(0.9, 0.08*math.Exp(0.45*r.NormFloat64()-0.1))
		t := LifeTable{make([]float64, 10), make([]float64, 10), make([]float64, 10)}
		left := int(math.Max(20, math.Round(80*math.Exp(0.6*r.NormFloat64()))))
		for k := range 10 {
			t.Time[k], t.AtRisk[k] = float64(k+1), float64(left)
			gone := 0
			for range left {
				if r.Float64() < h {
					t.Events[k]++
					gone++
				} else if r.Float64() < 0.02 {
					gone++
				}
			}
			left -= gone
		}
		out = append(out, t)
	}
	return out
}
