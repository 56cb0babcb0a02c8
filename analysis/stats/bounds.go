package stats

import (
	"math"
)

// Bounds is a partially identified share: data and assumptions place it in
// [Low, High] and no further. Outer is an interval that holds the share with the
// confidence Level, sampling included.
type Bounds struct {
	Low, High float64
	Outer     Interval
	Level     float64
	Method    string
	Warnings  []Warning
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
	b := Bounds{Low: low.Value, High: high.Value, Outer: Interval{math.NaN(), math.NaN()}, Level: level,
		Method:   "Manski bounds, Imbens-Manski interval",
		Warnings: append(append([]Warning(nil), low.Warnings...), high.Warnings...)}
	if b.High < b.Low {
		b.Warnings = append(b.Warnings, warning(BoundsCross, b.High, b.Low))
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
