package report

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"math"
	"regexp"
	"sort"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
)

// uai is the national code of a school; it names the file.
var uai = regexp.MustCompile(`^[0-9]{7}[A-Z]$`)

// schoolPage is what the dashboard's template sees.
type schoolPage struct {
	Lang   lang
	Facts  Facts
	School School
	Level  string
	Tags   []string
	Cards  []card
	Table  table
	Months table
	Notes  []string
}

// card is one answer of the first screen.
type card struct {
	ID, Question string
	Big          string
	Muted        bool
	Lines        []string
	Peers        string
	Mark         bool // the mark of similar schools is drawn
	Chart        *chart
	Desc         string
	Ask          string
}

type schoolsIndex struct {
	Lang   lang
	Facts  Facts
	Levels []levelList
}

type levelList struct {
	Name    string
	Schools []School
}

// WriteSchools writes one dashboard per school, <UAI>.html with the same figures
// as data in <UAI>.json, and index.html. The
// schools stand in alphabetical order: there is no ranking. Former pages in dir
// are replaced as a whole.
func WriteSchools(dir string, in SchoolsInput) error {
	p, err := buildSchools(in)
	if err != nil {
		return err
	}
	return p.replace(dir)
}

func buildSchools(in SchoolsInput) (pages, error) {
	l, err := language(in.Lang)
	if err != nil {
		return nil, err
	}
	if err := in.Facts.check(); err != nil {
		return nil, err
	}
	t, err := pageTemplate(l, "school.html")
	if err != nil {
		return nil, err
	}
	out := pages{}
	var faults []error
	for i, s := range in.Schools {
		if !uai.MatchString(s.UAI) {
			faults = append(faults, fmt.Errorf("report: school %d: not a UAI", i+1))
			continue
		}
		if out[s.UAI+".html"] != nil {
			faults = append(faults, fmt.Errorf("report: school %s: given twice", s.UAI))
			continue
		}
		if out[s.UAI+".html"], err = renderSchool(t, l, in.Facts, s); err != nil {
			faults = append(faults, err)
		}
		if out[s.UAI+".json"], err = encodeSchool(s, in.Facts); err != nil {
			faults = append(faults, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	out["index.html"], err = render(l, "schools.html", schoolsIndex{l, in.Facts, byLevel(l, in.Schools)})
	return out, err
}

func renderSchool(t *template.Template, l lang, facts Facts, s School) ([]byte, error) {
	b := &board{lang: l, facts: facts, school: s, own: allowed(s.Results), similar: allowed(s.Similar)}
	b.d = &drawer{lang: l, subject: facts.Subject}
	v := schoolPage{Lang: l, Facts: facts, School: s, Level: b.d.groupName("level", s.Level), Tags: b.tags(),
		Cards: []card{b.measured(), b.never(), b.hours(), b.ready()}, Table: b.table(), Months: b.months()}
	if s.ExpectedWeeks > s.CoveredWeeks {
		v.Notes = append(v.Notes, fmt.Sprintf(l.t("%d semaine(s) de classe sans données : elles sont retirées de tous les calculs, ce n’est pas une baisse d’usage.",
			"%d school week(s) without data: they are out of every figure, it is no fall in use."), s.ExpectedWeeks-s.CoveredWeeks))
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("report: school %s: %w", s.UAI, err)
	}
	return out.Bytes(), nil
}

// byLevel sorts schools by level, then name.
func byLevel(l lang, schools []School) []levelList {
	var out []levelList
	order := append([]string(nil), groupOrder["level"]...)
	for _, s := range schools {
		if !contains(order, s.Level) {
			order = append(order, s.Level)
		}
	}
	sort.Strings(order[len(groupOrder["level"]):])
	d := &drawer{lang: l}
	for _, level := range order {
		list := levelList{Name: d.levels(level)}
		for _, s := range schools {
			if s.Level == level {
				list.Schools = append(list.Schools, s)
			}
		}
		sort.SliceStable(list.Schools, func(i, j int) bool {
			a, b := list.Schools[i], list.Schools[j]
			if x, y := strings.ToLower(a.Name), strings.ToLower(b.Name); x != y {
				return x < y
			}
			return a.UAI < b.UAI
		})
		if len(list.Schools) > 0 {
			out = append(out, list)
		}
	}
	return out
}

// levels names the schools of a level, plural.
func (d *drawer) levels(level string) string {
	name := d.groupName("level", level)
	if _, known := groupText["level"][level]; known && d.lang == fr {
		return name + "s"
	}
	return name
}

// dashboard lists what a school page may show, and in which words: reviewed
// data. N5, P1, N6 and everything by class or teacher are not on it.
var dashboard = []struct {
	indicator, measure, population string
	unit                           unit
	label                          [2]string
}{
	{"L2", "never", "all_accounts", share, [2]string{"{Parents} jamais connectés (tous les comptes)", "{Parents} never connected (all accounts)"}},
	{"L2", "never", "opened_accounts", share, [2]string{"{Parents} jamais connectés (comptes activés)", "{Parents} never connected (activated accounts)"}},
	{"L1", "visits_per_week", "all_accounts", rate, [2]string{"Visites par semaine de classe (tous les comptes)", "Visits per school week (all accounts)"}},
	{"L1", "visits_per_week", "active_accounts", rate, [2]string{"Visites par semaine de classe (comptes actifs)", "Visits per school week (active accounts)"}},
	{"L1", "weekly", "all_accounts", share, [2]string{"Semaines de classe avec une visite (tous les comptes)", "School weeks with a visit (all accounts)"}},
	{"L1", "weekly", "active_accounts", share, [2]string{"Semaines de classe avec une visite (comptes actifs)", "School weeks with a visit (active accounts)"}},
	{"L4", "weekend", "active_accounts", share, [2]string{"Visites du samedi et du dimanche", "Visits on Saturday and Sunday"}},
	{"L5", "phone", "active_accounts", share, [2]string{"Visites au téléphone (appareil connu)", "Visits by phone (known device)"}},
	{"L5", "phone_only", "active_accounts", share, [2]string{"Comptes qui ne viennent qu’au téléphone", "Accounts that come by phone only"}},
	{"D3", "activated", "all_accounts", share, [2]string{"Comptes activés", "Activated accounts"}},
	{"D3", "connected", "all_accounts", share, [2]string{"Comptes connectés au moins une fois", "Accounts connected at least once"}},
	{"D3", "active_month", "all_accounts", share, [2]string{"Comptes venus le dernier mois", "Accounts that came in the last month"}},
	{"R1", "ready", "all_accounts", share, [2]string{"Comptes prêts (activés et venus dans les 60 jours)", "Ready accounts (activated and came within 60 days)"}},
	{"A1", "accompanied", "all_accounts", share, [2]string{"{Parents} accompagnés (registre)", "Accompanied {parents} (register)"}},
}

// dashboardUnit is how a result of a dashboard is shown.
func dashboardUnit(r indicator.Result) unit {
	for _, m := range dashboard {
		if m.indicator == r.Indicator && m.measure == r.Measure {
			return m.unit
		}
	}
	return share // the hour bands
}

// allowed keeps the results a dashboard may show; everything else is left where
// it is, whatever the caller passed.
func allowed(results []indicator.Result) []indicator.Result {
	var out []indicator.Result
	for _, r := range results {
		ok := r.Indicator == "L4" && r.Population == "active_accounts"
		for _, m := range dashboard {
			ok = ok || m.indicator == r.Indicator && m.measure == r.Measure && m.population == r.Population
		}
		if ok {
			out = append(out, r)
		}
	}
	return out
}

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
		c.Lines = append(c.Lines, capital(strings.Join(parts, " ; "))+".")
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
