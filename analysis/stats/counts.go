package stats

import "math"

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
