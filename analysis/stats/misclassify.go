package stats

import (
	"fmt"
	"math"
)

// RoganGladen corrects an apparent share for a detector of known sensitivity and
// specificity: (p + Sp − 1)/(Se + Sp − 1), cut to [0, 1]. The interval is that of p
// put through the same line, so it holds Se and Sp as certain and takes p's own
// method and clusters. Se + Sp ≤ 1 (a detector no better than chance) gives NaN; a
// cut warns. Source: Rogan & Gladen 1978 (Am. J. Epidemiol. 107).
func RoganGladen(p Estimate, sensitivity, specificity float64) Estimate {
	j := sensitivity + specificity - 1
	e := p
	e.Warnings = append([]string(nil), p.Warnings...)
	e.Method = "Rogan-Gladen, " + p.Method
	if !(j > 0) {
		e.Value, e.SE = math.NaN(), math.NaN()
		e.noInterval()
		e.warn("sensitivity %v and specificity %v: no better than chance", sensitivity, specificity)
		return e
	}
	raw := (p.Value + specificity - 1) / j
	line := func(v float64) float64 { return math.Min(1, math.Max(0, (v+specificity-1)/j)) }
	e.Value, e.Low, e.High, e.SE = line(p.Value), line(p.Low), line(p.High), p.SE/j
	if raw != e.Value {
		e.warn("corrected share %.4g cut to %v: specificity %v does not fit the data", raw, e.Value, specificity)
	}
	return e
}

// Bounds is a partially identified share: data and assumptions place it in
// [Low, High] and no further. Outer is an interval that holds the share with the
// confidence Level, sampling included.
type Bounds struct {
	Low, High float64
	Outer     Interval
	Level     float64
	Method    string
	Warnings  []string
}

// ManskiBounds joins an estimate of the lower and one of the upper end of a
// partially identified share (units certainly in, units possibly in). Outer is Imbens
// & Manski's interval for the share itself, low − c·SE_low to high + c·SE_high with
//
//	Φ(c + (high−low)/max(SE)) − Φ(−c) = level
//
// so that it is a usual interval when the ends meet and one-sided at each end when
// they are apart. c is scaled to the t quantile of the smaller degrees of freedom. An
// end without standard error leaves Outer NaN.
//
// Source: Manski 1989, 2003; Imbens & Manski 2004 (Econometrica 72).
func ManskiBounds(low, high Estimate, level float64) Bounds {
	checkLevel(level)
	b := Bounds{Low: low.Value, High: high.Value, Outer: Interval{math.NaN(), math.NaN()}, Level: level, Method: "Manski bounds, Imbens-Manski interval",
		Warnings: append(append([]string(nil), low.Warnings...), high.Warnings...)}
	if b.High < b.Low {
		b.Warnings = append(b.Warnings, fmt.Sprintf("upper end %.4g below lower end %.4g", b.High, b.Low))
	}
	se := math.Max(low.SE, high.SE)
	if !low.HasInterval() || !high.HasInterval() || math.IsNaN(se) {
		b.Level = 0
		return b
	}
	width := math.Max(0, b.High-b.Low) / se
	normal := func(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }
	lo, hi := 0.0, 10.0
	for range 100 {
		c := (lo + hi) / 2
		if normal(c+width)-normal(-c) < level {
			lo = c
		} else {
			hi = c
		}
	}
	df := math.Min(low.DF, high.DF)
	c := tQuantile(normal((lo+hi)/2), df)
	b.Outer = Interval{math.Max(0, b.Low-c*low.SE), math.Min(1, b.High+c*high.SE)}
	return b
}

// MissingBounds are the worst-case bounds of a share when x of the n units seen are
// in and missing others were not seen: all of them out, or all in. They assume
// nothing of who answers. Source: Manski 1989 (J. Human Resources 24).
func MissingBounds(x, n, missing float64) Interval {
	return Interval{x / (n + missing), (x + missing) / (n + missing)}
}
