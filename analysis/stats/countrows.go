package stats

import (
	"encoding/binary"
	"math"
)

// counter is a count model on distinct rows: those alike are added up, since an
// edition repeats the same bins and designs in every cluster.
type counter struct {
	CountData
	CountModel
	p, q int
	// of is the distinct row of each row given, times its weight.
	of    []int
	times []float64
}

// compress adds up rows alike, in order of appearance.
func (c *counter) compress() {
	given := c.CountData
	index := map[string]int{}
	c.Low, c.High, c.X, c.Offset, c.Weight = nil, nil, nil, nil, nil
	if given.Z != nil {
		c.Z = nil
	}
	var key []byte
	for i := range given.X {
		w := 1.0
		if given.Weight != nil {
			w = given.Weight[i]
		}
		off := offset(given.Offset, i)
		key = appendFloats(key[:0], given.Low[i], given.High[i], off)
		key = appendFloats(key, given.X[i]...)
		if given.Z != nil {
			key = appendFloats(key, given.Z[i]...)
		}
		k, ok := index[string(key)]
		if !ok {
			k = len(c.X)
			index[string(key)] = k
			c.Low, c.High = append(c.Low, given.Low[i]), append(c.High, given.High[i])
			c.X, c.Offset, c.Weight = append(c.X, given.X[i]), append(c.Offset, off), append(c.Weight, 0)
			if given.Z != nil {
				c.Z = append(c.Z, given.Z[i])
			}
		}
		c.Weight[k] += w
		c.of, c.times = append(c.of, k), append(c.times, w)
	}
}

func appendFloats(key []byte, values ...float64) []byte {
	for _, v := range values {
		key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
	}
	return key
}

func (c *counter) size() int { return c.p + c.q + int(c.Family) }

// standardise divides each column of the designs by its size, so that the climb and its
// signs of trouble do not depend on the unit of a column. It returns the divisors of the
// coefficients: powers of 2, which round nothing.
func (c *counter) standardise() []float64 {
	scale := make([]float64, c.size())
	for j := range scale {
		scale[j] = 1
	}
	c.X = scaled(c.X, scale[:c.p])
	if c.q > 0 {
		c.Z = scaled(c.Z, scale[c.p:c.p+c.q])
	}
	return scale
}

// scaled divides each column by the power of 2 next to its size, which it writes to of.
func scaled(rows [][]float64, of []float64) [][]float64 {
	out := make([][]float64, len(rows))
	for j := range of {
		of[j] = 1
		squares := 0.0
		for _, row := range rows {
			squares += row[j] * row[j]
		}
		if squares > 0 {
			of[j] = math.Exp2(math.Round(math.Log2(squares/float64(len(rows))) / 2))
		}
	}
	for i, row := range rows {
		out[i] = make([]float64, len(row))
		for j, v := range row {
			out[i][j] = v / of[j]
		}
	}
	return out
}

// rescale gives the coefficients in the units of the columns.
func (r *Regression) rescale(scale []float64) {
	for j, s := range scale {
		r.Coef[j] /= s
		r.SE[j] /= s
		for k := range j + 1 {
			r.Cov.SetSym(k, j, r.Cov.At(k, j)/(s*scale[k]))
		}
	}
}

// start is a constant log rate from the bins' lower edges, and θ = 1.
func (c *counter) start() []float64 {
	var y, exposure, zeros, n float64
	for i := range c.Low {
		w, high := c.Weight[i], c.High[i]
		if math.IsInf(high, 1) {
			high = 1.3 * c.Low[i]
		}
		y += w * (c.Low[i] + high) / 2
		exposure += w * math.Exp(offset(c.Offset, i))
		n += w
		if c.Low[i] == 0 {
			zeros += w
		}
	}
	at := make([]float64, c.size())
	// project the constant on the columns, for designs without one
	xd := design(c.X, nil)
	b, _ := bread(xd)
	rate := make([]float64, len(c.X))
	for i := range rate {
		rate[i] = math.Log(math.Max(y, 0.5) / exposure)
	}
	copy(at, solve(b, xd, rate))
	if c.Zero != PlainZero {
		share := (zeros + 1) / (n + 2)
		zeta := math.Log(share/(1-share)) - 0.7
		if c.Zero == Hurdle {
			zeta = -math.Log(share / (1 - share))
		}
		zd := design(c.Z, nil)
		if b, ok := bread(zd); ok {
			for i := range rate {
				rate[i] = zeta
			}
			copy(at[c.p:], solve(b, zd, rate))
		}
	}
	return at
}

// row returns the probability of row i at the parameters.
func (c *counter) row(i int, at []float64) countTerm {
	eta, zeta, lambda := offset(c.Offset, i), 0.0, 0.0
	for j, v := range c.X[i] {
		eta += v * at[j]
	}
	if c.q > 0 {
		for j, v := range c.Z[i] {
			zeta += v * at[c.p+j]
		}
	}
	if c.Family == NB2 {
		lambda = at[c.p+c.q]
	}
	return countProbability(c.Low[i], c.High[i], eta, lambda, zeta, c.Family, c.Zero)
}

// score adds w times the score of distinct row i to s and returns w times its
// log-likelihood.
func (c *counter) score(i int, w float64, at, s []float64) float64 {
	if w == 0 {
		return 0
	}
	t := c.row(i, at)
	if !(t.p > 0) {
		return math.Inf(-1)
	}
	for j, v := range c.X[i] {
		s[j] += w * v * t.eta / t.p
	}
	if c.q > 0 {
		for j, v := range c.Z[i] {
			s[c.p+j] += w * v * t.zeta / t.p
		}
	}
	if c.Family == NB2 {
		s[c.p+c.q] += w * t.lambda / t.p
	}
	return w * math.Log(t.p)
}

func (c *counter) logLik(at, gradient []float64) float64 {
	clear(gradient)
	ll := 0.0
	for i := range c.X {
		ll += c.score(i, c.Weight[i], at, gradient)
	}
	return ll
}
