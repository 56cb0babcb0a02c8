package oracle

import (
	"fmt"
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
				out = append(out, Count{k.measure, k.population, groupLabel(g), int64(math.Round(t.x[k][g])),
					int64(math.Round(t.y[k][g]))})
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
		out = append(out, Value{Indicator: indicator, Population: population, Group: groupLabel(g), Measure: measure,
			Value: v})
	}
	for _, k := range t.sorted() {
		if strings.HasPrefix(k.measure, "A2.att.") {
			continue // of a window of years: see Effects
		}
		for g := range groupCount {
			if t.y[k][g] > 0.5 {
				add(k.measure, k.population, g, t.x[k][g]/t.y[k][g])
			}
		}
	}
	const all = "all_accounts"
	t.addWaits(add)
	for _, q := range []struct {
		name, spread, population string
		scale, shift             float64
	}{
		{"L3.weekday_entropy_median", "L3.entropy", "regular_accounts", 0.01, 0},
		{"L3.burstiness_median", "L3.burstiness", "regular_accounts", 0.01, -1},
		{"L3.memory_median", "L3.memory", "regular_accounts", 0.01, -1},
		{"M4.tools_any_median", "M4.tools_any_median", "active_accounts", 1, 0},
	} {
		if of := t.spreads[q.spread]; of != nil {
			add(q.name, q.population, 0, q.scale*quantile(of[0], 0.5)+q.shift)
		}
	}
	for _, tenths := range []int{2, 3, 5} {
		add(fmt.Sprintf("F5.top_%d0_share", tenths), all, 0, topShare(t.visits[0], float64(tenths)/10))
	}
	for g := range groupCount {
		add("F5.gini", all, g, gini(t.visits[g]))
		add("F5.top_tenth_share", all, g, topShare(t.visits[g], 0.1))
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
		change := func(arm string) float64 {
			return rate("A2.after."+arm, "matched", 0) / rate("A2.before."+arm, "matched", 0)
		}
		add("A2.rate_ratio", "matched", 0, change("accompanied")/change("control"))
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
	t.addGradients(add)
	add("F2.visits_ratio", all, 0, rate("L1.visits_per_week", all, 4)/rate("L1.visits_per_week", all, 8))
	return t.addLabels(out)
}

// addGradients adds what is computed along the five IPS bands.
func (t *Totals) addGradients(add func(name, population string, g int, v float64)) {
	for _, f := range []struct{ name, source, population, form string }{
		{"F2.never_rii", "L2.never", "all_accounts", "rii"},
		{"F2.visits_concentration", "L1.visits_per_week", "all_accounts", "concentration"},
		{"R3.no_email_erreygers", "R3.no_email", "all_accounts", "erreygers"},
		{"C4.opened_erreygers", "C4.opened", "concerned_accounts", "erreygers"},
		{"R1.ready_D30_sii", "R1.ready.D30", "concerned_accounts", "sii"},
	} {
		k := ratio{f.source, f.population}
		if t.x[k] == nil {
			continue
		}
		var x, y float64
		for g := 4; g < 9; g++ {
			x, y = x+t.x[k][g], y+t.y[k][g]
		}
		slope, erreygers := t.gradient(k)
		switch f.form {
		case "sii":
			add(f.name, f.population, 0, slope)
		case "erreygers":
			add(f.name, f.population, 0, erreygers)
		case "rii": // the line at the poorest end over the line at the richest
			add(f.name, f.population, 0, (x/y-slope/2)/(x/y+slope/2))
		case "concentration":
			add(f.name, f.population, 0, erreygers/4/(x/y))
		}
	}
}

// round keeps seven significant digits, so that the file is stable to the eye.
func round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 7-math.Ceil(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}

// gini is the Gini index of a distribution of counts.
func gini(persons []float64) float64 {
	var n, total, ranks float64
	for k, c := range persons {
		ranks += float64(k) * c * (n + c/2) // mid-rank of those with k
		n += c
		total += float64(k) * c
	}
	if total == 0 {
		return 0
	}
	return 2*ranks/(n*total) - 1
}

// topShare is the part of the total that a share of the persons, those with most, have.
func topShare(persons []float64, share float64) float64 {
	var n, total, upper float64
	for k, c := range persons {
		n, total = n+c, total+float64(k)*c
	}
	if total == 0 {
		return 0
	}
	left := share * n
	for k := len(persons) - 1; k >= 0 && left > 0; k-- {
		c := math.Min(left, persons[k])
		upper += c * float64(k)
		left -= c
	}
	return upper / total
}

// quantile is the smallest count that at least a share of the persons do not exceed.
func quantile(persons []float64, share float64) float64 {
	total, below := 0.0, 0.0
	for _, c := range persons {
		total += c
	}
	for k, c := range persons {
		if below += c; below >= share*total-1e-6 {
			return float64(k)
		}
	}
	return 0
}

// incidence is one minus the Kaplan-Meier survival after some weeks.
func (t *Totals) incidence(g, weeks int) float64 {
	survival := 1.0
	for bin := range min(weeks, len(t.risk[g])) {
		events := 0.0
		if bin < len(t.events[g]) {
			events = t.events[g][bin]
		}
		if t.risk[g][bin] > 0 {
			survival *= 1 - events/t.risk[g][bin]
		}
	}
	return 1 - survival
}

// gradient is the slope index of inequality and Erreygers' index of a share over
// the five IPS bands, ranked by ridits.
func (t *Totals) gradient(k ratio) (slope, erreygers float64) {
	var w, x float64
	for g := 4; g < 9; g++ {
		w += t.y[k][g]
		x += t.x[k][g]
	}
	var below, rr, rx float64
	for g := 4; g < 9; g++ {
		r := (below+t.y[k][g]/2)/w - 0.5
		below += t.y[k][g]
		rr += t.y[k][g] / w * r * r
		rx += t.x[k][g] / w * r
	}
	return rx / rr, 8 * rx // 4·mean·C, C = 2·cov(x, R)/mean
}
