package combine

import (
	"math"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/disclosure"
)

// Between says how the territories of a figure differ: a random-effects meta-analysis
// (stats.RandomEffects) of what each is alone, rounded as figures are. The pooled figure speaks of
// schools, and weighs a territory by its persons; Mean speaks of territories.
type Between struct {
	Territories int     `json:"territories"`
	Mean        float64 `json:"mean"`
	Low         float64 `json:"low"`
	High        float64 `json:"high"`
	// OtherLow and OtherHigh are where another territory may lie.
	OtherLow  float64 `json:"other_low"`
	OtherHigh float64 `json:"other_high"`
	// I2 is a multiple of 0.05, Tau of two digits on Scale, Q whole, P rounded up.
	I2    float64 `json:"i2"`
	Tau   float64 `json:"tau"`
	Scale string  `json:"scale"`
	Q     float64 `json:"q"`
	DF    int     `json:"df"`
	P     float64 `json:"p"`
}

// scales are those on which numbers of a kind are compared; other kinds are not.
var scales = map[question.Kind]stats.Transform{
	question.Share: stats.Logit, question.EventShare: stats.Logit, question.Rate: stats.Log, question.Ratio: stats.Log,
	question.Gap: stats.Identity, question.Difference: stats.Identity,
}

// between compares the territories of a figure that is shown, of those that could show it alone and have an interval.
func between(r indicator.Result, alone map[string]territory, policy disclosure.Policy) *Between {
	q, err := question.Lookup(r.Indicator)
	m, ok := q.Measure(r.Measure)
	scale, compared := scales[m.Kind]
	if err != nil || !ok || !compared || r.Status != indicator.Published || r.Estimate == nil {
		return nil
	}
	var values, errors []float64
	for _, part := range r.Parts {
		exact, shown := alone[part].exact[nameOf(r)], alone[part].shown[nameOf(r)]
		if se, ok := exact.StandardError(); ok && shown.Status == indicator.Published && shown.Estimate != nil {
			values, errors = append(values, *exact.Estimate), append(errors, se)
		}
	}
	a := stats.RandomEffects(values, errors, 0.95, scale)
	if !a.Mean.HasInterval() {
		return nil
	}
	step := func(x float64) float64 {
		if scale != stats.Log {
			return 0.01
		}
		return policy.Step(x, a.Mean.High-a.Mean.Low, true)
	}
	down := func(x float64) float64 { return disclosure.RoundDown(x, step(x)) }
	up := func(x float64) float64 { return disclosure.RoundUp(x, step(x)) }
	return &Between{
		Territories: len(values), Mean: disclosure.RoundNear(a.Mean.Value, step(a.Mean.Value)),
		Low: down(a.Mean.Low), High: up(a.Mean.High), OtherLow: down(a.Low), OtherHigh: up(a.High),
		I2: disclosure.RoundNear(a.I2, 0.05), Tau: digits(a.Tau), Scale: scale.String(), Q: math.Round(a.Q), DF: a.DF,
		P: math.Min(1, disclosure.RoundUp(a.P, 0.01)),
	}
}

// digits rounds to two significant digits.
func digits(x float64) float64 {
	if x == 0 {
		return 0
	}
	return disclosure.RoundNear(x, disclosure.Step(x, 2))
}
