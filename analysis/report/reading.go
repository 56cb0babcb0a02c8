package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// reading says in words what a figure shows, numbers and doubt included.
func (d *drawer) reading(s spec, rows []barRow) []string {
	if !anyShown(rows) {
		return []string{d.nothing(rows)}
	}
	var out []string
	switch s.form {
	case question.Groups, question.Weeks:
		out = d.readGroups(s, rows)
	case question.Hours:
		out = d.readHours(s, rows)
	case question.Multiples:
		out = d.readCross(s, rows)
	case question.Concentration:
		out = d.readConcentration(s, rows)
	case question.Grid:
		out = d.readGrid(s, rows)
	default:
		out = d.readMeasures(s, rows)
	}
	if len(out) == 0 {
		out = d.list(s, rows)
	}
	out = append(out, d.tested(s)...)
	if extra := d.extra(s); extra != "" {
		out = append(out, extra)
	}
	return append(out, d.unreleased(rows)...)
}

// unreleased counts the values that are not released, by reason.
func (d *drawer) unreleased(rows []barRow) []string {
	few, others := countHidden(rows)
	var out []string
	if few == 1 {
		out = append(out, d.lang.T("Une valeur n’est pas diffusée (effectif trop faible).",
			"One value is not released (too few people)."))
	}
	if few > 1 {
		out = append(out, d.lang.Count(int64(few))+d.lang.T(" valeurs ne sont pas diffusées (effectif trop faible).",
			" values are not released (too few people)."))
	}
	if others == 1 {
		out = append(out, d.lang.T("Une valeur n’est pas diffusée : elle permettrait d’en retrouver une autre qui "+
			"doit rester secrète, ou repose trop sur un seul établissement.",
			"One value is not released: it would give away another that must stay secret, or rests too much on "+
				"one school."))
	}
	if others > 1 {
		out = append(out, d.lang.Count(int64(others))+d.lang.T(" valeurs ne sont pas diffusées : elles "+
			"permettraient d’en retrouver d’autres qui doivent rester secrètes, ou reposent trop sur un seul "+
			"établissement.",
			" values are not released: they would give away others that must stay secret, or rest too much on "+
				"one school."))
	}
	return out
}

// nothing explains a figure without a single number.
func (d *drawer) nothing(rows []barRow) string {
	for _, r := range rows {
		for _, v := range r.values {
			if v.state == unmeasured {
				return wording.Capital(v.why(d.lang)) + "."
			}
		}
	}
	if few, others := countHidden(rows); few == 0 && others > 0 {
		return d.lang.T("Non diffusé : ces chiffres permettraient d’en retrouver d’autres qui doivent rester "+
			"secrets, ou reposent trop sur un seul établissement.",
			"Not released: these figures would give away others that must stay secret, or rest too much on one "+
				"school.")
	}
	return d.lang.T("Non diffusé : l’effectif est trop faible pour montrer un chiffre sans risque pour les personnes.",
		"Not released: too few people to show a figure without risk to them.")
}

func (d *drawer) readGroups(s spec, rows []barRow) []string {
	var out []string
	for i := range s.populations {
		if len(rows[0].values) <= i || rows[0].head || !rows[0].strong {
			break
		}
		v := rows[0].values[i]
		if v.state != shown {
			continue
		}
		name := d.populationName(s.populations[i])
		said := wording.Capital(v.short(d.lang, s.unit)) + " " + d.said(s.phrase, v)
		if s.phrase == (question.Text{}) { // of a plain figure
			said = d.words(s.title) + d.lang.Colon() + v.short(d.lang, s.unit)
		}
		first := said + d.doubt(v, s.unit) +
			d.thresholds(s, s.populations[i])
		switch {
		case len(out) == 0 && name != "":
			out = append(out, first+d.lang.T(", sur : ", ", out of: ")+name+".")
		case len(out) == 0:
			out = append(out, first+".")
		default:
			out = append(out, d.lang.T("Sur : ", "Out of: ")+name+", "+v.short(d.lang, s.unit)+d.doubt(v, s.unit)+
				d.thresholds(s, s.populations[i])+".")
		}
	}
	start := -1
	for i := 0; i <= len(rows); i++ {
		if i == len(rows) || rows[i].head {
			if start >= 0 {
				if text := d.spread(s, rows[start], rows[start+1:i]); text != "" {
					out = append(out, text)
				}
			}
			start = i
		}
	}
	return out
}

// thresholds is the range of a number over the other thresholds that its figure names, from the
// lowest end to the highest of those that are released; "" of none.
func (d *drawer) thresholds(s spec, population string) string {
	if s.thresholds == "" {
		return ""
	}
	low, high, n := math.Inf(1), math.Inf(-1), 0
	q, _ := question.Lookup(s.indicator)
	for _, grid := range specsOf(q) {
		if grid.id != s.thresholds {
			continue
		}
		for _, m := range grid.measures {
			v, ok := d.look(s.ref(m.name, population), group{}, s.unit)
			switch {
			case !ok || v.state != shown:
				continue
			case v.point:
				low, high = min(low, v.est), max(high, v.est)
			default:
				low, high = min(low, v.low), max(high, v.high)
			}
			n++
		}
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(d.lang.T(", et de %s à %s selon les seuils (%d combinaisons)",
		", and from %s to %s by the thresholds (%d combinations)"), s.unit.bare(d.lang, low), s.unit.text(d.lang, high), n)
}

// spread compares the lowest and the highest group of one grouping, first series, in the
// words of the test of the two.
func (d *drawer) spread(s spec, head barRow, rows []barRow) string {
	var low, high *barRow
	for i := range rows {
		r := &rows[i]
		if v := r.values[0]; v.state != shown || !v.point {
			continue
		}
		if low == nil || r.values[0].est < low.values[0].est {
			low = r
		}
		if high == nil || r.values[0].est > high.values[0].est {
			high = r
		}
	}
	if low == nil || low == high {
		return ""
	}
	tested, ok := d.between(s, head.label)
	for i := range rows { // published values may be alike as they are printed
		switch r := &rows[i]; {
		case ok && r.label == d.groupName(tested.Grouping, tested.Lowest):
			low = r
		case ok && r.label == d.groupName(tested.Grouping, tested.Highest):
			high = r
		}
	}
	a, b := low.values[0], high.values[0]
	if a.est == b.est {
		return head.label + d.lang.Colon() + d.lang.T("pas de différence visible.", "no visible difference.")
	}
	text := head.label + d.lang.Colon() + d.lang.T("de ", "from ") + a.short(d.lang, s.unit) + " (" + low.label + ")" +
		d.lang.T(" à ", " to ") + b.short(d.lang, s.unit) + " (" + high.label + ")"
	if s.descriptive {
		return text + d.second(s, rows) + "."
	}
	if len(d.against(s)) == 0 { // a ratio says how it compares below
		text += d.gap(tested.Outcome)
	}
	return text + "."
}

// second reads the lowest and the highest group of the other series, and names those beyond
// the mark of the figure.
func (d *drawer) second(s spec, rows []barRow) string {
	if len(s.populations) < 2 {
		return ""
	}
	ends := d.ends(s, rows, 1)
	if ends == "" {
		return ""
	}
	text := " ; " + d.populationName(s.populations[1]) + d.lang.Colon() + ends
	if d.lang != wording.FR {
		text = text[1:]
	}
	if s.line == nil {
		return text
	}
	var beyond []string
	for _, r := range rows {
		if len(r.values) > 1 && r.values[1].state == shown && r.values[1].point && r.values[1].est > s.line.At {
			beyond = append(beyond, wording.Lower(r.label))
		}
	}
	if len(beyond) > 0 {
		text += d.lang.T(", au-delà du repère : ", ", beyond the mark: ") + d.lang.List(beyond)
	}
	return text
}

// list names each group and its value: for a figure without a whole and too few
// groups to compare.
func (d *drawer) list(s spec, rows []barRow) []string {
	var parts []string
	for _, r := range rows {
		if len(r.values) > 0 && r.values[0].state == shown {
			parts = append(parts, r.label+d.lang.Colon()+r.values[0].short(d.lang, s.unit))
		}
	}
	return []string{strings.Join(parts, d.lang.T(" ; ", "; ")) + "."}
}

// manyMeasures is the number of measures of which only the ends are read out.
const manyMeasures = 10

func (d *drawer) readMeasures(s spec, rows []barRow) []string {
	var out []string
	for i := range s.populations {
		var parts []string
		for _, r := range rows {
			if i < len(r.values) && r.values[i].state == shown {
				parts = append(parts, wording.Lower(r.label)+d.lang.Colon()+r.values[i].short(d.lang, s.unit))
			}
		}
		if len(parts) == 0 {
			continue
		}
		text := strings.Join(parts, d.lang.T(" ; ", "; ")) + "."
		if ends := d.ends(s, rows, i); len(parts) > manyMeasures && ends != "" {
			text = ends + "."
		}
		if name := d.populationName(s.populations[i]); i > 0 && name != "" {
			text = d.lang.T("Sur : ", "Out of: ") + name + ", " + text
		}
		out = append(out, wording.Capital(text))
	}
	return out
}

// readHours sums the printed percents of the evening: "about", since they are rounded.
func (d *drawer) readHours(s spec, rows []barRow) []string {
	evening, best := 0.0, -1
	complete := true
	for i, r := range rows {
		v := r.values[0]
		if v.state != shown || !v.point {
			complete = false
			continue
		}
		if i >= len(rows)-3 {
			evening += v.est
		}
		if best < 0 || v.est > rows[best].values[0].est {
			best = i
		}
	}
	var out []string
	if complete && len(rows) == len(s.measures) {
		out = append(out, d.lang.T("Environ ", "About ")+d.lang.Percent(evening)+
			d.lang.T(" des visites commencent entre 19 h et 7 h (barres foncées).",
				" of visits start between 7 pm and 7 am (dark bars)."))
	}
	if best >= 0 {
		out = append(out, d.lang.T("La bande la plus fréquentée est ", "The busiest band is ")+rows[best].label+
			" ("+rows[best].values[0].short(d.lang, share)+").")
	}
	return out
}

// extra is the sentence the catalogue adds to one figure.
func (d *drawer) extra(s spec) string {
	if s.verdict == nil {
		return d.words(s.note)
	}
	for _, c := range d.against(s) {
		if c.Measure == s.measures[0].name && len(c.Group) == 0 {
			v, _ := d.find(question.Ref{Question: s.indicator, Measure: c.Measure}, group{}, s.unit)
			return d.doubted(d.verdict(*s.verdict, c.Outcome), v.warnings) + d.departures(s, c.Outcome)
		}
	}
	return ""
}

// ends reads the lowest and the highest of many measures, series i; « less than 1 % » is one
// of them.
func (d *drawer) ends(s spec, rows []barRow, i int) string {
	var low, high *barRow
	for k := range rows {
		r := &rows[k]
		if i >= len(r.values) || r.values[i].state != shown {
			continue
		}
		v := r.values[i]
		if !v.point && !(s.unit.percent && (v.low <= 0 || v.high >= 100)) {
			continue
		}
		if low == nil || v.middle() < low.values[i].middle() {
			low = r
		}
		if high == nil || v.middle() > high.values[i].middle() {
			high = r
		}
	}
	if low == nil {
		return ""
	}
	if low == high {
		return low.values[i].short(d.lang, s.unit) + " (" + low.label + ")"
	}
	return d.lang.T("de ", "from ") + low.values[i].short(d.lang, s.unit) + " (" + low.label + ")" +
		d.lang.T(" à ", " to ") + high.values[i].short(d.lang, s.unit) + " (" + high.label + ")"
}

// readGrid reads a map of shades.
func (d *drawer) readGrid(s spec, rows []barRow) []string {
	if _, _, ok := s.axes(); ok {
		return d.readPlaces(s, rows)
	}
	return d.readMeasures(s, rows)
}
