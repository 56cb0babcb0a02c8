package oracle

import (
	"math"
	"strings"
)

// Value is one figure of truth.json, under the key it has in results.json.
type Value struct {
	Indicator  string            `json:"indicator"`
	Population string            `json:"population"`
	Group      map[string]string `json:"group"`
	Measure    string            `json:"measure"`
	Value      float64           `json:"value"`
	// Error is the standard error of the Monte Carlo run that gave the value.
	Error float64 `json:"mc_error"`
}

// Count is what the persons of one group bring to a measure of the cell tables.
type Count struct {
	Measure    string            `json:"measure"`
	Population string            `json:"population"`
	Group      map[string]string `json:"group"`
	Numerator  int64             `json:"numerator"`
	Denom      int64             `json:"denominator"`
}

// Counts are the totals as integers, in a fixed order.
func (t *Totals) Counts() []Count {
	var out []Count
	for _, k := range t.sorted() {
		for g := range groupCount {
			if t.y[k][g] > 0.5 {
				out = append(out, Count{k.measure, k.population, groupLabel(g), int64(math.Round(t.x[k][g])), int64(math.Round(t.y[k][g]))})
			}
		}
	}
	return out
}

// Values are all figures of the totals in a fixed order.
func (t *Totals) Values() []Value {
	var out []Value
	add := func(name, population string, g int, v float64) {
		indicator, measure, _ := strings.Cut(name, ".")
		out = append(out, Value{Indicator: indicator, Population: population, Group: groupLabel(g), Measure: measure, Value: v})
	}
	for _, k := range t.sorted() {
		if strings.HasPrefix(k.measure, "A2.") {
			continue
		}
		for g := range groupCount {
			if t.y[k][g] > 0.5 {
				add(k.measure, k.population, g, t.x[k][g]/t.y[k][g])
			}
		}
	}
	const all = "all_accounts"
	for g := range groupCount {
		gini, top := concentration(t.visits[g])
		add("F5.gini", all, g, gini)
		add("F5.top_tenth_share", all, g, top)
		add("D3.first_login_8w", all, g, t.incidence(g, 8))
		for _, q := range []struct {
			name string
			at   float64
		}{{"L1.visits_median", 0.5}, {"L1.visits_p90", 0.9}} {
			add(q.name, all, g, quantile(t.weekVisits[g], q.at))
			add(q.name, "active_accounts", g, quantile(t.activeVisits[g], q.at))
		}
	}
	rate := func(measure, population string, g int) float64 {
		k := ratio{measure, population}
		if t.x[k] == nil {
			return math.NaN()
		}
		return t.x[k][g] / t.y[k][g]
	}
	if t.x[ratio{"A2.after.control", "matched"}] != nil {
		add("A2.rate_ratio", "matched", 0, rate("A2.after.accompanied", "matched", 0)/rate("A2.before.accompanied", "matched", 0)/
			(rate("A2.after.control", "matched", 0)/rate("A2.before.control", "matched", 0)))
	}
	add("A2.naive_rate_ratio", "matched", 0, rate("A2.naive.accompanied", all, 0)/rate("A2.naive.others", all, 0))
	if t.x[ratio{"L2.never", all}] != nil {
		low, high := rate("L2.never", all, 4), rate("L2.never", all, 8)
		slope, erreygers := t.gradient(ratio{"L2.never", all})
		add("F2.never_ratio", all, 0, low/high)
		add("F2.never_gap", all, 0, low-high)
		add("F2.never_sii", all, 0, slope)
		add("F2.never_erreygers", all, 0, erreygers)
	}
	add("F2.visits_ratio", all, 0, rate("L1.visits_per_week", all, 4)/rate("L1.visits_per_week", all, 8))
	return out
}

// round keeps seven significant digits, so that the file is stable to the eye.
func round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 7-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
