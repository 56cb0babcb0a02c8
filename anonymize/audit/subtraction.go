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

// known is what a published share tells of its numerator: the percent is exact
// to half a point, the number of persons to half a base.
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
	return n, span{math.Max(0, low) * n.low, math.Min(1, high) * n.high}
}

// additive groupings part everybody; "all" is their sum.
var additive = []string{"level", "ips_band", "ep"}

// checkSubtraction looks for hidden shares that the published ones give back:
// in each grouping where one group alone is hidden, it takes the published
// groups from the whole, roundings included, and asks that what is left be wide
// enough: half of it at least 5 persons and 20 % of the value.
func (p *publication) checkSubtraction() {
	var narrow []string
	tried := int64(0)
	index := map[string]result{}
	hidden := map[string][]result{}
	shownParts := map[string][]result{}
	for _, r := range p.results {
		if r.Edition == "schools" || kindOf(r) != "share of persons" {
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
			switch r.Status {
			case "suppressed":
				hidden[base+"\x00"+g] = append(hidden[base+"\x00"+g], r)
			case "published":
				shownParts[base+"\x00"+g] = append(shownParts[base+"\x00"+g], r)
			}
		}
	}
	for _, key := range sortedKeys(hidden) {
		base := key[:strings.LastIndex(key, "\x00")]
		whole, ok := index[base]
		if len(hidden[key]) != 1 || hidden[key][0].secondary() || !ok || whole.Status != "published" {
			continue
		}
		tried++
		if recovered(whole, shownParts[key]) {
			narrow = append(narrow, hidden[key][0].String())
		}
	}
	p.claim("subtraction", "Aucun chiffre caché ne se retrouve en retirant du total les groupes publiés, arrondis compris.", len(narrow) == 0,
		outcome("Ce qui reste après soustraction est trop large pour apprendre quelque chose.", named("retrouvés", narrow)),
		num("chiffres cachés essayés", tried), num("retrouvés", int64(len(narrow))))
}

// secondary reports whether a figure was hidden only so that another one does
// not follow from it: it is no secret itself.
func (r result) secondary() bool {
	for _, w := range r.Warnings {
		if strings.HasSuffix(w, "[secondary]") {
			return true
		}
	}
	return false
}

// recovered reports whether what is left of whole without the published parts
// pins the hidden numerator down. Whatever the hidden value v is, the interval
// must reach from v − d to v + d with d = max(5, 20 % of v), and no count is below
// 0: an interval that starts at 0 is too narrow below 5, another one when half of
// it is below 5 or 20 % of its middle.
func recovered(whole result, parts []result) bool {
	n, x := known(whole)
	for _, part := range parts {
		if part.Status != "published" {
			continue
		}
		pn, px := known(part)
		n, x = n.minus(pn), x.minus(px)
	}
	if n.low+n.high < 0 {
		return false // persons of two groups: the groups add up to more than the whole
	}
	x = span{math.Max(0, x.low), math.Max(0, math.Min(x.high, n.high))}
	if x.low == 0 {
		return x.high < 5
	}
	return x.half() < math.Max(5, 0.2*(x.low+x.high)/2)
}

// total is a numerator and a denominator summed over clusters.
type total struct{ persons, numerator, denominator int64 }

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
		exact := float64(t.numerator) / float64(t.denominator)
		if math.Abs(exact-*r.Estimate) <= allowance(r, t, exact) {
			continue
		}
		// A parent of two schools makes two pairs: their share may be given of the
		// pairs or of the distinct parents.
		if byPerson := float64(t.numerator) / math.Max(float64(t.persons), 1); strings.HasSuffix(r.Population, "pairs") && math.Abs(byPerson-*r.Estimate) <= allowance(r, t, byPerson) {
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

// allowance is what rounding may move: half a point, and what rounding both
// counts to the base gives; two significant digits for a rate.
func allowance(r result, t total, exact float64) float64 {
	if kindOf(r) == "number" {
		step := 0.01
		if exact > 0 {
			step = math.Max(step, math.Pow(10, math.Floor(math.Log10(exact))-1))
		}
		return step*0.5 + 1e-9
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
		out[key] = total{t.persons + r.Persons, t.numerator + r.Numerator, t.denominator + r.Denom}
	}
	return out, nil
}
