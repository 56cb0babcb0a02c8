package report

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// schoolPage is what the dashboard's template sees.
type schoolPage struct {
	frame
	School indicator.School
	Level  string
	Tags   []string
	Cards  []card
	Table  table
	Months table
	// Periods are its last periods, Since when these were.
	Periods table
	Since   string
	Short   string // what the short words of both tables stand for
	// Nested says that parts and wholes are given in one range.
	Nested bool
	Notes  []string
	// National is a mark from the national open data, as a sentence.
	National string
}

// card is one answer of the first screen.
type card struct {
	ID, Question string
	Big          string
	Muted        bool
	Lines        []string
	Peers        string
	Mark         bool // the mark of similar schools is drawn
	Chart        *drawing.Chart
	Desc         string
	Ask          string
}

// board draws one school.
type board struct {
	dashboard
	lang   lang
	facts  Facts
	school indicator.School
	own    []indicator.Result
	d      *drawer
	// term and similar are what is printed of the school and of those like it.
	term, similar column
	// nested says that a part stood above its whole.
	nested bool
	past   []*past // its last periods, the oldest first
	then   []column

	national *National
}

// silentWeeks notes the weeks of a school in which no feed sent an event.
var silentWeeks = question.Text{
	FR: "%d semaine(s) de classe sans données : elles sont retirées de tous les calculs, " +
		"ce n’est pas une baisse d’usage.",
	EN: "%d school week(s) without data: they are out of every figure, it is no fall in use.",
}

// render writes the page of the school.
func (b *board) render(t *template.Template) ([]byte, error) {
	s := b.school
	b.own, b.term, b.similar = b.allowed(s.Results), b.column(s.Results, ""), b.column(s.Similar, "")
	for _, p := range b.past {
		b.then = append(b.then, b.column(p.results, ""))
	}
	for _, c := range append([]column{b.term, b.similar}, b.then...) {
		b.nested = c.nest() || b.nested
	}
	b.d = &drawer{lang: b.lang, subject: b.facts.Subject}
	own := frame{Lang: b.lang, Facts: b.facts, Title: nameOf(b.lang, s),
		Menu: schoolsMenu(b.lang, b.facts), Of: b.lang.T("les familles et l’ENT", "families and the school portal")}
	months := b.months()
	v := schoolPage{frame: own, Nested: b.nested, School: s, Level: b.d.groupName("level", s.Level), Tags: b.tags(),
		Cards: []card{b.measured()}, Table: b.table(), Months: months, Since: b.since(),
		Short: abbreviated(b.lang), National: b.national.similar(b)}
	for _, c := range b.cards {
		v.Cards = append(v.Cards, b.card(c))
	}
	if s.ExpectedWeeks > s.CoveredWeeks {
		v.Notes = append(v.Notes, fmt.Sprintf(b.lang.Text(silentWeeks), s.ExpectedWeeks-s.CoveredWeeks))
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("report: school %s: %w", s.UAI, err)
	}
	return out.Bytes(), nil
}

func (b *board) tags() []string {
	tags := []string{b.d.groupName("level", b.school.Level)}
	if b.school.EP != "" && b.school.EP != "HEP" {
		tags = append(tags, b.school.EP)
	}
	return append(tags, b.school.UAI)
}

// measured is the first card: what the page rests on.
func (b *board) measured() card {
	s := b.school
	c := card{ID: "mesure", Question: b.lang.T("Qu’a-t-on mesuré ?", "What was measured?")}
	c.Big = fmt.Sprintf(b.lang.T("%d sur %d", "%d of %d"), s.CoveredWeeks, s.ExpectedWeeks)
	sent := b.lang.T("semaines de classe ont transmis des données, du ", "school weeks sent data, from ")
	c.Lines = append(c.Lines, sent+b.lang.Date(b.facts.Start)+b.lang.T(" au ", " to ")+b.lang.Date(b.facts.End)+".")
	if v := b.term[accounts]; v.state == shown && v.n > 0 {
		c.Lines = append(c.Lines, wording.Capital(b.lang.T("environ ", "about ")+b.lang.Count(v.n)+
			b.d.words(question.Text{FR: " comptes de {parents}.", EN: " accounts of {parents}."})))
	}
	if len(s.Feeds) > 0 {
		c.Lines = append(c.Lines, b.lang.T("Sources : ", "Feeds: ")+b.lang.List(s.Feeds)+".")
	}
	c.Ask = b.lang.T("Quels échanges avec les familles passent ailleurs que par l’ENT, et ne sont donc pas comptés "+
		"ici ?",
		"Which exchanges with families happen outside the portal, and so are not counted here?")
	return c
}

// card answers one question of the catalogue.
func (b *board) card(q question.Card) card {
	c := card{ID: q.ID, Question: b.d.words(q.Title), Ask: b.d.words(q.Ask)}
	whole := ""
	if q.Form == question.HourCard {
		whole = b.hourly(&c, q)
	} else {
		b.number(&c, q)
	}
	if details := strings.TrimSpace(b.details(q) + whole); details != "" {
		c.Lines = append(c.Lines, details)
	}
	return c
}

// number shows one number alongside that of similar schools.
func (b *board) number(c *card, q question.Card) {
	v, w := b.term[q.Ref], b.similar[q.Ref]
	c.Big, c.Muted, c.Peers = wording.Capital(v.short(b.lang, b.numbers[q.Ref])), v.state != shown, b.compare(q.Ref, w)
	switch {
	case v.state == absent:
		c.Big = b.lang.T("Non mesurable", "Not measurable")
	case v.state == unmeasured && v.reason != "":
		c.Lines = append(c.Lines, wording.Capital(v.because(b.lang))+".")
	case v.state == shown:
		c.Lines = append(c.Lines, b.d.words(q.Line))
	}
	if v.state == shown && q.Form == question.PeerCard {
		ch := comparison(b.lang, v, w)
		c.Chart, c.Desc, c.Mark = &ch, c.Peers, w.state == shown
	}
}

// rounded is how far from 100 eight whole percents may add up to.
const rounded = 4

// hourly shows when visits start. It says where noise took the bars away from a whole.
func (b *board) hourly(c *card, q question.Card) string {
	k := drawing.Columns{Card: true}
	var bands []value
	late, total, complete := 0.0, 0.0, true
	for i, band := range b.hours.measures {
		v := b.term[b.hours.ref(band.name, b.hours.populations[0])]
		complete = complete && v.state == shown && v.point
		total += v.est
		dark := i >= len(b.hours.measures)-evening
		if dark {
			late += v.est
		}
		from, _, _ := strings.Cut(band.label.FR, "–") // "7 h–9 h"
		bands = append(bands, v)
		column := v.drawn(b.lang, share)
		column.Text = share.bare(b.lang, v.est)
		k.Values = append(k.Values, column)
		k.Labels = append(k.Labels, b.lang.T(from, strings.TrimSuffix(from, " h")+":00"))
		k.Dark = append(k.Dark, dark)
	}
	if !complete {
		c.Big, c.Muted = wording.Capital(firstReason(b.lang, bands)), true
		return ""
	}
	c.Big = b.lang.T("Environ ", "About ") + b.lang.Percent(late)
	c.Lines = append(c.Lines, b.d.words(q.Line))
	ch := k.Draw()
	c.Chart, c.Desc = &ch, c.Big+" "+c.Lines[0]
	if math.Abs(total-100) <= rounded {
		return ""
	}
	return b.lang.T(" Total des barres : ", " The bars make ") + b.lang.Percent(total) +
		b.lang.T(" (bruit protecteur).", " (protective noise).")
}

// details are the further numbers of a card that may be shown, as a sentence.
func (b *board) details(q question.Card) string {
	var parts []string
	for _, d := range q.Details {
		if v := b.term[d.Ref]; v.state == shown {
			parts = append(parts, b.d.words(d.Text)+v.short(b.lang, b.numbers[d.Ref]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return wording.Capital(strings.Join(parts, b.lang.T(" ; ", "; "))) + "."
}

// compare says where similar schools stand, and whether the school differs from them;
// without order or judgement.
func (b *board) compare(ref question.Ref, w value) string {
	if !w.inPage() || b.school.PeerSchools == 0 {
		return b.lang.T("Trop peu d’établissements semblables pour comparer.", "Too few similar schools to compare.")
	}
	mark := b.lang.T("Repère, %d établissements semblables", "Mark, %d similar schools")
	text := fmt.Sprintf(mark, b.school.PeerSchools)
	switch {
	case b.school.PeerLabel == "":
	case b.lang == en: // the label is French
		text += " (" + strings.ToLower(b.d.groupName("level", b.school.Level)) + ", same IPS band)"
	default:
		text += " (" + b.school.PeerLabel + ")"
	}
	text += b.lang.T(" : ", ": ") + w.short(b.lang, b.numbers[ref])
	for _, c := range b.school.Comparisons {
		if (question.Ref{Question: c.Indicator, Measure: c.Measure, Population: c.Population}) == ref {
			text += likeness(b.lang, c.Outcome)
		}
	}
	return text + "."
}

// comparison is one bar and the mark of similar schools.
func comparison(l lang, v, w value) drawing.Chart {
	c := drawing.Chart{W: drawing.NarrowWidth, H: 58, Narrow: true}
	high := math.Max(v.top(), 10)
	if w.state == shown {
		high = math.Max(high, w.top())
	}
	marks := drawing.Ticks(0, math.Min(100, high*1.15), 4)
	s := drawing.Scale{From: 0, To: marks[len(marks)-1], Start: 16, End: c.W - 20}
	for _, m := range marks {
		c.Line(s.At(m), 6, s.At(m), 38, "grid")
		half := drawing.Width("tick", l.Percent(m)) / 2
		c.Text(math.Max(half, math.Min(s.At(m), c.W-half)), 53, "middle", "tick", l.Percent(m))
	}
	c.Rect(s.At(0), 12, s.At(v.est)-s.At(0), 20, "bar")
	if w.state == shown && w.point {
		c.Line(s.At(w.est), 4, s.At(w.est), 40, "halo")
		c.Line(s.At(w.est), 4, s.At(w.est), 40, "peer")
	}
	return c
}

// firstReason says why a distribution is not drawn.
func firstReason(l lang, values []value) string {
	for _, v := range values {
		if v.state == hidden || v.state == unmeasured {
			return v.why(l)
		}
	}
	return l.T("non mesurable", "not measurable")
}

// table is everything the page knows, alongside similar schools.
func (b *board) table() table {
	t := table{Name: b.lang.T("Tous les chiffres", "All figures"),
		Head: []string{b.lang.T("Mesure", "Measure"), b.lang.T("Ici", "Here")}}
	for _, p := range b.past {
		t.Head = append(t.Head, p.Term)
	}
	t.Head = append(t.Head, b.lang.T("Semblables", "Similar"), b.lang.T("Comptes", "Accounts"))
	for _, m := range b.rows {
		v, u := b.term[m.Ref], b.numbers[m.Ref]
		if v.state == absent {
			continue
		}
		n := "–"
		if v.state == shown && v.n > 0 {
			n = b.lang.Count(v.n)
		}
		cells := []string{v.orWhy(b.lang, u)}
		for _, c := range append(b.then[:len(b.then):len(b.then)], b.similar) {
			cells = append(cells, c[m.Ref].cell(b.lang, u))
		}
		cells = append(cells, n)
		t.Rows = append(t.Rows, tableRow{Label: b.d.words(m.Text), Cells: cells})
	}
	return t
}

// months shows how the measures that have one moved from month to month.
func (b *board) months() table {
	var names []string
	for _, r := range b.own {
		if m := r.Group["month"]; m != "" && !slices.Contains(names, m) {
			names = append(names, m)
		}
	}
	if len(names) == 0 {
		return table{}
	}
	slices.Sort(names)
	t := table{Name: b.lang.T("Mois par mois", "Month by month"), Head: []string{b.lang.T("Mesure", "Measure")}}
	for _, m := range names {
		t.Head = append(t.Head, b.lang.ShortMonth(m))
	}
	var months []column
	for _, name := range names {
		c := b.column(b.own, name)
		b.nested = c.nest() || b.nested
		months = append(months, c)
	}
	for _, m := range b.rows {
		row := tableRow{Label: b.d.words(m.Text)}
		some := false
		for _, c := range months {
			v := c[m.Ref]
			some = some || v.state != absent
			row.Cells = append(row.Cells, v.cell(b.lang, b.numbers[m.Ref]))
		}
		if some {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// similar is the mark of the schools of France of the same level and quintile of IPS as
// a school, or of its level where its IPS is not known; "" where the page shows no share
// of its own.
func (n *National) similar(b *board) string {
	if n == nil || b.facts.Subject != "parent" || b.term[nationalRef].state != shown {
		return ""
	}
	band := n.Bands[b.school.UAI]
	for _, m := range n.Marks {
		if m.Level != b.school.Level || m.Band != band {
			continue
		}
		where := strings.ToLower(b.d.levels(m.Level))
		if band > 0 {
			where += fmt.Sprintf(b.lang.T(" du quintile d’IPS %d sur 5", " of IPS quintile %d of 5"), band)
		}
		return fmt.Sprintf(b.lang.T("Visites de parents au téléphone, %s, France : %s (%d établissements ; %s).",
			"Parents’ visits on a phone, %s, France: %s (%d schools; %s)."),
			where, b.lang.Percent(100*m.Smartphone), m.Schools, n.source(b.lang))
	}
	return ""
}

// since says when the earlier periods of the table were; "" of none.
func (b *board) since() string {
	if len(b.past) == 0 {
		return ""
	}
	var parts []string
	for _, p := range b.past {
		parts = append(parts, p.Term+b.lang.Colon()+p.dates(b.lang))
	}
	return strings.Join(parts, b.lang.T(" ; ", "; ")) + b.lang.T(". Les chiffres sont ceux publiés alors, jamais "+
		"recalculés ; deux périodes diffèrent aussi par leur saison et leur longueur.",
		". The figures are those published then, never computed again; periods differ by season and length too.")
}
