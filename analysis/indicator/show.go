package indicator

import (
	"math"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// tail is 1 over the share of persons beyond the most extreme quantile given.
const tail = 10

// show gives the published form of one result.
func (t *table) show(r Result) Result {
	k := r.counts
	noisy := r.noise
	r.counts, r.estimate, r.noise = nil, stats.Estimate{}, false
	if r.Status != Published {
		return r
	}
	ind, _ := question.Lookup(r.Indicator)
	m, _ := ind.Measure(r.Measure)
	if k.noPerson {
		return t.showCoverage(r, m)
	}
	d := t.decision(k)
	if m.Kind == question.Bounds {
		return t.showBounds(r, k, noisy)
	}
	if d.Form != disclosure.Plain && (len(k.parts) > 0 || m.Kind != question.Share) {
		d = disclosure.Decision{Status: disclosure.Secondary}
	}
	if d.Hidden() {
		if d.Status == disclosure.Frequency && len(k.parts) == 0 {
			return tooFew(r)
		}
		return suppress(r)
	}
	r.N = t.policy.RoundCount(r.N)
	switch m.Kind {
	case question.Share:
		return t.showShare(r, *k, d.Form, noisy)
	case question.EventShare:
		form := disclosure.Plain
		switch part := t.policy.Persons.Part; {
		case k.modelled: // a model has no numerator of its own
		case k.x < part:
			form = disclosure.Below
		case k.y-k.x < part:
			form = disclosure.Above
		}
		return t.showShare(r, *k, form, noisy)
	case question.Gap:
		return outward(r, func(float64) float64 { return k.step })
	case question.Duration:
		if k.persons < tail*t.policy.Persons.Part {
			return tooFew(r)
		}
		if r.Target == targetBounds { // edges of bins, the same in every edition
			low, high := math.Floor(*r.Low), math.Ceil(*r.High)
			r.Low, r.High = &low, &high
			return r
		}
	case question.Quantile: // the edges of a bin, the same in every edition
		if k.persons < tail*t.policy.Persons.Part { // too few beyond the ninth decile
			return tooFew(r)
		}
		low, high := disclosure.RoundNear(*r.Low, 0.01), disclosure.RoundNear(*r.High, 0.01) // of an index, a hundredth
		r.Low, r.High = &low, &high
		return r
	}
	if m.Estimator == "leads" || m.Estimator == "pairwise" && m.Kind == question.Index { // p: never smaller than it is
		p := math.Min(1, disclosure.RoundUp(*r.Estimate, 0.01))
		r.Estimate = &p
		return r
	}
	width := r.width()
	return outward(r, func(x float64) float64 { return t.policy.Step(x, width, noisy) })
}

// suppress empties a result: nothing of it is left but its name. One reason is given for
// all that do not rest on few persons: which of them it is would say more than the rule.
func suppress(r Result) Result {
	r.Status, r.Estimate, r.Low, r.High, r.Level, r.Target, r.N = Suppressed, nil, nil, nil, 0, targetNone, 0
	r.Warnings = []Warning{warning(CodeHidden, "Non diffusé : ce chiffre permettrait d’en retrouver un autre qui doit "+
		"rester secret, ou repose trop sur un seul établissement.")}
	return r
}

// tooFew suppresses a figure of fewer persons than its floor, and says so: Protect counts
// on an attacker who knows it.
func tooFew(r Result) Result {
	r = suppress(r)
	r.Warnings = []Warning{warning(CodeTooFew, "Non diffusé : l’effectif est trop faible.")}
	return r
}

// showShare rounds a share of persons, visits, days or weeks, and its bounds outward: a
// whole percent is the share of the rounded counts.
func (t *table) showShare(r Result, k counts, form disclosure.Form, noisy bool) Result {
	if k.modelled {
		return t.showModelled(r, k, form)
	}
	value := t.policy.RoundShare(k.x, k.y)
	if fine(k.step) {
		value = disclosure.RoundNear(*r.Estimate, k.step)
	}
	if form != disclosure.Plain || value <= 0 || value >= 1 {
		return t.bound(r, form, value, t.policy.Least(k.y))
	}
	r.Estimate = &value
	if r.Low != nil {
		low, high := t.outerBounds(r, k, noisy)
		r.Low, r.High = around(low, value, high)
	}
	return r
}

// outerBounds rounds the bounds of a share outward. Of exact cells they are moved to
// shares of rounded counts first; noise has done more than that.
func (t *table) outerBounds(r Result, k counts, noisy bool) (low, high float64) {
	if !noisy {
		return t.policy.RoundBounds(*r.Low, *r.High, k.y)
	}
	return math.Max(0, disclosure.RoundDown(*r.Low, k.step)), math.Min(1, disclosure.RoundUp(*r.High, k.step))
}

// showModelled rounds a share that a model estimates, such as 1 − S(t) of Kaplan and
// Meier: it is not x/n, so that its own bounds say what is known, at 0 and 1 too.
func (t *table) showModelled(r Result, k counts, form disclosure.Form) Result {
	value := disclosure.RoundNear(*r.Estimate, k.step)
	if form != disclosure.Plain || (value <= 0 || value >= 1) && r.Low == nil {
		of := k.y
		if of == 0 { // it has no count of its own below the line
			of = k.persons
		}
		return t.bound(r, form, value, t.policy.Least(of))
	}
	if r.Low != nil {
		low, high := disclosure.RoundDown(*r.Low, k.step), disclosure.RoundUp(*r.High, k.step)
		r.Low, r.High = around(math.Max(0, low), value, math.Min(1, high))
	}
	r.Estimate = &value
	if value <= 0 || value >= 1 {
		r.Estimate = nil
	}
	return r
}

// bound shows only that a share is below or above a limit: nearly nobody and
// nobody look the same. A share that rounds to 0 or 100 % is one of them.
func (t *table) bound(r Result, form disclosure.Form, value, least float64) Result {
	below := form == disclosure.Below || form == disclosure.Plain && value <= 0
	low, high := 0.0, math.Max(0.01, least)
	r.Estimate, r.Level, r.Target = nil, 0, targetBounds
	if below {
		r.Low, r.High = &low, &high
		r.Warnings = append(withoutInterval(r.Warnings),
			warning(CodeBelow, "Diffusé comme un maximum : moins de %.0f %%.", 100*high))
		return r
	}
	low, high = disclosure.RoundDown(1-high, 0.01), 1
	r.Low, r.High = &low, &high
	r.Warnings = append(withoutInterval(r.Warnings),
		warning(CodeAbove, "Diffusé comme un minimum : plus de %.0f %%.", 100*low))
	return r
}

// withoutInterval drops the warnings that speak of an interval no longer shown.
func withoutInterval(warnings []Warning) []Warning {
	out := []Warning{}
	for _, w := range warnings {
		switch w.Code {
		case CodeFewClusters, CodeFewSchools, CodeNoInterval, CodeBoundary, CodeLargeClusters:
		default:
			out = append(out, w)
		}
	}
	return out
}

// showBounds rounds a partially identified share outward.
func (t *table) showBounds(r Result, k *counts, noisy bool) Result {
	low, high := k.parts[0], k.parts[1]
	dl, dh := t.decisions[t.index[low.cell]], t.decisions[t.index[high.cell]]
	if dl.Hidden() || dh.Hidden() {
		return suppress(r)
	}
	lower, upper := t.outerBounds(r, *k, noisy)
	if dl.Form == disclosure.Below {
		lower = 0
	}
	switch dh.Form {
	case disclosure.Below:
		upper = math.Max(upper, t.policy.Least(k.y))
	case disclosure.Above:
		upper = 1
	}
	if dl.Form == disclosure.Above {
		lower = math.Min(lower, disclosure.RoundDown(1-t.policy.Least(k.y), 0.01))
	}
	r.Low, r.High, r.N = &lower, &upper, t.policy.RoundCount(r.N)
	return r
}

// showCoverage rounds a figure about feeds; « 100 % » means all of it. One that names the
// persons it speaks of is no figure of too few.
func (t *table) showCoverage(r Result, m question.Measure) Result {
	if r.N > 0 && r.N < t.policy.Persons.Minimum {
		return tooFew(r)
	}
	r.N = t.policy.RoundCount(r.N)
	value := *r.Estimate
	if r.Low != nil { // a share of schools
		value = disclosure.RoundNear(value, 0.01)
		r.Low, r.High = around(disclosure.RoundDown(*r.Low, 0.01), value, disclosure.RoundUp(*r.High, 0.01))
	}
	switch {
	case m.Name == "achieved_k": // at least so many
		value = disclosure.RoundDown(value, t.policy.Step(value, 0, false))
	case m.Name == "suppressed_share":
		value = disclosure.RoundUp(value, 0.01)
	case value < 1:
		value = math.Min(0.99, disclosure.RoundNear(value, 0.01))
	}
	r.Estimate = &value
	return r
}

// outward rounds the estimate to the nearest multiple of its step and the bounds
// outward to one of theirs.
func outward(r Result, step func(float64) float64) Result {
	value := disclosure.RoundNear(*r.Estimate, step(*r.Estimate))
	r.Estimate = &value
	if r.Low != nil {
		r.Low, r.High = around(disclosure.RoundDown(*r.Low, step(*r.Low)), value,
			disclosure.RoundUp(*r.High, step(*r.High)))
	}
	return r
}

// around keeps a rounded estimate inside its rounded bounds.
func around(low, value, high float64) (*float64, *float64) {
	low, high = math.Min(low, value), math.Max(high, value)
	return &low, &high
}
