package audit

// The three criteria of the opinion 05/2014 (WP216) of the Article 29 group.
const (
	singlingOut = "individualisation"
	linkability = "corrélation"
	inference   = "inférence"
)

func (r *Report) judge(product, name string, v Verdict, why string) {
	r.Criteria = append(r.Criteria, Criterion{Product: product, Name: name, Verdict: v, Why: why})
}

// criteria gives the verdict on an edition. k-anonymity answers singling out; it
// leaves linkability and inference as risks (WP216, table 6), hence the reserves.
func (a *auditor) criteria() {
	r, kind := a.report, a.manifest.Kind
	if kind == "schools" {
		a.schoolCriteria()
		return
	}
	an := a.manifest.Anonymity
	switch {
	case !r.holds(kind, "hash", "undeclared", "schema", "k", "classes", "quasi", "threshold", "texts", "uai", "floors", "units"):
		r.judge(kind, singlingOut, NotConform, "Une promesse qui empêche d’isoler une personne ne tient pas : voir les points en échec.")
	case an != nil && an.K < kRecommended:
		r.judge(kind, singlingOut, Reserve, "k tient, mais il est inférieur à 11, la valeur recommandée.")
	default:
		r.judge(kind, singlingOut, Conform, "Chaque profil est partagé par au moins k personnes, et chaque cellule repose sur assez de personnes : les fichiers le prouvent.")
	}
	if r.holds(kind, "texts", "schema", "order", "week", "uai") {
		r.judge(kind, linkability, Reserve, "Ni pseudonyme, ni numéro de ligne, ni moment précis ; mais la k-anonymité laisse ce risque (WP216, tableau 6) : l’édition reste une donnée personnelle, dans un environnement sécurisé.")
	} else {
		r.judge(kind, linkability, NotConform, "Une colonne ou une valeur permettrait de relier des lignes entre elles ou à un autre fichier.")
	}
	weak := false
	if an != nil {
		for _, s := range an.Sensitive {
			weak = weak || ruleOf(s).Key == "t" && s.Bound > tRecommended
		}
	}
	switch {
	case !r.holds(kind, "sensitive", "bands"):
		r.judge(kind, inference, NotConform, "Une borne promise sur un comportement ne tient pas.")
	case weak:
		r.judge(kind, inference, Reserve, "Les bornes tiennent, mais l’une d’elles dépasse 0,3, la valeur recommandée.")
	default:
		r.judge(kind, inference, Reserve, "Chaque profil ressemble à l’ensemble, dans les bornes promises ; il reste possible d’apprendre un peu plus que la moyenne (WP216, tableau 6).")
	}
	a.open("L’édition de recherche reste une donnée personnelle : convention, accès nominatif et durée de conservation sont à fixer par le responsable de traitement.")
}

func (a *auditor) schoolCriteria() {
	r, kind := a.report, a.manifest.Kind
	if r.holds(kind, "hash", "undeclared", "schema", "threshold", "texts", "floors", "measures") {
		r.judge(kind, singlingOut, Conform, "Aucune ligne ne porte une personne ; chaque cellule en réunit assez : les fichiers le prouvent.")
	} else {
		r.judge(kind, singlingOut, NotConform, "Une cellule est trop petite, ou un fichier n’est pas celui que le manifeste a signé.")
	}
	if r.holds(kind, "schema", "texts", "period", "measures") {
		r.judge(kind, linkability, Reserve, "Des tableaux qui se suivent se comparent : la différence de deux mois voisins doit rester au-dessus du seuil, ce que le registre des diffusions seul peut montrer.")
	} else {
		r.judge(kind, linkability, NotConform, "Une colonne, une mesure ou une période n’est pas sur la liste approuvée.")
	}
	if r.holds(kind, "arithmetic", "measures") {
		r.judge(kind, inference, Reserve, "Une part proche de 0 ou de 100 % apprend quelque chose de tout un établissement : les tableaux de bord la disent « moins de » ou « plus de ».")
	} else {
		r.judge(kind, inference, NotConform, "Des cellules ne s’accordent pas entre elles.")
	}
	a.open("L’édition des établissements est lue par les seuls tableaux de bord ; elle n’est pas diffusée telle quelle.")
}
