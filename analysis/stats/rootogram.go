package stats

import (
	"math"
	"sort"
)

// CountBin is how many units a bin of counts holds, and how many a fitted law expects.
type CountBin struct {
	Low, High          float64
	Observed, Expected float64
}

// Hanging is the part of a rootogram below or above its curve, √observed − √expected:
// beyond 1 in absolute value a bin is off by more than chance among independent units
// (Tukey 1977; Kleiber & Zeileis 2016, Am. Statist. 70).
func (b CountBin) Hanging() float64 { return number(math.Sqrt(b.Observed) - math.Sqrt(b.Expected)) }

// CountFitness is how a count model fits, bin by bin.
type CountFitness struct {
	Bins []CountBin
	// ChiSquare is Σ(O−E)²/E over the bins with at least 5 expected units, of which there
	// are Used. It has no p-value: units of a cluster are no independent draws.
	ChiSquare float64
	Used      int
	// Misplaced is the part of the units that would have to change bin, ½Σ|O−E|/N.
	Misplaced float64
}

// Fitness compares the bins of d with what the model r, fitted to d, expects in them.
func (r CountFit) Fitness(d CountData, m CountModel) CountFitness {
	fit := CountFitness{Misplaced: math.NaN(), ChiSquare: math.NaN()}
	if d.unsound() != nil || len(r.Coef) == 0 || unfit(r.Coef) > 0 {
		return fit
	}
	p, q := len(d.X[0]), 0
	if m.Zero != PlainZero {
		if q = 1; d.Z != nil {
			q = len(d.Z[0])
		}
	}
	at := map[Interval]int{}
	for i, low := range d.Low {
		edge := Interval{low, d.High[i]}
		if _, ok := at[edge]; !ok {
			at[edge] = len(fit.Bins)
			fit.Bins = append(fit.Bins, CountBin{Low: low, High: d.High[i]})
		}
	}
	// units alike expect alike: they are added up first
	type kind struct {
		eta, zeta float64
	}
	units := map[kind]float64{}
	var kinds []kind
	n := 0.0
	for i, row := range d.X {
		w := 1.0
		if d.Weight != nil {
			w = d.Weight[i]
		}
		k := kind{offset(d.Offset, i) + predicted(r.Regression, row), 0}
		switch {
		case q > 0 && d.Z == nil:
			k.zeta = r.Coef[p]
		case q > 0:
			for j, v := range d.Z[i] {
				k.zeta += v * r.Coef[p+j]
			}
		}
		if _, ok := units[k]; !ok {
			kinds = append(kinds, k)
		}
		units[k] += w
		n += w
		fit.Bins[at[Interval{d.Low[i], d.High[i]}]].Observed += w
	}
	lambda := 0.0
	if m.Family == NB2 {
		lambda = r.Coef[p+q]
	}
	sort.Slice(fit.Bins, func(a, b int) bool { return fit.Bins[a].Low < fit.Bins[b].Low })
	fit.ChiSquare, fit.Misplaced = 0, 0
	for b := range fit.Bins {
		bin := &fit.Bins[b]
		for _, k := range kinds {
			bin.Expected += units[k] * countProbability(bin.Low, bin.High, k.eta, lambda, k.zeta, m.Family, m.Zero).p
		}
		difference := bin.Observed - bin.Expected
		fit.Misplaced += math.Abs(difference) / 2 / n
		if bin.Expected >= 5 {
			fit.ChiSquare += difference * difference / bin.Expected
			fit.Used++
		}
	}
	if !(n > 0) {
		fit.Misplaced, fit.ChiSquare = math.NaN(), math.NaN()
	}
	return fit
}
