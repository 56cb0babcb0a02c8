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

func (s span) minus(o span) span { return span{s.low - o.high, s.high - o.low} }
func (s span) half() float64     { return (s.high - s.low) / 2 }

// known is what a published share tells of its numerator and of its persons: it is
// the quotient, exact to half a point, of two counts rounded to the base. Of a
// share that no such count gives, a modelled one, the count is not known rounded.
func (rule rules) known(r result) (n, x span) {
	base := float64(rule.Rounding.Base)
	half := base / 2
	n = span{math.Max(0, float64(r.N)-half), float64(r.N) + half}
	low, high := 0.0, 1.0
	switch {
	case r.Estimate != nil:
		low, high = *r.Estimate-0.005, *r.Estimate+0.005
	case r.Low != nil && r.High != nil:
		low, high = *r.Low, *r.High
	}
	x = span{math.Max(0, low) * float64(r.N), math.Min(1, high) * float64(r.N)}
	first, last := math.Ceil(x.low/base-1e-9)*base, math.Floor(x.high/base+1e-9)*base
	if r.Estimate != nil && first <= last {
		x, half = span{first, last}, math.Floor(half)
	}
	return n, span{math.Max(0, x.low-half), math.Min(x.high+half, n.high)}
}

// additive groupings part everybody; "all" is their sum.
var additive = []string{"level", "ips_band", "ep"}

// checkSubtraction looks for hidden shares that the published ones give back:
// in each grouping where one group alone is hidden, it takes the published
// groups from the whole, roundings included, and asks that what is left be wide
// enough around the true number. Whether a hidden figure is a secret, and what
// the true number is, comes from the edition, not from what the publication says
// of itself.
func (p *publication) checkSubtraction() {
	if !hides(p.results) {
		p.report.open("Aucun chiffre du rapport n’est caché : il n’y a rien à retrouver par soustraction.")
		return
	}
	var narrow []string
	tried := int64(0)
	totals, err := p.totals()
	if err != nil {
		p.claim("subtraction", subtractionTitle, 0, false, "Les tables de l’édition de recherche ne peuvent pas être lues.")
		return
	}
	sets := p.groupings()
	for _, of := range sortedFigures(sets) {
		set := sets[of]
		if len(set.hidden) != 1 || set.whole == nil || set.whole.Status != "published" {
			continue
		}
		hidden := set.hidden[0]
		s := p.rules.secretOf(hidden, totals)
		if !s.secret || hidden.belowEdition() {
			continue
		}
		tried++
		if p.rules.recovered(s, *set.whole, set.shown) {
			narrow = append(narrow, hidden.String())
		}
	}
	p.claim("subtraction", subtractionTitle, tried, len(narrow) == 0,
		outcome("Ce qui reste après soustraction est trop large pour apprendre quelque chose.", named("retrouvés", narrow)),
		num("chiffres cachés essayés", tried), num("retrouvés", int64(len(narrow))))
}

// hides reports whether a figure is suppressed.
func hides(results []result) bool {
	return slices.ContainsFunc(results, func(r result) bool { return r.Status == "suppressed" })
}

// groupedShares is one grouping of one share of the report.
type groupedShares struct {
	whole         *result
	hidden, shown []result
}

// groupings sorts the shares of persons of the report by what they are a part of: the
// key is a figure without its group.
func (p *publication) groupings() map[figure]*groupedShares {
	sets, wholes := map[figure]*groupedShares{}, map[figure]*result{}
	for i, r := range p.results {
		of, one := r.figure()
		if r.Edition == "schools" || kindOf(r) != shareOfPersons || !one {
			continue
		}
		if of.grouping == "all" {
			wholes[of] = &p.results[i]
			continue
		}
		if !contains(additive, of.grouping) {
			continue
		}
		of.group = ""
		if sets[of] == nil {
			sets[of] = &groupedShares{}
		}
		switch set := sets[of]; {
		case r.Status == "suppressed", r.belowEdition():
			set.hidden = append(set.hidden, r)
		case r.Status == "published":
			set.shown = append(set.shown, r)
		}
	}
	for of, set := range sets {
		set.whole = wholes[of.whole()]
	}
	return sets
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

const subtractionTitle = "Aucun chiffre caché ne se retrouve en retirant du total les groupes publiés, arrondis compris."

// hiddenShare is what the audit itself knows of a figure the publication hides.
type hiddenShare struct {
	// secret says that the figure is too small by itself; one that is not was
	// hidden only so that another does not follow from it, and needs no protection.
	secret bool
	// low and high are between what the numerator must remain possible, when the
	// edition holds it.
	low, high float64
	known     bool
	// twice is how many persons the groups count twice, missing how many none of them
	// counts: by so many what is left of the whole may fall short of the hidden group,
	// or hold persons who are not in it.
	twice, missing float64
}

// secretOf looks a hidden share up in the edition. A cell that the edition does
// not hold is below its floor. Without an edition every hidden figure counts as a
// secret of unknown size.
func (rule rules) secretOf(r result, totals totals) hiddenShare {
	if totals == nil {
		return hiddenShare{secret: true}
	}
	of, _ := r.figure()
	t, ok := totals[of]
	h := rule.share(t, ok, rule.floor(r))
	out := float64(totals.outside(of))
	h.twice, h.missing = math.Max(0, -out), math.Max(0, out)
	return h
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

// recovered reports whether what is left of whole without the published parts
// pins the hidden numerator v down. Of too few persons it must reach from v − d
// to v + d with d = max(5, 20 % of v), 0 being the least of any count; of enough
// persons, nearly nobody or nearly everybody of whom counts, it must not say more
// than the bound that could have been published. Where v is not known an interval
// from 0 must reach 5, another be twice as wide as d at its middle.
func (rule rules) recovered(h hiddenShare, whole result, parts []result) bool {
	n, x := rule.known(whole)
	for _, part := range parts {
		if part.Status != "published" {
			continue
		}
		pn, px := rule.known(part)
		n, x = n.minus(pn), x.minus(px)
	}
	if n.low+n.high < 0 {
		return false // persons of two groups: the groups add up to more than the whole, and nothing follows
	}
	n.high, x.high = n.high+h.twice, x.high+h.twice
	n.low, x.low = n.low-h.missing, x.low-h.missing
	x = span{math.Max(0, x.low), math.Max(0, math.Min(x.high, n.high))}
	if h.known {
		return x.low > h.low || x.high < math.Min(h.high, n.high)
	}
	if x.low == 0 {
		return x.high < float64(rule.Persons.Part)
	}
	return x.half() < rule.around((x.low+x.high)/2)
}

// checkSource takes published shares and rates back to the edition: the sums of
// its cells must give the published number, within the rounding.
func (p *publication) checkSource() {
	totals, err := p.totals()
	if err != nil {
		p.claim("source", "Les chiffres publiés sont ceux de l’édition.", 0, false, "Les tables de l’édition de recherche ne peuvent pas être lues.")
		return
	}
	if totals == nil {
		p.report.OpenPoints = append(p.report.OpenPoints, "L’édition de recherche n’a pas été donnée à l’audit : les chiffres publiés n’ont pas été confrontés à elle.")
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
		if math.Abs(exact-*r.Estimate) <= p.rules.allowance(t, exact) {
			continue
		}
		// A parent of two schools makes two pairs: their share may be given of the
		// pairs or of the distinct parents.
		if byPerson := float64(t.numerator) / math.Max(float64(t.persons), 1); strings.HasSuffix(r.Population, "pairs") && math.Abs(byPerson-*r.Estimate) <= p.rules.allowance(t, byPerson) {
			persons++
			continue
		}
		far = append(far, r.String())
	}
	p.claim("source", "Les parts et les taux publiés sont ceux de l’édition, aux arrondis près.", compared, len(far) == 0,
		outcome("Tous concordent.", named("différents", far)), num("comparés", compared), num("différents", int64(len(far))))
	if persons > 0 {
		p.report.OpenPoints = append(p.report.OpenPoints, fmt.Sprintf("%d parts de couples parent-établissement sont rapportées aux parents et non aux couples : un parent de deux établissements y compte deux fois au numérateur.", persons))
	}
}

// origin is what an index of −1 to 1 was raised by to be a sum of counts.
var origin = map[string]float64{"L3.burstiness": 1, "L3.memory": 1}

// allowance is what rounding may move: half a point of a share and what rounding both
// counts to the base gives, or half of the last significant digit of a rate.
func (rule rules) allowance(t total, exact float64) float64 {
	digit := 0.5 * rule.unit(exact)
	if exact > 1 {
		return digit + 1e-9
	}
	return math.Max(digit, 0.005+float64(rule.Rounding.Base)/math.Max(float64(t.persons), 1)) + 1e-9
}
