package stats

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sample is one degenerate input: what 24 clusters or units bring, spoilt in one way.
type sample struct {
	name    string
	x, y    []float64 // 0 ≤ x ≤ y unless the name says otherwise
	cluster []int
	// unfit: a value is no finite number or a size is below 0. What follows may not look
	// like a result.
	unfit bool
	// nobody: no unit behind it.
	nobody bool
}

// samples are the inputs that every exported function is given.
func samples() []sample {
	plain := func(n int) sample {
		s := sample{}
		for i := range n {
			s.x, s.y = append(s.x, float64(1+i%5+i%3)), append(s.y, float64(10+i%7))
			s.cluster = append(s.cluster, i)
		}
		return s
	}
	var out []sample
	add := func(name string, n int, spoil func(s *sample)) {
		s := plain(n)
		s.name = name
		spoil(&s)
		out = append(out, s)
	}
	each := func(to *[]float64, v func(i int, old float64) float64) {
		for i, old := range *to {
			(*to)[i] = v(i, old)
		}
	}
	constant := func(v float64) func(int, float64) float64 { return func(int, float64) float64 { return v } }
	half := func(s *sample) int { return len(s.x) / 2 }

	add("plain", 24, func(*sample) {})
	add("empty", 0, func(s *sample) { s.nobody = true })
	add("one", 1, func(*sample) {})
	add("two", 2, func(*sample) {})
	add("one cluster", 24, func(s *sample) { clear(s.cluster) })
	add("two clusters", 24, func(s *sample) {
		for i := range s.cluster {
			s.cluster[i] = i % 2
		}
	})
	add("zeros", 24, func(s *sample) { clear(s.x) })
	add("all of them", 24, func(s *sample) { copy(s.x, s.y) })
	add("nobody", 24, func(s *sample) { clear(s.x); clear(s.y); s.nobody = true })
	add("ties", 24, func(s *sample) { each(&s.x, constant(0.3)); each(&s.y, constant(0.7)) })
	add("one group of zeros", 24, func(s *sample) { clear(s.x[half(s):]) })
	add("one group of nobody", 24, func(s *sample) { clear(s.x[half(s):]); clear(s.y[half(s):]) })
	add("weight in one cluster", 24, func(s *sample) {
		each(&s.x, func(i int, v float64) float64 { return v * math.Pow(1e6, indicator(i == 3)) })
		each(&s.y, func(i int, v float64) float64 { return v * math.Pow(1e6, indicator(i == 3)) })
	})
	add("weight 0 but for two", 24, func(s *sample) { clear(s.x[2:]); clear(s.y[2:]) })
	add("NaN in x", 24, func(s *sample) { s.x[4], s.unfit = math.NaN(), true })
	add("NaN in y", 24, func(s *sample) { s.y[4], s.unfit = math.NaN(), true })
	add("all NaN", 24, func(s *sample) {
		each(&s.x, constant(math.NaN()))
		each(&s.y, constant(math.NaN()))
		s.unfit = true
	})
	add("Inf in x", 24, func(s *sample) { s.x[4], s.unfit = math.Inf(1), true })
	add("Inf in y", 24, func(s *sample) { s.y[4], s.unfit = math.Inf(1), true })
	add("-Inf in x", 24, func(s *sample) { s.x[4], s.unfit = math.Inf(-1), true })
	add("below 0 in y", 24, func(s *sample) { s.y[4], s.unfit = -3, true })
	add("1e12", 24, func(s *sample) {
		each(&s.x, func(_ int, v float64) float64 { return v * 1e12 })
		each(&s.y, func(_ int, v float64) float64 { return v * 1e12 })
	})
	add("1e-300", 24, func(s *sample) {
		each(&s.x, func(_ int, v float64) float64 { return v * 1e-300 })
		each(&s.y, func(_ int, v float64) float64 { return v * 1e-300 })
	})
	add("1e300", 24, func(s *sample) {
		each(&s.x, func(_ int, v float64) float64 { return v * 1e300 })
		each(&s.y, func(_ int, v float64) float64 { return v * 1e300 })
	})
	add("1e8 ones", 24, func(s *sample) { each(&s.y, constant(1e8)) })
	return out
}

// design is a constant, a group of half of the rows, and a column of its own.
func (s sample) design() [][]float64 {
	x := make([][]float64, len(s.x))
	for i := range x {
		x[i] = []float64{1, indicator(i >= len(x)/2), float64(i%4) - 1.5}
	}
	return x
}

// zeros are as many zeros as the sample has rows.
func (s sample) zeros() []float64 { return make([]float64, len(s.x)) }

// apart splits the sample in two groups of clusters, zeros elsewhere.
func (s sample) apart() (x1, y1, x2, y2 []float64) {
	x1, y1, x2, y2 = s.zeros(), s.zeros(), s.zeros(), s.zeros()
	for i := range s.x {
		if i < len(s.x)/2 {
			x1[i], y1[i] = s.x[i], s.y[i]
		} else {
			x2[i], y2[i] = s.x[i], s.y[i]
		}
	}
	return x1, y1, x2, y2
}

// tables are life tables of three bins by cluster.
func (s sample) tables() []LifeTable {
	var out []LifeTable
	for i := range s.x {
		d, n := s.x[i], s.y[i]
		out = append(out, LifeTable{[]float64{1, 2, 3}, []float64{n, n - d/4, n - d/2}, []float64{d / 4, d / 4, d / 4}})
	}
	return out
}

func (s sample) competing() []CompetingTable {
	var out []CompetingTable
	for _, t := range s.tables() {
		half := make([]float64, len(t.Events))
		for k, d := range t.Events {
			half[k] = d / 2
		}
		out = append(out, CompetingTable{t.Time, t.AtRisk, [][]float64{half, half}})
	}
	return out
}

func (s sample) groups() []int {
	out := make([]int, len(s.x))
	for i := range out {
		out[i] = i * 3 / len(out)
	}
	return out
}

func (s sample) first() (x, y float64) {
	if len(s.x) == 0 {
		return math.NaN(), math.NaN()
	}
	at := min(4, len(s.x)-1)
	return s.x[at], s.y[at]
}

func (s sample) estimate() Estimate { return ClusterRatio(s.x, s.y, 0.95) }

// exercised calls every exported function of the package on a sample; a function is
// known by the name of its declaration.
var exercised = map[string]func(s sample) []any{
	"Autoregressive": func(s sample) []any { return []any{Autoregressive(s.x, s.design())} },
	"BenjaminiHochberg": func(s sample) []any {
		return []any{pvalues(BenjaminiHochberg(s.x))}
	},
	"Holm": func(s sample) []any { return []any{pvalues(Holm(s.x))} },
	"Binomial": func(s sample) []any {
		return []any{Binomial(s.x, s.y, s.design(), BinomialOptions{}),
			Binomial(s.x, s.y, s.design(), BinomialOptions{Link: CloglogLink, Cluster: s.cluster}),
			Binomial(s.x, s.y, s.design(), BinomialOptions{Cluster: s.cluster, Variance: CR1})}
	},
	"ClusterDifference":      func(s sample) []any { return []any{four(ClusterDifference, s)} },
	"ClusterRatioOfRatios":   func(s sample) []any { return []any{four(ClusterRatioOfRatios, s)} },
	"ClusterShareDifference": func(s sample) []any { return []any{four(ClusterShareDifference, s)} },
	"ClusterRatio":           func(s sample) []any { return []any{ClusterRatio(s.x, s.y, 0.95)} },
	"ClusterHeads":           func(s sample) []any { return []any{ClusterHeads(s.x, s.y, 0.95)} },
	"ClusterShare":           func(s sample) []any { return []any{ClusterShare(s.x, s.y, 0.95)} },
	"ClusterRatioWith": func(s sample) []any {
		var out []any
		for _, v := range []Variance{CR0, CR1, CR2, CR3} {
			for _, f := range []Freedom{SatterthwaiteEffect, SatterthwaiteIndependent, Classic} {
				out = append(out, ClusterRatioWith(s.x, s.y, RatioOptions{0.95, v, f, Identity, false, false}))
			}
		}
		return out
	},
	"ClusterRatioWithin": func(s sample) []any {
		e, h := ClusterRatio(s.x, s.y, 0.95), len(s.x)/2
		return []any{ClusterRatioWithin(e, []Stratum{{s.x[:h], s.y[:h]}, {s.x[h:], s.y[h:]}},
			RatioOptions{Level: 0.95, Transform: Log})}
	},
	"RandomEffects": func(s sample) []any {
		m := RandomEffects(s.x, s.y, 0.95, Identity)
		return []any{m.Mean, RandomEffects(s.x, s.y, 0.95, Logit).Mean}
	},
	"CompetingClusters": func(s sample) []any { return []any{CompetingClusters(s.competing(), 0.95)} },
	"CompetingTable.Incidence": func(s sample) []any {
		var out []any
		for _, t := range s.competing() {
			out = append(out, t.Incidence())
		}
		return out
	},
	"Counts": func(s sample) []any {
		var out []any
		ones := s.zeros()
		for i := range ones {
			ones[i] = 1
		}
		for _, d := range []CountData{
			{Low: s.x, High: s.x, X: s.design()},
			{Low: s.zeros(), High: s.y, X: s.design(), Cluster: s.cluster},
			{Low: ones, High: ones, X: s.design(), Weight: s.y, Cluster: s.cluster, Variance: CR1},
			{Low: s.x, High: s.x, X: s.design(), Offset: s.y},
		} {
			for _, m := range []CountModel{{Poisson, PlainZero}, {NB2, PlainZero}} {
				out = append(out, Counts(d, m).Regression)
			}
		}
		return out
	},
	"CountBin.Hanging": func(s sample) []any {
		if s.nobody {
			return nil
		}
		x, y := s.first()
		return []any{CountBin{0, 1, x, y}.Hanging()}
	},
	"CountFit.Fitness": func(s sample) []any {
		m := CountModel{Family: NB2}
		d := CountData{Low: s.x, High: s.x, X: s.design(), Weight: s.y}
		f := Counts(d, m).Fitness(d, m)
		return []any{f.ChiSquare, f.Misplaced}
	},
	"Exchangeable": func(s sample) []any {
		var out []any
		for _, v := range []Variance{CR0, CR1} {
			f := Exchangeable(s.x, s.y, s.design(), s.cluster, v)
			out = append(out, f.Regression)
			if len(f.Warnings) == 0 {
				out = append(out, f.Alpha, f.Phi)
			}
		}
		return out
	},
	"RandomIntercept": func(s sample) []any {
		f := RandomIntercept(s.x, s.y, s.design(), s.cluster)
		out := []any{f.Regression}
		if len(f.Warnings) == 0 {
			out = append(out, f.Sigma, f.SigmaSE, f.ICC)
		}
		return out
	},
	"FisherExact": func(s sample) []any {
		x, y, ok := s.countable()
		if !ok {
			return nil
		}
		zero := FisherExact(0, x, 0, y, 0.95)
		if s.nobody {
			return []any{zero.Test, zero.Odds}
		}
		e, end := FisherExact(x, y-x, y, x, 0.95), FisherExact(-1, x, y, 3, 0.95)
		return []any{zero.Test, zero.Odds, e.Test, e.Odds, end.Test, end.Odds}
	},
	"McNemar": func(s sample) []any {
		x, y, ok := s.countable()
		if !ok {
			return nil
		}
		e := McNemar(x, y, 0.95)
		if s.nobody {
			return []any{e.Test, e.Odds}
		}
		none, minus := McNemar(y, 0, 0.95), McNemar(-x, y, 0.95)
		return []any{e.Test, e.Odds, none.Test, none.Odds, minus.Test, minus.Odds}
	},
	"Kendall":        func(s sample) []any { return []any{Kendall(Crosstab{s.x, s.y}), Kendall(Crosstab{s.y})} },
	"Spearman":       func(s sample) []any { return []any{Spearman(Crosstab{s.x, s.y}), Spearman(nil)} },
	"DesignEffect":   func(s sample) []any { return []any{DesignEffect(s.y, s.share())} },
	"DiscreteHazard": func(s sample) []any { return []any{DiscreteHazard(s.x, s.y, s.design(), s.cluster, CR3)} },
	"EValue":         func(s sample) []any { return []any{partial(EValue(s.estimate()))} },
	"Estimate.HasInterval": func(s sample) []any {
		if e := s.estimate(); e.HasInterval() != (e.Level > 0) {
			return []any{math.Inf(1)}
		}
		return nil
	},
	"GiniClusters": func(s sample) []any { return []any{GiniClusters(s.y, s.x, s.ranks(), s.zeros(), 0.95)} },
	"GiniFromRanks": func(s sample) []any {
		x, y := s.first()
		return []any{GiniFromRanks(y, x, x*(y+1))}
	},
	"GradientClusters": func(s sample) []any {
		slope := func(g Gradient) float64 { return g.Slope }
		return []any{GradientClusters(s.groups(), nil, s.x, s.y, 3, slope, 0.95, Identity),
			GradientClusters(s.groups(), s.cluster, s.x, s.y, 3, slope, 0.95, Identity)}
	},
	"NewGradient":            func(s sample) []any { return []any{NewGradient(s.x, s.y)} },
	"Gradient.Erreygers":     func(s sample) []any { return []any{NewGradient(s.x, s.y).Erreygers(1)} },
	"Gradient.RelativeIndex": func(s sample) []any { return []any{NewGradient(s.x, s.y).RelativeIndex()} },
	"HistogramQuantile": func(s sample) []any {
		return []any{HistogramQuantile(binEdges, append(append([]float64{}, s.y...), make([]float64, 16)...)[:16], 0.5)}
	},
	"ICCOneWay": func(s sample) []any {
		squares := s.zeros()
		for i, v := range s.x {
			squares[i] = 2 * v * v
		}
		return []any{ICCOneWay(s.y, s.x, squares, 0.95)}
	},
	"Incidence": func(s sample) []any { return []any{Incidence(s.estimate())} },
	"FitTwoClasses": func(s sample) []any {
		f := FitTwoClasses(s.x, s.x, s.y)
		return []any{f.Share, f.Likelihood, f.Gain}
	},
	"JointTest": func(s sample) []any {
		f := s.without()
		return []any{JointTest(len(s.x), func(skip int) []float64 { return []float64{f(skip)} })}
	},
	"JackknifeClusters": func(s sample) []any {
		return []any{opaque(JackknifeClusters(len(s.x), s.without(), 0.95, Log))}
	},
	"JackknifeClustersWith": func(s sample) []any {
		strata := make([]int, len(s.x))
		for i := range strata {
			strata[i] = i % 2
		}
		return []any{opaque(JackknifeClustersWith(len(s.x), s.without(), JackknifeOptions{Level: 0.95, Sizes: s.y})),
			opaque(JackknifeClustersWith(len(s.x), s.without(), JackknifeOptions{Level: 0.95, Strata: strata}))}
	},
	"KaplanMeierClusters": func(s sample) []any { return []any{KaplanMeierClusters(s.tables(), 0.95)} },
	"LifeTable.Survival": func(s sample) []any {
		var out []any
		for _, t := range s.tables() {
			out = append(out, t.Survival())
		}
		return out
	},
	"Linear": func(s sample) []any {
		return []any{Linear(s.x, s.design(), LinearOptions{}),
			Linear(s.x, s.design(), LinearOptions{Weights: s.y, Cluster: s.cluster}),
			Linear(s.x, s.design(), LinearOptions{Weights: s.y, Cluster: s.cluster, Variance: CR2})}
	},
	"LogRank": func(s sample) []any {
		half, none := len(s.x)/2, []LifeTable{{[]float64{1, 2, 3}, make([]float64, 3), make([]float64, 3)}}
		pooled := []LifeTable{
			PoolLifeTables(append(none, s.tables()[:half]...)), PoolLifeTables(append(none, s.tables()[half:]...)),
		}
		return []any{LogRank(pooled).Test, LogRank(s.tables()[:min(1, len(s.x))]).Test}
	},
	"LogRankClusters": func(s sample) []any {
		a, b := s.tables(), s.tables()
		for i := range a {
			of := a
			if i < len(a)/2 {
				of = b
			}
			of[i] = LifeTable{of[i].Time, make([]float64, 3), make([]float64, 3)}
		}
		return []any{LogRankClusters(a, b)}
	},
	"ManskiBounds": func(s sample) []any { return []any{ManskiBounds(s.estimate(), s.estimate(), 0.95)} },
	"Standardised": func(s sample) []any {
		r := Binomial(s.x, s.y, s.design(), BinomialOptions{Cluster: s.cluster})
		return []any{Standardised(r, LogitLink, set(s.design(), 1, 1), nil, s.y, nil, 0.95),
			Standardised(r, LogitLink, set(s.design(), 1, 1), set(s.design(), 1, 0), s.y, nil, 0.95)}
	},
	"NoiseVariance": func(s sample) []any {
		r := Binomial(s.x, s.y, s.design(), BinomialOptions{Cluster: s.cluster})
		return []any{NoiseVariance(r, LogitLink, s.design(), s.y, s.y)}
	},
	"Regression.Without": func(s sample) []any {
		return []any{Binomial(s.x, s.y, s.design(), BinomialOptions{Cluster: s.cluster}).Without(2)}
	},
	"Regression.Jackknife": func(s sample) []any {
		fit := func(left int) Regression {
			y := append([]float64(nil), s.y...)
			x := append([]float64(nil), s.x...)
			for i, c := range s.cluster {
				if c == left {
					x[i], y[i] = 0, 0
				}
			}
			return Binomial(x, y, s.design(), BinomialOptions{Cluster: s.cluster})
		}
		r := fit(-1)
		r.Jackknife(s.cluster, fit)
		return []any{r}
	},
	"Regression.Joint": func(s sample) []any {
		r := Linear(s.x, s.design(), LinearOptions{Weights: s.y, Cluster: s.cluster})
		return []any{r.Joint(nil), r.Joint([]int{1, 2}[:min(2, len(r.Coef))])}
	},
	"NeweyWest": func(s sample) []any {
		return []any{NeweyWest(s.x, s.design(), -1), NeweyWest(s.x, s.design(), 3)}
	},
	"PoolLifeTables": func(s sample) []any { return []any{PoolLifeTables(s.tables()).Survival()} },
	"Detectable": func(s sample) []any {
		x, y := s.first()
		return []any{Detectable(x, y, 0.05, 0.8), Detectable(y, x, 0.05, 0.8)}
	},
	"Regression.Coefficient": func(s sample) []any {
		r := Linear(s.x, s.design(), LinearOptions{Weights: s.y, Cluster: s.cluster})
		return []any{r.Coefficient(0, 0.95), r.Coefficient(1, 0.95)}
	},
	"Regression.Ratio": func(s sample) []any {
		r := Binomial(s.x, s.y, s.design(), BinomialOptions{Cluster: s.cluster})
		return []any{r.Ratio(0, 0.95), r.Ratio(1, 0.95)}
	},
	"Regression.Combination": func(s sample) []any {
		r := Binomial(s.x, s.y, s.design(), BinomialOptions{Cluster: s.cluster})
		return []any{r.Combination([]float64{1, 1, 0}, 0.95)}
	},
	"SegmentedRegression": func(s sample) []any {
		return []any{SegmentedRegression(s.x, Segments{Breaks: []int{10}, Lag: -1}).Regression,
			SegmentedRegression(s.x, Segments{Breaks: []int{10}, Autoregressive: true}).Regression}
	},
	"SegmentedFit.LevelAt": func(s sample) []any { return nil }, // an index of a coefficient, from no data
	"SegmentedFit.SlopeAt": func(s sample) []any { return nil },
	"StandardizedDifference": func(s sample) []any {
		var arms [2]Moments
		for i, v := range s.x {
			if s.y[i] < 0 {
				return nil // sums do not show it
			}
			m := &arms[i%2]
			m.N, m.Sum, m.Squares = m.N+s.y[i], m.Sum+s.y[i]*v, m.Squares+s.y[i]*v*v
		}
		return []any{StandardizedDifference(arms[0], arms[1])}
	},
	"TheilBetween": func(s sample) []any { return []any{TheilBetween(s.y, s.x)} },
	"TheilSums":    func(s sample) []any { return []any{TheilSums(s.y, s.x, s.ranks())} },
	"TopShareClusters": func(s sample) []any {
		return []any{TopShareClusters(halves(s.x), s.x, halves(s.y), s.y, 2, 0.95)}
	},
	"WaldTest": func(s sample) []any {
		return []any{WaldTest(s.estimate(), 1, Log), WaldTest(s.estimate(), 0, Identity)}
	},
	"Wilson": func(s sample) []any {
		x, y := s.first()
		if !(x >= 0 && x <= y && y < 1e15) { // the count of a caller that cannot count
			return nil
		}
		if s.nobody {
			return []any{Wilson(int(x), int(y), 0.95)}
		}
		return []any{Wilson(int(x), int(y), 0.95), Wilson(0, 100_000_000, 0.95), Wilson(100_000_000, 100_000_000, 0.95)}
	},
}

// pvalues are p-values, of which those that are no number stay so.
type pvalues []float64

// partial is an estimate of which Low alone is known.
type partial Estimate

// opaque is an estimate of a functional that alone knows whether its data are sound.
type opaque Estimate

// share is an intraclass correlation that is no number when a value of x is none.
func (s sample) share() float64 { return 0.1 + 0*total(s.x) }

// countable gives the first pair as counts; false of what a caller cannot count.
func (s sample) countable() (x, y int, ok bool) {
	a, b := s.first()
	if s.nobody {
		return 0, 0, true
	}
	return int(a), int(b), a >= 0 && a <= b && b < 1e15
}

func halves(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v / 2
	}
	return out
}

func (s sample) ranks() []float64 {
	out := s.zeros()
	for i, v := range s.x {
		out[i] = v * (total(s.y) + 1)
	}
	return out
}

// without is Σx/Σy without a cluster.
func (s sample) without() func(skip int) float64 {
	return func(skip int) float64 {
		x, y := 0.0, 0.0
		for i := range s.x {
			if i != skip {
				x, y = x+s.x[i], y+s.y[i]
			}
		}
		return x / y
	}
}

func four(f func(x1, y1, x2, y2 []float64, level float64) Estimate, s sample) Estimate {
	x1, y1, x2, y2 := s.apart()
	return f(x1, y1, x2, y2, 0.95)
}

// silent says what is wrong with a result that carries no doubt, "" when nothing is.
func silent(v any, s sample) string {
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	switch r := v.(type) {
	case Estimate:
		return silentEstimate(r, s)
	case partial:
		if !finite(r.Value) && len(r.Warnings) == 0 {
			return fmt.Sprintf("%v without a warning", r.Value)
		}
	case opaque:
		s.unfit = false
		return silentEstimate(Estimate(r), s)
	case []Estimate:
		for _, e := range r {
			if fault := silentEstimate(e, s); fault != "" {
				return fault
			}
		}
	case [][]Estimate:
		for _, e := range r {
			if fault := silent(e, s); fault != "" {
				return fault
			}
		}
	case Regression:
		return silentRegression(r)
	case Test:
		switch {
		case !(r.P >= 0 && r.P <= 1) && len(r.Warnings) == 0:
			return fmt.Sprintf("p %v without a warning", r.P)
		case math.IsInf(r.Statistic, 0):
			return fmt.Sprintf("statistic %v", r.Statistic)
		case s.nobody && !math.IsNaN(r.P):
			return fmt.Sprintf("p %v of nobody", r.P)
		}
	case Correlation:
		if math.IsNaN(r.Value) && len(r.Warnings) == 0 || math.Abs(r.Value) > 1+1e-9 {
			return fmt.Sprintf("correlation %v without a warning", r.Value)
		}
		return silent(r.Test, s)
	case Bounds:
		if !(finite(r.Low) && finite(r.High)) && len(r.Warnings) == 0 {
			return fmt.Sprintf("[%v, %v] without a warning", r.Low, r.High)
		}
	case Interval:
		if s.nobody && !math.IsNaN(r.Low) || math.IsInf(r.Low, 0) {
			return fmt.Sprintf("[%v, %v] of nobody", r.Low, r.High)
		}
	case pvalues:
		for _, p := range r {
			if p < 0 || p > 1 {
				return fmt.Sprintf("p %v", p)
			}
		}
	case float64:
		if math.IsInf(r, 0) {
			return fmt.Sprint(r)
		}
		if s.nobody && !math.IsNaN(r) {
			return fmt.Sprintf("%v of nobody", r)
		}
		if s.unfit && !math.IsNaN(r) {
			return fmt.Sprintf("%v of what is no number", r)
		}
	case []float64, [][]float64, Gradient, TheilParts:
		if strings.Contains(fmt.Sprint(r), "Inf") {
			return fmt.Sprint(r)
		}
	default:
		return "no rule for " + reflect.TypeOf(v).String()
	}
	return ""
}

func silentEstimate(e Estimate, s sample) string {
	switch {
	case math.IsInf(e.Value, 0):
		return fmt.Sprintf("value %v", e.Value)
	case s.nobody && !math.IsNaN(e.Value):
		return fmt.Sprintf("value %v of nobody", e.Value)
	case s.unfit && !math.IsNaN(e.Value) && len(e.Warnings) == 0:
		return fmt.Sprintf("value %v of what is no number", e.Value)
	case e.HasInterval() && !(e.Low < e.High && !math.IsInf(e.Low, 0) && !math.IsInf(e.High, 0)):
		return fmt.Sprintf("interval [%v, %v]", e.Low, e.High)
	case !e.HasInterval() && len(e.Warnings) == 0:
		return fmt.Sprintf("value %v, no interval and no warning", e.Value)
	case !e.HasInterval() && !(math.IsNaN(e.Low) && math.IsNaN(e.High)):
		return fmt.Sprintf("no level, but [%v, %v]", e.Low, e.High)
	}
	return ""
}

func silentRegression(r Regression) string {
	if len(r.Warnings) > 0 {
		return ""
	}
	for i, b := range r.Coef {
		if math.IsNaN(b) || math.IsInf(b, 0) || !(r.SE[i] > 0) || math.IsInf(r.SE[i], 0) || !(r.DF[i] > 0) {
			return fmt.Sprintf("coefficient %d is %v ± %v on %v without a warning", i, b, r.SE[i], r.DF[i])
		}
	}
	return ""
}

// exported lists the exported functions and methods of the package by name, but for
// what only names a value.
func exported(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Name.Name == "String" {
				continue
			}
			name := f.Name.Name
			if f.Recv != nil {
				of := f.Recv.List[0].Type
				if star, ok := of.(*ast.StarExpr); ok {
					of = star.X
				}
				name = of.(*ast.Ident).Name + "." + name
				if !ast.IsExported(name) {
					continue
				}
			}
			out = append(out, name)
		}
	}
	return out
}

// Every exported function, on every degenerate input, gives a value or a doubt with its
// code, within a second: no number that looks like a result and is none, no panic but
// that of a caller's fault, no hang.
func TestNoSilentNumber(t *testing.T) {
	names := exported(t)
	for _, name := range names {
		if exercised[name] == nil {
			t.Errorf("%s is exported and no degenerate input is tried on it", name)
		}
	}
	if len(names) != len(exercised) {
		t.Errorf("%d functions are tried, %d are exported", len(exercised), len(names))
	}
	for _, name := range names {
		f := exercised[name]
		if f == nil {
			continue
		}
		for _, s := range samples() {
			if fault := tried(f, s); fault != "" {
				t.Errorf("%s of %q: %s", name, s.name, fault)
			}
		}
	}
}

// tried calls f on s and says what is wrong with what comes.
func tried(f func(s sample) []any, s sample) string {
	done := make(chan string, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- fmt.Sprintf("panic: %v", r)
			}
		}()
		for _, v := range f(s) {
			if fault := silent(v, s); fault != "" {
				done <- fault
				return
			}
		}
		done <- ""
	}()
	select {
	case fault := <-done:
		return fault
	case <-time.After(time.Second):
		return "no answer within a second"
	}
}

// A row of weight 0 is no row: what is fitted with it is what is fitted without it, also
// when its cluster has no other.
func TestWeightZeroIsNobody(t *testing.T) {
	plain := samples()[0]
	spoilt := plain
	for range 3 {
		spoilt.x, spoilt.y = append(spoilt.x, 0), append(spoilt.y, 0)
		spoilt.cluster = append(spoilt.cluster, len(spoilt.cluster))
	}
	x := append(plain.design(), []float64{1, 1, 7}, []float64{1, 0, -7}, []float64{1, 1, 70})
	same := func(name string, a, b Regression) {
		t.Helper()
		nearAll(t, name, append(append(a.Coef, a.SE...), a.DF...), append(append(b.Coef, b.SE...), b.DF...))
		if a.N != b.N || a.Clusters != b.Clusters {
			t.Errorf("%s: %d units in %d clusters, want %d in %d", name, a.N, a.Clusters, b.N, b.Clusters)
		}
	}
	same("linear", Linear(spoilt.x, x, LinearOptions{Weights: spoilt.y, Cluster: spoilt.cluster}),
		Linear(plain.x, plain.design(), LinearOptions{Weights: plain.y, Cluster: plain.cluster}))
	same("binomial", Binomial(spoilt.x, spoilt.y, x, BinomialOptions{Cluster: spoilt.cluster}),
		Binomial(plain.x, plain.y, plain.design(), BinomialOptions{Cluster: plain.cluster}))
	counts := func(s sample, x [][]float64) Regression {
		return Counts(CountData{Low: s.x, High: s.x, X: x, Weight: s.y, Cluster: s.cluster}, CountModel{}).Regression
	}
	same("counts", counts(spoilt, x), counts(plain, plain.design()))
	for name, f := range map[string]func(x, y []float64, level float64) Estimate{
		"ratio": ClusterRatio, "share": ClusterShare} {
		if a, b := f(spoilt.x, spoilt.y, 0.95), f(plain.x, plain.y, 0.95); a.Low != b.Low || a.Clusters != b.Clusters {
			t.Errorf("%s: %+v, want %+v", name, a, b)
		}
	}
}
