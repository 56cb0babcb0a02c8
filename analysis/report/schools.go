package report

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"sort"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
)

// code is what may name the file of a school: its UAI, or, outside France, the
// word by which the directory knows it. It can never be a path.
var code = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_-]{0,31}$`)

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
	return p.write(dir)
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
		if !code.MatchString(s.UAI) || strings.EqualFold(s.UAI, "index") {
			faults = append(faults, fmt.Errorf("report: school %d: its code cannot name a page", i+1))
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
