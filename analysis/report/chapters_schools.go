package report

// deployedChapters are the questions of the schools, the portal and the data. French texts that are empty are those
// of the declared list.
var deployedChapters = []chapter{
	{
		id:       "D1",
		question: [2]string{"", "Which share of schools has a portal in use?"},
		what:     [2]string{"", "Schools where a parent or a pupil signed in during the period (observed), and schools whose register says the portal was open (declared)."},
		how:      [2]string{"", "Share of schools, Wilson interval; never fewer than three schools."},
		caveat:   [2]string{"", "Deployed does not mean used: read observed and declared apart."},
		figures: []spec{
			{
				id: "D1-etablissements", indicator: "D1", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Établissements équipés", "Schools with a portal"},
				series: []series{{"schools", ""}},
				rows: []rowSpec{
					{"observed", [2]string{"Quelqu’un s’est connecté", "Somebody signed in"}},
					{"declared", [2]string{"Déclarés équipés", "Declared equipped"}},
				},
			},
		},
	},
	{
		id:       "D2",
		question: [2]string{"", "Does the age of the portal go with use by {parents}?"},
		what:     [2]string{"", "Visits a week and share never connected by years since the portal was opened and by number of portals the school has had."},
		how:      [2]string{"", "Rates and shares by class, 95% interval clustered by school."},
		caveat:   [2]string{"", "Schools equipped early were not drawn at random: a relation is no effect."},
		figures: []spec{
			{
				id: "D2-visites", indicator: "D2", kind: byGroup, unit: rate,
				title:  [2]string{"Visites par semaine de classe, selon l’ancienneté et le nombre d’ENT", "Visits per school week, by age and number of portals"},
				series: []series{{"all_accounts", "visits_by_class_per_week"}},
				phrase: [2]string{"visites par semaine", "visits per week"},
			},
			{
				id: "D2-jamais", indicator: "D2", kind: byGroup, unit: share,
				title:  [2]string{"Jamais connectés, selon l’ancienneté et le nombre d’ENT", "Never connected, by age and number of portals"},
				series: []series{{"all_accounts", "never_by_class"}},
				phrase: [2]string{"jamais connectés", "never connected"},
			},
			{
				id: "D2-rapports", indicator: "D2", kind: byMeasure, unit: ratio,
				title:     [2]string{"Classe la plus haute rapportée à la plus basse", "Highest class over lowest"},
				series:    []series{{"all_accounts", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"seniority_visits_ratio", [2]string{"Visites : ENT ancien sur ENT récent", "Visits: old over recent portal"}},
					{"products_visits_ratio", [2]string{"Visites : trois ENT et plus sur un seul", "Visits: three portals or more over one"}},
				},
			},
			{
				id: "D2-ecarts", indicator: "D2", kind: byMeasure, unit: gap,
				title:  [2]string{"Écart de « jamais connectés », en points", "Gap in “never connected”, in points"},
				series: []series{{"all_accounts", ""}},
				rows: []rowSpec{
					{"seniority_never_gap", [2]string{"ENT ancien moins ENT récent", "Old minus recent portal"}},
					{"products_never_gap", [2]string{"Trois ENT et plus moins un seul", "Three portals or more minus one"}},
				},
			},
		},
	},
	{
		id:       "L6",
		question: [2]string{"", "Did use change with an event, and does it last?"},
		what:     [2]string{"", "Visits per school and school week of a constant panel; level and slope after each declared event over what the weeks before announced."},
		how:      [2]string{"", "Segmented regression of the logarithm, first-order autoregressive errors (REML); a placebo date halfway before."},
		caveat:   [2]string{"", "A change of perimeter looks like a change of use: only the constant panel compares. Another cause on the same date looks alike."},
		figures: []spec{
			{
				id: "L6-semaines", indicator: "L6", kind: byGroup, unit: rate,
				title:  [2]string{"Visites par établissement du panel, semaine par semaine", "Visits per school of the panel, week by week"},
				series: []series{{"panel", "weekly_visits"}},
				phrase: [2]string{"visites par établissement", "visits per school"},
			},
			{
				id: "L6-panel", indicator: "L6", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Établissements du panel constant", "Schools in the constant panel"},
				series: []series{{"panel", "panel_share"}},
				phrase: [2]string{"des établissements sont dans le panel constant", "of schools are in the constant panel"},
			},
			{
				id: "L6-niveau", indicator: "L6", kind: byGroup, unit: ratio,
				title:     [2]string{"Niveau juste après, rapporté à la tendance d’avant", "Level right after, over the trend before"},
				series:    []series{{"panel", "event_level_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"après l’évènement", "after the event"},
			},
			{
				id: "L6-pente", indicator: "L6", kind: byGroup, unit: ratio,
				title:     [2]string{"Pente hebdomadaire après, rapportée à celle d’avant", "Weekly slope after over before"},
				series:    []series{{"panel", "event_slope_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"de pente", "of slope"},
			},
			{
				id: "L6-fin", indicator: "L6", kind: byGroup, unit: ratio,
				title:     [2]string{"Niveau après la fin, rapporté à la tendance pendant", "Level after the end, over the trend during"},
				series:    []series{{"panel", "end_level_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"après la fin", "after the end"},
			},
			{
				id: "L6-temoin", indicator: "L6", kind: byGroup, unit: ratio,
				title:     [2]string{"La même mesure à une date témoin d’avant (1 attendu)", "The same at a placebo date before (1 expected)"},
				series:    []series{{"panel", "placebo_level_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"à la date témoin", "at the placebo date"},
			},
		},
	},
	{
		id:       "M6",
		question: [2]string{"", "Do schools open messaging to {parents}?"},
		what:     [2]string{"", "Share of schools by setting of messages and of publication of grades."},
		how:      [2]string{"", "Share of schools, Wilson interval; never fewer than three schools."},
		caveat:   [2]string{"", "A setting is not a use."},
		figures: []spec{
			{
				id: "M6-reglages", indicator: "M6", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Réglages des établissements", "Settings of schools"},
				series: []series{{"schools", ""}},
				rows: []rowSpec{
					{"messages_closed", [2]string{"Messagerie fermée", "Messages closed"}},
					{"messages_principal", [2]string{"Vers le professeur principal", "To the class teacher"}},
					{"messages_all", [2]string{"Vers tous", "To all"}},
					{"grades_at_once", [2]string{"Notes publiées aussitôt", "Grades at once"}},
					{"grades_deferred", [2]string{"Notes publiées plus tard", "Grades deferred"}},
				},
			},
		},
	},
	{
		id:       "Q2",
		question: [2]string{"", "Are the data really anonymised?"},
		what:     [2]string{"", "Smallest class of the person table and share of persons removed."},
		how:      [2]string{"", "Read in the manifest; counted again by the audit."},
		caveat:   [2]string{"", "A k-anonymous table remains personal data: only published figures pass the rules of tables."},
		figures: []spec{
			{
				id: "Q2-k", indicator: "Q2", kind: byMeasure, unit: scalar,
				title:  [2]string{"Plus petite classe de la table des personnes", "Smallest class of the person table"},
				series: []series{{"all_accounts", ""}},
				rows: []rowSpec{
					{"achieved_k", [2]string{"Personnes", "Persons"}},
				},
			},
			{
				id: "Q2-retrait", indicator: "Q2", kind: byMeasure, unit: share,
				title:  [2]string{"Personnes retirées de la table", "Persons removed from the table"},
				series: []series{{"all_accounts", ""}},
				rows: []rowSpec{
					{"suppressed_share", [2]string{"Part retirée", "Share removed"}},
				},
			},
		},
	},
}
