package national

import (
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/stats"
)

// devices answers W4: on what do parents, and pupils beside them, come?
func (a *answer) deviceShares() {
	for p, population := range []string{"pupils", "parents"} {
		if !a.has("profils_appareils") {
			for _, d := range Devices {
				a.add(figure{"W4", d, population, group{}}.missing(missingFile("profils_appareils")))
			}
			continue
		}
		from := p * len(Devices)
		a.parts(part{"W4", population, Devices, deviceColumns[from : from+len(Devices)], from}, a.devices)
	}
}

// serviceShares answers W5: what are visits for? All services, not five of them.
func (a *answer) serviceShares() {
	if !a.has("services") {
		for _, s := range Services {
			a.add(figure{"W5", s, "all", group{}}.missing(missingFile("services")))
		}
		return
	}
	a.parts(part{"W5", "all", Services, Services, 0}, a.services)
}

// part is a whole and its parts: what they are called, and where they stand.
type part struct {
	indicator, population string
	measures, columns     []string
	from                  int
}

// parts are the shares of each school year, and of the last one by group too.
func (a *answer) parts(p part, rows []shares) {
	last := a.lastOf(rows)
	for year := range a.Years {
		var here []shares
		for _, r := range rows {
			if r.year == year {
				here = append(here, r)
			}
		}
		if len(here) == 0 {
			continue
		}
		of := group{"school_year": a.Years[year].Label}
		a.split(p, here, year, of)
		if year != last {
			continue
		}
		a.split(p, here, year, group{})
		positions := a.positionsOf(year)
		for _, by := range groupings {
			values := map[string][]shares{}
			for _, r := range here {
				m := member{school: &a.Schools[r.school], position: positions[r.school]}
				if v := by.of(m); v != "" {
					values[v] = append(values[v], r)
				}
			}
			for _, v := range sortedKeys(values) {
				a.split(p, values[v], year, of.and(by.key, v))
				a.split(p, values[v], year, group{by.key: v})
			}
		}
	}
}

// lastOf is the last complete school year that a file holds, or else its last.
func (a *answer) lastOf(rows []shares) int {
	last, any := -1, -1
	for _, r := range rows {
		any = max(any, r.year)
		if a.Years[r.year].Complete {
			last = max(last, r.year)
		}
	}
	if last < 0 {
		return any
	}
	return last
}

// split parts the visits of some schools. A column that stood still in a school's
// académie is no part of its whole, and has no share where it stood still everywhere.
func (a *answer) split(p part, rows []shares, year int, of group) {
	y := a.Years[year]
	warnings := a.about(year)
	for k, measure := range p.measures {
		f := figure{p.indicator, measure, p.population, of}
		if a.missingColumn(p, k) {
			f := f.missing(noColumn.with("visites_" + p.columns[k]))
			a.add(f)
			continue
		}
		var x, whole []float64
		stopped := 0
		for _, r := range rows {
			if a.silentIn(a.Schools[r.school].Academie, "visites_"+p.columns[k], y.First, y.Last) {
				stopped++
				continue
			}
			sum := int64(0)
			for j := range p.columns {
				sum += r.visits[p.from+j]
			}
			if sum > 0 {
				x, whole = append(x, float64(r.visits[p.from+k])), append(whole, float64(sum))
			}
		}
		switch {
		case len(x) == 0 && stopped > 0:
			a.add(f.missing(stoppedYear.with("visites_"+p.columns[k], y.Label)))
		case len(x) == 0:
			a.add(f.missing(noSchool.with()))
		default:
			doubts := warnings
			if stopped > 0 {
				doubts = append([]indicator.Warning{stoppedFor.with(stopped)}, warnings...)
			}
			a.add(f.estimated(stats.ClusterShare(x, whole, level), int64(len(x)), doubts...))
		}
	}
}

// missingColumn reports whether no file had the column of a part.
func (a *answer) missingColumn(p part, k int) bool {
	for _, c := range a.columns {
		if c.column == "visites_"+p.columns[k] && c.status == "missing" {
			return true
		}
	}
	return false
}
