package stats

import (
	"encoding/binary"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
)

// CountData holds counts by row. A row is Weight units (nil: 1) that share a
// design and whose counts are known to lie in [Low, High]; High = Low is an
// exact count, High = +Inf an open bin. So a histogram of fixed bins by cell is
// fitted as it is (interval-censored), without inventing a mid-point.
type CountData struct {
	Low, High []float64
	// X is the design of log μ, with its constant; Offset is added to it
	// (log exposure); nil means 0.
	X      [][]float64
	Offset []float64
	// Z is the design of the zero part; nil means a constant.
	Z       [][]float64
	Weight  []float64
	Cluster []int // nil: errors from the information
	// Variance of the errors by cluster: CR3 or CR1.
	Variance Variance
}

// CountModel is a family and its zero part.
type CountModel struct {
	Family CountFamily
	Zero   ZeroPart
}

// CountFit is a fitted count model. Coefficients are those of X, then of Z when
// there is a zero part, then log θ for NB2.
type CountFit struct {
	Regression
	// Theta is the NB2 size (variance μ + μ²/θ) and ThetaSE its error; +Inf and
	// NaN for Poisson.
	Theta, ThetaSE float64
	// Zeros is the expected number of units at 0.
	Zeros float64
	// ZeroAt is the index of the first coefficient of the zero part, -1 without.
	ZeroAt int
}

// Counts fits a count model by maximum likelihood: Poisson or NB2, plain,
// zero-inflated or hurdle, with offset, on exact or binned counts.
//
//	ℓ = Σ w_i·log P(Low_i ≤ Y_i ≤ High_i)
//
// Errors: inverse observed information, but for exact NB2 without a zero part
// the expected one with θ fixed, as MASS::glm.nb prints. With clusters: the
// jackknife over clusters by one Newton step, with G−1 degrees of freedom or fewer
// where few clusters carry a coefficient (CR3), or the sandwich of the scores with
// factor G/(G−1) and G−1 degrees of freedom (CR1).
//
// Warnings: no convergence; θ above 1e4 (no over-dispersion: read the Poisson
// fit); a share of inflated zeros on its boundary, where the zero part is not
// identified; fewer than [MinClusters] clusters.
//
// Source: Cameron & Trivedi 2013, ch. 3–4; Lambert 1992 (Technometrics 34);
// Mullahy 1986; Zeileis, Kleiber & Jackman 2008 (JSS 27(8)).
func Counts(d CountData, m CountModel) CountFit {
	n, p := size(d.X)
	checkLengths(n, len(d.Low), len(d.High))
	if faults := d.unsound(); faults != nil {
		return CountFit{Regression: failed(p+int(m.Family), 0, m.String(), faults...), ZeroAt: -1}
	}
	if d.Weight != nil {
		kept := sized(d.Weight)
		if len(kept) == 0 {
			f := failed(p+int(m.Family), 0, m.String(), warning(NoUnits))
			return CountFit{Regression: f, ZeroAt: -1}
		}
		if len(kept) < n {
			return Counts(d.rows(kept), m)
		}
	}
	c := counter{CountData: d, CountModel: m, p: p}
	if m.Zero != PlainZero {
		if c.Z == nil {
			c.Z = make([][]float64, n)
			for i := range c.Z {
				c.Z[i] = []float64{1}
			}
		}
		c.q = len(c.Z[0])
	}
	c.compress()
	scale := c.standardise()
	total := total(c.Weight)
	method := m.String()
	if _, ok := bread(design(c.X, nil)); !ok {
		return CountFit{Regression: failed(c.size(), int(total), method, warning(Collinear)), ZeroAt: -1}
	}
	top := maximise(c.logLik, c.start())
	fit := Regression{Coef: top.at, LogLik: top.value, N: int(total), Iterations: top.steps, Method: method}
	r := CountFit{Regression: fit,
		Theta: math.Inf(1), ThetaSE: math.NaN(), ZeroAt: -1}
	if !top.converged {
		r.Warnings = append(r.Warnings, warning(NoConvergence, top.steps))
	}
	if m.Zero != PlainZero {
		r.ZeroAt = p
	}
	c.errors(&r, top)
	c.describe(&r)
	r.rescale(scale)
	return r
}

// standardise divides each column of the designs by its size, so that the climb and its
// signs of trouble do not depend on the unit of a column. It returns the divisors of the
// coefficients: powers of 2, which round nothing.
func (c *counter) standardise() []float64 {
	scale := make([]float64, c.size())
	for j := range scale {
		scale[j] = 1
	}
	by := func(rows [][]float64, of []float64) [][]float64 {
		out := make([][]float64, len(rows))
		for j := range of {
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
	c.X = by(c.X, scale[:c.p])
	if c.q > 0 {
		c.Z = by(c.Z, scale[c.p:c.p+c.q])
	}
	return scale
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

// Counts are summed one by one: an edge of a bin, and a count, may be this large.
const (
	largestEdge  = 1e5
	largestCount = 1e9
)

// unsound says why d are no counts.
func (d CountData) unsound() []Warning {
	if faults := unsoundRows(d.X, of(d.Low, d.Weight), append([][]float64{d.Offset}, d.Z...)...); faults != nil {
		return faults
	}
	out := 0
	for i, low := range d.Low {
		high := d.High[i]
		if !(high >= low) || math.Trunc(low) != low && !math.IsInf(high, 1) && math.Ceil(low) > high {
			out++
			continue
		}
		limit := largestCount
		if low != high {
			limit = largestEdge
		}
		for _, edge := range []float64{low, high} {
			if edge > limit && !math.IsInf(edge, 1) {
				return []Warning{warning(TooLarge, edge, limit)}
			}
		}
	}
	if out > 0 {
		return []Warning{warning(OutOfRange, out)}
	}
	return nil
}

// rows keeps some rows of d.
func (d CountData) rows(kept []int) CountData {
	d.Low, d.High, d.X, d.Z = pick(d.Low, kept), pick(d.High, kept), pick(d.X, kept), pick(d.Z, kept)
	d.Offset, d.Weight, d.Cluster = pick(d.Offset, kept), pick(d.Weight, kept), pick(d.Cluster, kept)
	return d
}

func (m CountModel) String() string {
	return [...]string{"", "zero-inflated ", "hurdle "}[m.Zero] + [...]string{"Poisson", "NB2"}[m.Family]
}

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

// errors fills the covariance of r at the maximum.
func (c *counter) errors(r *CountFit, top maximum) {
	size := c.size()
	inv, ok := inverse(top.information, size)
	if !ok {
		f := failed(size, r.N, r.Method, warning(Singular, size))
		r.Warnings = append(r.Warnings, f.Warnings...)
		r.Cov, r.SE, r.DF = f.Cov, f.SE, f.DF
		return
	}
	r.Cov = inv
	edge, infinite := c.separated(r.Coef, inv)
	if edge > 0 {
		r.Warnings = append(r.Warnings, warning(Separation, edge, len(c.X)))
		defer func() {
			r.withhold(func(j int) bool { return j < c.p && infinite[j] })
			r.finish(math.Inf(1))
		}()
	}
	if c.Cluster != nil {
		if c.Variance == CR1 {
			c.robust(r, inv)
		} else {
			c.jackknifed(r, inv)
		}
		return
	}
	if c.exact() && c.Family == NB2 && c.Zero == PlainZero {
		c.expected(r)
	}
	r.finish(math.Inf(1))
}

// separated is [separated] of the means.
func (c *counter) separated(at []float64, cov *mat.SymDense) (rows int, infinite []bool) {
	contrary := make([]float64, len(c.X))
	means := mat.NewSymDense(c.p, nil)
	for i := range c.p {
		for j := range i + 1 {
			means.SetSym(i, j, cov.At(i, j))
		}
	}
	for i := range contrary {
		contrary[i] = c.Weight[i] * (1 - c.row(i, at).p)
	}
	return separated(c.X, contrary, means)
}

func (c *counter) exact() bool {
	for i := range c.Low {
		if c.Low[i] != c.High[i] {
			return false
		}
	}
	return true
}

// expected replaces the covariance of an exact NB2 fit: (XᵀWX)⁻¹ with
// w = μ/(1+μ/θ), and 1/(−∂²ℓ/∂θ²) for θ.
func (c *counter) expected(r *CountFit) {
	theta := math.Exp(r.Coef[c.p])
	root := make([]float64, len(c.X))
	info := 0.0
	eta := make([]float64, len(c.X))
	linearPredictor(c.X, r.Coef[:c.p], c.Offset, eta)
	for i := range c.X {
		mu, w, y := math.Exp(eta[i]), c.Weight[i], c.Low[i]
		root[i] = math.Sqrt(w * mu / (1 + mu/theta))
		info += w * (trigamma(theta) - trigamma(y+theta) - 1/theta + 2/(mu+theta) - (y+theta)/((mu+theta)*(mu+theta)))
	}
	b, ok := bread(design(c.X, root))
	if !ok {
		return
	}
	r.Cov = mat.NewSymDense(c.p+1, nil)
	for i := range c.p {
		for j := 0; j <= i; j++ {
			r.Cov.SetSym(i, j, b.At(i, j))
		}
	}
	r.Cov.SetSym(c.p, c.p, 1/(info*theta*theta))
}

// robust is the sandwich of the scores summed by cluster.
func (c *counter) robust(r *CountFit, inv *mat.SymDense) {
	size := c.size()
	rows := byCluster(c.Cluster)
	g := len(rows)
	meat := mat.NewSymDense(size, nil)
	unit := make([][]float64, len(c.X))
	for i := range unit {
		unit[i] = make([]float64, size)
		c.score(i, 1, r.Coef, unit[i])
	}
	for _, in := range rows {
		s := make([]float64, size)
		for _, i := range in {
			for j, v := range unit[c.of[i]] {
				s[j] += c.times[i] * v
			}
		}
		meat.SymRankOne(meat, 1, mat.NewVecDense(size, s))
	}
	var left, full mat.Dense
	left.Mul(inv, meat)
	full.Mul(&left, inv)
	r.Cov = mat.NewSymDense(size, nil)
	for i := range size {
		for j := 0; j <= i; j++ {
			r.Cov.SetSym(i, j, full.At(i, j)*float64(g)/float64(g-1))
		}
	}
	r.Clusters = g
	r.Method += ", CR1"
	if g < MinClusters {
		r.Warnings = append(r.Warnings, warning(FewClusters, g, MinClusters))
	} else if g < fewClusters {
		r.Warnings = append(r.Warnings, warning(SmallErrors, g, fewClusters))
	}
	r.finish(float64(g - 1))
}

// describe fills θ, the expected zeros and the warnings of the boundaries.
func (c *counter) describe(r *CountFit) {
	if c.Family == NB2 {
		r.Theta = math.Exp(r.Coef[c.p+c.q])
		r.ThetaSE = r.Theta * r.SE[c.p+c.q]
		if r.Theta > 1e4 {
			r.Warnings = append(r.Warnings, warning(NoDispersion, r.Theta))
		}
	}
	inflated, n := 0.0, 0.0
	for i := range c.X {
		at := *c
		at.Low, at.High = []float64{0}, []float64{0}
		at.X, at.Offset = c.X[i:i+1], []float64{offset(c.Offset, i)}
		if c.q > 0 {
			at.Z = c.Z[i : i+1]
			zeta := 0.0
			for j, v := range c.Z[i] {
				zeta += v * r.Coef[c.p+j]
			}
			inflated += c.Weight[i] * expit(zeta)
		}
		r.Zeros += c.Weight[i] * at.row(0, r.Coef).p
		n += c.Weight[i]
	}
	if c.Zero == Inflated && inflated/n < 1e-4 {
		r.Warnings = append(r.Warnings, warning(NotIdentified, inflated/n))
		for i := c.p; i < c.p+c.q; i++ {
			r.SE[i] = math.NaN()
			for j := range r.SE {
				r.Cov.SetSym(i, j, math.NaN())
			}
		}
	}
}

// trigamma is ψ′(x) = ζ(2, x).
func trigamma(x float64) float64 { return mathext.Zeta(2, x) }
