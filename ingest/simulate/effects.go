package simulate

// The truth of the accompaniment is the effect on those who were accompanied:
// each of them is made to live the weeks after a second time, with and without
// the accompaniment, many times over.

// lives is how often.
const lives = 10

// attWeeks is the time in which a first log in counts.
const attWeeks = 8

// live adds the two potential outcomes of everybody accompanied: whether a parent
// without any visit comes within eight weeks, and the visits in the four school
// weeks after.
func (b *basin) live(t *totals) {
	for who := range b.people {
		p := b.people[who]
		if p.role != roleParent || p.helped >= b.w.days {
			continue
		}
		home := &b.schools[p.schools[0]]
		cal := &b.w.zones[home.zone]
		day := p.helped
		if home.helpWeek+5 >= len(cal.monday) || day+7*attWeeks > b.w.days {
			continue
		}
		from, to := cal.monday[home.helpWeek+1], cal.monday[home.helpWeek+5]
		to = min(to, b.w.days)
		d := newDraw(b.r.seed, streamTruth, uint64(p.number), 3)
		if p.kind == kindChildOnly { // never on the own account, helped or not
			for _, name := range [2]string{"without", "with"} {
				t.add("A2.att.first."+name, "accompanied", 0, 0, lives)
			}
			continue
		}
		for range lives {
			threshold := d.exp(1)
			for arm, name := range [2]string{"without", "with"} {
				p.helped = noDay
				if arm == 1 {
					p.helped = day
				}
				onset := p.onset
				if onset >= day {
					_, onset = b.first(&p, 0, day, day+7*attWeeks, threshold)
					came := len(b.visitsOf(d, &p, day, day+7*attWeeks, onset)) > 0
					t.add("A2.att.first."+name, "accompanied", 0, indicate(came), 1)
				}
				t.add("A2.att.visits."+name, "accompanied", 0, float64(len(b.visitsOf(d, &p, from, to, onset))), 1)
			}
		}
	}
}

// effects are the planted truths of a window of years.
func (r *region) effects(direct *totals) []Value {
	rate := func(measure string) float64 {
		k := ratio{measure, "accompanied"}
		if direct.y[k] == nil || direct.y[k][0] == 0 {
			return 0
		}
		return direct.x[k][0] / direct.y[k][0]
	}
	value := func(indicator, population, measure string, v float64) Value {
		return Value{Indicator: indicator, Population: population, Group: map[string]string{}, Measure: measure, Value: round(v)}
	}
	out := []Value{
		value("A2", "matched", "first_visit_gap", rate("A2.att.first.with")-rate("A2.att.first.without")),
		value("A2", "matched", "rate_ratio", rate("A2.att.visits.with")/max(1e-9, rate("A2.att.visits.without"))),
		value("N8", "pairs", "checking_days_factor", deferredFactor),
	}
	if r.w.lockdown[0] != noDay {
		out = append(out, value("L6", "all_accounts", "lockdown_factor", lockdownFactor), value("L6", "all_accounts", "after_factor", lockdownAfter))
	}
	return out
}
