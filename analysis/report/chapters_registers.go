package report

// registerChapters are the questions that registers answer: accompaniment, deadlines, equipment. French texts that are empty are those
// of the declared list.
var registerChapters = []chapter{
	{
		id:       "A3",
		question: [2]string{"", "Which form of accompaniment helps most?"},
		what:     [2]string{"", "Families reached by each form, visits afterwards, and the matched effect form by form."},
		how:      [2]string{"", "Matched ratios of ratios; ratio of two effects for each pair of forms, p-values adjusted together (Benjamini-Hochberg)."},
		caveat:   [2]string{"", "Parents are not drawn at random between forms, and schools do not offer the same ones."},
		figures: []spec{
			{
				id: "A3-familles", indicator: "A3", kind: byMeasure, unit: share,
				title:  [2]string{"Familles touchées par chaque forme", "Families reached by each form"},
				series: []series{{"families", ""}},
				rows: []rowSpec{
					{"reach_1", [2]string{"présentation", "presentation"}},
					{"reach_2", [2]string{"tutoriel ou documentation", "tutorial or documents"}},
					{"reach_3", [2]string{"atelier ou médiateur", "workshop or mediator"}},
					{"reach_4", [2]string{"parent ressource", "resource parent"}},
				},
			},
			{
				id: "A3-effets", indicator: "A3", kind: byMeasure, unit: ratio,
				title:     [2]string{"Effet à usage antérieur égal, par forme", "Effect at equal earlier use, by form"},
				series:    []series{{"matched", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"effect_1_ratio", [2]string{"présentation", "presentation"}},
					{"effect_2_ratio", [2]string{"tutoriel ou documentation", "tutorial or documents"}},
					{"effect_3_ratio", [2]string{"atelier ou médiateur", "workshop or mediator"}},
					{"effect_4_ratio", [2]string{"parent ressource", "resource parent"}},
				},
			},
			{
				id: "A3-visites", indicator: "A3", kind: byMeasure, unit: rate,
				title:  [2]string{"Visites par semaine ensuite, par forme", "Visits per week afterwards, by form"},
				series: []series{{"all_accounts", ""}},
				rows: []rowSpec{
					{"visits_1_per_week", [2]string{"présentation", "presentation"}},
					{"visits_2_per_week", [2]string{"tutoriel ou documentation", "tutorial or documents"}},
					{"visits_3_per_week", [2]string{"atelier ou médiateur", "workshop or mediator"}},
					{"visits_4_per_week", [2]string{"parent ressource", "resource parent"}},
				},
			},
			{
				id: "A3-paires", indicator: "A3", kind: byGroup, unit: ratio,
				title:     [2]string{"Rapport des effets de deux formes", "Ratio of the effects of two forms"},
				series:    []series{{"matched", "pairwise_ratio"}},
				reference: noEffect,
				phrase:    [2]string{"d’une forme sur l’autre", "of one form over the other"},
			},
			{
				id: "A3-tests", indicator: "A3", kind: byGroup, unit: scalar,
				title:  [2]string{"Valeur p ajustée : sous 0,05, deux formes diffèrent", "Adjusted p-value: under 0.05, two forms differ"},
				series: []series{{"matched", "pairwise_p"}},
				phrase: [2]string{"est la valeur p ajustée", "is the adjusted p-value"},
			},
		},
	},
	{
		id:       "A4",
		question: [2]string{"", "Does individual accompaniment come after the collective one?"},
		what:     [2]string{"", "Families whose first accompaniment was collective; those who had an individual one after it."},
		how:      [2]string{"", "Shares, 95% interval clustered by school."},
		caveat:   [2]string{"", "What is not in the register does not exist here."},
		figures: []spec{
			{
				id: "A4-suite", indicator: "A4", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Suite des accompagnements des familles", "Order of the accompaniments of families"},
				series: []series{{"families", ""}},
				rows: []rowSpec{
					{"collective_first", [2]string{"D’abord collectif", "Collective first"}},
					{"individual_after", [2]string{"Puis individuel", "Then individual"}},
				},
			},
		},
	},
	{
		id:       "A5",
		question: [2]string{"", "Do trained teams publish sooner?"},
		what:     [2]string{"", "Days from assessment to publication, after minus before the first training, over the same gap in other schools."},
		how:      [2]string{"", "Difference in differences of means, jackknife over schools; twenty schools at least."},
		caveat:   [2]string{"", "Never by teacher. Trained teams are volunteers."},
		figures: []spec{
			{
				id: "A5-jours", indicator: "A5", kind: byMeasure, unit: scalar,
				title:  [2]string{"Jours gagnés (−) ou perdus (+) après la formation", "Days gained (−) or lost (+) after training"},
				series: []series{{"pairs", ""}},
				rows: []rowSpec{
					{"days_difference", [2]string{"Délai de publication", "Delay of publication"}},
				},
			},
		},
	},
	{
		id:       "R2",
		question: [2]string{"", "Where do passwords stop {parents}?"},
		what:     [2]string{"", "Accounts with three failures or more and no success in seven days; failures per sign-in."},
		how:      [2]string{"", "Share and rate, 95% interval clustered by school."},
		caveat:   [2]string{"", "A failure shows only if the server writes it and names the account."},
		figures: []spec{
			{
				id: "R2-bloques", indicator: "R2", kind: byGroup, unit: share,
				title:  [2]string{"Comptes restés bloqués", "Accounts that stayed blocked"},
				series: []series{{"attempting_accounts", "blocked"}},
				phrase: [2]string{"des comptes qui essaient restent bloqués", "of accounts that try stay blocked"},
			},
			{
				id: "R2-echecs", indicator: "R2", kind: byGroup, unit: rate,
				title:  [2]string{"Échecs par connexion réussie", "Failures per sign-in"},
				series: []series{{"attempting_accounts", "failures_ratio"}},
				phrase: [2]string{"échecs par connexion réussie", "failures per sign-in"},
			},
		},
	},
	{
		id:       "R3",
		question: [2]string{"", "Which {parents} have no known e-mail?"},
		what:     [2]string{"", "Guardians for whom the directory knows no e-mail, no mobile, neither."},
		how:      [2]string{"", "Share, 95% interval clustered by school."},
		caveat:   [2]string{"", "A known address is not a read one. Addresses and numbers are never read."},
		figures: []spec{
			{
				id: "R3-contact", indicator: "R3", kind: byMeasure, unit: share,
				title:  [2]string{"Responsables sans contact connu", "Guardians without a known contact"},
				series: []series{{"all_accounts", ""}},
				rows: []rowSpec{
					{"no_email", [2]string{"Sans adresse électronique", "No e-mail"}},
					{"no_phone", [2]string{"Sans mobile", "No mobile"}},
					{"neither", [2]string{"Ni l’un ni l’autre", "Neither"}},
				},
			},
			{
				id: "R3-gradient", indicator: "R3", kind: byMeasure, unit: gap,
				title:  [2]string{"Selon l’IPS de l’établissement", "Along the IPS of the school"},
				series: []series{{"all_accounts", ""}},
				rows: []rowSpec{
					{"no_email_erreygers", [2]string{"Indice d’Erreygers, sans adresse", "Erreygers index, no e-mail"}},
				},
			},
		},
	},
	{
		id:       "F1",
		question: [2]string{"", "How many families have no computer or fixed line?"},
		what:     [2]string{"", "Pupils without a computer, without fixed internet at home, by the survey; share who answered."},
		how:      [2]string{"", "Shares clustered by school; bounds that assume nothing of those who did not answer (Manski)."},
		caveat:   [2]string{"", "Comes near poverty: never under the thresholds. Read the bounds."},
		figures: []spec{
			{
				id: "F1-reponses", indicator: "F1", kind: byGroup, unit: share, whole: true,
				title:  [2]string{"Élèves dont la famille a répondu", "Pupils whose family answered"},
				series: []series{{"all_pupils", "answered"}},
				phrase: [2]string{"des familles ont répondu", "of families answered"},
			},
			{
				id: "F1-equipement", indicator: "F1", kind: byMeasure, unit: share,
				title:  [2]string{"Équipement, parmi les réponses", "Equipment, among answers"},
				series: []series{{"surveyed_pupils", ""}},
				rows: []rowSpec{
					{"no_computer", [2]string{"Sans ordinateur", "No computer"}},
					{"no_network", [2]string{"Sans internet fixe", "No fixed internet"}},
				},
			},
			{
				id: "F1-bornes", indicator: "F1", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Équipement, quoi que disent ceux qui n’ont pas répondu", "Equipment, whatever those who did not answer say"},
				series: []series{{"surveyed_pupils", ""}},
				rows: []rowSpec{
					{"no_computer_bounds", [2]string{"Sans ordinateur", "No computer"}},
					{"no_network_bounds", [2]string{"Sans internet fixe", "No fixed internet"}},
				},
			},
		},
	},
	{
		id:       "F3",
		question: [2]string{"", "Does use help to get what one is entitled to?"},
		what:     [2]string{"", "Procedures done in time, by how often the family visits."},
		how:      [2]string{"", "Shares clustered by school; odds ratio between the ends."},
		caveat:   [2]string{"", "A grant comes near an income. A family that visits often differs in many ways: no effect of the portal."},
		figures: []spec{
			{
				id: "F3-atemps", indicator: "F3", kind: byMeasure, unit: share, whole: true,
				title:  [2]string{"Démarches faites avant leur échéance", "Procedures done in time"},
				series: []series{{"eligible_families", ""}},
				rows: []rowSpec{
					{"on_time_never", [2]string{"Familles qui ne viennent jamais", "Families who never visit"}},
					{"on_time_rare", [2]string{"Moins d’une fois par semaine", "Less than weekly"}},
					{"on_time_weekly", [2]string{"Au moins chaque semaine", "At least weekly"}},
				},
			},
			{
				id: "F3-cotes", indicator: "F3", kind: byMeasure, unit: ratio,
				title:     [2]string{"Chaque semaine rapporté à jamais", "Weekly over never"},
				series:    []series{{"eligible_families", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"weekly_odds_ratio", [2]string{"Rapport de cotes", "Odds ratio"}},
				},
			},
		},
	},
	{
		id:       "F4",
		question: [2]string{"", "Does a loan of equipment change use?"},
		what:     [2]string{"", "Visits of the eight weeks after a loan over before, over the same ratio of families who wait."},
		how:      [2]string{"", "Ratio of ratios, jackknife over schools; twenty schools at least."},
		caveat:   [2]string{"", "The waiting list is no draw: those served first often need it most."},
		figures: []spec{
			{
				id: "F4-prets", indicator: "F4", kind: byMeasure, unit: ratio,
				title:     [2]string{"Visites après un prêt, à la liste d’attente près", "Visits after a loan, against the waiting list"},
				series:    []series{{"families", ""}},
				reference: noEffect,
				rows: []rowSpec{
					{"loan_ratio", [2]string{"Effet d’un prêt", "Effect of a loan"}},
				},
			},
		},
	},
	{
		id:       "F6",
		question: [2]string{"", "How many families are reached by no way?"},
		what:     [2]string{"", "Families without a visit, an opened message or an accompaniment in the period."},
		how:      [2]string{"", "Share, 95% interval clustered by school."},
		caveat:   [2]string{"", "No list exists. A family reached by phone, paper or the child’s account looks far."},
		figures: []spec{
			{
				id: "F6-loin", indicator: "F6", kind: byGroup, unit: share,
				title:  [2]string{"Familles jointes par aucune voie", "Families reached by no way"},
				series: []series{{"families", "far"}},
				phrase: [2]string{"des familles ne sont jointes par aucune voie", "of families are reached by no way"},
			},
		},
	},
}
