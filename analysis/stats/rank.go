package stats

import "math"

// Crosstab counts units by two orders, both from low to high: a row for each value of the
// first, a column for each of the second.
type Crosstab [][]float64

// margins are the sums of rows and columns and the number of units.
func (t Crosstab) margins() (rows, columns []float64, n float64) {
	rows = make([]float64, len(t))
	for i, row := range t {
		if columns == nil {
			columns = make([]float64, len(row))
		}
		checkLengths(len(columns), len(row))
		for j, v := range row {
			rows[i], columns[j], n = rows[i]+v, columns[j]+v, n+v
		}
	}
	return rows, columns, n
}

// Correlation is a rank correlation, and its test against 0 of independent units.
type Correlation struct {
	Value float64
	Test
}

// start refuses what is no table of counts.
func (t Crosstab) start(method string) (c Correlation, rows, columns []float64, n float64) {
	c = Correlation{math.NaN(), Test{Statistic: math.NaN(), DF: math.Inf(1), P: math.NaN(), Method: method}}
	if c.Warnings = unsound(t); c.Warnings != nil {
		return c, nil, nil, 0
	}
	rows, columns, n = t.margins()
	if n < 3 {
		c.Warnings = append(c.Warnings, warning(NoUnits))
		return c, nil, nil, 0
	}
	return c, rows, columns, n
}

// Kendall is τ-b of a table, ties and all: the pairs in one order less those in the other,
// over the pairs that are tied in neither alone. Statistic is the normal z of R's
// cor.test(method = "kendall", exact = FALSE); units are independent, so that for persons
// of schools the error comes from [JackknifeClusters] around Value. A table of one row or
// column has none. Source: Kendall 1945 (Biometrika 33); Kendall & Gibbons 1990.
func Kendall(t Crosstab) Correlation {
	c, rows, columns, n := t.start("Kendall's tau-b")
	if rows == nil {
		return c
	}
	s := 0.0
	above := make([]float64, len(columns)) // units in earlier rows, by column
	for _, row := range t {
		below, sum := 0.0, total(above)
		for j, v := range row {
			s += v * (below - (sum - below - above[j]))
			below += above[j]
		}
		for j, v := range row {
			above[j] += v
		}
	}
	var pairs, thirds, fifths [2]float64
	for k, margin := range [][]float64{rows, columns} {
		for _, m := range margin {
			pairs[k] += m * (m - 1)
			thirds[k] += m * (m - 1) * (m - 2)
			fifths[k] += m * (m - 1) * (2*m + 5)
		}
	}
	all := n * (n - 1)
	scale := math.Sqrt((all - pairs[0]) * (all - pairs[1]))
	if !(scale > 0) {
		c.Warnings = append(c.Warnings, warning(NoEvents))
		return c
	}
	c.Value = 2 * s / scale
	variance := (all*(2*n+5)-fifths[0]-fifths[1])/18 + pairs[0]*pairs[1]/(2*all) +
		thirds[0]*thirds[1]/(9*all*(n-2))
	c.Statistic = s / math.Sqrt(variance)
	c.P = 2 * tSurvival(math.Abs(c.Statistic), math.Inf(1))
	return c
}

// Spearman is the correlation of the mean ranks of a table. Statistic is the t on n−2
// degrees of freedom of R's cor.test(method = "spearman", exact = FALSE); units are
// independent, as for [Kendall]. Source: Spearman 1904 (Am. J. Psychol. 15).
func Spearman(t Crosstab) Correlation {
	c, rows, columns, n := t.start("Spearman's rho")
	if rows == nil {
		return c
	}
	ranks := [2][]float64{midRanks(rows), midRanks(columns)}
	var xy, xx, yy float64
	for i, row := range t {
		for j, v := range row {
			a, b := ranks[0][i]-(n+1)/2, ranks[1][j]-(n+1)/2
			xy, xx, yy = xy+v*a*b, xx+v*a*a, yy+v*b*b
		}
	}
	if !(xx*yy > 0) {
		c.Warnings = append(c.Warnings, warning(NoEvents))
		return c
	}
	c.Value, c.DF = xy/math.Sqrt(xx*yy), n-2
	c.Statistic = c.Value / math.Sqrt(math.Max(0, 1-c.Value*c.Value)/(n-2))
	c.P = 2 * tSurvival(math.Abs(c.Statistic), c.DF)
	c.Statistic = number(c.Statistic)
	return c
}

// midRanks are the mean ranks of groups of tied units.
func midRanks(sizes []float64) []float64 {
	out, before := make([]float64, len(sizes)), 0.0
	for i, m := range sizes {
		out[i] = before + (m+1)/2
		before += m
	}
	return out
}
