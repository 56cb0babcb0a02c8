package pages

import (
	"time"

	"github.com/entscope/entscope/analysis/national"
)

// events are the figures of W3: one for each event.
func (s *site) events() []figure {
	var list []figure
	days := map[string]bool{}
	for _, r := range s.answers.Results {
		day := r.Group["event"]
		if r.Indicator != "W3" || day == "" || days[day] {
			continue
		}
		days[day] = true
		list = append(list, s.event(day))
	}
	if len(list) == 0 {
		list = append(list, s.absent("W3-evenement", s.t("Avant et après", "Before and after"),
			s.book.parents("W3", "level_ratio")))
	}
	return list
}

func (s *site) event(day string) figure {
	level := s.book.parents("W3", "level_ratio", "event", day)
	slope := s.book.parents("W3", "slope_ratio", "event", day)
	mean := s.book.parents("W3", "mean_ratio", "event", day)
	name := s.lang.Date(day)
	for _, e := range s.answers.Asked {
		if e.Day.Format(time.DateOnly) == day {
			name = s.eventName(e) + ", " + name
		}
	}
	f := figure{
		ID:      "W3-" + day,
		Title:   s.t("Visites de parents autour de : ", "Visits of parents around: ") + name,
		results: results(level, slope, mean),
	}
	if !level.known() {
		f.Reading = []string{s.lang.Sentence(s.book.why(level))}
		return f
	}
	f.Reading = []string{
		s.f("Niveau la semaine de l’événement : %s.",
			"Level in the week of the event: %s.",
			s.book.write(level, times)),
		s.f("Ensuite, chaque semaine : %s.", "Afterwards, each week: %s.", s.book.write(slope, times)),
		s.f("En moyenne des semaines qui suivent : %s, dans %s établissements mesurés les deux années.",
			"On average over the weeks that follow: %s, in %s schools measured in both years.",
			s.book.write(mean, times), s.lang.Count(mean.N)),
	}
	f.Table = table{
		Head: []string{
			s.t("Semaine du", "Week of"),
			s.t("Rapport aux semaines d’avant", "Ratio to the weeks before"),
		},
	}
	for _, study := range s.answers.Events {
		if study.Day.Format(time.DateOnly) != day {
			continue
		}
		f.Notes = append(
			f.Notes,
			s.f("Année %s rapportée à %s, semaine par semaine ; 1 est la moyenne d’avant l’événement.",
				"Year %s held against %s, week by week; 1 is the mean before the event.",
				study.Year, study.Other),
		)
		line := series{}
		for _, w := range study.Weeks {
			n := s.book.find(
				"W3",
				"week_ratio",
				"parents",
				"event",
				day,
				"week",
				national.Date(w.Day).Format(time.DateOnly),
			)
			f.results = append(f.results, results(n)...)
			f.Table.Rows = append(f.Table.Rows, row{Label: s.date(w.Day), Cells: []string{s.book.write(n, times)}})
			line.add(w.Day, n)
		}
		c := timeline{lang: s.lang, series: []series{line}, shaded: s.holidays, as: two,
			ratio: s.t("1 = comme avant", "1 = as before"), marks: []mark{{study.Monday, s.eventName(study.Event)}}}
		f.Legend = []legend{{Class: "s0", Text: s.t("rapport de la semaine", "ratio of the week"), Line: true},
			{Class: "band s0", Text: s.t("intervalle à 95 %", "95% interval")}}
		f = f.drawn(c.draw)
	}
	return f
}

// eventName is the name of an event as it was given; the lockdown's has a translation.
func (s *site) eventName(e national.Event) string {
	if e == national.Lockdown {
		return s.t(e.Name, "lockdown")
	}
	return e.Name
}

// add puts a week behind the line, with a gap where weeks are left out.
func (l *series) add(day int, n number) {
	if last := len(l.days); last > 0 && day-l.days[last-1] > 7 {
		l.days, l.values = append(l.days, day-7), append(l.values, number{})
	}
	l.days, l.values = append(l.days, day), append(l.values, n)
}
