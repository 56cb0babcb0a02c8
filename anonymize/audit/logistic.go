package audit

import (
	"math"
	"slices"
	"strings"
)

// The order of levels and bands in a model: the last that has a row is what the others are
// compared with.
var (
	modelLevels = []string{"lycee", "college", "ecole"}
	modelBands  = []string{"1", "2", "3", "4", "5"}
)

// odds is the odds ratio of a level or an IPS band of a logistic regression on both, fitted by
// Newton's method to the clusters of the strata.
func (t *tablesAgain) odds(recipe Recipe, r result) float64 {
	var x [][]float64
	var with, all []float64
	has := map[string]bool{}
	type row struct {
		level, band string
		with, all   float64
	}
	var rows []row
	for _, s := range t.strata {
		level, band, _ := strings.Cut(s.Group, " ")
		if s.Measure != recipe.Sources[0] || s.Population != r.Population || !slices.Contains(modelLevels, level) ||
			!slices.Contains(modelBands, band) {
			continue
		}
		has[level], has["band "+band] = true, true
		rows = append(rows, row{level, band, float64(s.Numerator), float64(s.Denom)})
	}
	var columns []string // of the design after the constant
	keep := func(names []string, prefix string) {
		var there []string
		for _, n := range names {
			if has[prefix+n] {
				there = append(there, prefix+n)
			}
		}
		columns = append(columns, there[:max(0, len(there)-1)]...)
	}
	keep(modelLevels, "")
	keep(modelBands, "band ")
	for _, s := range rows {
		line := make([]float64, 1+len(columns))
		line[0] = 1
		for j, c := range columns {
			if c == s.level || c == "band "+s.band {
				line[1+j] = 1
			}
		}
		x, with, all = append(x, line), append(with, s.with), append(all, s.all)
	}
	asked := r.Group["level"]
	if asked == "" {
		asked = "band " + r.Group["ips_band"]
	}
	at := slices.Index(columns, asked)
	if at < 0 || len(x) == 0 {
		return math.NaN()
	}
	b, ok := logistic(x, with, all)
	if !ok {
		return math.NaN()
	}
	return math.Exp(b[1+at])
}

// logistic maximises the binomial likelihood; false where it has no maximum.
func logistic(x [][]float64, with, all []float64) ([]float64, bool) {
	p := len(x[0])
	b := make([]float64, p)
	for range 60 {
		system := make([][]float64, p) // information, and the score in the last column
		for j := range system {
			system[j] = make([]float64, p+1)
		}
		for i, line := range x {
			eta := 0.0
			for j, v := range line {
				eta += v * b[j]
			}
			mu := 1 / (1 + math.Exp(-eta))
			for j, v := range line {
				system[j][p] += v * (with[i] - all[i]*mu)
				for k, w := range line {
					system[j][k] += v * w * all[i] * mu * (1 - mu)
				}
			}
		}
		step, ok := eliminate(system)
		if !ok {
			return nil, false
		}
		far := 0.0
		for j := range b {
			b[j] += step[j]
			far = math.Max(far, math.Abs(step[j]))
		}
		if far < 1e-10 {
			return b, true
		}
	}
	return nil, false
}

// eliminate solves a linear system whose last column is the right side (Gauss, with pivots).
func eliminate(a [][]float64) ([]float64, bool) {
	n := len(a)
	for c := range n {
		best := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		if !(math.Abs(a[best][c]) > 1e-12) {
			return nil, false
		}
		a[c], a[best] = a[best], a[c]
		for r := range n {
			if r == c {
				continue
			}
			f := a[r][c] / a[c][c]
			for k := c; k <= n; k++ {
				a[r][k] -= f * a[c][k]
			}
		}
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = a[i][n] / a[i][i]
	}
	return out, true
}
