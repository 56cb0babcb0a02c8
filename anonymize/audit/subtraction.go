package audit

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// span is what an outsider knows of a count: an interval.
type span struct{ low, high float64 }

// known is what a published share tells of its numerator and of its persons: it is
// the quotient, exact to half a point, of two counts rounded to the base. A finer one is
// not, and no modelled one: its numerator is not known rounded. It is a share of whole, which for some
// is not the number of persons: of whom something is asked leaves with noise of its own.
func (rule rules) known(r result, whole float64, modelled bool) (n, x span) {
	base := float64(rule.Rounding.Base)
	half := base / 2
	n = span{math.Max(0, float64(r.N)-half), float64(r.N) + half}
	low, high := 0.0, 1.0
	switch {
	case r.Estimate != nil:
		step := rule.stepOf(r)
		low, high = *r.Estimate-step/2, *r.Estimate+step/2
		if step < 0.01 || modelled {
			return n, span{math.Max(0, low) * math.Max(0, whole-half), math.Min(1, high) * (whole + half)}
		}
	case r.Low != nil && r.High != nil:
		low, high = *r.Low, *r.High
	}
	x = span{math.Max(0, low) * whole, math.Min(1, high) * whole}
	first, last := math.Ceil(x.low/base-1e-9)*base, math.Floor(x.high/base+1e-9)*base
	if r.Estimate != nil && first <= last {
		x, half = span{first, last}, math.Floor(half)
	}
	return n, span{math.Max(0, x.low-half), math.Min(x.high+half, whole+base/2)}
}

// whole is what a published share is a share of, rounded: the denominator of the edition, which an outsider is taken to
// know, or where it is not the quotient by that, its persons.
func (rule rules) whole(f released) float64 {
	base := float64(rule.Rounding.Base)
	if f.modelled && f.known {
		return math.Round(float64(f.total.denominator)/base) * base
	}
	if x, y := float64(f.total.numerator), float64(f.total.denominator); f.known && y > 0 &&
		f.r.Estimate != nil && math.Abs(x/y-*f.r.Estimate) <= rule.allowance(f.r, f.total, x/y) {
		return math.Round(y/base) * base
	}
	return float64(f.r.N)
}

func sortedFigures[V any](m map[figure]V) []figure {
	return slices.SortedFunc(maps.Keys(m), func(a, b figure) int {
		return cmp.Or(cmp.Compare(a.measure, b.measure), cmp.Compare(a.population, b.population),
			cmp.Compare(a.grouping, b.grouping), cmp.Compare(a.group, b.group))
	})
}

// belowEdition reports whether a group has no figure because the edition has no
// row of it: between nobody and the floor of the edition, nobody outside can say.
func (r result) belowEdition() bool {
	for _, w := range r.Warnings {
		if r.Status == "not_measurable" && strings.HasSuffix(w, "[no_rows]") {
			return true
		}
	}
	return false
}

const subtractionTitle = "Aucun chiffre caché ne se retrouve en retirant du total les groupes publiés, arrondis " +
	"compris."

// hiddenShare is what the audit itself knows of a figure the publication hides.
type hiddenShare struct {
	// secret says that the figure is too small by itself; one that is not was
	// hidden only so that another does not follow from it, and needs no protection.
	secret bool
	// low and high are between what the numerator must remain possible, when the
	// edition holds it.
	low, high float64
	known     bool
}

// share is what the total of a hidden figure says of it.
func (rule rules) share(t total, ok bool, floor int64) hiddenShare {
	if !ok {
		return hiddenShare{secret: true}
	}
	v, n, part := float64(t.numerator), float64(t.denominator), rule.Persons.Part
	switch d := rule.around(v); {
	case t.persons < floor:
		return hiddenShare{secret: true, known: true, low: math.Max(0, v-d), high: v + d}
	case t.numerator < part:
		return hiddenShare{secret: true, known: true, low: 0, high: float64(part - 1)}
	case t.denominator-t.numerator < part:
		return hiddenShare{secret: true, known: true, low: n - float64(part) + 1, high: n}
	}
	return hiddenShare{known: true}
}

// checkSource takes published shares and rates back to the edition: the sums of
// its cells must give the published number, within the rounding.
func (p *publication) checkSource() {
	totals, err := p.totals()
	if err != nil {
		p.claim("source", "Les chiffres publiés sont ceux de l’édition.", 0, false,
			"Les tables de l’édition de recherche ne peuvent pas être lues.")
		return
	}
	if totals == nil {
		p.report.OpenPoints = append(p.report.OpenPoints, "L’édition de recherche n’a pas été donnée à l’audit : les "+
			"chiffres publiés n’ont pas été confrontés à elle.")
		return
	}
	var far []string
	compared, persons := int64(0), int64(0)
	for _, r := range p.results {
		of, one := r.figure()
		if r.Edition != "research" || r.Status != "published" || r.Estimate == nil || !one {
			continue
		}
		t, ok := totals[of]
		if !ok || t.denominator == 0 {
			continue
		}
		compared++
		exact := float64(t.numerator)/float64(t.denominator) - origin[r.Indicator+"."+r.Measure]
		if math.Abs(exact-*r.Estimate) <= p.rules.allowance(r, t, exact) {
			if r.Low == nil || r.High == nil || *r.Low <= exact+1e-9 && exact <= *r.High+1e-9 {
				continue
			}
		}
		// A parent of two schools makes two pairs: their share may be given of the
		// pairs or of the distinct parents.
		if byPerson := float64(t.numerator) / math.Max(float64(t.persons), 1); strings.HasSuffix(r.Population,
			"pairs") && math.Abs(byPerson-*r.Estimate) <= p.rules.allowance(r, t, byPerson) {
			persons++
			continue
		}
		far = append(far, r.String())
	}
	p.claim("source", "Les parts et les taux publiés sont ceux de l’édition, aux arrondis près.", compared,
		len(far) == 0,
		outcome("Tous concordent.", named("différents", far)), num("comparés", compared), num("différents",
			int64(len(far))))
	if persons > 0 {
		p.report.OpenPoints = append(p.report.OpenPoints, fmt.Sprintf("%d parts de couples parent-établissement sont "+
			"rapportées aux parents et non aux couples : un parent de deux établissements y compte deux fois au "+
			"numérateur.", persons))
	}
}

// origin is what an index of −1 to 1 was raised by to be a sum of counts.
var origin = map[string]float64{"L3.burstiness": 1, "L3.memory": 1}

// allowance is what rounding may move: half a step of a share and, of a whole percent, what
// rounding both counts to the base gives, or half of the last significant digit of a rate,
// which a wide interval makes coarser.
func (rule rules) allowance(r result, t total, exact float64) float64 {
	if step := rule.stepOf(r); step < 0.01 && kindOf(r) == shareOfPersons {
		return step/2 + 1e-9
	}
	digit := 0.5 * math.Max(rule.unit(exact), rule.coarse(r))
	if exact > 1 {
		return digit + 1e-9
	}
	counts := float64(rule.Rounding.Base) / math.Max(float64(t.persons), 1)
	if kindOf(r) == shareOfPersons {
		counts = math.Max(counts, rule.roundsBy(float64(t.numerator), float64(t.denominator)))
	}
	return math.Max(digit, 0.005+counts) + 1e-9
}

// roundsBy is how far the quotient of two counts may be from that of both rounded to the base. It is of those asked, who
// may be fewer than the persons of the figure: 18 of 27 are 20 of 25.
func (rule rules) roundsBy(x, y float64) float64 {
	half := float64(rule.half())
	if y <= half {
		return 1
	}
	return math.Max((x+half)/(y-half)-x/y, x/y-math.Max(0, x-half)/(y+half))
}

// coarse is the step that the interval of a noisy figure gives it, 0 when it gives none: the
// power of ten that is a tenth of the interval at most, which its three numbers are multiples
// of. The published interval holds the one the step was chosen by, so that no figure is more
// than a twentieth of its own interval from what the edition says.
func (rule rules) coarse(of result) float64 {
	if !rule.follows(of) || kindOf(of) == shareOfPersons || of.Estimate == nil || of.Low == nil || of.High == nil ||
		!(*of.High > *of.Low) {
		return 0
	}
	step := math.Pow(10, math.Floor(math.Log10((*of.High-*of.Low)/10)+1e-9))
	for _, x := range []float64{*of.Estimate, *of.Low, *of.High} {
		if math.Abs(x/step-math.Round(x/step)) > 1e-6 {
			return 0
		}
	}
	return step
}
