package report

// messageChapters are the questions of messages. French texts that are empty are those
// of the declared list.
var messageChapters = []chapter{
	{
		id:       "M1",
		question: [2]string{"", "Are individual messages read more?"},
		what:     [2]string{"", "Messages opened within 72 hours, to one or two persons or to ten and more."},
		how:      [2]string{"", "Shares clustered by school; odds ratio by jackknife over clusters."},
		caveat:   [2]string{"", "Neither content nor sender. Opened is not read."},
		figures: []spec{
			{
				id: "M1-lus", indicator: "M1", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Messages ouverts dans les 72 heures", "Messages opened within 72 hours"},
				series: []series{{"recipients", ""}},
				rows: []rowSpec{
					{"individual", [2]string{"Individuels", "Individual"}},
					{"collective", [2]string{"Collectifs", "Collective"}},
				},
			},
			{
				id: "M1-cotes", indicator: "M1", kind: byGroup, unit: ratio,
				title:     [2]string{"Rapport de cotes, individuels sur collectifs", "Odds ratio, individual over collective"},
				series:    []series{{"recipients", "individual_odds_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"de cotes en faveur des messages individuels", "of odds in favour of individual messages"},
			},
		},
	},
	{
		id:       "M2",
		question: [2]string{"", "Do people write in the evening and at weekends?"},
		what:     [2]string{"", "Messages sent outside 8 am – 6 pm of school days, and from 9 pm to 7 am, by profile."},
		how:      [2]string{"", "Shares clustered by school."},
		caveat:   [2]string{"", "Staff are persons too: never fewer than eleven, never by school or teacher."},
		figures: []spec{
			{
				id: "M2-parents", indicator: "M2", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Messages des {parents}", "Messages of {parents}"},
				series: []series{{"senders", ""}},
				rows: []rowSpec{
					{"subject_outside", [2]string{"Hors de 8 h – 18 h", "Outside 8 am – 6 pm"}},
					{"subject_night", [2]string{"De 21 h à 7 h", "9 pm to 7 am"}},
				},
			},
			{
				id: "M2-personnels", indicator: "M2", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Messages des personnels", "Messages of staff"},
				series: []series{{"staff", ""}},
				rows: []rowSpec{
					{"staff_outside", [2]string{"Hors de 8 h – 18 h", "Outside 8 am – 6 pm"}},
					{"staff_night", [2]string{"De 21 h à 7 h", "9 pm to 7 am"}},
				},
			},
		},
	},
	{
		id:       "M3",
		question: [2]string{"", "Are {parents} answered alike everywhere?"},
		what:     [2]string{"", "Working hours from the first message to the first answer of staff; share answered in two working days; likeness of the threads of a school."},
		how:      [2]string{"", "Kaplan-Meier censored at ten working days; intraclass correlation."},
		caveat:   [2]string{"", "Never by teacher. An answer by phone does not show."},
		figures: []spec{
			{
				id: "M3-repondus", indicator: "M3", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Échanges répondus en deux jours ouvrés", "Threads answered in two working days"},
				series: []series{{"threads", "answered"}},
				phrase: [2]string{"des échanges ont une réponse en deux jours ouvrés", "of threads are answered in two working days"},
			},
			{
				id: "M3-heures", indicator: "M3", kind: byMeasure, unit: scalar,
				title:  [2]string{"Heures ouvrées avant la réponse", "Working hours to the answer"},
				series: []series{{"threads", ""}},
				rows: []rowSpec{
					{"hours_q1", [2]string{"Un quart des échanges", "A quarter of threads"}},
					{"hours_median", [2]string{"La moitié", "Half"}},
					{"hours_q3", [2]string{"Les trois quarts", "Three quarters"}},
				},
			},
			{
				id: "M3-dixjours", indicator: "M3", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Au bout de dix jours ouvrés", "After ten working days"},
				series: []series{{"threads", ""}},
				rows: []rowSpec{
					{"answered_10d", [2]string{"Échanges répondus", "Threads answered"}},
				},
			},
			{
				id: "M3-icc", indicator: "M3", kind: byGroup, unit: scalar,
				title:  [2]string{"Ressemblance des échanges d’un même établissement (0 : aucune ; 1 : totale)", "Likeness of the threads of a school (0: none; 1: full)"},
				series: []series{{"threads", "answered_icc"}},
				phrase: [2]string{"est la corrélation intraclasse", "is the intraclass correlation"},
			},
		},
	},
	{
		id:       "M4",
		question: [2]string{"", "How many tools must a family learn?"},
		what:     [2]string{"", "Distinct tools met by a parent in the period, by purpose and in all; concentration of visits between them (1: one tool)."},
		how:      [2]string{"", "Means and shares clustered by school; median by the histogram."},
		caveat:   [2]string{"", "Tools that send nothing are not counted: read as minimums. Names of tools are not given."},
		figures: []spec{
			{
				id: "M4-outils", indicator: "M4", kind: byMeasure, unit: rate,
				title:  [2]string{"Outils rencontrés, en moyenne", "Tools met, on average"},
				series: []series{{"active_accounts", ""}},
				rows: []rowSpec{
					{"tools_any_per_person", [2]string{"En tout", "In all"}},
					{"tools_messages_per_person", [2]string{"Messages", "Messages"}},
					{"tools_grades_per_person", [2]string{"Notes", "Grades"}},
					{"tools_homework_per_person", [2]string{"Devoirs", "Homework"}},
					{"tools_video_per_person", [2]string{"Visioconférence", "Video"}},
				},
			},
			{
				id: "M4-deux", indicator: "M4", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Deux outils ou plus pour le même usage", "Two tools or more for one purpose"},
				series: []series{{"active_accounts", ""}},
				rows: []rowSpec{
					{"two_any", [2]string{"En tout", "In all"}},
					{"two_messages", [2]string{"Messages", "Messages"}},
					{"two_grades", [2]string{"Notes", "Grades"}},
					{"two_homework", [2]string{"Devoirs", "Homework"}},
					{"two_video", [2]string{"Visioconférence", "Video"}},
				},
			},
			{
				id: "M4-mediane", indicator: "M4", kind: byMeasure, unit: counts,
				title:  [2]string{"Outils du compte du milieu", "Tools of the middle account"},
				series: []series{{"active_accounts", ""}},
				rows: []rowSpec{
					{"tools_any_median", [2]string{"En tout", "In all"}},
				},
			},
			{
				id: "M4-concentration", indicator: "M4", kind: byGroup, unit: scalar,
				title:  [2]string{"Concentration des visites entre les outils", "Concentration of visits between tools"},
				series: []series{{"active_accounts", "hhi_mean"}},
				phrase: [2]string{"est l’indice de Herfindahl moyen", "is the mean Herfindahl index"},
			},
			{
				id: "M4-usage", indicator: "M4", kind: byMeasure, unit: scalar,
				title:  [2]string{"Outils rencontrés et visites par semaine, d’un établissement à l’autre", "Tools met and visits a week, from school to school"},
				series: []series{{"active_accounts", ""}},
				rows: []rowSpec{
					{"use_correlation", [2]string{"Corrélation (de −1 à 1)", "Correlation (−1 to 1)"}},
				},
			},
		},
	},
	{
		id:       "M5",
		question: [2]string{"", "Is the pupil part of the exchange?"},
		what:     [2]string{"", "Share of threads between a parent and staff that a pupil account received too, by grade."},
		how:      [2]string{"", "Share clustered by school; logistic trend from one grade to the next."},
		caveat:   [2]string{"", "Content is never read."},
		figures: []spec{
			{
				id: "M5-eleve", indicator: "M5", kind: byGroup, unit: share,
				title:  [2]string{"Échanges où l’élève est destinataire", "Threads the pupil receives"},
				series: []series{{"threads", "pupil_included"}},
				phrase: [2]string{"des échanges incluent l’élève", "of threads include the pupil"},
			},
			{
				id: "M5-pente", indicator: "M5", kind: byMeasure, unit: ratio,
				title:     [2]string{"D’une classe à la suivante", "From one grade to the next"},
				series:    []series{{"threads", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"grade_odds_ratio", [2]string{"Rapport de cotes", "Odds ratio"}},
				},
			},
		},
	},
	{
		id:       "R4",
		question: [2]string{"", "Are the deadlines given to {parents} too short?"},
		what:     [2]string{"", "Hours given by a request, share opened in time, share of deadlines that passed without a visit."},
		how:      [2]string{"", "Shares and means clustered by school; Kaplan-Meier of the opening."},
		caveat:   [2]string{"", "Never by teacher. A request read on paper looks unopened."},
		figures: []spec{
			{
				id: "R4-delais", indicator: "R4", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Demandes et échéances", "Requests and deadlines"},
				series: []series{{"recipients", ""}},
				rows: []rowSpec{
					{"opened_in_time", [2]string{"Ouvertes avant l’échéance", "Opened in time"}},
					{"no_visit", [2]string{"Délai écoulé sans visite", "Deadline passed without a visit"}},
					{"opened_24h", [2]string{"Ouvertes en 24 heures", "Opened within 24 hours"}},
					{"opened_72h", [2]string{"Ouvertes en trois jours", "Opened within three days"}},
				},
			},
			{
				id: "R4-heures", indicator: "R4", kind: byGroup, unit: rate,
				title:  [2]string{"Heures laissées, en moyenne", "Hours given, on average"},
				series: []series{{"recipients", "hours_allowed_mean"}},
				phrase: [2]string{"heures en moyenne", "hours on average"},
			},
			{
				id: "R4-ouverture", indicator: "R4", kind: byMeasure, unit: scalar,
				title:  [2]string{"Heures avant l’ouverture", "Hours to the opening"},
				series: []series{{"recipients", ""}},
				rows: []rowSpec{
					{"hours_median", [2]string{"La moitié des demandes est ouverte", "Half of requests opened"}},
				},
			},
		},
	},
	{
		id:       "C8",
		question: [2]string{"", "How much do attachments weigh?"},
		what:     [2]string{"", "Kilobytes of files received per thirty days; share of files sent as attachments."},
		how:      [2]string{"", "Ratios of totals clustered by school."},
		caveat:   [2]string{"", "Received is not downloaded. No emission factor, for want of a source."},
		figures: []spec{
			{
				id: "C8-poids", indicator: "C8", kind: byGroup, unit: rate,
				title:  [2]string{"Kilo-octets reçus par mois et par parent", "Kilobytes received per month and parent"},
				series: []series{{"recipients", "kilobytes_month_per_person"}},
				phrase: [2]string{"kilo-octets par mois", "kilobytes per month"},
			},
			{
				id: "C8-jointes", indicator: "C8", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Fichiers envoyés en pièce jointe", "Files sent as attachments"},
				series: []series{{"recipients", "attached"}},
				phrase: [2]string{"des fichiers sont des pièces jointes", "of files are attachments"},
			},
		},
	},
}
