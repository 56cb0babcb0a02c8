package stats

import (
	"math"
	"sort"
)

// BenjaminiHochberg adjusts the p-values of one declared family so that calling
// those ≤ q false bounds the expected share of false discoveries by q, when the
// tests are independent or positively dependent: p_(i)·m/i, made monotone, at most
// 1. The order of p is kept; what is no p-value (NaN: no
// test) is NaN and does not count.
// Source: Benjamini & Hochberg 1995 (JRSS B 57).
func BenjaminiHochberg(p []float64) []float64 {
	order := tested(p)
	out := nans(len(p))
	low, m := 1.0, float64(len(order))
	for i := len(order) - 1; i >= 0; i-- {
		low = math.Min(low, p[order[i]]*m/float64(i+1))
		out[order[i]] = low
	}
	return out
}

// Holm adjusts p-values so that the chance of any false rejection in the family is
// bounded, under any dependence: p_(i)·(m−i+1), made monotone, at most 1. Source:
// Holm 1979 (Scand. J. Statist. 6).
func Holm(p []float64) []float64 {
	order := tested(p)
	out := nans(len(p))
	high := 0.0
	for i, k := range order {
		high = math.Max(high, math.Min(1, p[k]*float64(len(order)-i)))
		out[k] = high
	}
	return out
}

// tested lists the indices of the p-values in [0, 1], smallest first.
func tested(p []float64) []int {
	var order []int
	for i, v := range p {
		if v >= 0 && v <= 1 {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] < p[order[b]] })
	return order
}
