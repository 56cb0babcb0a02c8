package indicator

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
)

// series is how many schools one feed reported for one service, week by week.
type series struct {
	feed    string
	service int8
	level   string // "" for all levels
}

type reported struct {
	week                int32
	expected, reporting int64
}

// sentinel watches the feeds: a column at 0 is not a use at 0.
type sentinel struct {
	weeks map[series][]reported
	feeds map[int8][]string // that have a service, in order
}

func newSentinel(rows []query.Coverage) sentinel {
	at := map[series]map[int32]reported{}
	for _, row := range rows {
		if row.Expected == 0 || counted(row.Feed) {
			continue
		}
		for _, level := range []string{"", row.Level} {
			s := series{row.Feed, row.Service, level}
			if at[s] == nil {
				at[s] = map[int32]reported{}
			}
			w := at[s][row.WeekDay]
			at[s][row.WeekDay] = reported{row.WeekDay, w.expected + row.Expected, w.reporting + row.Reporting}
			if row.Level == "" {
				break
			}
		}
	}
	out := sentinel{map[series][]reported{}, map[int8][]string{}}
	for s, weeks := range at {
		out.weeks[s] = slices.SortedFunc(maps.Values(weeks), func(a, b reported) int { return int(a.week - b.week) })
		if s.level == "" {
			out.feeds[s.service] = append(out.feeds[s.service], s.feed)
		}
	}
	for _, names := range out.feeds {
		slices.Sort(names)
	}
	return out
}

// counted reports whether a feed is none: it counts schools over the window.
func counted(feed string) bool { return strings.HasPrefix(feed, "(") }

// has reports whether any feed ever reported a service, at a level or ("") at all.
func (s sentinel) has(service int8, level string) bool {
	for k, weeks := range s.weeks {
		reports := slices.ContainsFunc(weeks, func(w reported) bool { return w.reporting > 0 })
		if k.service == service && k.level == level && reports {
			return true
		}
	}
	return false
}

// window counts the weeks in which a feed reported anything.
func (s sentinel) window() int {
	seen := map[int32]bool{}
	for k, weeks := range s.weeks {
		for _, w := range weeks {
			if k.service == 0 && k.level == "" && w.reporting > 0 {
				seen[w.week] = true
			}
		}
	}
	return len(seen)
}

// warnings says which feeds an indicator reads stopped, dropped or came late.
func (s sentinel) warnings(reads string, g query.Group) []Warning {
	var services []int8
	switch reads {
	case "visits", "register":
		services = []int8{0}
	case "grades":
		services = []int8{0, serviceGrades}
	default:
		return nil
	}
	level := ""
	if g.Grouping == "level" {
		level = g.Value
	}
	var out []Warning
	for _, service := range services {
		for _, feed := range s.feeds[service] {
			w := breach(feed, service, s.weeks[series{feed, service, level}])
			if w.Code == "" || w.Code == CodeFeedPartial && g.Grouping != "all" && g.Grouping != "level" {
				continue // a few schools among many: said once, where the weeks are known
			}
			out = append(out, w)
		}
	}
	return out
}

// breach is what the sentinel says of one series:
//
//   - stopped: it reported, and no school reports in the last weeks (two at
//     least when fewer than ten schools were expected);
//   - dropped: from some week to the end, for two weeks at least, fewer than
//     half of the share of schools it had at its best;
//   - partial: in each of the last weeks, two at least, more schools are missing
//     than in any week before;
//   - late: no school reports in the first weeks.
func breach(feed string, service int8, weeks []reported) Warning {
	first, last := -1, -1
	var best float64
	for i, w := range weeks {
		if w.reporting > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
		best = max(best, w.share())
	}
	what := "la source « " + feed + " »"
	if service == serviceGrades {
		what = "la transmission des notes par la source « " + feed + " »"
	}
	if first < 0 {
		return Warning{}
	}
	if silent := len(weeks) - 1 - last; silent >= 2 || silent == 1 && weeks[last+1].expected >= 10 {
		return warning(CodeFeedStopped,
			"Attention : %s s’est arrêtée la semaine du %s ; les semaines sans données sont retirées du calcul.", what,
			frenchDay(weeks[last+1].week))
	}
	drop := len(weeks)
	for drop > 0 && weeks[drop-1].share() < best/2 {
		drop--
	}
	if len(weeks)-drop >= 2 {
		return warning(CodeFeedDropped,
			"Attention : %s ne couvre plus que moins de la moitié de ses établissements depuis la semaine du %s.", what,
			frenchDay(weeks[drop].week))
	}
	if n, from := partial(weeks); n > 0 {
		return warning(CodeFeedPartial,
			"Attention : %s ne couvre plus certains établissements (au moins %d) depuis la semaine du %s ; "+
				"leurs semaines sans données sont retirées du calcul.", what, n, frenchDay(from))
	}
	if first > 0 {
		return warning(CodeFeedLate, "Attention : %s n’a commencé que la semaine du %s.", what,
			frenchDay(weeks[first].week))
	}
	return Warning{}
}

// partial finds the longest run of last weeks in each of which more schools are
// missing than in any week before it: how many more, and since which week. 0 when
// there is no such run of two weeks, or it is more than half of the weeks.
func partial(weeks []reported) (schools int64, from int32) {
	for start := max(1, len(weeks)/2); start+2 <= len(weeks); start++ {
		var before int64
		for _, w := range weeks[:start] {
			before = max(before, w.expected-w.reporting)
		}
		least := weeks[start].expected - weeks[start].reporting
		for _, w := range weeks[start:] {
			least = min(least, w.expected-w.reporting)
		}
		if least > before {
			return least - before, weeks[start].week
		}
	}
	return 0, 0
}

func (w reported) share() float64 { return float64(w.reporting) / float64(w.expected) }

// feeds gives the coverage of each feed, and that of the grades over all feeds. No
// person stands behind it.
func (c *computation) feeds(_ context.Context, empty Result, _ question.Measure) ([]Result, error) {
	var out []Result
	for _, feed := range c.coverage.feeds[0] {
		out = append(out, c.reporting(empty, map[string]string{"feed": feed}, 0, feed))
	}
	if feeds := c.coverage.feeds[serviceGrades]; len(feeds) > 0 {
		out = append(out, c.reporting(empty, map[string]string{"service": "grades"}, serviceGrades, feeds...))
	}
	if len(out) == 0 {
		out = []Result{empty.unmeasured(CodeNoTable,
			"Non mesurable : l’édition ne dit pas quelles sources ont transmis des données.")}
	}
	return out, nil
}

// reporting is the share of expected school-weeks in which a service reported.
func (c *computation) reporting(r Result, group map[string]string, service int8, feeds ...string) Result {
	r.Group, r.Warnings = group, nil
	var expected, reporting int64
	for _, feed := range feeds {
		weeks := c.coverage.weeks[series{feed, service, ""}]
		for _, w := range weeks {
			expected, reporting = expected+w.expected, reporting+w.reporting
		}
		if w := breach(feed, service, weeks); w.Code != "" {
			r.Warnings = append(r.Warnings, w)
		}
	}
	if expected == 0 {
		return r.unmeasured(CodeZero, "Non mesurable : aucune semaine-établissement attendue.")
	}
	value := float64(reporting) / float64(expected)
	r.Estimate, r.Status, r.counts = &value, Published, &counts{noPerson: true}
	return r
}

// anonymity reads what the manifest promises.
func (c *computation) anonymity(_ context.Context, r Result, m question.Measure) ([]Result, error) {
	a := c.ed.Manifest.Anonymity
	if len(c.ed.Manifest.Combined) > 0 {
		return nil, query.ErrNoTable // the promise of each part speaks of its own rows
	}
	if a != nil && a.Withheld != "" {
		return []Result{r.unmeasured(CodeTold, told)}, nil
	}
	if a == nil || a.Classes == 0 {
		return []Result{r.unmeasured(CodeNoTable, "Non mesurable : l’édition n’a pas de table des personnes.")}, nil
	}
	value := float64(a.AchievedK)
	if m.Name == "suppressed_share" {
		n := c.ed.Manifest.Population.Persons
		if n == 0 {
			return []Result{r.unmeasured(CodeZero, "Non mesurable : population inconnue.")}, nil
		}
		value = float64(a.SuppressedPersons) / float64(n)
	}
	r.Estimate, r.Status, r.counts = &value, Published, &counts{noPerson: true}
	r.N = c.ed.Manifest.Population.Persons
	r.Warnings = append(r.Warnings, warning(CodeManifest, "Lu dans le manifeste ; l’audit le recompte."))
	return []Result{r}, nil
}

// DNMA codes of the profiles and services that are read by number: they are
// those of the Guide de marquage v2.0, and of ours from 100.
const (
	profilePupil  int8 = 1
	profileParent int8 = 3

	anyService    int8 = -1
	serviceGrades int8 = 3
)
