package audit

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
)

// span is what an outsider knows of a count: an interval.
type span struct{ low, high float64 }

func (s span) minus(o span) span { return span{s.low - o.high, s.high - o.low} }
func (s span) half() float64     { return (s.high - s.low) / 2 }

// known is what a published share tells of its numerator and of its persons: it is
// the quotient, exact to half a point, of two counts rounded to the base. Of a
// share that no such count gives, a modelled one, the count is not known rounded.
func known(r result) (n, x span) {
	half := countBase / 2.0
	n = span{math.Max(0, float64(r.N)-half), float64(r.N) + half}
	low, high := 0.0, 1.0
	switch {
	case r.Estimate != nil:
		low, high = *r.Estimate-0.005, *r.Estimate+0.005
	case r.Low != nil && r.High != nil:
		low, high = *r.Low, *r.High
	}
	x = span{math.Max(0, low) * float64(r.N), math.Min(1, high) * float64(r.N)}
	first, last := math.Ceil(x.low/countBase-1e-9)*countBase, math.Floor(x.high/countBase+1e-9)*countBase
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
	var narrow []string
	tried := int64(0)
	index := map[string]result{}
	hidden := map[string][]result{}
	shownParts := map[string][]result{}
	for _, r := range p.results {
		if r.Edition == "schools" || kindOf(r) != shareOfPersons {
			continue
		}
		base := r.Indicator + "\x00" + r.Measure + "\x00" + r.Population
		if len(r.Group) == 0 {
			index[base] = r
			continue
		}
		for _, g := range additive {
			if _, ok := r.Group[g]; !ok || len(r.Group) != 1 {
				continue
			}
			switch {
			case r.Status == "suppressed", r.belowEdition():
				hidden[base+"\x00"+g] = append(hidden[base+"\x00"+g], r)
			case r.Status == "published":
				shownParts[base+"\x00"+g] = append(shownParts[base+"\x00"+g], r)
			}
		}
	}
	sums, err := p.sums()
	if err != nil {
		p.claim("subtraction", subtractionTitle, false, "La table sums ne peut pas être lue.")
		return
	}
	for _, key := range sortedKeys(hidden) {
		base := key[:strings.LastIndex(key, "\x00")]
		whole, ok := index[base]
		if len(hidden[key]) != 1 || !ok || whole.Status != "published" {
			continue
		}
		s := secretOf(hidden[key][0], sums, floorOf(hidden[key][0]))
		if !s.secret || hidden[key][0].belowEdition() {
			continue
		}
		tried++
		if s.recovered(whole, shownParts[key]) {
			narrow = append(narrow, hidden[key][0].String())
		}
	}
	p.claim("subtraction", subtractionTitle, len(narrow) == 0,
		outcome("Ce qui reste après soustraction est trop large pour apprendre quelque chose.", named("retrouvés", narrow)),
		num("chiffres cachés essayés", tried), num("retrouvés", int64(len(narrow))))
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

// partLeast is the least number of persons a numerator or its complement may
// have to be given as more than a bound.
const partLeast = 5

// hiddenShare is what the audit itself knows of a figure the publication hides.
type hiddenShare struct {
	// secret says that the figure is too small by itself; one that is not was
	// hidden only so that another does not follow from it, and needs no protection.
	secret bool
	// low and high are between what the numerator must remain possible, when the
	// edition holds it.
	low, high float64
	known     bool
	// overlap is how many persons the groups count twice: by so many what is left
	// of the whole may fall short of the hidden group.
	overlap float64
}

// secretOf looks a hidden share up in the edition. A cell that the edition does
// not hold is below its floor. Without an edition every hidden figure counts as a
// secret of unknown size.
func secretOf(r result, sums map[string]total, floor int64) hiddenShare {
	if sums == nil {
		return hiddenShare{secret: true}
	}
	grouping, group := "all", ""
	for k, v := range r.Group {
		grouping, group = k, v
	}
	of := strings.Join([]string{r.Indicator + "." + r.Measure, r.Population, ""}, "\x00")
	t, ok := sums[of+grouping+"\x00"+group]
	h := t.share(ok, floor)
	inGroups := int64(0)
	for key, part := range sums {
		if strings.HasPrefix(key, of+grouping+"\x00") {
			inGroups += part.persons
		}
	}
	h.overlap = math.Max(0, float64(inGroups-sums[of+"all\x00"].persons))
	return h
}

// share is what the total of a hidden figure says of it.
func (t total) share(ok bool, floor int64) hiddenShare {
	if !ok {
		return hiddenShare{secret: true}
	}
	v, n := float64(t.numerator), float64(t.denominator)
	switch d := math.Max(partLeast, 0.2*v); {
	case t.persons < floor:
		return hiddenShare{secret: true, known: true, low: math.Max(0, v-d), high: v + d}
	case t.numerator < partLeast:
		return hiddenShare{secret: true, known: true, low: 0, high: partLeast - 1}
	case t.denominator-t.numerator < partLeast:
		return hiddenShare{secret: true, known: true, low: n - partLeast + 1, high: n}
	}
	return hiddenShare{known: true}
}

// recovered reports whether what is left of whole without the published parts
// pins the hidden numerator v down. Of too few persons it must reach from v − d
// to v + d with d = max(5, 20 % of v), 0 being the least of any count; of enough
// persons, nearly nobody or nearly everybody of whom counts, it must not say more
// than the bound that could have been published. Where v is not known an interval
// from 0 must reach 5, another be twice as wide as d at its middle.
func (h hiddenShare) recovered(whole result, parts []result) bool {
	n, x := known(whole)
	for _, part := range parts {
		if part.Status != "published" {
			continue
		}
		pn, px := known(part)
		n, x = n.minus(pn), x.minus(px)
	}
	if n.low+n.high < 0 {
		return false // persons of two groups: the groups add up to more than the whole, and nothing follows
	}
	n.high, x.high = n.high+h.overlap, x.high+h.overlap
	x = span{math.Max(0, x.low), math.Max(0, math.Min(x.high, n.high))}
	if h.known {
		return x.low > h.low || x.high < math.Min(h.high, n.high)
	}
	if x.low == 0 {
		return x.high < partLeast
	}
	return x.half() < math.Max(partLeast, 0.2*(x.low+x.high)/2)
}

// total is a numerator and a denominator summed over clusters.
type total struct{ persons, numerator, denominator, schools int64 }

// checkSource takes published shares and rates back to the edition: the sums of
// its cells must give the published number, within the rounding.
func (p *publication) checkSource() {
	sums, err := p.sums()
	if err != nil {
		p.claim("source", "Les chiffres publiés sont ceux de l’édition.", false, "La table sums ne peut pas être lue.")
		return
	}
	if sums == nil {
		p.report.OpenPoints = append(p.report.OpenPoints, "L’édition de recherche n’a pas été donnée à l’audit : les chiffres publiés n’ont pas été confrontés à elle.")
		return
	}
	var far []string
	compared, persons := int64(0), int64(0)
	for _, r := range p.results {
		if r.Edition != "research" || r.Status != "published" || r.Estimate == nil || len(r.Group) > 1 {
			continue
		}
		grouping, group := "all", ""
		for _, k := range sortedKeys(r.Group) {
			grouping, group = k, r.Group[k]
		}
		t, ok := sums[strings.Join([]string{r.Indicator + "." + r.Measure, r.Population, grouping, group}, "\x00")]
		if !ok || t.denominator == 0 {
			continue
		}
		compared++
		exact := float64(t.numerator)/float64(t.denominator) - origin[r.Indicator+"."+r.Measure]
		if math.Abs(exact-*r.Estimate) <= allowance(t, exact) {
			continue
		}
		// A parent of two schools makes two pairs: their share may be given of the
		// pairs or of the distinct parents.
		if byPerson := float64(t.numerator) / math.Max(float64(t.persons), 1); strings.HasSuffix(r.Population, "pairs") && math.Abs(byPerson-*r.Estimate) <= allowance(t, byPerson) {
			persons++
			continue
		}
		far = append(far, r.String())
	}
	p.claim("source", "Les parts et les taux publiés sont ceux de l’édition, aux arrondis près.", len(far) == 0,
		outcome("Tous concordent.", named("différents", far)), num("comparés", compared), num("différents", int64(len(far))))
	if persons > 0 {
		p.report.OpenPoints = append(p.report.OpenPoints, fmt.Sprintf("%d parts de couples parent-établissement sont rapportées aux parents et non aux couples : un parent de deux établissements y compte deux fois au numérateur.", persons))
	}
}

// origin is what an index of −1 to 1 was raised by to be a sum of counts.
var origin = map[string]float64{"L3.burstiness": 1, "L3.memory": 1}

// allowance is what rounding may move: half a point of a share or a small rate,
// and what rounding both counts to the base gives; half of the second significant
// digit above 1.
func allowance(t total, exact float64) float64 {
	if exact > 1 {
		return 0.5*math.Max(0.01, math.Pow(10, math.Floor(math.Log10(exact))-1)) + 1e-9
	}
	return 0.005 + countBase/math.Max(float64(t.persons), 1) + 1e-9
}

// sums adds the cells of the research edition up, nil when it was not given.
func (p *publication) sums() (map[string]total, error) {
	var data []byte
	for _, f := range p.editions {
		if f.manifest.Kind == "research" {
			data = f.content[edition.TableSums+".parquet"]
		}
	}
	if data == nil {
		return nil, nil
	}
	rows, err := parquet.Read[edition.SumRow](bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("audit: sums: %w", err)
	}
	out := map[string]total{}
	for _, r := range rows {
		key := strings.Join([]string{r.Measure, r.Population, r.Grouping, r.Group}, "\x00")
		t := out[key]
		out[key] = total{t.persons + r.Persons, t.numerator + r.Numerator, t.denominator + r.Denom, t.schools + int64(r.Schools)}
	}
	return out, nil
}
