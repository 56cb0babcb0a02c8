package report

// furtherFigures are figures of the usual chapters that say how far to trust the
// others: models, sensitivities, placebos. They come after them.
var furtherFigures = map[string][]spec{
	"L1": {
		{
			id: "L1-pauses", indicator: "L1", kind: byMeasure, unit: rate,
			title:  [2]string{"Visites par semaine selon la pause qui sépare deux visites", "Visits per week by the pause between two visits"},
			series: []series{{"all_accounts", ""}, {"active_accounts", ""}},
			rows: []rowSpec{
				{"pause15_per_week", [2]string{"Pause de 15 minutes", "15 minutes"}},
				{"pause60_per_week", [2]string{"Pause de 60 minutes", "60 minutes"}},
			},
		},
		{
			id: "L1-modele", indicator: "L1", kind: byGroup, unit: ratio,
			title:     [2]string{"Visites par semaine à niveau et IPS égaux, rapportées au groupe de référence", "Visits per week at equal level and IPS, over the reference group"},
			series:    []series{{"all_accounts", "count_ratio"}},
			reference: noEffect,
			phrase:    [2]string{"de visites", "of visits"},
		},
		{
			id: "L1-barriere", indicator: "L1", kind: byGroup, unit: ratio,
			title:     [2]string{"La même chose parmi ceux qui viennent", "The same among those who come"},
			series:    []series{{"all_accounts", "hurdle_count_ratio"}},
			reference: noEffect,
			phrase:    [2]string{"de visites", "of visits"},
		},
		{
			id: "L1-venir", indicator: "L1", kind: byGroup, unit: ratio,
			title:     [2]string{"Rapport de cotes de venir au moins une fois, à niveau et IPS égaux", "Odds ratio of coming at all, at equal level and IPS"},
			series:    []series{{"all_accounts", "hurdle_odds_ratio"}},
			reference: noEffect,
			phrase:    [2]string{"de cotes", "of odds"},
		},
		{
			id: "L1-zeros", indicator: "L1", kind: byMeasure, unit: share,
			title:  [2]string{"Comptes sans visite en plus de ce qu’annonce le modèle", "Accounts without a visit beyond what the model announces"},
			series: []series{{"all_accounts", ""}},
			rows: []rowSpec{
				{"structural_zeros", [2]string{"Zéros structurels", "Structural zeros"}},
			},
		},
		{
			id: "L1-dispersion", indicator: "L1", kind: byMeasure, unit: scalar,
			title:  [2]string{"Dispersion du modèle", "Dispersion of the model"},
			series: []series{{"all_accounts", ""}},
			rows: []rowSpec{
				{"dispersion", [2]string{"Paramètre θ", "Parameter θ"}},
			},
		},
	},
	"L2": {
		{
			id: "L2-modele", indicator: "L2", kind: byGroup, unit: ratio,
			title:     [2]string{"Rapport de cotes de ne jamais venir, à niveau et IPS égaux", "Odds ratio of never coming, at equal level and IPS"},
			series:    []series{{"all_accounts", "logit_odds_ratio"}},
			reference: noEffect,
			phrase:    [2]string{"de cotes", "of odds"},
		},
		{
			id: "L2-icc", indicator: "L2", kind: byGroup, unit: scalar,
			title:  [2]string{"Ressemblance des parents d’un même établissement (0 : aucune ; 1 : totale)", "Likeness of the parents of a school (0: none; 1: full)"},
			series: []series{{"all_accounts", "school_icc"}},
			phrase: [2]string{"est la corrélation intraclasse", "is the intraclass correlation"},
		},
	},
	"D3": {
		{
			id: "D3-semaines", indicator: "D3", kind: byMeasure, unit: scalar,
			title:  [2]string{"Semaines avant la première visite", "Weeks to the first visit"},
			series: []series{{"all_accounts", ""}},
			rows: []rowSpec{
				{"weeks_median", [2]string{"La moitié des comptes est venue", "Half of accounts have come"}},
			},
		},
	},
	"R1": {
		{
			id: "R1-echeances", indicator: "R1", kind: byMeasure, unit: share, whole: true,
			title:  [2]string{"Prêts avant les échéances déclarées", "Ready before the declared deadlines"},
			series: []series{{"concerned_accounts", ""}},
			rows: []rowSpec{
				{"ready_D30", [2]string{"30 jours avant", "30 days before"}},
				{"ready_D7", [2]string{"7 jours avant", "7 days before"}},
				{"ready_D0", [2]string{"Le jour même", "On the day"}},
			},
		},
		{
			id: "R1-courbe", indicator: "R1", kind: byMeasure, unit: share, whole: true,
			title:  [2]string{"Courbe de préparation : déjà venus, dans les 60 jours d’avant", "Readiness curve: already came, in the 60 days before"},
			series: []series{{"concerned_accounts", ""}},
			rows: []rowSpec{
				{"curve_D53", [2]string{"53 jours avant", "53 days before"}},
				{"curve_D46", [2]string{"46 jours avant", "46 days before"}},
				{"curve_D39", [2]string{"39 jours avant", "39 days before"}},
				{"curve_D30", [2]string{"30 jours avant", "30 days before"}},
				{"curve_D23", [2]string{"23 jours avant", "23 days before"}},
				{"curve_D16", [2]string{"16 jours avant", "16 days before"}},
				{"curve_D7", [2]string{"7 jours avant", "7 days before"}},
				{"curve_D4", [2]string{"4 jours avant", "4 days before"}},
				{"curve_D2", [2]string{"2 jours avant", "2 days before"}},
				{"curve_D0", [2]string{"Le jour même", "On the day"}},
			},
		},
		{
			id: "R1-ecart", indicator: "R1", kind: byMeasure, unit: gap,
			title:  [2]string{"Prêts 30 jours avant : écarts selon l’IPS, en points", "Ready 30 days before: gaps along the IPS, in points"},
			series: []series{{"concerned_accounts", ""}},
			rows: []rowSpec{
				{"ready_D30_gap", [2]string{"Plus basse moins plus haute", "Lowest minus highest"}},
				{"ready_D30_sii", [2]string{"Indice de pente (SII)", "Slope index (SII)"}},
			},
		},
		{
			id: "R1-modele", indicator: "R1", kind: byGroup, unit: ratio,
			title:     [2]string{"Rapport de cotes d’être prêt, à niveau et IPS égaux", "Odds ratio of being ready, at equal level and IPS"},
			series:    []series{{"all_accounts", "logit_odds_ratio"}},
			reference: noEffect,
			phrase:    [2]string{"de cotes", "of odds"},
		},
	},
	"N2": {
		{
			id: "N2-pauses", indicator: "N2", kind: byMeasure, unit: share,
			title:  [2]string{"Les mêmes jours, selon la pause qui sépare deux visites", "The same days, by the pause between two visits"},
			series: []series{{"pairs", ""}, {"active_pairs", ""}},
			rows: []rowSpec{
				{"two_a_day_15", [2]string{"Deux fois, pause de 15 minutes", "Twice, 15-minute pause"}},
				{"two_a_day_60", [2]string{"Deux fois, pause de 60 minutes", "Twice, 60-minute pause"}},
				{"three_a_day_15", [2]string{"Trois fois, pause de 15 minutes", "Three times, 15-minute pause"}},
				{"three_a_day_60", [2]string{"Trois fois, pause de 60 minutes", "Three times, 60-minute pause"}},
				{"five_a_day_15", [2]string{"Cinq fois, pause de 15 minutes", "Five times, 15-minute pause"}},
				{"five_a_day_60", [2]string{"Cinq fois, pause de 60 minutes", "Five times, 60-minute pause"}},
			},
		},
	},
	"N5": {
		{
			id: "N5-seuils", indicator: "N5", kind: byMeasure, unit: share,
			title:  [2]string{"Les 36 combinaisons de seuils", "The 36 combinations of thresholds"},
			series: []series{{"pairs", ""}, {"active_pairs", ""}},
			rows: []rowSpec{
				{"grid_15_50_low", [2]string{"15 % des jours, 50 % à vide, rafales 0,2 ou nuit 5 %", "15% of days, 50% empty, bursts 0.2 or night 5%"}},
				{"grid_15_50_mid", [2]string{"15 % des jours, 50 % à vide, rafales 0,3 ou nuit 10 %", "15% of days, 50% empty, bursts 0.3 or night 10%"}},
				{"grid_15_50_high", [2]string{"15 % des jours, 50 % à vide, rafales 0,4 ou nuit 20 %", "15% of days, 50% empty, bursts 0.4 or night 20%"}},
				{"grid_15_60_low", [2]string{"15 % des jours, 60 % à vide, rafales 0,2 ou nuit 5 %", "15% of days, 60% empty, bursts 0.2 or night 5%"}},
				{"grid_15_60_mid", [2]string{"15 % des jours, 60 % à vide, rafales 0,3 ou nuit 10 %", "15% of days, 60% empty, bursts 0.3 or night 10%"}},
				{"grid_15_60_high", [2]string{"15 % des jours, 60 % à vide, rafales 0,4 ou nuit 20 %", "15% of days, 60% empty, bursts 0.4 or night 20%"}},
				{"grid_15_70_low", [2]string{"15 % des jours, 70 % à vide, rafales 0,2 ou nuit 5 %", "15% of days, 70% empty, bursts 0.2 or night 5%"}},
				{"grid_15_70_mid", [2]string{"15 % des jours, 70 % à vide, rafales 0,3 ou nuit 10 %", "15% of days, 70% empty, bursts 0.3 or night 10%"}},
				{"grid_15_70_high", [2]string{"15 % des jours, 70 % à vide, rafales 0,4 ou nuit 20 %", "15% of days, 70% empty, bursts 0.4 or night 20%"}},
				{"grid_25_50_low", [2]string{"25 % des jours, 50 % à vide, rafales 0,2 ou nuit 5 %", "25% of days, 50% empty, bursts 0.2 or night 5%"}},
				{"grid_25_50_mid", [2]string{"25 % des jours, 50 % à vide, rafales 0,3 ou nuit 10 %", "25% of days, 50% empty, bursts 0.3 or night 10%"}},
				{"grid_25_50_high", [2]string{"25 % des jours, 50 % à vide, rafales 0,4 ou nuit 20 %", "25% of days, 50% empty, bursts 0.4 or night 20%"}},
				{"grid_25_60_low", [2]string{"25 % des jours, 60 % à vide, rafales 0,2 ou nuit 5 %", "25% of days, 60% empty, bursts 0.2 or night 5%"}},
				{"grid_25_60_mid", [2]string{"25 % des jours, 60 % à vide, rafales 0,3 ou nuit 10 %", "25% of days, 60% empty, bursts 0.3 or night 10%"}},
				{"grid_25_60_high", [2]string{"25 % des jours, 60 % à vide, rafales 0,4 ou nuit 20 %", "25% of days, 60% empty, bursts 0.4 or night 20%"}},
				{"grid_25_70_low", [2]string{"25 % des jours, 70 % à vide, rafales 0,2 ou nuit 5 %", "25% of days, 70% empty, bursts 0.2 or night 5%"}},
				{"grid_25_70_mid", [2]string{"25 % des jours, 70 % à vide, rafales 0,3 ou nuit 10 %", "25% of days, 70% empty, bursts 0.3 or night 10%"}},
				{"grid_25_70_high", [2]string{"25 % des jours, 70 % à vide, rafales 0,4 ou nuit 20 %", "25% of days, 70% empty, bursts 0.4 or night 20%"}},
				{"grid_35_50_low", [2]string{"35 % des jours, 50 % à vide, rafales 0,2 ou nuit 5 %", "35% of days, 50% empty, bursts 0.2 or night 5%"}},
				{"grid_35_50_mid", [2]string{"35 % des jours, 50 % à vide, rafales 0,3 ou nuit 10 %", "35% of days, 50% empty, bursts 0.3 or night 10%"}},
				{"grid_35_50_high", [2]string{"35 % des jours, 50 % à vide, rafales 0,4 ou nuit 20 %", "35% of days, 50% empty, bursts 0.4 or night 20%"}},
				{"grid_35_60_low", [2]string{"35 % des jours, 60 % à vide, rafales 0,2 ou nuit 5 %", "35% of days, 60% empty, bursts 0.2 or night 5%"}},
				{"grid_35_60_mid", [2]string{"35 % des jours, 60 % à vide, rafales 0,3 ou nuit 10 %", "35% of days, 60% empty, bursts 0.3 or night 10%"}},
				{"grid_35_60_high", [2]string{"35 % des jours, 60 % à vide, rafales 0,4 ou nuit 20 %", "35% of days, 60% empty, bursts 0.4 or night 20%"}},
				{"grid_35_70_low", [2]string{"35 % des jours, 70 % à vide, rafales 0,2 ou nuit 5 %", "35% of days, 70% empty, bursts 0.2 or night 5%"}},
				{"grid_35_70_mid", [2]string{"35 % des jours, 70 % à vide, rafales 0,3 ou nuit 10 %", "35% of days, 70% empty, bursts 0.3 or night 10%"}},
				{"grid_35_70_high", [2]string{"35 % des jours, 70 % à vide, rafales 0,4 ou nuit 20 %", "35% of days, 70% empty, bursts 0.4 or night 20%"}},
				{"grid_50_50_low", [2]string{"50 % des jours, 50 % à vide, rafales 0,2 ou nuit 5 %", "50% of days, 50% empty, bursts 0.2 or night 5%"}},
				{"grid_50_50_mid", [2]string{"50 % des jours, 50 % à vide, rafales 0,3 ou nuit 10 %", "50% of days, 50% empty, bursts 0.3 or night 10%"}},
				{"grid_50_50_high", [2]string{"50 % des jours, 50 % à vide, rafales 0,4 ou nuit 20 %", "50% of days, 50% empty, bursts 0.4 or night 20%"}},
				{"grid_50_60_low", [2]string{"50 % des jours, 60 % à vide, rafales 0,2 ou nuit 5 %", "50% of days, 60% empty, bursts 0.2 or night 5%"}},
				{"grid_50_60_mid", [2]string{"50 % des jours, 60 % à vide, rafales 0,3 ou nuit 10 %", "50% of days, 60% empty, bursts 0.3 or night 10%"}},
				{"grid_50_60_high", [2]string{"50 % des jours, 60 % à vide, rafales 0,4 ou nuit 20 %", "50% of days, 60% empty, bursts 0.4 or night 20%"}},
				{"grid_50_70_low", [2]string{"50 % des jours, 70 % à vide, rafales 0,2 ou nuit 5 %", "50% of days, 70% empty, bursts 0.2 or night 5%"}},
				{"grid_50_70_mid", [2]string{"50 % des jours, 70 % à vide, rafales 0,3 ou nuit 10 %", "50% of days, 70% empty, bursts 0.3 or night 10%"}},
				{"grid_50_70_high", [2]string{"50 % des jours, 70 % à vide, rafales 0,4 ou nuit 20 %", "50% of days, 70% empty, bursts 0.4 or night 20%"}},
			},
		},
	},
	"A2": {
		{
			id: "A2-premiere", indicator: "A2", kind: byMeasure, unit: gap,
			title:  [2]string{"Première visite en huit semaines, de ceux qui n’étaient jamais venus : accompagnés moins témoins", "First visit within eight weeks, of those who had never come: accompanied minus controls"},
			series: []series{{"matched", ""}},
			rows: []rowSpec{
				{"first_visit_gap", [2]string{"Écart", "Gap"}},
			},
		},
		{
			id: "A2-semaines", indicator: "A2", kind: byGroup, unit: ratio,
			title:     [2]string{"Visites des accompagnés sur celles des témoins, semaine par semaine", "Visits of the accompanied over their controls, week by week"},
			series:    []series{{"matched", "week_ratio"}},
			reference: noEffect,
		},
		{
			id: "A2-doutes", indicator: "A2", kind: byMeasure, unit: ratio,
			title:     [2]string{"Que vaut cette comparaison ?", "How good is this comparison?"},
			series:    []series{{"matched", ""}},
			reference: noEffect,
			rows: []rowSpec{
				{"placebo_ratio", [2]string{"Évolution avant l’accompagnement (1 attendu)", "Change before the accompaniment (1 expected)"}},
				{"e_value", [2]string{"Force d’une cause cachée qui expliquerait l’effet", "Strength of a hidden cause that would explain the effect"}},
			},
		},
	},
	"F2": {
		{
			id: "F2-relatif", indicator: "F2", kind: byMeasure, unit: ratio,
			title:     [2]string{"Indice relatif (RII)", "Relative index (RII)"},
			series:    []series{{"all_accounts", ""}},
			reference: noEffect,
			rows: []rowSpec{
				{"never_rii", [2]string{"Part de jamais connectés, bas sur haut", "Share never connected, low over high"}},
			},
		},
		{
			id: "F2-prets", indicator: "F2", kind: byMeasure, unit: gap,
			title:  [2]string{"Écart de « prêts », en points", "Gap in “ready”, in points"},
			series: []series{{"all_accounts", ""}},
			rows: []rowSpec{
				{"ready_gap", [2]string{"Plus basse moins plus haute", "Lowest minus highest"}},
			},
		},
		{
			id: "F2-concentration", indicator: "F2", kind: byMeasure, unit: scalar,
			title:  [2]string{"Concentration des visites le long de l’IPS", "Concentration of visits along the IPS"},
			series: []series{{"all_accounts", ""}},
			rows: []rowSpec{
				{"visits_concentration", [2]string{"Indice de concentration", "Concentration index"}},
			},
		},
	},
	"F5": {
		{
			id: "F5-theil", indicator: "F5", kind: byGroup, unit: scalar,
			title:  [2]string{"Indice T de Theil entre établissements", "Theil’s T between schools"},
			series: []series{{"all_accounts", "theil_between"}},
			phrase: [2]string{"est l’indice T entre établissements", "is the T index between schools"},
		},
	},
}
