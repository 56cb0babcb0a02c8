package subject

import "github.com/entscope/entscope/ingest"

// registerFamilies are the files of measures that read the registers beside the
// logs, or the services that few parents open.
func (b *Builder) registerFamilies() []family {
	k := &b.registers
	var list []family
	add := func(known bool, name string, like map[string]string, reads ...string) {
		if known {
			list = append(list, family{name: name, like: like, reads: reads})
		}
	}
	parents := b.o.Study.Subject == subjectParent
	add(b.has.accompaniment, "a2_form", formMeasures("A2.before.accompanied", "A2.before.control", "A2.after.accompanied", "A2.after.control"))
	add(b.has.accompaniment, "a2_first", apart(nil, "A2.first.accompanied", "A2.first.control"))
	add(b.has.accompaniment, "a2_week", weekMeasures())
	add(b.has.accompaniment, "a3", formMeasures("A3.reach"), "account_member")
	add(b.has.accompaniment, "a3_visits", formMeasures("A3.visits"))
	add(b.has.accompaniment, "a4", alike("A4.collective_first", "A4.individual_after"), "attributed_sequence")
	add(k.training && b.has.grades, "a5", apart(nil, "A5.before.trained", "A5.before.others", "A5.after.trained", "A5.after.others"), "attributed_pair")
	add(b.has.activation && len(b.o.Study.Deadlines) > 0, "r1_deadline", apart(nil, "R1.ready.D30", "R1.ready.D7", "R1.ready.D0"), "readiness")
	add(k.failures, "r2", apart(nil, "R2.failures", "R2.blocked"))
	add(true, "r3", apart(nil, "R3.no_email", "R3.no_phone", "R3.neither"))
	add(k.messages, "r4", apart(alike("R4.hours_allowed", "R4.no_visit"), "R4.opened_in_time"), "account_member", "attributed_message")
	add(k.messages, "m1", apart(nil, "M1.individual", "M1.collective"), "account_member", "attributed_message")
	add(k.messages, "m2", alike("M2.subject.outside", "M2.subject.night"), "account_member")
	add(k.messages, "m2_staff", alike("M2.staff.outside", "M2.staff.night"))
	add(k.threads, "m3", alike("M3.answered"), "account_member")
	add(true, "m4", apart(alike("M4.tools.any", "M4.hhi"), "M4.tools.messages", "M4.tools.grades", "M4.tools.homework", "M4.tools.video"), "attributed_tool")
	add(k.messages && k.withPupil && parents, "m5", alike("M5.pupil_included"), "account_member")
	add(k.items, "c1", alike("C1.visits"), "account_member")
	add(k.items, "c1_first", alike("C1.first_login"))
	add(k.reportBooks && k.services[ingest.ServiceReportBook], "c4", apart(nil, "C4.opened", "C4.viewed_grades", "C4.again"),
		"account_member", "concerned_book", "attributed_book", "attributed_viewing")
	add(k.services[ingest.ServiceResources], "c5", apart(nil, "C5.pupils", "C5.parents"))
	add(k.contents && (k.services[ingest.ServiceNews] || k.services[ingest.ServiceBlog]), "c6", alike("C6.views"), "account_member", "attributed_viewing")
	add(k.meetings, "c7", alike("C7.joined"))
	add(k.messages, "c8", apart(nil, "C8.kilobytes", "C8.attached"), "account_member", "attributed_message")
	add(k.services[ingest.ServiceAccessibility], "c9", alike("C9.visits"))
	add(k.equipment, "f1", apart(nil, "F1.answered", "F1.no_computer", "F1.no_network"))
	add(k.procedures, "f3", apart(nil, "F3.on_time.never", "F3.on_time.rare", "F3.on_time.weekly"))
	add(k.lent, "f4", apart(alike("F4.before.loan", "F4.after.loan"), "F4.before.waiting", "F4.after.waiting"), "attributed_loan")
	add(k.openings && b.has.accompaniment, "f6", alike("F6.far"))
	return list
}

// registerCurves are the life tables of the registers beside the logs.
func (b *Builder) registerCurves() []curve {
	k := &b.registers
	var list []curve
	if b.has.activation && len(b.o.Study.Deadlines) > 0 {
		list = append(list, named("R1.readiness", "readiness", "readiness"))
	}
	if k.openings {
		list = append(list, named("R4.opening", "request", "account_member"))
	}
	if k.threads {
		list = append(list, named("M3.answer", "answer", "account_member"))
	}
	if k.reportBooks && k.services[ingest.ServiceReportBook] {
		list = append(list, named("C4.opening", "report_book", "account_member", "concerned_book", "attributed_book"))
	}
	return list
}

// formMeasures are measures written for each of the four forms of accompaniment.
func formMeasures(names ...string) map[string]string {
	like := map[string]string{}
	for _, name := range names {
		for _, form := range []string{".1", ".2", ".3", ".4"} {
			like[name+form] = name + form
		}
	}
	return like
}

// weekMeasures are the visits of the weeks around an accompaniment.
func weekMeasures() map[string]string {
	like := map[string]string{}
	for _, week := range []string{"-4", "-3", "-2", "-1", "+1", "+2", "+3", "+4", "+5", "+6", "+7", "+8"} {
		for _, arm := range []string{".accompanied", ".control"} {
			like["A2.week"+week+arm] = "A2.week" + week + arm
		}
	}
	return like
}
