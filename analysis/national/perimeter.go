package national

import (
	"time"
)

// perimeter answers W2: what is measured, what stopped, and what broke?
func (a *answer) perimeter() {
	a.measuredSchools()
	a.stoppedFeeds()
	a.breaks()
	a.unknownColumns()
}

// measuredSchools counts the schools with visits in each school year, in each académie,
// those that came and those that went, and the rows of each week.
func (a *answer) measuredSchools() {
	var before map[int]bool
	for year := range a.Years {
		of := group{"school_year": a.Years[year].Label}
		here, by := map[int]bool{}, map[string]int64{}
		levels := map[string]int64{}
		for _, u := range a.use {
			if u.Year == year && u.All[everybody] > 0 {
				here[u.School] = true
				by[a.Schools[u.School].Academie]++
				levels[a.Schools[u.School].Level]++
			}
		}
		n := int64(len(here))
		a.add(figure{"W2", "schools", "schools", of}.counted(n, n, a.about(year)...))
		for _, name := range sortedKeys(by) {
			a.add(figure{"W2", "schools", "schools", of.and("academie", name)}.counted(by[name], by[name]))
		}
		for _, name := range sortedKeys(levels) {
			a.add(figure{"W2", "schools", "schools", of.and("level", name)}.counted(levels[name], levels[name]))
		}
		if before != nil {
			joined, left := int64(0), int64(0)
			for s := range here {
				if !before[s] {
					joined++
				}
			}
			for s := range before {
				if !here[s] {
					left++
				}
			}
			a.add(figure{"W2", "joined", "schools", of}.counted(joined, n, a.about(year)...))
			a.add(figure{"W2", "left", "schools", of}.counted(left, int64(len(before)), a.about(year)...))
		}
		before = here
	}
	for _, w := range a.nation(func(weekUse) bool { return true }) {
		of := group{"week": Date(w.day).Format(time.DateOnly)}
		a.add(figure{"W2", "schools", "schools", of}.counted(w.schools, w.schools))
	}
}

// stoppedFeeds lists the columns that stood still; the estimate is the number of weeks.
func (a *answer) stoppedFeeds() {
	stopped := int64(0)
	for _, s := range a.silences {
		of := group{"column": s.Column, "since": Date(s.Since).Format(time.DateOnly)}.and("academie", s.Academie)
		measure := "stopped_feeds"
		if !s.Stopped {
			measure = "paused_feeds"
			of = of.and("until", Date(s.Until).Format(time.DateOnly))
		} else if s.Academie == "" {
			stopped++
		}
		r := figure{"W2", measure, "weeks", of}.counted(int64((s.Until-s.Since)/7), 0)
		r.Method = "weeks without visits, while the rest of the file went on"
		a.add(r)
	}
	a.add(figure{"W2", "stopped_feeds", "columns", group{}}.counted(stopped, 0))
}

// breaks says of each compared year whether its change of level is one of method.
func (a *answer) breaks() {
	years := a.compared()
	if len(years) < 2 {
		a.add(figure{"W2", "break", "schools", group{}}.missing(noYear.with()))
		return
	}
	for _, year := range years[1:] {
		y := a.Years[year]
		of := group{"school_year": y.Label}
		if y.Break == nil {
			a.add(figure{"W2", "break", "schools", of}.counted(0, 0))
			continue
		}
		a.add(figure{"W2", "break", "schools", of}.counted(1, 0, y.Break.Mark()))
		for _, d := range y.Break.Pairs {
			pair := of.and("profiles", d.A+"/"+d.B)
			a.add(
				figure{
					"W2",
					"break_ratio",
					"schools",
					pair,
				}.estimated(
					d.Ratio,
					int64(d.Ratio.Clusters),
					y.Break.Mark(),
				),
			)
		}
	}
}

// unknownColumns counts visits in columns that are not known: shares lack them.
func (a *answer) unknownColumns() {
	for _, c := range a.columns {
		if c.status == "unknown" && c.total > 0 {
			of := group{"column": c.column, "table": c.table}
			a.add(figure{"W2", "unknown_visits", "all", of}.counted(c.total, 0, unknownColumn.with(c.column)))
		}
	}
}
