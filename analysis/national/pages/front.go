package pages

import (
	"fmt"
	"strings"
	"time"

	"github.com/entscope/entscope/analysis/national"
	"github.com/entscope/entscope/analysis/wording"
)

// finding is one of the five sentences of the front page.
type finding struct {
	Title, Sentence, File string
	Muted                 bool
}

// findings are the five answers in sentences, each of them a number or why there is none.
func (s *site) findings() []finding {
	return []finding{s.howOften(), s.lockdown(), s.onWhat(), s.forWhat(), s.forWhom()}
}

// say makes a finding of a number: its sentence, or the reason why it is not measurable.
func (s *site) say(title, file string, n number, sentence func() string) finding {
	if !n.known() {
		return finding{title, s.lang.Sentence(s.book.why(n)), file, true}
	}
	return finding{Title: title, Sentence: sentence(), File: file}
}

func (s *site) howOften() finding {
	reach := s.book.parents("W1", "user_weeks_per_pupil")
	visits := s.book.parents("W1", "visits_per_school_week")
	n := reach
	if !reach.known() {
		n = visits
	}
	return s.say(s.t("À quelle fréquence", "How often"), "visites.html", n, func() string {
		text := s.f("En %s, un établissement mesuré compte %s visites de parents par semaine",
			"In %s, a measured school has %s visits of parents a week",
			s.last, s.book.write(visits, rate))
		if reach.known() {
			text += s.f(" ; pour 100 élèves inscrits, %s parents viennent chaque semaine",
				"; for 100 pupils enrolled, %s parents come each week",
				s.book.write(reach, hundred))
		}
		text += "."
		change := s.book.parents("W1", "panel_change", "school_year", s.last)
		switch {
		case change.known():
			text += " " + s.f("Dans les mêmes établissements et les mêmes semaines, c’est %s par rapport à l’année "+
				"d’avant.",
				"In the same schools and weeks, that is %s on the year before.", s.book.write(change, times))
			for _, w := range change.Warnings {
				if w.Code == national.CodeAcross {
					text += " " + s.book.warn(w)
				}
			}
		case change.found:
			text += " " + s.t("L’évolution sur un an est ", "The change over a year is ") + s.book.why(change) + "."
		}
		return text
	})
}

// hundred writes a share of 1 as a number of 100.
func hundred(l wording.Lang, x float64) string { return l.Number(100*x, 1) }

func (s *site) lockdown() finding {
	day := national.Lockdown.Day.Format(time.DateOnly)
	level := s.book.parents("W3", "level_ratio", "event", day)
	slope := s.book.parents("W3", "slope_ratio", "event", day)
	if !level.found {
		level = s.book.parents("W3", "level_ratio")
	}
	return s.say(
		s.t("Le confinement de mars 2020", "The lockdown of March 2020"),
		"evenements.html",
		level,
		func() string {
			return s.f("La semaine du 16 mars 2020, les visites de parents ont été multipliées par %s, puis par %s "+
				"chaque semaine suivante, dans %s établissements comparés aux mêmes semaines d’une autre année.",
				"In the week of 16 March 2020, visits of parents were multiplied by %s, then by %s each "+
					"following week, in %s schools held against the same weeks of another year.",
				s.book.write(level, two), s.book.write(slope, three), s.lang.Count(level.N))
		},
	)
}

func (s *site) onWhat() finding {
	parents := s.book.parents("W4", "smartphone")
	pupils := s.book.find("W4", "smartphone", "pupils")
	return s.say(s.t("Avec quel appareil", "On which device"), "appareils.html", parents, func() string {
		return s.f("En %s, %s des visites de parents se font sur un smartphone ; pour les élèves, %s.",
			"In %s, %s of the visits of parents come on a smartphone; of pupils, %s.",
			s.shareYear("W4", "smartphone", "parents"), s.book.write(parents, percent), s.book.write(pupils, percent))
	})
}

func (s *site) forWhat() finding {
	year := s.shareYear("W5", "accueil", "all")
	names := s.servicesBySize(year)
	first := s.book.find("W5", names[0], "all")
	return s.say(s.t("Pour quels services", "For which services"), "services.html", first, func() string {
		stopped := 0
		var list []string
		for i, name := range names {
			n := s.book.find("W5", name, "all")
			if i < 3 && n.known() {
				list = append(
					list,
					fmt.Sprintf("%s (%s)", strings.ToLower(serviceName(s.lang, name)), s.book.short(n, percent)),
				)
			}
			if !n.known() {
				stopped++
			}
		}
		text := s.f("En %s, les premiers services, tous profils, sont : %s",
			"In %s, the first services, all profiles, are: %s",
			year, s.lang.List(list))
		switch {
		case stopped == 1:
			text += s.t(
				" ; un service n’est pas mesurable, ce qui n’est pas zéro",
				"; one service is not measurable, which is not zero",
			)
		case stopped > 1:
			text += s.f(" ; %d services ne sont pas mesurables, ce qui n’est pas zéro",
				"; %d services are not measurable, which is not zero",
				stopped)
		}
		return text + "."
	})
}

func (s *site) forWhom() finding {
	n := s.book.parents("W6", "ratio")
	level := ""
	for _, l := range []string{"college", "lycee", "ecole"} {
		if r := s.book.parents("W6", "ratio", "level", l); r.known() && level == "" {
			n, level = r, l
		}
	}
	return s.say(s.t("Selon la position sociale", "By social position"), "position-sociale.html", n, func() string {
		return s.f("En %s, dans les %s du quintile d’IPS le plus haut, les parents venus, rapportés aux élèves "+
			"inscrits, sont %s fois ceux du quintile le plus bas. C’est un lien entre établissements, non entre "+
			"familles.",
			"In %s, in the %s of the highest quintile of IPS, parents who come, held against pupils enrolled, "+
				"are %s times those of the lowest quintile. It is a link between schools, not families.",
			s.last, levelName(s.lang, level), s.book.write(n, two))
	})
}

// cautions are what a reader must know before any figure: breaks and feeds that stopped.
func (s *site) cautions() []string {
	var out []string
	for _, y := range s.answers.Years {
		if y.Break != nil {
			out = append(
				out,
				s.breakText(
					y.Break,
				)+" "+s.f("Ce qui a changé : le compte des %s.",
					"What changed: how %s are counted.",
					s.lang.List(s.profiles(y.Break.Profiles))),
			)
		}
	}
	for _, r := range s.answers.Results {
		if r.Indicator == "W2" && r.Measure == "stopped_feeds" && r.Group["column"] != "" &&
			r.Group["academie"] == "" {
			out = append(
				out,
				s.f("Le flux « %s » est arrêté depuis le %s : ce n’est pas un usage à 0.",
					"The feed “%s” stopped on %s: it is no use at 0.",
					r.Group["column"], s.lang.Date(r.Group["since"])),
			)
		}
	}
	for _, y := range s.answers.Years {
		if !y.Complete {
			out = append(
				out,
				s.f("L’année %s est incomplète dans ces fichiers (du %s au %s) : elle n’est comparée à aucune "+
					"autre.",
					"The year %s is not complete in these files (%s to %s): it is compared with no other.",
					y.Label, s.date(y.First), s.date(y.Last)),
			)
		}
	}
	return out
}

// given names the kinds of files that were read.
func (s *site) given() string {
	words := map[string]string{
		"profils":  s.t("DNMA par profil", "DNMA by profile"),
		"services": s.t("DNMA par service", "DNMA by service"),
		"profils_appareils": s.t(
			"DNMA par profil et appareil",
			"DNMA by profile and device",
		),
		"appareils": s.t("DNMA par appareil", "DNMA by device"),
		"ips": s.t(
			"indices de position sociale",
			"indices of social position",
		),
		"annuaire": s.t("annuaire", "directory of schools"),
		"calendar": s.t("calendrier scolaire", "school calendar"),
	}
	var out []string
	for _, k := range s.answers.Given {
		out = append(out, words[k])
	}
	return s.lang.List(out)
}
