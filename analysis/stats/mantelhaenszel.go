package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Table2 is one 2×2 table: A exposed cases, B exposed non-cases, C unexposed
// cases, D unexposed non-cases.
type Table2 struct{ A, B, C, D float64 }

// Test is a test statistic with its degrees of freedom and p-value.
type Test struct {
	Statistic, DF, P float64
	Method           string
	Warnings         []Warning
}

func chiSquared(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return distuv.ChiSquared{K: df}.Survival(x)
}

// MantelHaenszel is the common odds ratio over strata, ΣAD/n / ΣBC/n, with the
// variance of Robins, Breslow & Greenland 1986 (Biometrics 42) on the log scale.
// Empty strata are ignored. Units of a stratum are taken as independent; for
// clusters use [JackknifeClusters] on it.
func MantelHaenszel(strata []Table2, level float64) Estimate {
	var r, s, pr, prqs, qs float64
	e := Estimate{DF: math.Inf(1), Method: "Mantel-Haenszel odds ratio, RBG"}
	for _, t := range strata {
		if !e.sound(of([]float64{t.A, t.B, t.C, t.D})) {
			return e
		}
		n := t.A + t.B + t.C + t.D
		if n == 0 {
			continue
		}
		e.N += int(n)
		ri, si := t.A*t.D/n, t.B*t.C/n
		p, q := (t.A+t.D)/n, (t.B+t.C)/n
		r, s = r+ri, s+si
		pr, prqs, qs = pr+p*ri, prqs+p*si+q*ri, qs+q*si
	}
	e.Value = number(r / s)
	e.SE = e.Value * math.Sqrt(pr/(2*r*r)+prqs/(2*r*s)+qs/(2*s*s))
	e.deltaInterval(level, Log)
	return e
}
