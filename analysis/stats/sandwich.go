package stats

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// sandwich is the cluster-robust covariance B·(Σ_g s_g·s_gᵀ)·B of a least-squares
// problem already multiplied by the roots of its weights: x is the design, e the
// residuals, b = (XᵀX)⁻¹. A generalised linear model brings its working design
// and working residuals at convergence.
//
//	CR0  s_g = X_gᵀ·e_g
//	CR1  CR0 · G/(G−1), times (N−1)/(N−p) when finite is true (Stata's regress)
//	CR2  s_g = X_gᵀ·(I − H_gg)^(−1/2)·e_g
//	CR3  s_g = X_gᵀ·(I − H_gg)^(−1)·e_g
//
// Degrees of freedom: Satterthwaite's of Bell & McCaffrey 2002 per coefficient
// for CR2 and CR3 under independent units, G − 1 otherwise. The (I − H_gg)
// powers are taken on the p-dimensional column space of X_g (Kolesár, dfadjust),
// so a cluster may have any number of rows.
//
// Whatever the variance, a coefficient that one cluster fixes alone, or whose degrees of
// freedom under independent units are below 2, has no error.
func sandwich(x *mat.Dense, e []float64, b *mat.SymDense, cluster []int, v Variance, finite bool,
) (cov *mat.SymDense, df []float64, clusters int, warnings []Warning) {
	n, p := x.Dims()
	checkLengths(n, len(e), len(cluster))
	rows := byCluster(cluster)
	g := len(rows)
	meat := mat.NewSymDense(p, nil)
	loads := make([]*mat.Dense, g) // X_gᵀ A_g X_g
	norms := make([]*mat.Dense, g) // X_gᵀ A_g² X_g
	singular, plain := 0, v == CR0 || v == CR1
	alone := mat.NewVecDense(p, nil) // what clusters that are alone move
	for k, in := range rows {
		xg, eg := subset(x, e, in)
		s, load, norm, lost := adjust(xg, eg, b, v)
		if plain {
			s.MulVec(xg.T(), eg)
		}
		if lost != nil {
			singular++
			var moved mat.VecDense
			moved.MulVec(b, lost)
			for j := range p {
				alone.SetVec(j, alone.AtVec(j)+math.Abs(moved.AtVec(j))*math.Sqrt(float64(n)))
			}
		}
		meat.SymRankOne(meat, 1, s)
		loads[k], norms[k] = load, norm
	}
	var left mat.Dense
	left.Mul(b, meat)
	var full mat.Dense
	full.Mul(&left, b)
	cov = mat.NewSymDense(p, nil)
	factor := 1.0
	if v == CR1 {
		factor = float64(g) / float64(g-1)
		if finite {
			factor *= float64(n-1) / float64(n-p)
		}
	}
	for i := range p {
		for j := 0; j <= i; j++ {
			cov.SetSym(i, j, factor*(full.At(i, j)+full.At(j, i))/2)
		}
	}
	if singular > 0 {
		warnings = append(warnings, warning(Alone, singular, g))
	}
	if g < MinClusters {
		warnings = append(warnings, warning(FewClusters, g, MinClusters))
	}
	df, own := make([]float64, p), make([]float64, p)
	for i := range df {
		own[i] = math.Min(float64(g-1), bellMcCaffrey(i, b, loads, norms))
		if df[i] = own[i]; plain {
			df[i] = float64(g - 1)
		}
	}
	r := Regression{Coef: df, Cov: cov}
	r.withhold(func(j int) bool { return alone.AtVec(j) > 1e-9*math.Sqrt(b.At(j, j)) })
	if g >= MinClusters && r.withhold(func(j int) bool { return own[j] < leastFreedom }) {
		warnings = append(warnings, warning(OneCarries, g))
	}
	return cov, df, g, warnings
}

// twoWay is the covariance of rows that resemble each other in two ways at once, say
// those of a school and those of a week: V(a) + V(b) − V(a and b), each CR1 with its
// factor; the smaller number of clusters less 1 for degrees of freedom. A coefficient
// whose variance is not above 0 has no error. Source: Cameron, Gelbach & Miller 2011
// (JBES 29).
func twoWay(x *mat.Dense, e []float64, b *mat.SymDense, first, second []int, finite bool,
) (cov *mat.SymDense, df []float64, clusters int, warnings []Warning) {
	type pair struct{ a, b int }
	index := map[pair]int{}
	both := make([]int, len(first))
	for i := range both {
		at := pair{first[i], second[i]}
		if _, ok := index[at]; !ok {
			index[at] = len(index)
		}
		both[i] = index[at]
	}
	cov, df, clusters, warnings = sandwich(x, e, b, first, CR1, finite)
	other, otherDF, fewer, _ := sandwich(x, e, b, second, CR1, finite)
	addScaled(cov, 1, other)
	addScaled(cov, -1, plainSandwich(x, e, b, both, finite))
	if fewer < clusters {
		df, clusters = otherDF, fewer
	}
	if clusters < fewClusters {
		warnings = append(warnings, warning(SmallErrors, clusters, fewClusters))
	}
	r := Regression{Coef: df, Cov: cov}
	if r.withhold(func(j int) bool { return cov.At(j, j) <= 0 }) {
		warnings = append(warnings, warning(Singular, len(df)))
	}
	return cov, df, clusters, warnings
}

// plainSandwich is the covariance of CR1 alone, of clusters that may be single rows.
func plainSandwich(x *mat.Dense, e []float64, b *mat.SymDense, cluster []int, finite bool) *mat.SymDense {
	n, p := x.Dims()
	rows := byCluster(cluster)
	meat := mat.NewSymDense(p, nil)
	for _, in := range rows {
		xg, eg := subset(x, e, in)
		var s mat.VecDense
		s.MulVec(xg.T(), eg)
		meat.SymRankOne(meat, 1, &s)
	}
	g := float64(len(rows))
	factor := g / (g - 1)
	if finite {
		factor *= float64(n-1) / float64(n-p)
	}
	var left, full mat.Dense
	left.Mul(b, meat)
	full.Mul(&left, b)
	cov := mat.NewSymDense(p, nil)
	for i := range p {
		for j := range i + 1 {
			cov.SetSym(i, j, factor*(full.At(i, j)+full.At(j, i))/2)
		}
	}
	return cov
}

// adjust returns X_gᵀ·A·e, X_gᵀ·A·X_g and X_gᵀ·A²·X_g for A = (I−H_gg)^(−1/2) or
// its square; and, where I−H_gg is singular (its null space is then left out), the
// direction of X_gᵀ in which the cluster stands alone.
// With X_g = QR thin, I−QRBRᵀQᵀ acts on span(Q) as I−RBRᵀ = U·diag(λ)·Uᵀ.
func adjust(
	xg *mat.Dense, eg *mat.VecDense, b *mat.SymDense, v Variance,
) (s *mat.VecDense, load, norm *mat.Dense, lost *mat.VecDense) {
	_, p := xg.Dims()
	s = mat.NewVecDense(p, nil)
	load, norm = mat.NewDense(p, p, nil), mat.NewDense(p, p, nil)
	q, r := orthonormal(xg)
	k, _ := r.Dims()
	inner := mat.NewSymDense(k, nil)
	var rb, rbr mat.Dense
	rb.Mul(r, b)
	rbr.Mul(&rb, r.T())
	for i := range k {
		for j := 0; j <= i; j++ {
			d := 0.0
			if i == j {
				d = 1
			}
			inner.SetSym(i, j, d-(rbr.At(i, j)+rbr.At(j, i))/2)
		}
	}
	var eig mat.EigenSym
	eig.Factorize(inner, true)
	values := eig.Values(nil)
	var u, w mat.Dense
	eig.VectorsTo(&u)
	w.Mul(r.T(), &u) // p × k: Rᵀ·U
	var qe, uqe mat.VecDense
	qe.MulVec(q.T(), eg)
	uqe.MulVec(u.T(), &qe)
	for c, l := range values {
		a := 0.0
		switch {
		case l < 1e-9:
			if lost == nil {
				lost = mat.NewVecDense(p, nil)
			}
			for i := range p { // of several directions none may cancel another
				lost.SetVec(i, lost.AtVec(i)+w.At(i, c))
			}
		case v != CR3: // also for what CR0 and CR1 are held to
			a = 1 / math.Sqrt(l)
		default:
			a = 1 / l
		}
		col := w.ColView(c)
		s.AddScaledVec(s, a*uqe.AtVec(c), col)
		var outer mat.Dense
		outer.Outer(1, col, col)
		for i := range p {
			for j := range p {
				load.Set(i, j, load.At(i, j)+a*outer.At(i, j))
				norm.Set(i, j, norm.At(i, j)+a*a*outer.At(i, j))
			}
		}
	}
	return s, load, norm, lost
}

// orthonormal returns Q (m × k) with orthonormal columns spanning X's and R = QᵀX,
// by the eigenvectors of XᵀX, which needs no more rows than columns.
func orthonormal(x *mat.Dense) (q, r *mat.Dense) {
	m, p := x.Dims()
	var svd mat.SVD
	if !svd.Factorize(x, mat.SVDThin) {
		panic("stats: singular value decomposition did not converge")
	}
	values := svd.Values(nil)
	k := 0
	for _, v := range values {
		if v > 1e-12*values[0] && v > 0 {
			k++
		}
	}
	if k == 0 {
		return mat.NewDense(m, 1, nil), mat.NewDense(1, p, nil)
	}
	var u mat.Dense
	svd.UTo(&u)
	q = mat.DenseCopyOf(u.Slice(0, m, 0, k))
	r = mat.NewDense(k, p, nil)
	r.Mul(q.T(), x)
	return q, r
}

// bellMcCaffrey is Satterthwaite's degrees of freedom of coefficient i: with
// a_g = A_g·X_g·B·c and s_g = X_gᵀ·a_g the matrix P_gk = δ·a_gᵀa_g − s_gᵀ·B·s_k
// has df = tr(P)²/ΣP².
func bellMcCaffrey(i int, b *mat.SymDense, loads, norms []*mat.Dense) float64 {
	p := b.SymmetricDim()
	c := mat.NewVecDense(p, nil)
	for j := range p {
		c.SetVec(j, b.At(j, i))
	}
	g := len(loads)
	s := mat.NewDense(g, p, nil)
	own := make([]float64, g)
	for k := range loads {
		var sk mat.VecDense
		sk.MulVec(loads[k], c)
		s.SetRow(k, sk.RawVector().Data)
		own[k] = mat.Inner(c, norms[k], c)
	}
	var sb, m mat.Dense
	sb.Mul(s, b)
	// ΣP² = Σ_k own² − 2·Σ_k own·(SBSᵀ)_kk + tr((SᵀS·B)²)
	var trace, square float64
	for k := range own {
		diag := mat.Dot(sb.RowView(k), s.RowView(k))
		trace += own[k] - diag
		square += own[k]*own[k] - 2*own[k]*diag
	}
	var ss, ssb mat.Dense
	ss.Mul(s.T(), s)
	ssb.Mul(&ss, b)
	m.Mul(&ssb, &ssb)
	square += mat.Trace(&m)
	return trace * trace / square
}

// byCluster lists the rows of each cluster, in order of appearance.
func byCluster(cluster []int) [][]int {
	at := map[int]int{}
	var rows [][]int
	for i, c := range cluster {
		k, ok := at[c]
		if !ok {
			k = len(rows)
			at[c] = k
			rows = append(rows, nil)
		}
		rows[k] = append(rows[k], i)
	}
	return rows
}

func subset(x *mat.Dense, e []float64, rows []int) (*mat.Dense, *mat.VecDense) {
	_, p := x.Dims()
	xs, es := mat.NewDense(len(rows), p, nil), mat.NewVecDense(len(rows), nil)
	for k, i := range rows {
		xs.SetRow(k, x.RawRowView(i))
		es.SetVec(k, e[i])
	}
	return xs, es
}
