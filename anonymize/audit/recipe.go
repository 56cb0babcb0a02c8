package audit

import (
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// Recipe says what a published figure is made of, as the catalogue of questions declares it:
// a rule, shared as data. The arithmetic is the audit's own.
type Recipe struct {
	Question, Measure string
	// Kind is share, event_share, rate, ratio and so on; Estimator names the form, "" is Σx/Σy.
	Kind, Estimator string
	// Sources are measures of the edition's sums, in the order that the form expects.
	Sources []string
	// Curve is a life table, read at At steps or where a share Quantile of the units is reached.
	Curve        string
	At, Quantile float64
	Shift        float64
	// Apart says that it is made of another table than the sums and the life tables.
	Apart bool
}

// rate reports whether a figure is rounded as a number, and not as a share or a difference of shares.
func (r Recipe) rate() bool {
	return !slices.Contains([]string{"share", "event_share", "gap", "bounds"}, r.Kind)
}

// byMeasure finds recipes by question and measure.
func byMeasure(recipes []Recipe) map[string]Recipe {
	out := map[string]Recipe{}
	for _, r := range recipes {
		out[r.Question+"."+r.Measure] = r
	}
	return out
}

// moments are Σx, Σy and Σx² of one cell of the edition over its clusters.
type moments struct{ x, y, xx float64 }

func (t moments) plus(r edition.SumRow) moments {
	return moments{t.x + float64(r.Numerator), t.y + float64(r.Denom), t.xx + float64(r.SumXX)}
}

func (t moments) rate() float64 { return t.x / t.y }

// standard is the difference of the means of two arms, in pooled standard deviations.
func standard(a, b moments) float64 {
	variance := func(t moments) float64 { return (t.xx - t.x*t.x/t.y) / (t.y - 1) }
	return math.Abs(a.rate()-b.rate()) / math.Sqrt((variance(a)+variance(b))/2)
}

// forms are what the audit computes again from totals; group is the value of a table that is
// not by group of persons (a week, a covariate, a pair of forms).
var forms = map[string]func(r Recipe, group string, of func(source string) moments) float64{
	"": func(r Recipe, _ string, of func(string) moments) float64 { return of(r.Sources[0]).rate() },
	"mean": func(r Recipe, _ string, of func(string) moments) float64 {
		return of(r.Sources[0]).rate() + r.Shift
	},
	"rate_ratio": func(r Recipe, _ string, of func(string) moments) float64 { return of(r.Sources[0]).rate() },
	"share_gap": func(r Recipe, _ string, of func(string) moments) float64 {
		return of(r.Sources[0]).rate() - of(r.Sources[1]).rate()
	},
	"odds_ratio": func(r Recipe, _ string, of func(string) moments) float64 {
		odds := func(t moments) float64 { return t.x / (t.y - t.x) }
		return odds(of(r.Sources[0])) / odds(of(r.Sources[1]))
	},
	"naive_ratio": func(r Recipe, _ string, of func(string) moments) float64 {
		return of(r.Sources[0]).rate() / of(r.Sources[1]).rate()
	},
	"ratio_of_ratios": armsAgain,
	"matched_effect":  halvesAgain,
	"difference_in_differences": func(r Recipe, _ string, of func(string) moments) float64 {
		m := func(i int) float64 { return of(r.Sources[i]).rate() }
		return m(0) - m(1) - (m(2) - m(3))
	},
	"placebo":             halvesAgain,
	"event_study":         weekAgain,
	"pairwise":            pairAgain,
	"imbalance":           balanceAgain,
	"relative_magnitudes": magnitudeAgain,
}

// armsAgain is after over before of the treated, over the same of their controls.
func armsAgain(r Recipe, _ string, of func(string) moments) float64 {
	m := func(i int) float64 { return of(r.Sources[i]).rate() }
	return m(0) / m(1) / (m(2) / m(3))
}

// halvesAgain is the later half of some weeks over the earlier one, treated over controls:
// of those before it is the placebo, of those before and after the effect. Sources come in
// pairs.
func halvesAgain(r Recipe, _ string, of func(string) moments) float64 {
	half := len(r.Sources) / 2
	sum := func(from, to, arm int) float64 {
		var t moments
		for i := from + arm; i < to; i += 2 {
			s := of(r.Sources[i])
			t.x, t.y = t.x+s.x, t.y+s.y
		}
		return t.rate()
	}
	return sum(half, len(r.Sources), 0) / sum(0, half, 0) / (sum(half, len(r.Sources), 1) / sum(0, half, 1))
}

// named finds the pair of sources of a week or a covariate.
func (r Recipe) named(part string) (int, bool) {
	i := slices.IndexFunc(r.Sources, func(s string) bool { return strings.Contains(s, part) })
	return i, i >= 0 && i+1 < len(r.Sources)
}

func weekAgain(r Recipe, group string, of func(string) moments) float64 {
	i, ok := r.named(".week" + group + ".")
	if !ok {
		return math.NaN()
	}
	return of(r.Sources[i]).rate() / of(r.Sources[i+1]).rate()
}

func balanceAgain(r Recipe, group string, of func(string) moments) float64 {
	i, ok := r.named("." + group + ".")
	if !ok {
		return math.NaN()
	}
	return standard(of(r.Sources[i]), of(r.Sources[i+1]))
}

// pairAgain is the effect of one form over that of another, "1 / 2"; a p-value is not made again.
func pairAgain(r Recipe, group string, of func(string) moments) float64 {
	first, second, ok := strings.Cut(group, " / ")
	if !ok || r.Kind != "ratio" || len(first) != 1 || len(second) != 1 {
		return math.NaN()
	}
	effect := func(form string) float64 {
		at := 4 * int(form[0]-'1')
		if at < 0 || at+4 > len(r.Sources) {
			return math.NaN()
		}
		return armsAgain(Recipe{Sources: r.Sources[at : at+4]}, "", of)
	}
	return effect(first) / effect(second)
}

// magnitudeAgain is the mean of the log ratios of four weeks after, less that of the last
// week before: the allowed departures cancel in the middle of the interval.
func magnitudeAgain(r Recipe, _ string, of func(string) moments) float64 {
	log := func(w int) float64 { return math.Log(of(r.Sources[2*w]).rate() / of(r.Sources[2*w+1]).rate()) }
	weeks := len(r.Sources) / 2
	sum := -log(weeks - 5)
	for w := weeks - 4; w < weeks; w++ {
		sum += log(w) / 4
	}
	return math.Exp(sum)
}
