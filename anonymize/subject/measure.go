package subject

// family is one file of measures, sql/measure_<name>.sql.
type family struct {
	name string
	// like gives, for each measure, the measure of the family that counts the
	// same persons in every cell; its families are counted once for all.
	like map[string]string
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
		{"l1", alike("L1.visits_per_week", "L1.active_days_per_week", "L1.weekly", "L1.actions_per_person")},
		{"l2", alike("L2.never")},
		{"l4", alike("L4.weekend", "L4.07-09", "L4.09-12", "L4.12-14", "L4.14-17", "L4.17-19", "L4.19-21", "L4.21-23", "L4.23-07", "L4.wednesday", "L4.holiday")},
		{"l5", apart(alike("L5.phone", "L5.computer", "L5.tablet", "L5.phone_only"), "L5.known")},
		{"d3", apart(alike("D3.connected", "D3.active_month"), "D3.activated")},
	}
	if b.has.accompaniment {
		list = append(list, family{"a1", alike("A1.accompanied")})
	}
	if b.has.activation {
		list = append(list, family{"r1", alike("R1.ready")})
	}
	if b.o.Kind == Schools {
		return list
	}
	list = append(list, family{"f5", alike("F5.rank", "F5.upper", "F5.top_tenth")})
	if b.has.grades {
		list = append(list, family{"n", apart(alike("N1.views_per_day", "N2.two_a_day", "N2.three_a_day", "N2.five_a_day", "N5.very_frequent"), "N3.empty")})
	}
	if b.has.accompaniment {
		list = append(list, family{"a2", apart(alike("A2.before.accompanied", "A2.after.accompanied"),
			"A2.before.control", "A2.after.control", "A2.naive.accompanied", "A2.naive.others")})
	}
	if b.o.Study.Subject == subjectParent {
		list = append(list, family{"p1", alike("P1.low", "P1.high")})
	}
	return append(list, b.registerFamilies()...)
}

// apart adds measures that count persons of their own.
func apart(like map[string]string, measures ...string) map[string]string {
	for _, m := range measures {
		like[m] = m
	}
	return like
}
