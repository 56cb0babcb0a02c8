package main

import (
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
)

// plantedValues are the values of a truth, by cellKey: those of figures by their own name, and
// the rates of the measures that figures are made of.
type plantedValues map[string]float64

// of is the planted value of a figure: stored under its name, or made of the planted rates
// of its sources as its estimator makes it of counts. Figures of the person table, of life
// tables and of histograms are stored under their names; those of models have no value.
func (p plantedValues) of(r indicator.Result) (float64, bool) {
	q, err := question.Lookup(r.Indicator)
	if err != nil {
		return 0, false
	}
	m, ok := q.Measure(r.Measure)
	v, stored := p[cellKey(r.Indicator, r.Population, r.Group, r.Measure)]
	if stored && m.Shift == 0 || m.Kind == question.Quantile { // else a measure of that name, before its shift
		return v, stored
	}
	if m.Estimator == "schools" {
		v, ok := p[cellKey(r.Indicator, r.Population, r.Group, strings.TrimPrefix(m.Feed, "(setting) "))]
		return v, ok
	}
	estimator := m.Estimator
	if r.Indicator == "A3" && strings.HasPrefix(m.Name, "effect_") {
		estimator = "matched_effect"
	}
	switch estimator {
	case "matched_effect", "relative_magnitudes": // the form of an accompaniment changes nothing
		v, ok := p[cellKey("A2", "matched", map[string]string{}, "rate_ratio")]
		return v, ok
	case "pairwise": // nor one form beside another
		return 1, m.Kind == question.Ratio
	}
	if !ok || m.Column != "" || m.Service != 0 || m.Curve != "" || m.Kind == question.Quantile ||
		m.Kind == question.Bounds {
		return 0, false
	}
	population, sources := r.Population, m.Sources
	groups := []map[string]string{r.Group}
	switch m.Estimator {
	case "naive_ratio":
		population = "all_accounts"
	case "event_study":
		sources = nil
		for _, s := range m.Sources {
			if strings.Contains(s, ".week"+r.Group["relative_week"]+".") {
				sources = append(sources, s)
			}
		}
		groups[0] = map[string]string{}
	case "gradient":
		if m.Along != "" {
			return 0, false
		}
		groups = []map[string]string{{"ips_band": "1"}, {"ips_band": "5"}}
	}
	var x []float64
	for _, group := range groups {
		for _, s := range sources {
			id, name, _ := strings.Cut(s, ".")
			v, ok := p[cellKey(id, population, group, name)]
			if !ok {
				return 0, false
			}
			x = append(x, v)
		}
	}
	return estimated(m, x)
}

// estimated is what an estimator makes of rates without sampling.
func estimated(m question.Measure, x []float64) (float64, bool) {
	odds := func(p float64) float64 { return p / (1 - p) }
	switch m.Estimator {
	case "":
		return x[0], len(x) == 1
	case "rate_ratio":
		return x[0], true
	case "mean":
		return x[0] + m.Shift, true
	case "share_gap":
		return x[0] - x[1], true
	case "odds_ratio":
		return odds(x[0]) / odds(x[1]), true
	case "naive_ratio", "event_study":
		return x[0] / x[1], true
	case "ratio_of_ratios":
		return x[0] / x[1] / (x[2] / x[3]), true
	case "difference_in_differences":
		return x[0] - x[1] - (x[2] - x[3]), true
	case "placebo": // weeks -4 to -1, accompanied and control
		return (x[4] + x[6]) / (x[0] + x[2]) / ((x[5] + x[7]) / (x[1] + x[3])), true
	case "gradient":
		switch m.Form {
		case "ratio":
			return x[0] / x[1], true
		case "gap":
			return x[0] - x[1], true
		}
	}
	return 0, false
}
