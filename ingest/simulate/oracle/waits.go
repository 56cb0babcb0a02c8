package oracle

import "math"

// wait is what the units of one curve and group did at each whole step (hour, day) of
// their time: left is how many left it there, of whom events by their event.
type wait struct{ events, left []float64 }

// waited adds a unit to a curve: its event at a step, or its end without one.
func (t *Totals) waited(curve string, g, step int, event bool) {
	if t.waits[curve] == nil {
		t.waits[curve] = new([groupCount]wait)
	}
	w := &t.waits[curve][g]
	w.left = bump(w.left, max(0, step), 1)
	w.events = bump(w.events, max(0, step), indicate(event))
}

// by is the share that has had its event before each step: one minus the Kaplan-Meier
// survival, or the cumulative incidence beside the events of a rival, whose units are the
// same (Aalen and Johansen 1978).
func (w wait) by(rival wait) []float64 {
	risk, survival, incidence := 0.0, 1.0, 0.0
	for _, n := range w.left {
		risk += n
	}
	at := func(list []float64, k int) float64 {
		if k < len(list) {
			return list[k]
		}
		return 0
	}
	out := []float64{0}
	for k, n := range w.left {
		if risk > 0.5 {
			incidence += survival * at(w.events, k) / risk
			survival *= 1 - (at(w.events, k)+at(rival.events, k))/risk
		}
		risk -= n
		out = append(out, incidence)
	}
	return out
}

// quantileOf is the time at which a share has had its event, on a line within its step;
// NaN when so many never have.
func quantileOf(by []float64, share float64) float64 {
	for k := 1; k < len(by); k++ {
		if by[k] >= share {
			return float64(k-1) + (share-by[k-1])/(by[k]-by[k-1])
		}
	}
	return math.NaN()
}

// figures of curves: a share by a step, or the step of a quantile.
var waitFigures = []struct {
	name, population, curve, rival string
	by                             int
	quantile                       float64
}{
	{"N4.seen_1h", "pairs", "N4.first_view", "", 1, 0},
	{"N4.seen_24h", "pairs", "N4.first_view", "", 24, 0},
	{"N4.seen_72h", "pairs", "N4.first_view", "", 72, 0},
	{"N4.seen_14d", "pairs", "N4.first_view", "", 336, 0},
	{"N4.hours_q1", "pairs", "N4.first_view", "", 0, 0.25},
	{"N4.hours_median", "pairs", "N4.first_view", "", 0, 0.5},
	{"N4.hours_q3", "pairs", "N4.first_view", "", 0, 0.75},
	{"N6.parent_first_24h", "published_grades", "N6.parent", "N6.pupil", 24, 0},
	{"N6.parent_first_14d", "published_grades", "N6.parent", "N6.pupil", 336, 0},
	{"N6.pupil_first_24h", "published_grades", "N6.pupil", "N6.parent", 24, 0},
	{"N6.pupil_first_14d", "published_grades", "N6.pupil", "N6.parent", 336, 0},
	{"N7.days_q1", "pairs", "N7.delay", "", 0, 0.25},
	{"N7.days_median", "pairs", "N7.delay", "", 0, 0.5},
	{"N7.days_q3", "pairs", "N7.delay", "", 0, 0.75},
	{"N7.within_7d", "pairs", "N7.delay", "", 7, 0},
	{"R4.opened_24h", "recipients", "R4.opening", "", 24, 0},
	{"R4.opened_72h", "recipients", "R4.opening", "", 72, 0},
	{"R4.hours_median", "recipients", "R4.opening", "", 0, 0.5},
	{"M3.answered_10d", "threads", "M3.answer", "", 80, 0},
	{"M3.hours_q1", "threads", "M3.answer", "", 0, 0.25},
	{"M3.hours_median", "threads", "M3.answer", "", 0, 0.5},
	{"M3.hours_q3", "threads", "M3.answer", "", 0, 0.75},
	{"C4.opened_7d", "concerned_accounts", "C4.opening", "", 7, 0},
	{"C4.opened_28d", "concerned_accounts", "C4.opening", "", 28, 0},
	{"C4.days_median", "concerned_accounts", "C4.opening", "", 0, 0.5},
	{"R1.curve_D53", "concerned_accounts", "R1.readiness", "", 7, 0},
	{"R1.curve_D46", "concerned_accounts", "R1.readiness", "", 14, 0},
	{"R1.curve_D39", "concerned_accounts", "R1.readiness", "", 21, 0},
	{"R1.curve_D30", "concerned_accounts", "R1.readiness", "", 30, 0},
	{"R1.curve_D23", "concerned_accounts", "R1.readiness", "", 37, 0},
	{"R1.curve_D16", "concerned_accounts", "R1.readiness", "", 44, 0},
	{"R1.curve_D7", "concerned_accounts", "R1.readiness", "", 53, 0},
	{"R1.curve_D4", "concerned_accounts", "R1.readiness", "", 56, 0},
	{"R1.curve_D2", "concerned_accounts", "R1.readiness", "", 58, 0},
	{"R1.curve_D0", "concerned_accounts", "R1.readiness", "", 60, 0},
}

// addWaits adds the figures of curves to those of a region.
func (t *Totals) addWaits(add func(name, population string, g int, v float64)) {
	for _, f := range waitFigures {
		of := t.waits[f.curve]
		for g := range groupCount {
			if of == nil || len(of[g].left) == 0 {
				continue
			}
			var rival wait
			if rivals := t.waits[f.rival]; rivals != nil {
				rival = rivals[g]
			}
			by := of[g].by(rival)
			if v := quantileOf(by, f.quantile); f.quantile == 0 {
				add(f.name, f.population, g, by[min(f.by, len(by)-1)])
			} else if !math.IsNaN(v) {
				add(f.name, f.population, g, v)
			}
		}
	}
	first := wait{t.events[0], t.weeksLeft(0)}
	if weeks := quantileOf(first.by(wait{}), 0.5); !math.IsNaN(weeks) {
		add("D3.weeks_median", "all_accounts", 0, weeks)
	}
}

// weeksLeft are the accounts that leave the life table of the first visit at each week.
func (t *Totals) weeksLeft(g int) []float64 {
	out := make([]float64, len(t.risk[g]))
	for k, risk := range t.risk[g] {
		out[k] = risk
		if k+1 < len(t.risk[g]) {
			out[k] -= t.risk[g][k+1]
		}
	}
	return out
}
