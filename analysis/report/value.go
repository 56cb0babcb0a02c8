package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/wording"
)

// state is what may be said of a value.
type state int

const (
	absent     state = iota // nobody computed it
	shown                   // a figure, perhaps with an interval
	hidden                  // not released: see value.few
	unmeasured              // the feed does not exist or stopped
)

// value is one result in display units, rounded once. Everything drawn or
// written comes from here, so a coordinate holds no more than the printed number.
type value struct {
	state     state
	few       bool // hidden for its few persons, and not for the sake of another figure
	point     bool // est is set
	est       float64
	interval  bool // low and high are set
	low, high float64
	nested    bool // low and high are what a part and its whole agree on: see nest
	bounds    bool // low and high are bounds of partial identification, not an interval
	// beyond is what a test made before rounding says of « no effect », "" of no test.
	beyond   indicator.Outcome
	level    float64
	n        int64
	reason   string
	warnings []indicator.Warning
}

// publish rounds a result for display: the estimate to the nearest, the bounds
// outward.
func publish(r indicator.Result, u unit) value {
	v := value{n: r.N, warnings: r.Warnings, level: r.Level, bounds: r.Target == "bounds"}
	switch r.Status {
	case indicator.Published:
		v.state = shown
	case indicator.Suppressed:
		v.state = hidden
		v.few = slices.ContainsFunc(r.Warnings, func(w indicator.Warning) bool {
			return w.Code == indicator.CodeTooFew
		})
		return v
	default:
		v.state = unmeasured
		v.reason = sentences(r.Warnings)
		return v
	}
	step := math.Pow(10, float64(u.decimals))
	const slack = 1e-6 // a bound already rounded stays where it is
	if r.Estimate != nil {
		v.point, v.est = true, math.Round(*r.Estimate*u.scale*step)/step
	}
	if r.Low != nil && r.High != nil {
		v.interval = true
		v.low = math.Floor(*r.Low*u.scale*step+slack) / step
		v.high = math.Ceil(*r.High*u.scale*step-slack) / step
	}
	if !v.point && !v.interval {
		v.state = hidden
	}
	return v
}

// middle orders values: the number itself, or the middle of what is known of it.
func (v value) middle() float64 {
	if v.point {
		return v.est
	}
	return (v.low + v.high) / 2
}

// top is the largest number the value draws.
func (v value) top() float64 {
	if v.state != shown {
		return 0
	}
	m := v.est
	if v.interval {
		m = math.Max(m, v.high)
	}
	return m
}

// because says why there is no figure, in the language of the page.
func (v value) because(l lang) string {
	if l != en || v.state != unmeasured {
		return v.reason
	}
	var out []string
	for _, w := range v.warnings {
		if text, ok := english[w.Code]; ok {
			out = append(out, wording.Lower(strings.TrimSuffix(text, ".")))
		}
	}
	if len(out) == 0 {
		return v.reason
	}
	return strings.Join(out, "; ")
}

// sameAbsence is the value that stands for all of a row when none is shown, for
// the same reason.
func sameAbsence(values []value) *value {
	for _, v := range values {
		if v.state == shown || v.state != values[0].state {
			return nil
		}
	}
	if len(values) == 0 {
		return nil
	}
	return &values[0]
}

// asShown rounds a result to what its figure prints.
func asShown(r indicator.Result, u unit) indicator.Result {
	v := publish(r, u)
	shownNow := v.state == shown
	r.Estimate = shownNumber(v.est, u, shownNow && v.point)
	r.Low = shownNumber(v.low, u, shownNow && v.interval)
	r.High = shownNumber(v.high, u, shownNow && v.interval)
	if r.Group == nil {
		r.Group = map[string]string{}
	}
	if r.Warnings == nil {
		r.Warnings = []indicator.Warning{}
	}
	return r
}

// shownNumber is a number as the page shows it, back in the unit of results.json.
func shownNumber(x float64, u unit, set bool) *float64 {
	if !set {
		return nil
	}
	decimals := u.decimals + len(strconv.Itoa(int(u.scale))) - 1
	v, _ := strconv.ParseFloat(strconv.FormatFloat(x/u.scale, 'f', decimals, 64), 64)
	return &v
}
