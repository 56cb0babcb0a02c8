package report

import (
	"math"

	"github.com/entscope/entscope/analysis/wording"
)

// text is x with its unit.
func (u unit) text(l lang, x float64) string {
	switch {
	case u.percent:
		return u.bare(l, x) + l.T(" %", "%")
	case u.points:
		return u.bare(l, x) + l.T(wording.NBSP, " ") + u.pointsOf(l, x)
	case u.times:
		return "×" + wording.NBSP + u.bare(l, x)
	}
	return u.bare(l, x)
}

// pointsOf is the word after x: French has the plural from 2, English for all but 1.
func (u unit) pointsOf(l lang, x float64) string {
	least := math.Pow(10, float64(u.decimals))
	switch shown := math.Round(math.Abs(x) * least); {
	case shown == least:
		return "point"
	case shown < 2*least:
		return l.T("point", "points")
	}
	return "points"
}

// bare is text without the unit, for the bounds of an interval: the decimals that are
// published, of a rate two significant digits at least.
func (u unit) bare(l lang, x float64) string {
	least := 0
	if !u.percent && !u.points {
		switch size := math.Abs(x); {
		case size < 1:
			least = 2
		case size < 10:
			least = 1
		}
	}
	decimals := u.decimals
	for decimals > least && near(x*math.Pow(10, float64(decimals-1))) {
		decimals--
	}
	return l.Number(x, decimals)
}

// tick writes a mark of a scale.
func (u unit) tick(l lang) func(float64) string {
	return func(m float64) string {
		if u.percent {
			return u.text(l, m)
		}
		decimals := 0
		for d := 1.0; decimals < 2 && math.Abs(m*d-math.Round(m*d)) > 1e-6; d *= 10 {
			decimals++
		}
		return l.Number(m, decimals)
	}
}

// near reports whether x is a whole number, noise of binary fractions apart.
func near(x float64) bool { return math.Abs(x-math.Round(x)) < 1e-6 }
