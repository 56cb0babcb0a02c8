package report

// contentChapters are the questions of contents and services. French texts that are empty are those
// of the declared list.
var contentChapters = []chapter{
	{
		id:       "C1",
		question: [2]string{"", "Do contents about the child bring {parents} in?"},
		what:     [2]string{"", "Visits in the 48 hours after a content with media for the child’s classes, over the same hours of a week without; share of first visits that came so."},
		how:      [2]string{"", "Each parent is their own control (case-crossover); rate ratio clustered by school."},
		caveat:   [2]string{"", "A week with a publication may differ for other reasons. Never by class."},
		figures: []spec{
			{
				id: "C1-visites", indicator: "C1", kind: byGroup, unit: ratio,
				title:     [2]string{"Visites après un contenu, rapportées à une semaine sans", "Visits after a content, over a week without"},
				series:    []series{{"concerned_accounts", "visits_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"de visites après un contenu", "visits after a content"},
			},
			{
				id: "C1-premieres", indicator: "C1", kind: byGroup, unit: share,
				title:  [2]string{"Premières visites venues dans les 48 heures d’un contenu", "First visits within 48 hours of a content"},
				series: []series{{"all_accounts", "first_login"}},
				phrase: [2]string{"des premières visites suivent un contenu", "of first visits follow a content"},
			},
		},
	},
	{
		id:       "C3",
		question: [2]string{"", "What do {parents} look for?"},
		what:     [2]string{"", "Share of visits in which each service is opened at least once."},
		how:      [2]string{"", "Share of visits clustered by school."},
		caveat:   [2]string{"", "A service missing from the logs is not a service without use."},
		figures: []spec{
			{
				id: "C3-services", indicator: "C3", kind: byMeasure, unit: share,
				title:  [2]string{"Services ouverts, en part des visites", "Services opened, as a share of visits"},
				series: []series{{"visits", ""}},
				rows: []rowSpec{
					{"grades", [2]string{"Notes", "Grades"}},
					{"absences", [2]string{"Absences", "Absences"}},
					{"school_life", [2]string{"Vie scolaire", "School life"}},
					{"timetable", [2]string{"Emploi du temps", "Timetable"}},
					{"homework", [2]string{"Cahier de textes", "Homework"}},
					{"messages", [2]string{"Messagerie", "Messages"}},
					{"news", [2]string{"Actualités", "News"}},
					{"blog", [2]string{"Blog", "Blog"}},
				},
			},
		},
	},
	{
		id:       "C4",
		question: [2]string{"", "Who opens the report book (LSU)?"},
		what:     [2]string{"", "Guardians who opened the report book of the term, in how many days, and again; those who checked grades in the same period."},
		how:      [2]string{"", "Shares clustered by school; Kaplan-Meier of the time to the opening."},
		caveat:   [2]string{"", "Never 0 when the feed is missing: the LSU mostly opens outside the portal."},
		figures: []spec{
			{
				id: "C4-ouvert", indicator: "C4", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Ouverture du livret scolaire", "Opening of the report book"},
				series: []series{{"concerned_accounts", ""}},
				rows: []rowSpec{
					{"opened", [2]string{"Ouvert", "Opened"}},
					{"again", [2]string{"Rouvert un autre jour", "Opened again another day"}},
					{"viewed_grades", [2]string{"Notes consultées, parmi les mêmes", "Checked grades, among the same"}},
					{"opened_7d", [2]string{"Ouvert en sept jours", "Opened within seven days"}},
					{"opened_28d", [2]string{"Ouvert en quatre semaines", "Opened within four weeks"}},
				},
			},
			{
				id: "C4-jours", indicator: "C4", kind: byMeasure, unit: scalar,
				title:  [2]string{"Jours avant l’ouverture", "Days to the opening"},
				series: []series{{"concerned_accounts", ""}},
				rows: []rowSpec{
					{"days_median", [2]string{"La moitié des livrets est ouverte", "Half of the books opened"}},
				},
			},
			{
				id: "C4-ecarts", indicator: "C4", kind: byMeasure, unit: gap,
				title:  [2]string{"Écarts, en points", "Gaps, in points"},
				series: []series{{"concerned_accounts", ""}},
				rows: []rowSpec{
					{"opened_gap", [2]string{"LSU ouvert moins notes consultées", "LSU opened minus grades checked"}},
					{"opened_erreygers", [2]string{"Indice d’Erreygers, selon l’IPS", "Erreygers index, along the IPS"}},
				},
			},
			{
				id: "C4-visites", indicator: "C4", kind: byGroup, unit: share,
				title:  [2]string{"Visites où le LSU est ouvert", "Visits in which the LSU is opened"},
				series: []series{{"visits", "visit_share"}},
				phrase: [2]string{"des visites ouvrent le LSU", "of visits open the LSU"},
			},
		},
	},
	{
		id:       "C5",
		question: [2]string{"", "Are digital resources opened through the portal?"},
		what:     [2]string{"", "Visits of a pupil with a resource; parents who came to one."},
		how:      [2]string{"", "Rate and share clustered by school."},
		caveat:   [2]string{"", "A resource opened outside the portal does not show."},
		figures: []spec{
			{
				id: "C5-eleves", indicator: "C5", kind: byGroup, unit: rate,
				title:  [2]string{"Visites avec une ressource, par élève", "Visits with a resource, per pupil"},
				series: []series{{"all_pupils", "pupils_visits_per_person"}},
				phrase: [2]string{"visites par élève", "visits per pupil"},
			},
			{
				id: "C5-parents", indicator: "C5", kind: byGroup, unit: share,
				title:  [2]string{"Parents venus à une ressource", "Parents who came to a resource"},
				series: []series{{"all_accounts", "parents"}},
				phrase: [2]string{"des parents sont venus à une ressource", "of parents came to a resource"},
			},
		},
	},
	{
		id:       "C6",
		question: [2]string{"", "Do class news bring visits?"},
		what:     [2]string{"", "Views of news and blogs per item published to the school and classes of the children."},
		how:      [2]string{"", "Ratio of totals clustered by school."},
		caveat:   [2]string{"", "A view is not attributed to an item."},
		figures: []spec{
			{
				id: "C6-vues", indicator: "C6", kind: byGroup, unit: rate,
				title:  [2]string{"Vues par contenu publié et par parent", "Views per item and parent"},
				series: []series{{"concerned_accounts", "views_per_item_ratio"}},
				phrase: [2]string{"vues par contenu publié", "views per item published"},
			},
		},
	},
	{
		id:       "C7",
		question: [2]string{"", "Do {parents} take part in remote meetings?"},
		what:     [2]string{"", "Remote meetings joined, among those the family was invited to."},
		how:      [2]string{"", "Share clustered by school."},
		caveat:   [2]string{"", "Coming in person does not show. Eleven at least."},
		figures: []spec{
			{
				id: "C7-rejointes", indicator: "C7", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Réunions à distance rejointes", "Remote meetings joined"},
				series: []series{{"invited_families", "joined"}},
				phrase: [2]string{"des invitations sont suivies", "of invitations are followed"},
			},
		},
	},
	{
		id:       "C9",
		question: [2]string{"", "Are reading and translation aids used?"},
		what:     [2]string{"", "Visits with translation or reading aloud."},
		how:      [2]string{"", "Share of visits clustered by school."},
		caveat:   [2]string{"", "Language comes near origin: yes or no only, never by school."},
		figures: []spec{
			{
				id: "C9-aides", indicator: "C9", kind: byGroup, unit: share,
				title:  [2]string{"Visites avec traduction ou lecture vocale", "Visits with translation or reading aloud"},
				series: []series{{"active_accounts", "visits"}},
				phrase: [2]string{"des visites utilisent une aide", "of visits use an aid"},
			},
		},
	},
}
