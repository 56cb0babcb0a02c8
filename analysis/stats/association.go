package stats

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

// CliffDelta is δ = P(x > y) − P(x < y) over all pairs of two independent samples,
// with Cliff's consistent variance and his asymmetric interval,
//
//	(δ − δ³ ± t·s·√((1−δ²)² + t²s²)) / (1 − δ² + t²s²)
//
// and n1+n2−2 degrees of freedom. |δ| below 0.147 is usually called negligible,
// below 0.33 small, below 0.474 medium (Romano et al. 2006). An empty sample gives
// NaN. Source: Cliff 1993 (Psychol. Bull. 114), 1996.
func CliffDelta(x, y []float64, level float64) Estimate {
	values := append(append([]float64(nil), x...), y...)
	sort.Float64s(values)
	var distinct []float64
	for i, v := range values {
		if i == 0 || v != values[i-1] {
			distinct = append(distinct, v)
		}
	}
	a, b := make([]float64, len(distinct)), make([]float64, len(distinct))
	for _, v := range x {
		a[sort.SearchFloat64s(distinct, v)]++
	}
	for _, v := range y {
		b[sort.SearchFloat64s(distinct, v)]++
	}
	return CliffDeltaGrouped(a, b, level)
}

// CliffDeltaGrouped is [CliffDelta] of two samples counted in ordered bands, from
// low to high; units of one band are ties.
func CliffDeltaGrouped(a, b []float64, level float64) Estimate {
	checkLevel(level)
	checkLengths(len(a), len(b))
	n1, n2 := total(a), total(b)
	e := Estimate{N: int(n1 + n2), DF: n1 + n2 - 2, SE: math.NaN(), Method: "Cliff's delta"}
	// dominance of a unit of band k over the other sample
	row, col := make([]float64, len(a)), make([]float64, len(a))
	var belowA, belowB float64
	for k := range a {
		row[k] = (belowB - (n2 - belowB - b[k])) / n2
		col[k] = ((n1 - belowA - a[k]) - belowA) / n1
		belowA, belowB = belowA+a[k], belowB+b[k]
	}
	for k := range a {
		e.Value += a[k] * row[k] / n1
	}
	if n1 < 2 || n2 < 2 {
		if n1*n2 == 0 {
			e.Value = math.NaN()
		}
		e.noInterval()
		e.warn("%v and %v units: no interval", n1, n2)
		return e
	}
	var vr, vc, square float64
	untied := 0.0
	belowB = 0
	for k := range a {
		vr += a[k] * (row[k] - e.Value) * (row[k] - e.Value)
		vc += b[k] * (col[k] - e.Value) * (col[k] - e.Value)
		untied += a[k] * (n2 - b[k])
	}
	square = untied - n1*n2*e.Value*e.Value // Σ(d_ij − δ)²
	d := (n2*n2*vr + n1*n1*vc - square) / (n1 * n2 * (n1 - 1) * (n2 - 1))
	d = math.Max(d, (1-e.Value*e.Value)/(n1*n2-1)) // Cliff's floor
	e.SE = math.Sqrt(d)
	t := tQuantile(0.5+level/2, e.DF)
	v, ts := e.Value, t*t*d
	half := t * e.SE * math.Sqrt((1-v*v)*(1-v*v)+ts)
	e.Low, e.High, e.Level = (v-v*v*v-half)/(1-v*v+ts), (v-v*v*v+half)/(1-v*v+ts), level
	return e
}

func total(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

// CohenH is the difference of two shares on the arcsine scale,
// 2·asin√p1 − 2·asin√p2; 0.2, 0.5 and 0.8 are usually called small, medium and
// large. Source: Cohen 1988, §6.2.
func CohenH(p1, p2 float64) float64 {
	return 2*math.Asin(math.Sqrt(p1)) - 2*math.Asin(math.Sqrt(p2))
}

// ChiSquare is Pearson's test of independence of a table of counts, without
// correction. Rows or columns without counts are left out. Expected counts below 5
// warn. Units are independent.
func ChiSquare(table [][]float64) Test {
	rows, columns, n := margins(table)
	var x float64
	small, r, c := 0, 0, 0
	for _, v := range rows {
		r += int(indicator(v > 0))
	}
	for _, v := range columns {
		c += int(indicator(v > 0))
	}
	for i := range table {
		for j, o := range table[i] {
			e := rows[i] * columns[j] / n
			if e == 0 {
				continue
			}
			small += int(indicator(e < 5))
			x += (o - e) * (o - e) / e
		}
	}
	t := Test{Statistic: x, DF: float64((r - 1) * (c - 1)), Method: "Pearson chi-squared"}
	if t.DF <= 0 {
		t.P = math.NaN()
		t.Warnings = append(t.Warnings, "1 row or column: no test")
		return t
	}
	t.P = chiSquared(x, t.DF)
	if small > 0 {
		t.Warnings = append(t.Warnings, countOf(small, "expected count below 5", "expected counts below 5"))
	}
	return t
}

func margins(table [][]float64) (rows, columns []float64, n float64) {
	rows, columns = make([]float64, len(table)), make([]float64, len(table[0]))
	for i, row := range table {
		checkLengths(len(columns), len(row))
		for j, v := range row {
			rows[i], columns[j], n = rows[i]+v, columns[j]+v, n+v
		}
	}
	return rows, columns, n
}

// CramerV is √(χ²/(n·(min(r, c)−1))), 0 for independence, 1 for a perfect
// association. corrected takes the bias out: φ² − (r−1)(c−1)/(n−1), floored at 0,
// over the smaller corrected dimension less 1 (Bergsma 2013, J. Korean Stat. Soc.
// 42). Source: Cramér 1946.
func CramerV(table [][]float64, corrected bool) float64 {
	_, _, n := margins(table)
	phi2 := ChiSquare(table).Statistic / n
	r, c := float64(len(table)), float64(len(table[0]))
	if corrected {
		phi2 = math.Max(0, phi2-(r-1)*(c-1)/(n-1))
		r, c = r-(r-1)*(r-1)/(n-1), c-(c-1)*(c-1)/(n-1)
	}
	return math.Sqrt(phi2 / (math.Min(r, c) - 1))
}

// MannWhitney tests that two samples counted in ordered bands come from one law:
// the normal approximation of the rank sum with ties, corrected by ½ for
// continuity (wilcox.test(exact = FALSE)). Statistic is U of the first sample.
// Source: Mann & Whitney 1947.
func MannWhitney(a, b []float64) Test {
	checkLengths(len(a), len(b))
	n1, n2 := total(a), total(b)
	n := n1 + n2
	var u, ties, below float64
	for k := range a {
		u += a[k] * (below + b[k]/2)
		below += b[k]
		m := a[k] + b[k]
		ties += m * (m*m - 1)
	}
	sd := math.Sqrt(n1 * n2 / 12 * (n + 1 - ties/(n*(n-1))))
	z := u - n1*n2/2
	z = math.Copysign(math.Max(0, math.Abs(z)-0.5), z) / sd
	return Test{Statistic: u, DF: math.Inf(1), P: math.Min(1, 2*distuv.UnitNormal.Survival(math.Abs(z))), Method: "Mann-Whitney, normal with ties"}
}

// CochranArmitage tests a trend of shares x/n over groups with scores (1, 2, 3, … or
// years): a χ² of 1 degree of freedom. Source: Armitage 1955 (Biometrics 11).
func CochranArmitage(x, n, scores []float64) Test {
	checkLengths(len(x), len(n), len(scores))
	tn, tx := total(n), total(x)
	p := tx / tn
	var mean, up, down float64
	for i, s := range scores {
		mean += n[i] * s / tn
	}
	for i, s := range scores {
		up += (x[i] - n[i]*p) * (s - mean)
		down += n[i] * (s - mean) * (s - mean)
	}
	v := up * up / (p * (1 - p) * down)
	return Test{Statistic: v, DF: 1, P: chiSquared(v, 1), Method: "Cochran-Armitage trend"}
}
