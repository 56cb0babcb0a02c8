package indicator

import (
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// plan is how the cells of a figure are drawn, and its true value.
type plan struct {
	truth float64
	draw  func(d *drawn, m question.Measure)
}

func first(p []float64) float64       { return p[0] }
func difference(p []float64) float64  { return p[0] - p[1] }
func oddsRatioOf(p []float64) float64 { return p[0] / (1 - p[0]) / (p[1] / (1 - p[1])) }

// heads are shares p of persons, one for each source.
func heads(truth func(p []float64) float64, p ...float64) plan {
	return plan{truth(p), func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			for j, source := range m.Sources {
				d.add(source, m.Populations[0], wholePopulation,
					query.Sum{Cluster: int32(i), Persons: s.units, X: d.binomial(s.units, d.within(s, p[j])),
						Y: s.units})
			}
		}
	}}
}

// happenings are shares p of events, one for each source. Schools where more of it
// happens have more events: the events of all schools together weigh z by
// exp(effectSD·z), which moves its mean to effectSD.
func happenings(truth func(p []float64) float64, p ...float64) plan {
	moved := make([]float64, len(p))
	for i := range p {
		moved[i] = normalCDF(normalQuantile(p[i]) - effectSD*math.Sqrt(alikeness))
	}
	return plan{truth(moved), func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			for j, source := range m.Sources {
				y := d.visits(s.units, 8*s.effect())
				d.add(source, m.Populations[0], wholePopulation, query.Sum{
					Cluster: int32(i), Persons: s.units, X: d.events(s, y, d.within(s, p[j])), Y: y,
				})
			}
		}
	}}
}

// rates are counts over 12 weeks, of mean rate·factor(source, its place) a week.
// The second half of the sources of each form of arms lies in the same schools as
// the first, or in other ones.
func rates(truth, rate float64, elsewhere bool, factor func(source string, place int) float64) plan {
	return plan{truth, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			for j, source := range m.Sources {
				if elsewhere && (j%perForm < 2) != (i%2 == 0) {
					continue
				}
				x := d.visits(s.units, 12*rate*s.effect()*d.own()*factor(source, j))
				d.add(source, populationOf(m, source), wholePopulation, query.Sum{
					Cluster: int32(i), Persons: s.units, X: x, Y: 12 * s.units,
				})
			}
		}
	}}
}

// populationOf is the population under which an estimator reads a source.
func populationOf(m question.Measure, source string) string {
	if known, _ := edition.FindMeasure(source); !slices.Contains(known.Populations, m.Populations[0]) {
		return known.Populations[0]
	}
	return m.Populations[0]
}

func rate(r float64) plan {
	return rates(r, r, false, func(string, int) float64 { return 1 })
}

// arms are counts after and before of one group, after and before of another;
// those after of the first are effect times as many.
func arms(effect, r float64, elsewhere bool, truth func(effect float64) float64) plan {
	return rates(truth(effect), r, elsewhere, func(_ string, j int) float64 {
		if j%perForm == 0 {
			return effect
		}
		return 1
	})
}

// forms are the arms of four forms of accompaniment, of an effect each; the truth is
// that of the first over that of the second.
func forms(effects ...float64) plan {
	return rates(effects[0]/effects[1], 0.6, false, func(_ string, j int) float64 {
		if j%perForm == 0 {
			return effects[j/perForm]
		}
		return 1
	})
}

func itself(x float64) float64 { return x }

// accompanied are the weeks around an accompaniment that multiplies visits.
func accompanied(truth, effect float64) plan {
	return rates(truth, 1, false, func(source string, _ int) float64 {
		if strings.Contains(source, "week+") && strings.HasSuffix(source, "accompanied") {
			return effect
		}
		return 1
	})
}

// twoPeriods are the counts of the same persons in two periods.
func twoPeriods(ratio float64) plan {
	return plan{ratio, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			x := d.visits(s.units, 6*ratio*s.effect()*d.own())
			d.add(m.Sources[0], m.Populations[0], wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: x, Y: d.visits(s.units, 6*s.effect()*d.own()),
			})
		}
	}}
}

// hundredths are means of an index of persons kept as 100 × the index + shift.
func hundredths(mean, shift float64) plan {
	return plan{mean, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			sum := float64(s.units)*(mean-shift+0.08*s.z) + 0.3*math.Sqrt(float64(s.units))*d.rng.NormFloat64()
			d.add(m.Sources[0], m.Populations[0], wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: int64(math.Round(100 * sum)), Y: 100 * s.units,
			})
		}
	}}
}

// ladder are the steps of an ordered grouping, where the last has share or rate
// low and the first high, in equal steps of its log.
func ladder(grouping string, persons bool, high, low float64, truth func(means []float64) float64) plan {
	steps := ladders[grouping]
	means := make([]float64, len(steps))
	for i := range steps {
		means[i] = high * math.Pow(low/high, float64(i)/float64(len(steps)-1))
	}
	return plan{truth(means), func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			step := i % len(steps)
			row := query.Sum{Cluster: int32(i), Persons: s.units, Y: 12 * s.units}
			if persons {
				row.X, row.Y = d.binomial(s.units, d.within(s, means[step])), s.units
			} else {
				row.X = d.visits(s.units, 12*means[step]*s.effect())
			}
			d.add(m.Sources[0], m.Populations[0], query.Group{Grouping: grouping, Value: steps[step]}, row)
		}
	}}
}

// sides compares the first step to the last.
func sides(compare func(a, b float64) float64) func([]float64) float64 {
	return func(m []float64) float64 { return compare(m[0], m[len(m)-1]) }
}

// reversed compares the last step to the first.
func reversed(compare func(a, b float64) float64) func([]float64) float64 {
	return func(m []float64) float64 { return compare(m[len(m)-1], m[0]) }
}

func over(a, b float64) float64  { return a / b }
func minus(a, b float64) float64 { return a - b }

// along summarises the steps, with as many persons on each.
func along(form string) func([]float64) float64 {
	return func(means []float64) float64 {
		even := make([]float64, len(means))
		for i := range even {
			even[i] = 1
		}
		return gradients[form].functional(stats.NewGradient(means, even))
	}
}

// grades are a share in the grades of schools of three levels, of the logit
// level + slope·rank; a school has all grades of its level.
func grades(level, slope float64) plan {
	return plan{math.Exp(slope), func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			from, to := [...]int{0, 5, 9}[i%3], [...]int{5, 9, 12}[i%3]
			for rank := from; rank < to; rank++ {
				y := d.visits(s.units/int64(to-from), 2)
				x := d.events(s, y, d.within(s, expit(level+slope*float64(rank))))
				d.add(m.Sources[0], m.Populations[0], query.Group{Grouping: "grade", Value: ladders["grade"][rank]},
					query.Sum{Cluster: int32(i), Persons: s.units / int64(to-from), X: x, Y: y})
			}
		}
	}}
}

// counted draws the count of each person and gives their histogram by school.
func (d *drawn) counted(s drawnSchool, count func(u float64) int64) (x int64, histogram [16]int64) {
	for range s.units {
		v := count(d.unit(s))
		x += v
		histogram[binOf(v)]++
	}
	return x, histogram
}

func binOf(v int64) int {
	k := len(edition.HistogramEdges) - 1
	for edition.HistogramEdges[k] > v {
		k--
	}
	return k
}

// tools are 1, 2 or 3 tools a person; share of them meet two or more.
func tools(share float64) plan {
	return plan{share, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			x, histogram := d.counted(s, func(u float64) int64 {
				switch {
				case u < share/4:
					return 3
				case u < share:
					return 2
				}
				return 1
			})
			d.add(m.Sources[0], m.Populations[0], wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: x, Y: s.units, Histogram: histogram,
			})
		}
	}}
}

// quantiles are counts of mean mu, whose quantile is asked.
func quantiles(p, mu float64) plan {
	return plan{float64(geometric(p, mu)), func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			x, histogram := d.counted(s, func(u float64) int64 { return geometric(u, mu) })
			d.add(m.Sources[0], m.Populations[0], wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: x, Y: s.units, Histogram: histogram,
			})
		}
	}}
}

// strataOf are shares or counts by level and IPS band; column of the group asked.
// count is the count of a unit of uniform number u when its logit or log is eta.
func strataOf(truth float64, count func(u, eta float64) int64) plan {
	return plan{truth, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			level, band := i%3, i/3%5
			eta := levelEffects[level] + bandEffects[band]
			x, histogram := d.counted(s, func(u float64) int64 { return count(u, eta) })
			row := query.Sum{Cluster: int32(i), Persons: s.units, X: x, Y: s.units, Histogram: histogram}
			if m.Estimator == "count_model" {
				row.Y *= 12
			}
			name, step := []string{"lycee", "college", "ecole"}[level], ladders["ips_band"][band]
			for _, g := range []query.Group{
				wholePopulation, {Grouping: "level", Value: name}, {Grouping: "ips_band", Value: step},
				{Grouping: "stratum", Value: name + " " + step}} {
				d.add(m.Sources[0], m.Populations[0], g, row)
			}
		}
	}}
}

// The effects of a level and a band, on the log or logit; the last are references.
var (
	levelEffects = [...]float64{0.5, -0.3, 0}
	bandEffects  = [...]float64{0.8, 0.6, 0.4, 0.2, 0}
)

// neverWith is 1 below a share of logit eta − 1.5.
func neverWith(u, eta float64) int64 {
	if u < expit(eta-1.5) {
		return 1
	}
	return 0
}

const meanVisits = 3 // of the reference, in 12 weeks

// negativeBinomial and hurdled are the count models.
func negativeBinomial(u, eta float64) int64 { return geometric(u, meanVisits*math.Exp(eta)) }

func hurdled(u, eta float64) int64 {
	none := expit(-0.8 - eta) // the odds of coming rise as the counts do
	if u < none {
		return 0
	}
	return 1 + geometric((u-none)/(1-none), meanVisits*math.Exp(eta))
}

// between are a strict and a loose share; the truth is one of the two, where an
// interval for what lies between them covers least.
func between(low, high float64, truth float64) plan {
	return plan{truth, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			loose := d.binomial(s.units, d.within(s, high))
			for j, x := range []int64{d.binomial(loose, low/high), loose} {
				d.add(m.Sources[j], m.Populations[0], wholePopulation, query.Sum{
					Cluster: int32(i), Persons: s.units, X: x, Y: s.units,
				})
			}
		}
	}}
}

// survey are pupils who answer, and of them those who say so; those who do not
// answer are all like truth says: none of them, or all.
func survey(answering, saying float64, silent float64) plan {
	return plan{answering*saying + (1-answering)*silent, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			answered := d.binomial(s.units, d.within(s, answering))
			said := d.binomial(answered, d.within(drawnSchool{s.units, d.rng.NormFloat64()}, saying))
			d.add(m.Sources[0], m.Populations[0], wholePopulation, query.Sum{
				Cluster: int32(i), Persons: answered, X: said, Y: answered,
			})
			d.add(m.Sources[1], edition.PopAllPupils, wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: answered, Y: s.units,
			})
		}
	}}
}

// ownAccount are parents whose own account was never used, and pupil accounts that
// parents may use: none does.
func ownAccount(never, child float64) plan {
	return plan{never, func(d *drawn, m question.Measure) {
		for i, s := range d.schools {
			d.add(m.Sources[0], m.Populations[0], wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: d.binomial(s.units, d.within(s, never)), Y: s.units,
			})
			d.add(m.Sources[1], edition.PopPupils, wholePopulation, query.Sum{
				Cluster: int32(i), Persons: s.units, X: d.binomial(s.units, d.within(s, child)), Y: s.units,
			})
		}
	}}
}
