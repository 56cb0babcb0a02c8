package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// MinClusters is the number of clusters below which no interval is given: the
// estimate of a variance from fewer than ten draws is not worth printing.
const MinClusters = 10

// fewClusters is the number below which a CR1 variance is known to be too small;
// methods that have no better one warn.
const fewClusters = 40

// Estimate is a number and its doubt. Without an interval Low and High are NaN
// and Level is 0, and a warning says why.
type Estimate struct {
	Value     float64
	Low, High float64
	// Level is the confidence level of [Low, High], 0 when there is none.
	Level float64
	// N counts the units behind the value where the method knows them, else 0.
	N int
	// Clusters counts the clusters that contributed.
	Clusters int
	// DF is the degrees of freedom of the t quantile, +Inf for a normal one.
	DF float64
	// Method names the estimator, its variance and its interval.
	Method   string
	Warnings []Warning
	// SE is the standard error on the scale of Value, NaN when unknown.
	SE float64
	// skewness is what the interval takes away by Hall's transformation where it is skewed, and
	// a test with it.
	skewness float64
	skewed   bool
}

// HasInterval reports whether e carries an interval.
func (e Estimate) HasInterval() bool { return e.Level > 0 }

func (e *Estimate) warn(c Code, params ...any) {
	e.Warnings = append(e.Warnings, warning(c, params...))
}

// noInterval removes the interval of e.
func (e *Estimate) noInterval() {
	e.Low, e.High, e.Level = math.NaN(), math.NaN(), 0
}

// Transform is the scale on which an interval is symmetric.
type Transform int

// Transforms. An interval built on the log scale stays above 0, one on the
// logit or the log-log scale (log(-log v), for survival) inside (0, 1), and one on
// the Fisher scale (atanh) inside (-1, 1).
const (
	Identity Transform = iota
	Log
	Logit
	Fisher
	LogLog
)

// String names the transform.
func (t Transform) String() string {
	return [...]string{"identity", "log", "logit", "Fisher", "log-log"}[t]
}

// forward maps v to the scale of t.
func (t Transform) forward(v float64) float64 {
	switch t {
	case Log:
		return math.Log(v)
	case Logit:
		return math.Log(v) - math.Log1p(-v)
	case Fisher:
		return math.Atanh(v)
	case LogLog:
		return math.Log(-math.Log(v))
	}
	return v
}

// back is the inverse of forward.
func (t Transform) back(v float64) float64 {
	switch t {
	case Log:
		return math.Exp(v)
	case Logit:
		return expit(v)
	case Fisher:
		return math.Tanh(v)
	case LogLog:
		return math.Exp(-math.Exp(v))
	}
	return v
}

// slope is the derivative of forward at v.
func (t Transform) slope(v float64) float64 {
	switch t {
	case Log:
		return 1 / v
	case Logit:
		return 1 / (v * (1 - v))
	case Fisher:
		return 1 / (1 - v*v)
	case LogLog:
		return 1 / (v * math.Log(v))
	}
	return 1
}

// inside reports whether v is interior to the domain of t.
func (t Transform) inside(v float64) bool {
	switch t {
	case Log:
		return v > 0
	case Logit, LogLog:
		return v > 0 && v < 1
	case Fisher:
		return v > -1 && v < 1
	}
	return !math.IsNaN(v) && !math.IsInf(v, 0)
}

func expit(v float64) float64 {
	if v < 0 {
		e := math.Exp(v)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-v))
}

// deltaInterval sets the interval of e by the delta method: symmetric on the
// scale of t, with a t quantile on e.DF degrees of freedom.
//
//	back(forward(v) ± t_{1-α/2, df} · SE · |forward'(v)|)
//
// A value on the edge of the transform's domain gets no interval here; callers
// that have a better answer (a share of 0) give it before.
func (e *Estimate) deltaInterval(level float64, t Transform) {
	e.intervalBy(level, t, func(q float64) float64 { return q })
}

// intervalBy is deltaInterval with its quantiles moved: quantile turns one of t into
// one of the error of e in standard errors, on the scale of t.
func (e *Estimate) intervalBy(level float64, t Transform, quantile func(q float64) float64) {
	// an error within rounding of 0 is none: units alike tell nothing of others
	if !t.inside(e.Value) || !(e.SE > 1e-13*math.Abs(e.Value)) || !(e.DF > 0) || math.IsInf(e.SE, 0) {
		e.warn(NoScale, e.Value, e.SE, t)
		e.Value = number(e.Value)
		e.noInterval()
		return
	}
	q := tQuantile(0.5+level/2, e.DF)
	at, step := t.forward(e.Value), e.SE*t.slope(e.Value)
	low, high := t.back(at-step*quantile(q)), t.back(at-step*quantile(-q))
	if low == high || !fit(low) || !fit(high) { // the scale ends before the interval does
		e.warn(NoScale, e.Value, e.SE, t)
		e.noInterval()
		return
	}
	e.Low, e.High, e.Level = math.Min(low, high), math.Max(low, high), level
}

// widened sets the interval of e with its standard error times factor, SE itself
// unchanged.
func (e *Estimate) widened(factor, level float64, t Transform) {
	se := e.SE
	e.SE *= factor
	e.deltaInterval(level, t)
	e.SE = se
}

// tQuantile is the quantile of Student's t; df = +Inf is the normal.
func tQuantile(p, df float64) float64 {
	if math.IsInf(df, 1) || df > 1e8 {
		return distuv.UnitNormal.Quantile(p)
	}
	return distuv.StudentsT{Sigma: 1, Nu: df}.Quantile(p)
}

// checkLevel panics unless 0 < level < 1.
func checkLevel(level float64) {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("stats: confidence level %v is not inside (0, 1)", level))
	}
}

// checkLengths panics unless all lengths are equal.
func checkLengths(n int, more ...int) {
	for _, m := range more {
		if m != n {
			panic(fmt.Sprintf("stats: slices of length %d and %d", n, m))
		}
	}
}

// enough warns and removes the interval of e when it has too few clusters; it
// reports whether an interval may follow.
func (e *Estimate) enough() bool {
	if e.Clusters >= MinClusters {
		return true
	}
	e.noInterval()
	e.warn(FewClusters, e.Clusters, MinClusters)
	return false
}

// tSurvival is P(T > x) of Student's t, NaN without degrees of freedom.
func tSurvival(x, df float64) float64 {
	if !(df > 0) || math.IsNaN(x) {
		return math.NaN()
	}
	if math.IsInf(df, 1) {
		return distuv.UnitNormal.Survival(x)
	}
	return distuv.StudentsT{Sigma: 1, Nu: df}.Survival(x)
}
