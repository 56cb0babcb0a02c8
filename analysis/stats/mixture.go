package stats

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// TwoClasses is a mixture of two negative binomial laws.
type TwoClasses struct {
	Share      float64 // of the class of the larger mean
	Means      [2]float64
	Thetas     [2]float64 // that of the larger class is 1 at least: it has a mode
	Likelihood float64    // log
	// Gain is by how much BIC falls from one class to two: below 0 the counts show no
	// second class.
	Gain float64
}

// FitTwoClasses fits counts that are known to lie in [low, high] (high may be +Inf), each
// weight times, as two latent classes by maximum likelihood from several starts. Nobody,
// or weights that are no numbers, give NaN. Source: McLachlan & Peel, Finite Mixture
// Models, 2000, § 2; Schwarz 1978 (Ann. Statist. 6).
func FitTwoClasses(low, high, weight []float64) TwoClasses {
	checkLengths(len(low), len(high), len(weight))
	n, mean := 0.0, 0.0
	for i, w := range weight {
		if w < 0 || low[i] < 0 {
			n = math.NaN()
		}
		n, mean = n+w, mean+w*low[i]
	}
	none := TwoClasses{Share: math.NaN(), Likelihood: math.NaN(), Gain: math.NaN()}
	if !(n > 0) || !(mean > 0) || math.IsInf(mean, 0) {
		return none
	}
	mean /= n
	b := binnedCounts{low, high, weight}
	_, oneLikelihood := b.maximise([]float64{math.Log(mean), 0}, func(p []float64) (TwoClasses, bool) {
		return TwoClasses{Means: [2]float64{math.Exp(p[0]), 1}, Thetas: [2]float64{math.Exp(p[1]), 1}}, true
	})
	best := none
	for _, share := range []float64{0.05, 0.2, 0.5} {
		start := []float64{math.Log(share / (1 - share)), math.Log(mean/2 + 0.1), math.Log(4*mean + 2), 0, 1}
		fit, likelihood := b.maximise(start, func(p []float64) (TwoClasses, bool) {
			f := TwoClasses{Share: expit(p[0]), Means: [2]float64{math.Exp(p[1]), math.Exp(p[2])},
				Thetas: [2]float64{math.Exp(p[3]), 1 + math.Exp(p[4])}}
			return f, f.Means[1] > f.Means[0]
		})
		if fit.Likelihood = likelihood; math.IsNaN(best.Likelihood) || likelihood > best.Likelihood {
			best = fit
		}
	}
	best.Gain = 2*(best.Likelihood-oneLikelihood) - 3*math.Log(n)
	return best
}

// binnedCounts are counts known to bins.
type binnedCounts struct{ low, high, weight []float64 }

func (b binnedCounts) likelihood(f TwoClasses) (sum float64) {
	for i, w := range b.weight {
		if w == 0 {
			continue
		}
		p := 0.0
		for k, share := range [2]float64{1 - f.Share, f.Share} {
			if share > 0 {
				p += share * countRange(b.low[i], b.high[i], math.Log(f.Means[k]), math.Log(f.Thetas[k]), NB2).p
			}
		}
		sum += w * math.Log(math.Max(p, 1e-300))
	}
	return sum
}

// maximise climbs from a start; read makes a fit of parameters, false outside their space.
func (b binnedCounts) maximise(start []float64, read func(p []float64) (TwoClasses, bool)) (TwoClasses, float64) {
	problem := optimize.Problem{Func: func(p []float64) float64 {
		f, ok := read(p)
		for _, v := range p {
			ok = ok && math.Abs(v) < 12
		}
		if !ok {
			return math.Inf(1)
		}
		return -b.likelihood(f)
	}}
	settings := &optimize.Settings{Converger: &optimize.FunctionConverge{Absolute: 1e-7, Iterations: 60},
		FuncEvaluations: 4000}
	result, err := optimize.Minimize(problem, start, settings, &optimize.NelderMead{})
	if result == nil || err != nil && math.IsInf(result.F, 0) {
		return TwoClasses{Share: math.NaN()}, math.NaN()
	}
	f, _ := read(result.X)
	return f, -result.F
}
