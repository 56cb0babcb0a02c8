package subject

import "maps"

// family is one file of measures, sql/measure_<name>.sql: rows of grp, period,
// school_key, family_key, measure, population, x and y, one for each person (or
// family) of a group. What one family brings must not depend on the other families
// of the group, for groupings by school are computed by parts (see attribute); a
// rank among all is taken from the view ranked.
type family struct {
	name string
	// like gives, for each measure, the measure of the family that counts the
	// same persons in every cell; its families are counted once for all.
	like map[string]string
	// reads are the tables that the file reads beside account, attributed and
	// grouped: each is made once for a grouping by the statement of its name.
	reads []string
	// monthly says that the measures are of each month too: of each period.
	monthly bool
}

// alike maps every measure to the first.
func alike(measures ...string) map[string]string {
	like := map[string]string{}
	for _, m := range measures {
		like[m] = measures[0]
	}
	return like
}

// families are the files of measures of the edition whose feeds are there: what
// cannot be measured is left out, not zero.
func (b *Builder) families() []family {
	list := []family{
		{name: "l1", like: alike("L1.visits_per_week", "L1.active_days_per_week", "L1.weekly", "L1.actions_per_person"), monthly: true},
		{name: "l2", like: alike("L2.never")},
		{name: "l4", like: alike("L4.weekend", "L4.07-09", "L4.09-12", "L4.12-14", "L4.14-17", "L4.17-19", "L4.19-21", "L4.21-23", "L4.23-07", "L4.wednesday", "L4.holiday"), monthly: true},
		{name: "l5", like: apart(alike("L5.phone", "L5.computer", "L5.tablet", "L5.phone_only"), "L5.known"), monthly: true},
		{name: "d3", like: apart(alike("D3.connected", "D3.active_month"), "D3.activated")},
	}
	if b.has.accompaniment {
		list = append(list, family{name: "a1", like: alike("A1.accompanied")})
	}
	if b.has.activation {
		list = append(list, family{name: "r1", like: alike("R1.ready")})
	}
	if b.o.Kind == Schools {
		return list
	}
	list = append(list, family{name: "f5", like: alike("F5.rank", "F5.upper", "F5.top_tenth"), reads: []string{"f5"}})
	if b.has.accompaniment {
		list = append(list, family{name: "a2", like: apart(alike("A2.before.accompanied", "A2.after.accompanied"),
			"A2.before.control", "A2.after.control", "A2.naive.accompanied", "A2.naive.others")})
	}
	list = append(list, b.patternFamilies()...)
	return append(list, b.registerFamilies()...)
}

// apart adds measures that count persons of their own.
func apart(like map[string]string, measures ...string) map[string]string {
	if like == nil {
		like = map[string]string{}
	}
	for _, m := range measures {
		like[m] = m
	}
	return like
}

// both is what either list says.
func both(a, b map[string]string) map[string]string {
	maps.Copy(a, b)
	return a
}

// patternFamilies are the files of measures of how visits follow each other and
// of who opens what is published.
func (b *Builder) patternFamilies() []family {
	list := []family{
		{name: "l3", like: apart(alike("L3.entropy", "L3.burstiness"), "L3.memory")},
		{name: "l1_pause", like: alike("L1.visits_per_week.pause15", "L1.visits_per_week.pause60")},
	}
	if b.has.grades {
		people := []string{"attributed_pair", "counted_person"}
		list = append(list,
			family{name: "n", like: apart(alike("N1.views_per_day", "N2.two_a_day", "N2.three_a_day", "N2.five_a_day", "N5.very_frequent"), "N3.empty", "N3.expected"), reads: people},
			family{name: "n2_pause", like: alike("N2.two_a_day.pause15", "N2.three_a_day.pause15", "N2.five_a_day.pause15",
				"N2.two_a_day.pause60", "N2.three_a_day.pause60", "N2.five_a_day.pause60"), reads: []string{"attributed_pair", "counted_pause"}},
			family{name: "n5_grid", like: alike(gridMeasures()...), reads: append(people[:2:2], "n5_flag")},
			family{name: "n7", like: apart(nil, "N7.days", "N7.after_return"), reads: people[:1]},
		)
	}
	if b.has.change {
		list = append(list, family{name: "n8", like: both(alike("N8.before.changed", "N8.after.changed"), alike("N8.before.same", "N8.after.same")),
			reads: []string{"attributed_pair"}})
	}
	if b.o.Study.Subject != subjectParent {
		return list
	}
	list = append(list,
		family{name: "p1", like: alike("P1.low", "P1.high"), reads: []string{"attributed_pupil"}},
		family{name: "p2", like: alike("P2.by_pupil")},
		family{name: "p3", like: alike("P3.none", "P3.one", "P3.two"), reads: []string{"attributed_guarded"}},
	)
	if b.has.openers {
		list = append(list, family{name: "n6", like: alike("N6.parent_first", "N6.parent_first_high", "N6.pupil_first", "N6.together"), reads: []string{"attributed_grade"}})
	}
	if b.has.homework {
		list = append(list, family{name: "c2", like: alike("C2.parent_share")})
	}
	return list
}
