package oracle

import (
	"math"
	"strconv"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/simulate/region"
)

// logins adds the measures of families L, A1, D3, F5 and R1.
func (o *observer) logins(p *region.Person, g, primary int, sessions []session) {
	t, cal := o.t, o.calendar(primary)
	counted, covered := o.weeks(primary, p.Created), o.weeks(primary, math.MinInt).count()
	if covered == 0 {
		return
	}
	weeks, visits := counted.count(), counted.visits(sessions)
	days, active, actions := 0, 0, 0
	for i := range sessions {
		actions += sessions[i].actions
	}
	lastDay, lastWeek := -1, -1
	for i := range sessions {
		day := sessions[i].day
		w := counted.of(day)
		if w < 0 {
			continue
		}
		if day != lastDay {
			days, lastDay = days+1, day
		}
		if w != lastWeek {
			active, lastWeek = active+1, w
		}
	}
	populations := []string{"all_accounts"}
	if len(sessions) > 0 {
		populations = append(populations, "active_accounts")
	}
	for _, pop := range populations {
		t.add("L1.visits_per_week", pop, g, float64(visits), float64(weeks))
		t.add("L1.active_days_per_week", pop, g, float64(days), float64(weeks))
		t.add("L1.weekly", pop, g, float64(active), float64(weeks))
		t.add("L1.actions_per_person", pop, g, float64(actions), 1)
		t.add("A1.accompanied", pop, g, indicate(p.Helped != region.NoDay), 1)
	}
	naive := "A2.naive.others"
	if p.Helped != region.NoDay {
		naive = "A2.naive.accompanied"
	}
	t.add(naive, "all_accounts", g, float64(visits), float64(weeks))
	activated := p.Activated < o.b.Window.Days
	if p.Created < 0 && covered == len(cal.Monday) && covered >= 8 {
		t.add("L2.never", "all_accounts", g, indicate(len(sessions) == 0), 1)
		t.add("L2.never_bounds", "all_accounts", g, indicate(len(sessions) == 0 && !p.Borrows), 1)
		if activated {
			t.add("L2.never", "opened_accounts", g, indicate(len(sessions) == 0), 1)
		}
	}
	if g == 0 {
		o.rhythm(primary, len(sessions), visits, weeks)
	}
	o.visitShares(g, cal, sessions)
	o.funnel(p, g, sessions, activated)
	t.visits[g] = bump(t.visits[g], len(sessions), 1)
	t.weekVisits[g] = bump(t.weekVisits[g], visits, 1)
	if len(sessions) > 0 {
		t.activeVisits[g] = bump(t.activeVisits[g], visits, 1)
	}
}

var rhythms = [6]string{"0-never", "1-under-1/month", "2-monthly", "3-weekly", "4-several-a-week", "5-daily"}

// rhythm adds the band of a parent's visits a counted school week, as the person
// table has it: under the groups of the parent's first school alone.
func (o *observer) rhythm(primary, visits, weekVisits, weeks int) {
	k := 5
	switch {
	case visits == 0:
		k = 0
	case weeks == 0 || 4*weekVisits < weeks:
		k = 1
	case weekVisits < weeks:
		k = 2
	case weekVisits < 2*weeks:
		k = 3
	case weekVisits < 5*weeks:
		k = 4
	}
	for g := range o.groups(primary) {
		o.t.add("L1.never_share", "all_accounts", g, indicate(k == 0), 1)
		for i, name := range rhythms {
			o.t.add("L1.class_"+name, "all_accounts", g, indicate(i == k), 1)
			if k > 0 && i > 0 {
				o.t.add("L1.class_"+name, "active_accounts", g, indicate(i == k), 1)
			}
		}
	}
}

var bandNames = []struct {
	name     string
	from, to int
}{{"07-09", 7, 9}, {"09-12", 9, 12}, {"12-14", 12, 14}, {"14-17", 14, 17}, {"17-19", 17, 19}, {"19-21", 19, 21},
	{"21-23", 21, 23}}

// hourBand is the band of an hour of the day.
func hourBand(hour int) string {
	for _, b := range bandNames {
		if hour >= b.from && hour < b.to {
			return b.name
		}
	}
	return "23-07"
}

var weekdayNames = [7]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// moment is the weekday and the band of a local hour; day 0 is a Monday.
func moment(day, hour int) string { return weekdayNames[day%7] + "_" + hourBand(hour) }

// moments are all of them.
var moments = func() (out []string) {
	for day := range weekdayNames {
		out = append(out, moment(day, 0))
		for _, b := range bandNames {
			out = append(out, moment(day, b.from))
		}
	}
	return out
}()

// visitShares adds the hours, days and devices of visits (L4, L5).
func (o *observer) visitShares(g int, cal *region.ZoneCalendar, sessions []session) {
	if len(sessions) == 0 {
		return
	}
	n := map[string]float64{}
	for i := range sessions {
		s := &sessions[i]
		name := hourBand(s.hour)
		n["L4."+name]++
		n["L4."+moment(s.day, s.hour)]++
		n["L4.weekend"] += indicate(s.day%7 >= 5)
		n["L4.wednesday"] += indicate(s.day%7 == 2 && cal.WeekOf[s.day] >= 0)
		n["L4.holiday"] += indicate(cal.Holiday[s.day])
		switch s.device {
		case ingest.DevicePhone:
			n["L5.phone"]++
		case ingest.DeviceComputer:
			n["L5.computer"]++
		case ingest.DeviceTablet:
			n["L5.tablet"]++
		}
	}
	const pop = "active_accounts"
	total, known := float64(len(sessions)), n["L5.phone"]+n["L5.computer"]+n["L5.tablet"]
	for _, b := range bandNames {
		o.t.add("L4."+b.name, pop, g, n["L4."+b.name], total)
	}
	for _, name := range []string{"L4.23-07", "L4.weekend", "L4.wednesday", "L4.holiday"} {
		o.t.add(name, pop, g, n[name], total)
	}
	if g == 0 {
		for _, name := range moments {
			o.t.add("L4."+name, pop, g, n["L4."+name], total)
		}
	}
	o.t.add("L5.known", pop, g, known, total)
	if known > 0 {
		o.t.add("L5.phone", pop, g, n["L5.phone"], known)
		o.t.add("L5.computer", pop, g, n["L5.computer"], known)
		o.t.add("L5.tablet", pop, g, n["L5.tablet"], known)
		o.t.add("L5.phone_only", pop, g, indicate(n["L5.phone"] == known), 1)
	}
}

// funnel adds the steps of the way to a first visit, and its life table.
func (o *observer) funnel(p *region.Person, g int, sessions []session, activated bool) {
	const pop = "all_accounts"
	days := o.b.Window.Days
	last := -1
	if n := len(sessions); n > 0 {
		last = sessions[n-1].day
	}
	o.t.add("D3.activated", pop, g, indicate(activated), 1)
	o.t.add("D3.connected", pop, g, indicate(last >= 0), 1)
	o.t.add("D3.active_month", pop, g, indicate(last >= days-28), 1)
	o.t.add("R1.ready", pop, g, indicate(activated && last >= days-60 && last >= 0), 1)
	origin := max(0, p.Created)
	bin := (days - 1 - origin) / 7 // of the censoring
	if last >= 0 {
		bin = max(0, sessions[0].day-origin) / 7
		o.t.events[g] = bump(o.t.events[g], bin, 1)
	}
	for bin := range bin + 1 {
		o.t.risk[g] = bump(o.t.risk[g], bin, 1)
	}
}

// regular adds L3, of accounts with ten visits or more.
func (o *observer) regular(g int, sessions []session) {
	if len(sessions) < 10 {
		return
	}
	var days [7]float64
	for i := range sessions {
		days[sessions[i].day%7]++
	}
	entropy := 0.0
	for _, n := range days {
		if n > 0 {
			share := n / float64(len(sessions))
			entropy -= share * math.Log(share)
		}
	}
	const pop = "regular_accounts"
	for name, hundredths := range map[string]float64{
		"entropy": 100 * entropy / math.Log(7), "burstiness": 100 * (1 + burstiness(sessions)),
		"memory": 100 * (1 + memory(sessions)),
	} {
		o.t.add("L3."+name, pop, g, math.Round(hundredths), 100)
		o.t.spread("L3."+name, g, math.Round(hundredths))
	}
}

// pauses adds L1 with other pauses between visits.
func (o *observer) pauses(who, g, primary int) {
	p := &o.b.People[who]
	counted := o.weeks(primary, p.Created)
	active := len(o.split(who, o.inGroup(p, g), maxGap)) > 0
	for _, pause := range []int64{15, 60} {
		n, weeks := counted.visits(o.split(who, o.inGroup(p, g), pause*60_000)), counted.count()
		name := "L1.visits_per_week.pause" + strconv.FormatInt(pause, 10)
		o.t.add(name, "all_accounts", g, float64(n), float64(weeks))
		if active {
			o.t.add(name, "active_accounts", g, float64(n), float64(weeks))
		}
	}
}
