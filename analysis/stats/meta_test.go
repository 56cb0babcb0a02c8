package stats

import (
	"math"
	"testing"
)

// What metafor says (testdata/meta.R); of the BCG trials also Viechtbauer 2010, « Conducting
// meta-analyses in R », p. 17: −0.7141, τ² 0.3088, Q(12) 152.2330, I² 92.12 %.
func TestRandomEffects(t *testing.T) {
	bcg := []float64{-0.88931133392, -1.5853886572, -1.3480731483, -1.44155119002, -0.217547322211, -0.786115585819,
		-1.6208982236, 0.0119523335238, -0.469417648738, -1.37134480347, -0.339358828338, 0.445913400571, -0.0173139482169}
	variances := []float64{0.325584765004, 0.194581121398, 0.415367965368, 0.0200100319022, 0.0512101721696,
		0.00690561845591, 0.223017247572, 0.00396157929782, 0.0564342104632, 0.073024793613, 0.0124122139716, 0.5325058452,
		0.071404659684}
	errors := make([]float64, len(variances))
	for i, v := range variances {
		errors[i] = math.Sqrt(v)
	}
	six := []float64{0.02, 0.03, 0.025, 0.02, 0.03, 0.022}
	for _, c := range []struct {
		name                                             string
		values, errors                                   []float64
		mean, se, low, high, from, to, tau2, q, p, share float64
	}{
		{"bcg", bcg, errors, -0.714117222073, 0.180696628336, -1.10782135417, -0.320413089978, -1.98720696343,
			0.558972519284, 0.308760262862, 152.233008082, 1.99676459085e-26, 0.921173468546},
		{"alike", []float64{0.40, 0.41, 0.395, 0.402, 0.405, 0.398}, six, 0.400875655709, 0.00958339093188, 0.376240765055,
			0.425510546362, 0.376240765055, 0.425510546362, 0, 0.188804469033, 0.99922965881, 0},
		{"apart", []float64{0.31, 0.42, 0.28, 0.36, 0.5, 0.33}, six, 0.364349914356, 0.0325094665238, 0.280781670224,
			0.447918158488, 0.175959468405, 0.552740360307, 0.00431413121247, 43.3370190298, 3.15716014237e-08,
			0.884625197766},
	} {
		m := RandomEffects(c.values, c.errors, 0.95, Identity)
		for name, pair := range map[string][2]float64{
			"mean": {m.Mean.Value, c.mean}, "se": {m.Mean.SE, c.se}, "low": {m.Mean.Low, c.low}, "high": {m.Mean.High, c.high},
			"from": {m.Low, c.from}, "to": {m.High, c.to}, "tau²": {m.Tau * m.Tau, c.tau2}, "Q": {m.Q, c.q}, "p": {m.P, c.p},
			"I²": {m.I2, c.share},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-6*math.Abs(pair[1])+1e-12 {
				t.Errorf("%s: %s is %.12g, want %.12g", c.name, name, pair[0], pair[1])
			}
		}
	}
}

// On another scale the meta-analysis is that of the values and errors on that scale.
func TestRandomEffectsOnScale(t *testing.T) {
	values, errors := []float64{0.31, 0.42, 0.28, 0.36}, []float64{0.02, 0.03, 0.025, 0.02}
	logits, on := make([]float64, len(values)), make([]float64, len(values))
	for i, v := range values {
		logits[i], on[i] = math.Log(v/(1-v)), errors[i]/(v*(1-v))
	}
	got, want := RandomEffects(values, errors, 0.95, Logit), RandomEffects(logits, on, 0.95, Identity)
	for name, pair := range map[string][2]float64{
		"mean": {got.Mean.Value, expit(want.Mean.Value)}, "low": {got.Mean.Low, expit(want.Mean.Low)},
		"high": {got.Mean.High, expit(want.Mean.High)}, "from": {got.Low, expit(want.Low)}, "to": {got.High, expit(want.High)},
		"tau": {got.Tau, want.Tau}, "Q": {got.Q, want.Q},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
}

func TestRandomEffectsOfTooFew(t *testing.T) {
	for name, c := range map[string]struct{ values, errors []float64 }{
		"two studies":     {[]float64{0.3, 0.4}, []float64{0.1, 0.1}},
		"no error":        {[]float64{0.3, 0.4, 0.5}, []float64{0.1, 0, 0.1}},
		"an edge":         {[]float64{0.3, 0, 0.5}, []float64{0.1, 0.1, 0.1}},
		"no number":       {[]float64{0.3, math.NaN(), 0.5}, []float64{0.1, 0.1, 0.1}},
		"error of no end": {[]float64{0.3, 0.4, 0.5}, []float64{0.1, math.Inf(1), 0.1}},
	} {
		m := RandomEffects(c.values, c.errors, 0.95, Logit)
		if m.Mean.HasInterval() || !math.IsNaN(m.Mean.Value) || !math.IsNaN(m.Tau) || len(m.Mean.Warnings) == 0 {
			t.Errorf("%s: %+v", name, m)
		}
	}
}
