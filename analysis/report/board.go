package report

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
)

// board draws one school.
type board struct {
	lang    lang
	facts   Facts
	school  School
	own     []indicator.Result
	similar []indicator.Result
	d       *drawer
}

// pick takes one measure over the term. A school page shows no sampling interval.
func pick(results []indicator.Result, id, measure, population string, u unit) value {
	return pickMonth(results, "", id, measure, population, u)
}

func pickMonth(results []indicator.Result, month, id, measure, population string, u unit) value {
	for _, r := range results {
		if r.Indicator == id && r.Measure == measure && r.Population == population && r.Group["month"] == month {
			v := publish(r, u)
			if v.point && !v.bounds {
				v.interval = false
			}
			return v
		}
	}
	return value{}
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
	c := card{ID: "mesure", Question: b.lang.t("Qu’a-t-on mesuré ?", "What was measured?")}
	c.Big = fmt.Sprintf(b.lang.t("%d sur %d", "%d of %d"), s.CoveredWeeks, s.ExpectedWeeks)
	c.Lines = append(c.Lines, b.lang.t("semaines de classe ont transmis des données, du ", "school weeks sent data, from ")+b.lang.date(b.facts.Start)+b.lang.t(" au ", " to ")+b.lang.date(b.facts.End)+".")
	if v := pick(b.own, "D3", "connected", "all_accounts", share); v.state == shown && v.n > 0 {
		c.Lines = append(c.Lines, capital(b.lang.t("environ ", "about ")+b.lang.count(v.n)+b.d.words([2]string{" comptes de {parents}.", " accounts of {parents}."})))
	}
	if len(s.Feeds) > 0 {
		c.Lines = append(c.Lines, b.lang.t("Sources : ", "Feeds: ")+b.lang.list(s.Feeds)+".")
	}
	c.Ask = b.lang.t("Quels échanges avec les familles passent ailleurs que par l’ENT, et ne sont donc pas comptés ici ?",
		"Which exchanges with families happen outside the portal, and so are not counted here?")
	return c
}

func (b *board) never() card {
	v := pick(b.own, "L2", "never", "all_accounts", share)
	w := pick(b.similar, "L2", "never", "all_accounts", share)
	c := b.figureCard("jamais", b.d.words([2]string{"Combien de {parents} ne se sont jamais connectés ?", "How many {parents} never connected?"}), v)
	if v.state == shown {
		c.Lines = append(c.Lines, b.d.words([2]string{"de tous les comptes de {parents}, avec leur propre compte.", "of all accounts of {parents}, with their own account."}))
		ch := comparison(b.lang, v, w)
		c.Chart, c.Desc = &ch, b.compare(v, w)
	}
	c.Peers, c.Mark = b.compare(v, w), c.Chart != nil && w.state == shown
	c.Ask = b.lang.t("Comment joint-on aujourd’hui ces familles : papier, téléphone, rencontre ?", "How are these families reached today: paper, phone, meeting?")
	return c
}

func (b *board) figureCard(id, question string, v value) card {
	c := card{ID: id, Question: question, Big: capital(v.short(b.lang, share)), Muted: v.state != shown}
	if v.state == absent {
		c.Big = b.lang.t("Non mesurable", "Not measurable")
	}
	if v.state == unmeasured && v.reason != "" {
		c.Lines = append(c.Lines, capital(v.reason)+".")
	}
	return c
}

// compare says where similar schools stand, without order or judgement.
func (b *board) compare(v, w value) string {
	if w.state != shown || !w.point || b.school.PeerSchools == 0 {
		return b.lang.t("Trop peu d’établissements semblables pour comparer.", "Too few similar schools to compare.")
	}
	text := fmt.Sprintf(b.lang.t("Repère, %d établissements semblables", "Mark, %d similar schools"), b.school.PeerSchools)
	if b.school.PeerLabel != "" {
		text += " (" + b.school.PeerLabel + ")"
	}
	text += b.lang.t(" : ", ": ") + w.short(b.lang, share)
	if v.state == shown && v.point && math.Abs(v.est-w.est) < 3 {
		text += b.lang.t(", à peu près comme ici", ", about as here")
	}
	return text + "."
}

// comparison is one bar and the mark of similar schools.
func comparison(l lang, v, w value) chart {
	c := chart{W: narrowWidth, H: 58, Narrow: true}
	high := math.Max(v.top(), 10)
	if w.state == shown {
		high = math.Max(high, w.top())
	}
	marks := ticks(0, math.Min(100, high*1.15), 4)
	s := scale{0, marks[len(marks)-1], 16, c.W - 20}
	for _, m := range marks {
		c.line(s.at(m), 6, s.at(m), 38, "grid")
		c.text(s.at(m), 53, "middle", "tick", l.percent(m))
	}
	c.rect(s.at(0), 12, s.at(v.est)-s.at(0), 20, "bar")
	if w.state == shown && w.point {
		c.line(s.at(w.est), 4, s.at(w.est), 40, "halo")
		c.line(s.at(w.est), 4, s.at(w.est), 40, "peer")
	}
	return c
}

func (b *board) hours() card {
	c := card{ID: "heures", Question: b.d.words([2]string{"Quand les {parents} viennent-ils ?", "When do {parents} come?"})}
	k := columns{lang: b.lang, small: true}
	evening, complete := 0.0, true
	starts := []string{"7 h", "9 h", "12 h", "14 h", "17 h", "19 h", "21 h", "23 h"}
	for i, band := range hourBands {
		v := pick(b.own, "L4", band.measure, "active_accounts", share)
		complete = complete && v.state == shown && v.point
		if i >= len(hourBands)-3 {
			evening += v.est
		}
		k.values = append(k.values, v)
		k.labels = append(k.labels, b.lang.t(starts[i], strings.TrimSuffix(starts[i], " h")+":00"))
		k.dark = append(k.dark, i >= len(hourBands)-3)
	}
	if complete {
		c.Big = b.lang.t("Environ ", "About ") + b.lang.percent(evening)
		c.Lines = append(c.Lines, b.lang.t("des visites commencent entre 19 h et 7 h (barres foncées ; en % des visites, par heure de début).", "of visits start between 7 pm and 7 am (dark bars; % of visits by starting hour)."))
		ch := k.draw()
		c.Chart, c.Desc = &ch, c.Big+" "+c.Lines[0]
	} else {
		c.Big, c.Muted = capital(firstReason(b.lang, k.values)), true
	}
	if v := pick(b.own, "L4", "weekend", "active_accounts", share); v.state == shown {
		c.Lines = append(c.Lines, b.lang.t("Samedi et dimanche : ", "Saturday and Sunday: ")+v.short(b.lang, share)+".")
	}
	c.Ask = b.lang.t("À quelle heure publions-nous, et quand attendons-nous une réponse ?", "At what time do we publish, and when do we expect an answer?")
	return c
}

// firstReason says why a distribution is not drawn.
func firstReason(l lang, values []value) string {
	for _, v := range values {
		if v.state == hidden || v.state == unmeasured {
			return v.why(l)
		}
	}
	return l.t("non mesurable", "not measurable")
}

func (b *board) ready() card {
	v := pick(b.own, "R1", "ready", "all_accounts", share)
	c := b.figureCard("prets", b.lang.t("Les familles sont-elles prêtes pour une échéance ?", "Are families ready for a deadline?"), v)
	if v.state == shown {
		c.Lines = append(c.Lines, b.lang.t("des comptes sont activés et sont venus dans les 60 derniers jours.", "of accounts are activated and came in the last 60 days."))
	}
	var parts []string
	for _, m := range []struct {
		measure string
		text    [2]string
	}{
		{"activated", [2]string{"activés : ", "activated: "}},
		{"active_month", [2]string{"venus le dernier mois : ", "came in the last month: "}},
	} {
		if x := pick(b.own, "D3", m.measure, "all_accounts", share); x.state == shown {
			parts = append(parts, b.d.words(m.text)+x.short(b.lang, share))
		}
	}
	if len(parts) > 0 {
		c.Lines = append(c.Lines, capital(strings.Join(parts, b.lang.t(" ; ", "; ")))+".")
	}
	c.Peers = b.compare(v, pick(b.similar, "R1", "ready", "all_accounts", share))
	c.Ask = b.lang.t("Avant la prochaine échéance, qui peut aider une famille à ouvrir son compte, et quand ?", "Before the next deadline, who can help a family open its account, and when?")
	return c
}

// table is everything the page knows, beside similar schools.
func (b *board) table() table {
	t := table{Head: []string{b.lang.t("Mesure", "Measure"), b.lang.t("Ici", "Here"), b.lang.t("Semblables", "Similar"), b.lang.t("Comptes", "Accounts")}}
	for _, m := range dashboard {
		v := pick(b.own, m.indicator, m.measure, m.population, m.unit)
		if v.state == absent {
			continue
		}
		w, n := pick(b.similar, m.indicator, m.measure, m.population, m.unit), "–"
		if v.state == shown && v.n > 0 {
			n = b.lang.count(v.n)
		}
		t.Rows = append(t.Rows, tableRow{Label: b.d.words(m.label), Cells: []string{v.orWhy(b.lang, m.unit), w.short(b.lang, m.unit), n}})
	}
	return t
}

// months shows how the measures that have one moved from month to month.
func (b *board) months() table {
	var names []string
	for _, r := range b.own {
		if m := r.Group["month"]; m != "" && !contains(names, m) {
			names = append(names, m)
		}
	}
	if len(names) == 0 {
		return table{}
	}
	sort.Strings(names)
	t := table{Head: []string{b.lang.t("Mesure", "Measure")}}
	for _, m := range names {
		t.Head = append(t.Head, b.lang.month(m))
	}
	for _, m := range dashboard {
		row := tableRow{Label: b.d.words(m.label)}
		some := false
		for _, name := range names {
			v := pickMonth(b.own, name, m.indicator, m.measure, m.population, m.unit)
			some = some || v.state != absent
			row.Cells = append(row.Cells, v.short(b.lang, m.unit))
		}
		if some {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// orWhy is the value, or the sentence why it is missing.
func (v value) orWhy(l lang, u unit) string {
	if v.state == unmeasured {
		return v.why(l)
	}
	return v.short(l, u)
}
