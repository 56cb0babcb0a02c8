package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// jackknifed is the jackknife over clusters by one Newton step from the whole fit: with
// J the observed information and J_g, s_g the part and the score of cluster g,
//
//	d_g = (J − J_g)⁻¹·s_g,  V = (G−1)/G·Σ(d_g − d̄)(d_g − d̄)ᵀ
//
// A coefficient that few clusters carry has fewer degrees of freedom than G−1:
// 3·(Σd²)²/Σd⁴.
func (c *counter) jackknifed(r *CountFit, inv *mat.SymDense) {
	size := c.size()
	rows := byCluster(c.Cluster)
	g := len(rows)
	whole, parts := c.informationBy(r.Coef)
	d := mat.NewDense(g, size, nil)
	mean := make([]float64, size)
	alone := make([]bool, size)
	single := 0
	k := 0
	for _, in := range rows {
		s := make([]float64, size)
		rest := mat.NewSymDense(size, nil)
		rest.CopySym(whole)
		for _, i := range in {
			for j, v := range parts[c.of[i]].score {
				s[j] += c.times[i] * v
			}
			addScaled(rest, -c.times[i], parts[c.of[i]].information)
		}
		step, ok := newtonStep(rest, s, 0)
		if fixes := fixedAlone(whole, rest); fixes != nil {
			single++
			for j, f := range fixes {
				alone[j] = alone[j] || f
			}
		}
		if !ok { // without this cluster nothing is known of some coefficient
			left := mat.NewVecDense(size, nil)
			left.MulVec(inv, mat.NewVecDense(size, s))
			step = left.RawVector().Data
		}
		d.SetRow(k, step)
		for j, v := range step {
			mean[j] += v / float64(g)
		}
		k++
	}
	r.Cov = mat.NewSymDense(size, nil)
	r.DF = make([]float64, size)
	for k := range g {
		for j := range size {
			d.Set(k, j, d.At(k, j)-mean[j])
		}
		r.Cov.SymRankOne(r.Cov, float64(g-1)/float64(g), mat.NewVecDense(size, d.RawRowView(k)))
	}
	for j := range size {
		var v, v4 float64
		for k := range g {
			x := d.At(k, j) * d.At(k, j)
			v, v4 = v+x, v4+x*x
		}
		r.DF[j] = math.Min(float64(g-1), 3*v*v/v4)
	}
	if single > 0 {
		r.Warnings = append(r.Warnings, warning(Alone, single, g))
		r.withhold(func(j int) bool { return alone[j] })
	}
	if by := influences(d); g >= MinClusters && r.withhold(func(j int) bool { return oneCarries(by[j]) }) {
		r.Warnings = append(r.Warnings, warning(OneCarries, g))
	}
	r.Clusters = g
	r.Method += ", CR3"
	if g < MinClusters {
		r.Warnings = append(r.Warnings, warning(FewClusters, g, MinClusters))
	}
	r.finish(float64(g - 1))
}

// fixedAlone says which coefficients nothing fixes in the information rest, that of all
// clusters but one, nil when all are fixed.
func fixedAlone(whole, rest *mat.SymDense) []bool {
	size := whole.SymmetricDim()
	scaled := mat.NewSymDense(size, nil)
	for i := range size {
		for j := range i + 1 {
			scaled.SetSym(j, i, rest.At(i, j)/math.Sqrt(math.Abs(whole.At(i, i)*whole.At(j, j))))
		}
	}
	var eig mat.EigenSym
	if unfit(scaled.RawSymmetric().Data) > 0 || !eig.Factorize(scaled, true) {
		return nil
	}
	var vectors mat.Dense
	eig.VectorsTo(&vectors)
	var out []bool
	for c, v := range eig.Values(nil) {
		if v > 1e-7 {
			break
		}
		if out == nil {
			out = make([]bool, size)
		}
		for j := range out {
			out[j] = out[j] || math.Abs(vectors.At(j, c)) > 1e-3
		}
	}
	return out
}

// rowPart is the score of one row and the observed information in it.
type rowPart struct {
	score       []float64
	information *mat.SymDense
}

// informationBy is the observed information, of the whole and of each row, from
// central differences of the scores.
func (c *counter) informationBy(at []float64) (*mat.SymDense, []rowPart) {
	size := c.size()
	parts := make([]rowPart, len(c.X))
	for i := range parts {
		parts[i].score = make([]float64, size)
		c.score(i, 1, at, parts[i].score)
		parts[i].information = information(func(x, gradient []float64) float64 {
			clear(gradient)
			c.score(i, 1, x, gradient)
			return 0
		}, at)
	}
	whole := mat.NewSymDense(size, nil)
	for i, of := range c.of {
		addScaled(whole, c.times[i], parts[of].information)
	}
	return whole, parts
}

// addScaled adds f·b to a.
func addScaled(a *mat.SymDense, f float64, b *mat.SymDense) {
	to, from := a.RawSymmetric().Data, b.RawSymmetric().Data
	for i, v := range from {
		to[i] += f * v
	}
}
