package oracle

import (
	"math"
)

// concentration gives the Gini index of a distribution of counts, and the share
// of the total that the tenth of the persons with most have.
func concentration(persons []float64) (gini, top float64) {
	var n, total, ranks float64
	for k, c := range persons {
		ranks += float64(k) * c * (n + c/2) // mid-rank of those with k
		n += c
		total += float64(k) * c
	}
	if total == 0 {
		return 0, 0
	}
	left, upper := n/10, 0.0
	for k := len(persons) - 1; k >= 0 && left > 0; k-- {
		c := math.Min(left, persons[k])
		upper += c * float64(k)
		left -= c
	}
	return 2*ranks/(n*total) - 1, upper / total
}

// quantile is the smallest count that at least a share of the persons do not exceed.
func quantile(persons []float64, share float64) float64 {
	total, below := 0.0, 0.0
	for _, c := range persons {
		total += c
	}
	for k, c := range persons {
		if below += c; below >= share*total-1e-6 {
			return float64(k)
		}
	}
	return 0
}

// incidence is one minus the Kaplan-Meier survival after some weeks.
func (t *Totals) incidence(g, weeks int) float64 {
	survival := 1.0
	for bin := range min(weeks, len(t.risk[g])) {
		events := 0.0
		if bin < len(t.events[g]) {
			events = t.events[g][bin]
		}
		if t.risk[g][bin] > 0 {
			survival *= 1 - events/t.risk[g][bin]
		}
	}
	return 1 - survival
}

// gradient is the slope index of inequality and Erreygers' index of a share over
// the five IPS bands, ranked by ridits.
func (t *Totals) gradient(k ratio) (slope, erreygers float64) {
	var w, x float64
	for g := 4; g < 9; g++ {
		w += t.y[k][g]
		x += t.x[k][g]
	}
	var below, rr, rx float64
	for g := 4; g < 9; g++ {
		r := (below+t.y[k][g]/2)/w - 0.5
		below += t.y[k][g]
		rr += t.y[k][g] / w * r * r
		rx += t.x[k][g] / w * r
	}
	return rx / rr, 8 * rx // 4·mean·C, C = 2·cov(x, R)/mean
}
