package subject

import (
	"math"
	"slices"
)

// excitation is what the visits of one pair say of self-excitation: how many further
// visits one visit brings, and how fast.
type excitation struct {
	branching float64 // mean number of visits that one visit excites: 0 to 1
	halfLife  float64 // hours until half of them have come
	ratio     float64 // twice the gain in log-likelihood over the null
}

// leastExcitable is the number of visits below which nothing is said.
const leastExcitable = 20

// excitingRatio is the likelihood ratio from which a pair is called self-exciting: the
// 95 % quantile of χ² with two degrees of freedom. The null passes it less often, for the
// half hour that ends a visit keeps visits apart (TestExcitation).
const excitingRatio = 5.991

// answerHours is the mean time from a publication to the visit it brings, in the null:
// about a day, as N4 finds it.
const answerHours = 20

// excite fits the visits of a pair, by the local clock, as a Hawkes process with an
// exponential kernel, given the first,
//
//	λ(t) = μ·b(t) + ν·Σ_p κ·exp(−κ(t − p)) + α·Σ_i β·exp(−β(t − t_i))
//
// where b is the pair's own rhythm (hours, weekdays, school weeks; see rhythm), p are the
// publications, α is the branching ratio and ln 2/β the half-life; and without the last
// term, the null in which every visit follows the hour, the day or a publication. Both
// by expectation and maximisation (Veen & Schoenberg 2008, JASA 103), the likelihood by
// Ozaki's recursion (1979, Ann. Inst. Stat. Math. 31; Ogata 1981 for its law), from two
// starts: an hour, and six.
func excite(visits, news []int64, term map[int64]bool) (excitation, bool) {
	if len(visits) < leastExcitable || visits[len(visits)-1] <= visits[0] {
		return excitation{}, false
	}
	h := newHawkes(visits, news, term)
	none := h.fit(0, 1)
	best := h.fit(0.3, math.Ln2)
	if slow := h.fit(0.3, math.Ln2/6); slow.likelihood > best.likelihood {
		best = slow
	}
	return excitation{branching: best.alpha, halfLife: math.Ln2 / best.beta,
		ratio: 2 * (best.likelihood - none.likelihood)}, true
}

// hawkes is the data of one pair, in hours from the first visit.
type hawkes struct {
	at     []float64 // of the visits
	rhythm []float64 // density of b at each visit, over the time observed
	answer []float64 // Σ κ·exp(−κ(t − p)) at each visit
	wholes float64   // how many publications had their time within the one observed
}

// hawkesFit is one fit.
type hawkesFit struct{ mu, nu, alpha, beta, likelihood float64 }

func newHawkes(visits, news []int64, term map[int64]bool) *hawkes {
	const hour, kappa = 3600_000., 1. / answerHours
	h := &hawkes{rhythm: rhythm(visits, term), answer: make([]float64, len(visits))}
	first := visits[0]
	for _, t := range visits {
		h.at = append(h.at, float64(t-first)/hour)
	}
	end := h.at[len(h.at)-1]
	for _, p := range slices.Compact(slices.Clone(news)) {
		from := float64(p-first) / hour
		if from < -10*answerHours || from >= end {
			continue
		}
		h.wholes += math.Exp(-kappa*math.Max(0, -from)) - math.Exp(-kappa*(end-from))
		for i, t := range h.at {
			if t > from {
				h.answer[i] += kappa * math.Exp(-kappa*(t-from))
			}
		}
	}
	return h
}

// steps and enough end a fit: at most so many, or when the likelihood gains no more.
const (
	excitationSteps  = 120
	excitationEnough = 5e-4
)

// fit maximises the likelihood from a start; α = 0 stays 0.
func (h *hawkes) fit(alpha, beta float64) hawkesFit {
	n := float64(len(h.at) - 1)
	f := hawkesFit{mu: n * (1 - alpha) / 2, alpha: alpha, beta: beta}
	if h.wholes > 0 {
		f.nu = n * (1 - alpha) / 2 / h.wholes
	} else {
		f.mu = n * (1 - alpha)
	}
	f.likelihood = math.Inf(-1)
	for range excitationSteps {
		next, likelihood := h.step(f)
		gain := likelihood - f.likelihood
		f.likelihood = likelihood
		if gain < excitationEnough {
			break
		}
		next.likelihood = likelihood
		f = next
	}
	return f
}

// The bounds of β: a half-life of ten minutes, less than the pause that ends a visit, and
// of two days.
const (
	fastest = math.Ln2 * 6
	slowest = math.Ln2 / 48
)

// step gives the log-likelihood of f and what maximises its expectation.
func (h *hawkes) step(f hawkesFit) (next hawkesFit, likelihood float64) {
	last := h.at[len(h.at)-1]
	var own, answers, excited, lags, decay, lagged, reach float64
	reach = 1 - math.Exp(-f.beta*last)
	for i := 1; i < len(h.at); i++ {
		// decay is Σ exp(−β(t_i − t_j)) over j < i, lagged the same times t_i − t_j.
		gap := h.at[i] - h.at[i-1]
		fall := math.Exp(-f.beta * gap)
		lagged = fall * (lagged + gap*(1+decay))
		decay = fall * (1 + decay)
		b, a, e := f.mu*h.rhythm[i], f.nu*h.answer[i], f.alpha*f.beta*decay
		rate := b + a + e
		likelihood += math.Log(rate)
		own, answers, excited = own+b/rate, answers+a/rate, excited+e/rate
		lags += f.alpha * f.beta * lagged / rate
		reach += 1 - math.Exp(-f.beta*(last-h.at[i]))
	}
	likelihood -= f.mu + f.nu*h.wholes + f.alpha*reach
	next = hawkesFit{mu: own, beta: f.beta}
	if h.wholes > 0 {
		next.nu = answers / h.wholes
	}
	if f.alpha > 0 && lags > 0 {
		next.alpha = math.Min(0.99, excited/reach)
		next.beta = math.Min(fastest, math.Max(slowest, excited/lags))
	}
	return next, likelihood
}

// bandStarts are the hours at which the bands of hours of L4 begin; 23 h to 7 h is one.
var bandStarts = [8]int64{0, 7, 9, 12, 14, 17, 19, 21}

// slot is a band of hours, a weekday and a kind of week, with its time.
type slot struct {
	band, day, kind int
	from, to        int64
}

// slotOf is the slot of an instant of the local clock.
func slotOf(t int64, term map[int64]bool) slot {
	day := (t - (t%dayMs+dayMs)%dayMs) / dayMs
	s := slot{day: int(((day+3)%7 + 7) % 7)} // 1970-01-01 was a Thursday
	if term[weekOf(t)] {
		s.kind = 1
	}
	hour := (t - day*dayMs) / 3600_000
	if hour >= 23 {
		s.from, s.to = day*dayMs+23*3600_000, (day+1)*dayMs
		return s
	}
	for i := len(bandStarts) - 1; ; i-- {
		if hour >= bandStarts[i] {
			s.band, s.from, s.to = i, day*dayMs+bandStarts[i]*3600_000, day*dayMs+23*3600_000
			if i+1 < len(bandStarts) {
				s.to = day*dayMs + bandStarts[i+1]*3600_000
			}
			return s
		}
	}
}

// rhythm is the density (an hour) at each visit of somebody's own rhythm between the
// first and the last: the product of what the band of hours, the weekday and the kind of
// week have of the visits over what they have of the time, each with one visit added in
// proportion to its time. It integrates to 1.
func rhythm(visits []int64, term map[int64]bool) []float64 {
	first, last := visits[0], visits[len(visits)-1]
	var spent [8][7][2]float64 // hours
	for t := first; t < last; {
		s := slotOf(t, term)
		to := min(s.to, last)
		spent[s.band][s.day][s.kind] += float64(to-t) / 3600_000
		t = to
	}
	whole := float64(last-first) / 3600_000
	var time, seen [3][8]float64 // by margin: band, weekday, kind
	for b := range spent {
		for d := range spent[b] {
			for k, hours := range spent[b][d] {
				time[0][b], time[1][d], time[2][k] = time[0][b]+hours, time[1][d]+hours, time[2][k]+hours
			}
		}
	}
	for _, t := range visits[1:] {
		s := slotOf(t, term)
		seen[0][s.band]++
		seen[1][s.day]++
		seen[2][s.kind]++
	}
	factor := func(margin, i int) float64 {
		share := time[margin][i] / whole
		if share == 0 {
			return 1
		}
		return (seen[margin][i] + share) / float64(len(visits)) / share
	}
	rate := func(b, d, k int) float64 { return factor(0, b) * factor(1, d) * factor(2, k) }
	sum := 0.0
	for b := range spent {
		for d := range spent[b] {
			for k, hours := range spent[b][d] {
				sum += hours * rate(b, d, k)
			}
		}
	}
	out := make([]float64, len(visits))
	for i, t := range visits {
		s := slotOf(t, term)
		out[i] = rate(s.band, s.day, s.kind) / sum
	}
	return out
}
