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
	Warnings         []string
}

func chiSquared(x, df float64) float64 {
	if x <= 0 {
		return 1
	}
	return distuv.ChiSquared{K: df}.Survival(x)
}

// OddsRatio is AD/BC with Woolf's interval on the log scale, variance
// 1/A + 1/B + 1/C + 1/D. A zero cell adds ½ to every cell (Haldane–Anscombe) and
// warns. Source: Woolf 1955.
func (t Table2) OddsRatio(level float64) Estimate {
	e := Estimate{N: int(t.A + t.B + t.C + t.D), DF: math.Inf(1), Method: "odds ratio, Woolf"}
	if t.A*t.B*t.C*t.D == 0 {
		t = Table2{t.A + 0.5, t.B + 0.5, t.C + 0.5, t.D + 0.5}
		e.warn("a cell of %d units is 0: 0.5 added to each", e.N)
	}
	e.Value = t.A * t.D / (t.B * t.C)
	e.SE = e.Value * math.Sqrt(1/t.A+1/t.B+1/t.C+1/t.D)
	e.deltaInterval(level, Log)
	return e
}

// RiskRatio is A/(A+B) over C/(C+D) with the interval of Katz et al. 1978 on the
// log scale. A zero A or C gives no interval.
func (t Table2) RiskRatio(level float64) Estimate {
	n1, n0 := t.A+t.B, t.C+t.D
	e := Estimate{Value: t.A / n1 / (t.C / n0), N: int(n1 + n0), DF: math.Inf(1), Method: "risk ratio, Katz"}
	e.SE = e.Value * math.Sqrt(1/t.A-1/n1+1/t.C-1/n0)
	if t.A == 0 || t.C == 0 {
		e.SE = math.NaN()
	}
	e.deltaInterval(level, Log)
	return e
}

// MantelHaenszel is the common odds ratio over strata, ΣAD/n / ΣBC/n, with the
// variance of Robins, Breslow & Greenland 1986 (Biometrics 42) on the log scale.
// Empty strata are ignored. Units of a stratum are taken as independent; for
// clusters use [JackknifeClusters] on it.
func MantelHaenszel(strata []Table2, level float64) Estimate {
	var r, s, pr, prqs, qs float64
	e := Estimate{DF: math.Inf(1), Method: "Mantel-Haenszel odds ratio, RBG"}
	for _, t := range strata {
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
	e.Value = r / s
	e.SE = e.Value * math.Sqrt(pr/(2*r*r)+prqs/(2*r*s)+qs/(2*s*s))
	e.deltaInterval(level, Log)
	return e
}

// MantelHaenszelRate is the common rate ratio over strata of a events in s
// exposed units of time against b events in t unexposed ones,
// Σa·t/(s+t) / Σb·s/(s+t), with the variance of Greenland & Robins 1985
// (Biometrics 41) on the log scale. It is also the estimate of a self-controlled
// comparison with one stratum per subject.
func MantelHaenszelRate(a, s, b, t []float64, level float64) Estimate {
	checkLengths(len(a), len(s), len(b), len(t))
	var up, down, v float64
	e := Estimate{DF: math.Inf(1), Method: "Mantel-Haenszel rate ratio"}
	for i := range a {
		m := s[i] + t[i]
		if m == 0 {
			continue
		}
		up, down = up+a[i]*t[i]/m, down+b[i]*s[i]/m
		v += (a[i] + b[i]) * s[i] * t[i] / (m * m)
		e.N += int(a[i] + b[i])
	}
	e.Value = up / down
	e.SE = e.Value * math.Sqrt(v/(up*down))
	e.deltaInterval(level, Log)
	return e
}

// CochranMantelHaenszel tests that the odds ratio is 1 in every stratum,
// (|Σ(A − E)| − c)²/ΣV with c = ½ when corrected. Source: Mantel & Haenszel 1959
// (JNCI 22).
func CochranMantelHaenszel(strata []Table2, corrected bool) Test {
	var d, v float64
	for _, t := range strata {
		n := t.A + t.B + t.C + t.D
		if n < 2 {
			continue
		}
		e, c := t.A+t.B, t.A+t.C
		d += t.A - e*c/n
		v += e * (n - e) * c * (n - c) / (n * n * (n - 1))
	}
	d = math.Abs(d)
	if corrected {
		d = math.Max(0, d-0.5)
	}
	x := d * d / v
	return Test{Statistic: x, DF: 1, P: chiSquared(x, 1), Method: "Cochran-Mantel-Haenszel"}
}
