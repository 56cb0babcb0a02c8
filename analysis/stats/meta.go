package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Meta is a random-effects meta-analysis: what studies of one quantity say together, each
// of a truth of its own around a common mean, and how much these truths differ.
type Meta struct {
	// Mean is the mean of the truths, its interval that of Hartung and Knapp. Clusters and N are
	// the studies.
	Mean Estimate
	// Low and High are where the truth of another study lies, at the level of Mean; NaN where Mean has no
	// interval.
	Low, High float64
	// Q is Cochran's, on DF degrees of freedom, and P that of « no difference between the studies ».
	Q, P float64
	DF   int
	// I2 is the share of Q that the errors of the studies do not explain, from 0 to 1 (Higgins and
	// Thompson 2002).
	I2 float64
	// Tau is the standard deviation of the truths, on the scale of the transform.
	Tau float64
}

// RandomEffects combines values of standard errors > 0, of one study each, on the scale of t. With
// y and s on that scale and w = 1/s²:
//
//	Q   = Σ w (y − Σwy/Σw)²                             (Cochran 1954)
//	τ²  = max(0, (Q − (k−1)) / (Σw − Σw²/Σw))            (DerSimonian and Laird 1986)
//	μ   = Σ w* y / Σ w*, w* = 1/(s² + τ²)
//	SE² = max(1, Σ w* (y−μ)² / (k−1)) / Σ w*             (Hartung and Knapp 2001; never below the
//	      usual one, Röver, Knapp and Friede 2015)
//	another study: μ ± t(k−1) √(SE² + τ²)                (Higgins, Thompson and Spiegelhalter 2009)
//
// The interval has k − 1 degrees of freedom. A value on the edge of the scale, a standard error that is none
// and fewer than three studies give no interval and no numbers: the studies would be told
// one by one.
func RandomEffects(values, errors []float64, level float64, t Transform) Meta {
	checkLevel(level)
	checkLengths(len(values), len(errors))
	nan := math.NaN()
	nothing := Meta{Mean: Estimate{Value: nan, SE: nan, Low: nan, High: nan, DF: nan, N: len(values), Clusters: len(values),
		Method: "random effects (DerSimonian-Laird), Hartung-Knapp, " + t.String() + " scale"},
		Low: nan, High: nan, Q: nan, P: nan, I2: nan, Tau: nan}
	if !nothing.Mean.sound([][]float64{errors}, values) {
		return nothing
	}
	if len(values) < minStudies {
		nothing.Mean.warn(FewClusters, len(values), minStudies)
		return nothing
	}
	y, s2 := make([]float64, len(values)), make([]float64, len(values))
	for i, v := range values {
		s := errors[i] * math.Abs(t.slope(v))
		if !t.inside(v) || !(s > 0) {
			nothing.Mean.warn(NoScale, v, errors[i], t)
			return nothing
		}
		y[i], s2[i] = t.forward(v), s*s
	}
	m := nothing
	m.DF = len(y) - 1
	mean, sum, squares := weighted(y, s2, 0)
	m.Q = spread(y, s2, 0, mean)
	m.P = distuv.ChiSquared{K: float64(m.DF)}.Survival(m.Q)
	tau2 := math.Max(0, (m.Q-float64(m.DF))/(sum-squares/sum))
	m.Tau, m.I2 = math.Sqrt(tau2), math.Max(0, 1-float64(m.DF)/m.Q)
	mean, sum, _ = weighted(y, s2, tau2)
	se := math.Sqrt(math.Max(1, spread(y, s2, tau2, mean)/float64(m.DF)) / sum)
	q := tQuantile(0.5+level/2, float64(m.DF))
	m.Mean.Value, m.Mean.DF, m.Mean.Level = t.back(mean), float64(m.DF), level
	m.Mean.SE = se / math.Abs(t.slope(m.Mean.Value))
	m.Mean.Low, m.Mean.High = ends(t, mean, q*se)
	m.Low, m.High = ends(t, mean, q*math.Sqrt(se*se+tau2))
	if n := unfit([]float64{m.Mean.Value, m.Mean.SE, m.Mean.Low, m.Mean.High, m.Low, m.High, m.Q, m.Tau}); n > 0 {
		nothing.Mean.warn(NotANumber, n) // errors so unequal that their weights have no sum
		return nothing
	}
	return m
}

// minStudies is the least number of studies of a meta-analysis.
const minStudies = 3

// weighted is the mean of y with weights 1/(s²+τ²), and the sums of these and of their squares.
func weighted(y, s2 []float64, tau2 float64) (mean, sum, squares float64) {
	for i := range y {
		w := 1 / (s2[i] + tau2)
		mean, sum, squares = mean+w*y[i], sum+w, squares+w*w
	}
	return mean / sum, sum, squares
}

// spread is Σ (y−mean)²/(s²+τ²).
func spread(y, s2 []float64, tau2, mean float64) (q float64) {
	for i := range y {
		q += (y[i] - mean) * (y[i] - mean) / (s2[i] + tau2)
	}
	return q
}

// ends takes an interval around v back from the scale of t.
func ends(t Transform, v, half float64) (low, high float64) {
	low, high = t.back(v-half), t.back(v+half)
	return math.Min(low, high), math.Max(low, high)
}
