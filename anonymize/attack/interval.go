package attack

import (
	"math"
	"math/rand/v2"
	"slices"
)

// trials are one attack on everybody in all twins: of each split and person the successes
// in the twins that hold them, and in the one that does not.
type trials struct {
	target, control [][]uint8 // by split and person
}

// add books the hits of a twin without the persons of a fold.
func (t *trials) add(split int, hits, out []bool) {
	if split == len(t.target) {
		t.target, t.control = append(t.target, make([]uint8, len(hits))), append(t.control, make([]uint8, len(hits)))
	}
	for i, hit := range hits {
		switch {
		case hit && out[i]:
			t.control[split][i]++
		case hit:
			t.target[split][i]++
		}
	}
}

// sums are the trials of a household, or of several.
type sums struct{ n, target, control float64 }

func (s sums) plus(o sums) sums { return sums{s.n + o.n, s.target + o.target, s.control + o.control} }

func (s sums) times(x float64) sums { return sums{s.n * x, s.target * x, s.control * x} }

// risk is what success with targets exceeds that with controls by, of what it could.
func (s sums) risk() float64 {
	if s.control >= s.n {
		return 0
	}
	return (s.target - s.control) / (s.n - s.control)
}

// advantage is by how much more often a member is told to be one than somebody else: S. Yeom,
// I. Giacomelli, M. Fredrikson, S. Jha, Privacy Risk in Machine Learning, CSF 2018. The
// risk of the other attacks would be 1 wherever members are always told to be.
func (s sums) advantage() float64 { return (s.target - s.control) / s.n }

// households are the persons attacked by who is held out and resampled with them.
type households struct {
	of []int32 // of each person, numbered from 0
	n  int
}

func newHouseholds(ids []int64, persons []int) households {
	at := map[int64]int32{}
	h := households{of: make([]int32, len(persons))}
	for i, row := range persons {
		number, ok := at[ids[row]]
		if !ok {
			number = int32(len(at))
			at[ids[row]] = number
		}
		h.of[i] = number
	}
	h.n = len(at)
	return h
}

// sums are the trials of each household in one split.
func (h households) sums(target, control []uint8) []sums {
	out := make([]sums, h.n)
	for i, number := range h.of {
		s := &out[number]
		s.n++
		s.target += float64(target[i]) / (folds - 1)
		s.control += float64(control[i])
	}
	return out
}

// weights draws a bootstrap sample: how often each household stands in it.
func (h households) weights(draw *rand.Rand) []float64 {
	w := make([]float64, h.n)
	for range w {
		w[draw.IntN(h.n)]++
	}
	return w
}

// settle sums the attacks up: a person's trials in all splits are one observation of their
// household. The interval has two sources: households are a sample (bootstrap), and the
// splits are (what moves all persons of a split together, by the components of variance).
func (c *campaign) settle() []Finding {
	draw := rand.New(rand.NewPCG(c.options.Seed, 2))
	splits := float64(c.split)
	type pooled struct {
		by     []sums
		all    sums
		common float64 // variance of what is common to the persons of a split
		risks  []float64
	}
	all := make([]pooled, len(c.findings))
	for at, t := range c.trials {
		p := pooled{by: make([]sums, c.households.n), risks: make([]float64, 0, c.options.Resamples)}
		split := make([][]sums, c.split)
		for s := range split {
			split[s] = c.households.sums(t.target[s], t.control[s])
			for h, one := range split[s] {
				p.by[h] = p.by[h].plus(one.times(1 / splits))
			}
		}
		for _, one := range p.by {
			p.all = p.all.plus(one)
		}
		p.common = common(split, p.all)
		all[at] = p
	}
	for range c.options.Resamples {
		weights := c.households.weights(draw)
		for at := range all {
			var again sums
			for h, one := range all[at].by {
				again = again.plus(one.times(weights[h]))
			}
			all[at].risks = append(all[at].risks, c.findings[at].measure(again))
		}
	}
	for at := range c.findings {
		f, p := &c.findings[at], all[at]
		f.Persons, f.Twins = len(c.persons), c.split*folds
		f.Targeted, f.Controlled, f.Risk = p.all.target/p.all.n, p.all.control/p.all.n, f.measure(p.all)
		f.Low, f.High = interval(f.Risk, p.risks, p.common)
	}
	return c.findings
}

func (f Finding) measure(s sums) float64 {
	if f.Attack == Membership {
		return s.advantage()
	}
	return s.risk()
}

// common is the variance of the pooled risk that comes from what all persons of a split
// share, such as the commonest value of a class: what the splits' risks vary by more than
// households that vary each for themselves would make them. 0 of a single split.
func common(split [][]sums, all sums) float64 {
	n := float64(len(split))
	if n < 2 || all.control >= all.n {
		return 0
	}
	keep := 1 - all.risk()
	value := func(s sums) float64 { return (s.target - keep*s.control) / (all.n - all.control) }
	total := make([]float64, len(split))
	var apart float64
	for h := range split[0] {
		var sum, squares float64
		for s := range split {
			x := value(split[s][h])
			total[s] += x
			sum += x
			squares += x * x
		}
		apart += (squares - sum*sum/n) / (n - 1)
	}
	return max(0, variance(total)-apart) / n
}

func variance(x []float64) float64 {
	var sum, squares float64
	for _, v := range x {
		sum += v
	}
	mean := sum / float64(len(x))
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	return squares / float64(len(x)-1)
}

// interval is the 95 % interval of the bootstrap, widened for what splits have in common.
func interval(risk float64, risks []float64, common float64) (low, high float64) {
	n := len(risks)
	if n == 0 {
		return 0, 0
	}
	slices.Sort(risks)
	low, high = risks[n*25/1000], risks[min(n-1, n*975/1000)]
	if n < 2 || common == 0 {
		return low, high
	}
	own := variance(risks)
	if own == 0 {
		return low - 1.96*math.Sqrt(common), high + 1.96*math.Sqrt(common)
	}
	wider := math.Sqrt((own + common) / own)
	return risk - wider*(risk-low), min(1, risk+wider*(high-risk))
}
