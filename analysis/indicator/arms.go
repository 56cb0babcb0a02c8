package indicator

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
)

// What a comparison of two matched arms must say of itself: whether they were alike
// before, whether they moved alike before, and how far they may have come apart after
// before nothing is left of the effect.

// significance is the level of the tests that a sentence speaks of.
const significance = 0.05

// matchedEffect is the ratio of ratios of two matched arms over the weeks after and before,
// with the joint test of the weeks before: a figure whose arms came apart before says so.
// The sources are those of the weeks, in order, accompanied and control: the noise of a cell
// follows the most that one person brings to it, so that four weeks as one cell have up to
// twice the noise of the four together.
func (c *computation) matchedEffect(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, missing, err := c.arms(ctx, r, m, population, g)
	if missing != nil || err != nil {
		return *missing, err
	}
	a := align(cells)
	r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
	r = r.estimated(armRatio(afterBefore(a)), fewest(cells))
	if r.Status == Published {
		r.Warnings = append(r.Warnings, movedAlike(leadsTest(a[:len(a)-2*weeksFollowed]).P))
	}
	return r, nil
}

// afterBefore adds weeks up: the accompanied after and before, the controls after and before.
func afterBefore(weeks []aligned) []aligned {
	out := make([]aligned, 4)
	for i := range out {
		out[i] = aligned{make([]float64, len(weeks[0].num)), make([]float64, len(weeks[0].num))}
	}
	for i, week := range weeks {
		to := out[2*(i%2)+1] // before
		if i >= len(weeks)-2*weeksFollowed {
			to = out[2*(i%2)]
		}
		for g := range week.num {
			to.num[g], to.den[g] = to.num[g]+week.num[g], to.den[g]+week.den[g]
		}
	}
	return out
}

// movedAlike words the joint test of the weeks before.
func movedAlike(p float64) Warning {
	switch {
	case math.IsNaN(p):
		return warning(CodeUntested, "Rien ne dit si les deux groupes évoluaient déjà différemment avant : les "+
			"semaines d’avant ne peuvent pas être comparées ensemble.")
	case p < significance:
		return warning(CodeMovedApart, "Avant l’accompagnement, les deux groupes évoluaient déjà différemment (le "+
			"hasard ferait un tel écart des semaines d’avant %s) : l’écart d’après n’établit pas un effet.", chanceText(p))
	}
	return warning(CodeMovedAlike, "Avant l’accompagnement, rien ne dit que les deux groupes évoluaient différemment "+
		"(le hasard ferait un tel écart des semaines d’avant %s).", chanceText(p))
}

// chanceText says a p-value in words, never smaller than it is.
func chanceText(p float64) string {
	if p < 0.01 {
		return "moins d’une fois sur 100"
	}
	return fmt.Sprintf("%.0f fois sur 100", math.Min(100, math.Ceil(100*p-1e-9)))
}

// weekly gives the log of the rate of the accompanied over that of the controls in each
// week, of all clusters but one. Sources come in pairs.
func weekly(a []aligned) func(skip int) []float64 {
	total := func(cell aligned, skip int) (x, y float64) {
		for g := range cell.num {
			if g != skip {
				x, y = x+cell.num[g], y+cell.den[g]
			}
		}
		return x, y
	}
	return func(skip int) []float64 {
		out := make([]float64, len(a)/2)
		for w := range out {
			x1, y1 := total(a[2*w], skip)
			x0, y0 := total(a[2*w+1], skip)
			out[w] = math.Log(x1 / y1 / (x0 / y0))
		}
		return out
	}
}

// leadsTest tests that the ratio of the arms is the same in all weeks before.
func leadsTest(a []aligned) stats.Test {
	ratios := weekly(a)
	return stats.JointTest(len(a[0].num), func(skip int) []float64 {
		r := ratios(skip)
		last := r[len(r)-1]
		for w := range r {
			r[w] -= last
		}
		return r[:len(r)-1]
	})
}

// leads is the p-value of the joint test of the weeks before.
func (c *computation) leads(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	cells, err := c.cells(ctx, m.Sources, population, g)
	if err != nil || cells == nil {
		return r.unmeasured(CodeNoRows, noRows), err
	}
	a := align(cells)
	test := leadsTest(a)
	if math.IsNaN(test.P) {
		return r.unmeasured(CodeNoInterval, "Non mesurable : sans intervalle, pas de test."), nil
	}
	r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
	e := stats.ClusterRatioOfRatios(a[0].num, a[0].den, a[1].num, a[1].den, level)
	return r.estimated(e, fewest(cells)).probability(test.P), nil
}

// magnitudes are by how much more than in the worst week before the two arms may come
// apart from one week to the next after it.
var magnitudes = []float64{0, 0.25, 0.5, 1}

// weeksFollowed is how many weeks after an effect is over.
const weeksFollowed = 4

// relativeMagnitudes gives the effect, counted from the last week before, in the interval
// that holds if from one week to the next the arms came apart at most M̄ times as much as
// they ever did before (Rambachan & Roth 2023, Rev. Econ. Stud. 90, Δ^RM). For each step
// before that may have been the largest, and each sign of it, the bounds of the mean of
// the weeks after are linear in what was estimated: θ ∓ M̄·(2+3+4+5)/4·step, the week of
// the accompaniment itself being a step without a week. The interval is the union of
// theirs, which is wider than their hybrid test and as safe. Group:
// {"relative_magnitude": "1"}.
func (c *computation) relativeMagnitudes(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	cells, err := c.cells(ctx, m.Sources, m.Populations[0], wholePopulation)
	if err != nil {
		return nil, err
	}
	if cells == nil {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	a := align(cells)
	var out []Result
	for _, magnitude := range magnitudes {
		r := empty
		r.Group = map[string]string{"relative_magnitude": strconv.FormatFloat(magnitude, 'f', -1, 64)}
		r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
		e, p := cameApart(a, magnitude)
		r = r.estimated(e, fewest(cells))
		r.tested = &p
		out = append(out, r)
	}
	return out, nil
}

// cameApart is the effect with the interval of one M̄, and the p-value of « no effect »: a
// union leaves it out where each of its intervals does on the same side, so that p is the
// largest of theirs (intersection-union test: Berger 1982, Technometrics 24). It has no
// standard error.
func cameApart(a []aligned, magnitude float64) (bounds stats.Estimate, p float64) {
	before := len(a)/2 - weeksFollowed
	steps := 0.0
	for k := range weeksFollowed {
		steps += float64(k+2) / weeksFollowed
	}
	for step := range before - 1 {
		for _, sign := range []float64{-1, 1} {
			e := jackknife(a, stats.Identity, func(x, y []float64) float64 {
				ratio := func(w int) float64 { return math.Log(x[2*w] / y[2*w] / (x[2*w+1] / y[2*w+1])) }
				gap := sign*magnitude*steps*(ratio(step+1)-ratio(step)) - ratio(before-1)
				for k := range weeksFollowed {
					gap += ratio(before+k) / weeksFollowed
				}
				return gap
			})
			effect := bounds.Value + e.Value/float64(2*(before-1)) // the mean of a step and its opposite
			if bounds.Method == "" {
				bounds = e
			}
			if p = math.Max(p, stats.WaldTest(e, 0, stats.Identity).P); e.Value*bounds.Value <= 0 {
				p = 1
			}
			bounds.Low, bounds.High = math.Min(bounds.Low, e.Low), math.Max(bounds.High, e.High)
			bounds.Value = effect
		}
	}
	bounds.Value, bounds.Low, bounds.High = math.Exp(bounds.Value), math.Exp(bounds.Low), math.Exp(bounds.High)
	bounds.SE = math.NaN()
	return bounds, p
}

// imbalance is the absolute standardized difference of each covariate between the arms,
// in each population: before matching and after. Group: {"covariate": "visits"}. Sources
// come in pairs, accompanied and control. It describes the arms that were compared and
// has no interval: that of a population would say whether they are many (Imai, King &
// Stuart 2008, J. R. Stat. Soc. A 171).
func (c *computation) imbalance(ctx context.Context, empty Result, m question.Measure) ([]Result, error) {
	var out []Result
	for _, population := range m.Populations {
		for pair := range slices.Chunk(m.Sources, 2) {
			cells, err := c.cells(ctx, pair, population, wholePopulation)
			if err != nil {
				return nil, err
			}
			if cells == nil {
				continue
			}
			r := empty
			name := strings.Split(pair[0], ".")
			r.Population, r.Group = population, map[string]string{"covariate": name[len(name)-2]}
			r.N, r.counts = cells[0].persons+cells[1].persons, composite(cells, false)
			gap := math.Abs(stats.StandardizedDifference(cells[0].moments(), cells[1].moments()))
			if math.IsNaN(gap) {
				continue // nobody differs from anybody
			}
			r.Estimate, r.Status = &gap, Published
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return []Result{empty.unmeasured(CodeNoRows, noRows)}, nil
	}
	return out, nil
}

// moments are those of x, one y a person.
func (c *cell) moments() stats.Moments {
	return stats.Moments{N: float64(c.y), Sum: float64(c.x), Squares: float64(c.xx)}
}
