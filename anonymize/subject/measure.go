package subject

// family is one file of measures, sql/measure_<name>.sql.
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
	if b.has.grades {
		list = append(list, family{name: "n", like: apart(alike("N1.views_per_day", "N2.two_a_day", "N2.three_a_day", "N2.five_a_day", "N5.very_frequent"), "N3.empty"),
			reads: []string{"attributed_pair", "counted_pair"}})
	}
	if b.has.accompaniment {
		list = append(list, family{name: "a2", like: apart(alike("A2.before.accompanied", "A2.after.accompanied"),
			"A2.before.control", "A2.after.control", "A2.naive.accompanied", "A2.naive.others")})
	}
	if b.o.Study.Subject == subjectParent {
		list = append(list, family{name: "p1", like: alike("P1.low", "P1.high"), reads: []string{"attributed_pupil"}})
	}
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
