package report

// gradeChapters are the questions of grades, homework and accounts of pupils. French texts that are empty are those
// of the declared list.
var gradeChapters = []chapter{
	{
		id:       "L3",
		question: [2]string{"", "Do {parents} follow regularly or by bursts?"},
		what:     [2]string{"", "Share of school weeks with a visit; evenness of weekdays (1: all alike); bursts (−1 regular, 0 at random, 1 in bursts) and memory of the times between visits."},
		how:      [2]string{"", "Means per account, 95% interval clustered by school. Medians known to a bin."},
		caveat:   [2]string{"", "The bursts of one person are a fingerprint: only means and bins by group leave the protected zone."},
		figures: []spec{
			{
				id: "L3-semaines", indicator: "L3", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Semaines de classe avec au moins une visite", "School weeks with at least one visit"},
				series: []series{{"all_accounts", "weekly_share"}, {"active_accounts", "weekly_share"}},
				phrase: [2]string{"des semaines de classe comptent au moins une visite", "of school weeks hold at least one visit"},
			},
			{
				id: "L3-indices", indicator: "L3", kind: byMeasure, unit: scalar,
				title:  [2]string{"Régularité, à-coups et mémoire : moyennes", "Regularity, bursts and memory: means"},
				series: []series{{"regular_accounts", ""}},
				rows: []rowSpec{
					{"weekday_entropy", [2]string{"Régularité des jours", "Evenness of weekdays"}},
					{"burstiness", [2]string{"À-coups", "Bursts"}},
					{"memory", [2]string{"Mémoire", "Memory"}},
				},
			},
			{
				id: "L3-medianes", indicator: "L3", kind: byMeasure, unit: scalar,
				title:  [2]string{"Les mêmes indices : tranche du compte du milieu", "The same: bin of the middle account"},
				series: []series{{"regular_accounts", ""}},
				rows: []rowSpec{
					{"weekday_entropy_median", [2]string{"Régularité des jours", "Evenness of weekdays"}},
					{"burstiness_median", [2]string{"À-coups", "Bursts"}},
					{"memory_median", [2]string{"Mémoire", "Memory"}},
				},
			},
		},
	},
	{
		id:       "N4",
		question: [2]string{"", "How long after publication is a grade seen?"},
		what:     [2]string{"", "Time from the publication of a grade to the first check of grades by the {parents}, followed 14 days at most."},
		how:      [2]string{"", "Kaplan-Meier on bins of hours, jackknife over clusters of schools; quartiles by a line inside their bin."},
		caveat:   [2]string{"", "Phone notifications are not in the logs. A publication in the holidays waits for term."},
		figures: []spec{
			{
				id: "N4-parts", indicator: "N4", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Notes vues par le parent, selon le temps écoulé", "Grades seen by the parent, by time elapsed"},
				series: []series{{"pairs", ""}},
				rows: []rowSpec{
					{"seen_1h", [2]string{"Dans l’heure", "Within an hour"}},
					{"seen_24h", [2]string{"Dans les 24 heures", "Within 24 hours"}},
					{"seen_72h", [2]string{"Dans les trois jours", "Within three days"}},
					{"seen_14d", [2]string{"Dans les quatorze jours", "Within fourteen days"}},
				},
			},
			{
				id: "N4-heures", indicator: "N4", kind: byMeasure, unit: scalar,
				title:  [2]string{"Heures avant la première consultation", "Hours to the first check"},
				series: []series{{"pairs", ""}},
				rows: []rowSpec{
					{"hours_q1", [2]string{"Un quart des notes est vu", "A quarter of grades seen"}},
					{"hours_median", [2]string{"La moitié", "Half"}},
					{"hours_q3", [2]string{"Les trois quarts", "Three quarters"}},
				},
			},
		},
	},
	{
		id:       "N6",
		question: [2]string{"", "Who opens the grade first in the portal?"},
		what:     [2]string{"", "The parent opens more than five minutes before the pupil, or alone; the pupil before every guardian, or alone; within five minutes, together."},
		how:      [2]string{"", "Shares, 95% interval clustered by school. Competing risks (Aalen-Johansen). Bounds: pupil visits that look like a parent’s counted as theirs."},
		caveat:   [2]string{"", "“Opened first in the portal”: the grade may have been told in class. A parent on the child’s account blurs the split: read the bounds."},
		figures: []spec{
			{
				id: "N6-premier", indicator: "N6", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Qui ouvre en premier", "Who opens first"},
				series: []series{{"seen_grades", ""}, {"published_grades", ""}},
				rows: []rowSpec{
					{"parent_first", [2]string{"Le parent", "The parent"}},
					{"pupil_first", [2]string{"L’élève", "The pupil"}},
					{"together", [2]string{"Ensemble", "Together"}},
				},
			},
			{
				id: "N6-bornes", indicator: "N6", kind: byGroup, unit: share,
				title:  [2]string{"Le parent d’abord, par son compte ou par celui de l’enfant", "The parent first, by their own or the child’s account"},
				series: []series{{"seen_grades", "parent_first_bounds"}},
				phrase: [2]string{"des notes sont ouvertes d’abord par le parent", "of grades are opened first by the parent"},
			},
			{
				id: "N6-risques", indicator: "N6", kind: byMeasure, unit: share,
				title:  [2]string{"Qui est venu en premier, selon le temps écoulé", "Who came first, by time elapsed"},
				series: []series{{"published_grades", ""}},
				rows: []rowSpec{
					{"parent_first_24h", [2]string{"Le parent, en 24 heures", "The parent, in 24 hours"}},
					{"parent_first_14d", [2]string{"Le parent, en 14 jours", "The parent, in 14 days"}},
					{"pupil_first_24h", [2]string{"L’élève ou ensemble, en 24 heures", "The pupil or together, in 24 hours"}},
					{"pupil_first_14d", [2]string{"L’élève ou ensemble, en 14 jours", "The pupil or together, in 14 days"}},
				},
			},
		},
	},
	{
		id:       "N7",
		question: [2]string{"", "How long from assessment to publication of grades?"},
		what:     [2]string{"", "Days from assessment to publication; share published after the copy was given back."},
		how:      [2]string{"", "Quartiles by life table, mean and share clustered by school."},
		caveat:   [2]string{"", "Staff are persons too: never by teacher, subject or class."},
		figures: []spec{
			{
				id: "N7-jours", indicator: "N7", kind: byMeasure, unit: scalar,
				title:  [2]string{"Jours de l’évaluation à la publication", "Days from assessment to publication"},
				series: []series{{"pairs", ""}},
				rows: []rowSpec{
					{"days_q1", [2]string{"Un quart des notes est publié", "A quarter of grades published"}},
					{"days_median", [2]string{"La moitié", "Half"}},
					{"days_q3", [2]string{"Les trois quarts", "Three quarters"}},
				},
			},
			{
				id: "N7-moyenne", indicator: "N7", kind: byGroup, unit: rate,
				title:  [2]string{"Jours de l’évaluation à la publication : moyenne", "Days from assessment to publication: mean"},
				series: []series{{"pairs", "days_mean"}},
				phrase: [2]string{"jours en moyenne", "days on average"},
			},
			{
				id: "N7-parts", indicator: "N7", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Quand les notes sont publiées", "When grades are published"},
				series: []series{{"pairs", ""}},
				rows: []rowSpec{
					{"within_7d", [2]string{"Dans les sept jours", "Within seven days"}},
					{"after_return", [2]string{"Après la remise de la copie", "After the copy was given back"}},
				},
			},
		},
	},
	{
		id:       "N8",
		question: [2]string{"", "Does deferred publication calm checking?"},
		what:     [2]string{"", "Days of repeated checks, after over before, in schools that went from at once to deferred, over the same ratio where grades stayed at once."},
		how:      [2]string{"", "Ratio of ratios and difference in differences, jackknife over schools; twenty schools at least."},
		caveat:   [2]string{"", "Schools choose their setting: another change on the same date would look alike."},
		figures: []spec{
			{
				id: "N8-rapport", indicator: "N8", kind: byMeasure, unit: ratio,
				title:     [2]string{"Effet d’un passage au différé", "Effect of deferring"},
				series:    []series{{"pairs", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"deferred_ratio", [2]string{"Jours à consultations répétées", "Days of repeated checks"}},
				},
			},
			{
				id: "N8-ecart", indicator: "N8", kind: byMeasure, unit: gap,
				title:  [2]string{"Effet d’un passage au différé, en points", "Effect of deferring, in points"},
				series: []series{{"pairs", ""}},
				rows: []rowSpec{
					{"deferred_gap", [2]string{"Jours à consultations répétées", "Days of repeated checks"}},
				},
			},
		},
	},
	{
		id:       "P2",
		question: [2]string{"", "Is homework handed in from the pupil’s account?"},
		what:     [2]string{"", "Share of submissions made from the pupil’s account."},
		how:      [2]string{"", "Share, 95% interval clustered by school."},
		caveat:   [2]string{"", "Another account is no fault. Guardians of several children are left out."},
		figures: []spec{
			{
				id: "P2-remises", indicator: "P2", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Remises depuis le compte de l’élève", "Submissions from the pupil’s account"},
				series: []series{{"pupils", "by_pupil"}},
				phrase: [2]string{"des remises viennent du compte de l’élève", "of submissions come from the pupil’s account"},
			},
		},
	},
	{
		id:       "P3",
		question: [2]string{"", "One or two active guardians per child?"},
		what:     [2]string{"", "Distinct guardians who came in the period, per child."},
		how:      [2]string{"", "Shares, 95% interval clustered by school."},
		caveat:   [2]string{"", "A guardian must learn nothing of the other: nothing by class, family or school."},
		figures: []spec{
			{
				id: "P3-responsables", indicator: "P3", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Responsables venus, par enfant", "Guardians who came, per child"},
				series: []series{{"two_guardians", ""}},
				rows: []rowSpec{
					{"none", [2]string{"Aucun", "None"}},
					{"one", [2]string{"Un seul", "One"}},
					{"two", [2]string{"Deux ou plus", "Two or more"}},
				},
			},
		},
	},
	{
		id:       "C2",
		question: [2]string{"", "Who checks homework, the parent or the pupil?"},
		what:     [2]string{"", "Share of {parents} in visits with the homework book; the same among the views of a pupil and their guardians, by grade."},
		how:      [2]string{"", "Shares clustered by school; logistic trend from one grade to the next."},
		caveat:   [2]string{"", "A parent may look on the child’s account. The figure does not tell help from watching."},
		figures: []spec{
			{
				id: "C2-visites", indicator: "C2", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Part des parents, dans les visites", "Share of parents, in visits"},
				series: []series{{"visits", "parent_share"}},
				phrase: [2]string{"des visites sont celles de parents", "of visits are parents’"},
			},
			{
				id: "C2-vues", indicator: "C2", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Part des responsables, dans les vues de leur enfant et d’eux", "Share of guardians, in the views of their child and theirs"},
				series: []series{{"pupils", "guardian_view_share"}},
				phrase: [2]string{"des vues sont celles des responsables", "of views are the guardians’"},
			},
			{
				id: "C2-pente", indicator: "C2", kind: byMeasure, unit: ratio,
				title:     [2]string{"D’une classe à la suivante", "From one grade to the next"},
				series:    []series{{"pupils", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"grade_odds_ratio", [2]string{"Rapport de cotes", "Odds ratio"}},
				},
			},
		},
	},
}
