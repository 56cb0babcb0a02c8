package audit

import "github.com/entscope/entscope/anonymize/edition"

// The three criteria of the opinion 05/2014 (WP216) of the Article 29 group.
const (
	singlingOut = "individualisation"
	linkability = "corrélation"
	inference   = "inférence"
)

func (r *Report) judge(product, name string, v Verdict, why string) {
	r.Criteria = append(r.Criteria, Criterion{Product: product, Name: name, Verdict: v, Why: why})
}

// grounds are what a verdict rests on: claims, and what is said when they hold, when one
// of them found nothing to try, and when one fails.
type grounds struct {
	name     string
	prefixes []string
	held     Verdict
	why, bad string
}

const nothingTried = "Une des promesses sur lesquelles repose ce verdict n’a rien eu à vérifier dans ces fichiers. "

// weigh gives the verdict: never better than the worst claim it rests on.
func (r *Report) weigh(product string, g grounds) {
	switch r.worst(product, append(g.prefixes, "closed", "hash", "signature")...) {
	case Fails:
		r.judge(product, g.name, NotConform, g.bad)
	case NotVerified:
		r.judge(product, g.name, Reserve, nothingTried+g.why)
	default:
		r.judge(product, g.name, g.held, g.why)
	}
}

// criteria gives the verdict on an edition. k-anonymity answers singling out; it
// leaves linkability and inference as risks (WP216, table 6), hence the reserves.
func (a *auditor) criteria(r *Report) {
	if a.manifest.Kind == edition.KindSchools {
		a.schoolCriteria(r)
		return
	}
	out := grounds{
		name: singlingOut,
		prefixes: []string{
			"undeclared", "schema", "k", "classes", "quasi", "threshold", "noise", "unnamed", "texts", "uai", "floors",
			"units",
		},
		held: Conform,
		why: "Chaque profil est partagé par au moins k personnes, et chaque cellule repose sur assez de personnes : " +
			"les fichiers le prouvent.",
		bad: "Une promesse qui empêche d’isoler une personne ne tient pas : voir les points en échec.",
	}
	if an := a.manifest.Anonymity; an != nil && an.K < kRecommended {
		out.held, out.why = Reserve, "k tient, mais il est inférieur à 11, la valeur recommandée."
	}
	learns := grounds{
		name: inference, prefixes: []string{"sensitive", "bands"}, held: Reserve,
		why: "Chaque profil ressemble à l’ensemble, dans les bornes promises ; il reste possible d’apprendre un peu " +
			"plus " +
			"que la moyenne (WP216, tableau 6).",
		bad: "Une borne promise sur un comportement ne tient pas.",
	}
	if a.weaklyBounded() {
		learns.why = "Les bornes tiennent, mais l’une d’elles dépasse 0,3, la valeur recommandée."
	}
	for _, g := range []grounds{out, {
		name: linkability, prefixes: []string{"texts", "schema", "order", "week", "uai"}, held: Reserve,
		why: "Ni pseudonyme, ni numéro de ligne, ni moment précis ; mais la k-anonymité laisse ce risque (WP216, " +
			"tableau 6) : " +
			"l’édition reste une donnée personnelle, dans un environnement sécurisé.",
		bad: "Une colonne ou une valeur permettrait de relier des lignes entre elles ou à un autre fichier.",
	}, learns} {
		r.weigh(a.manifest.Kind, g)
	}
	r.open("L’édition de recherche reste une donnée personnelle : convention, accès nominatif et durée de " +
		"conservation " +
		"sont à fixer par le responsable de traitement.")
	if a.has(edition.TableSums) {
		r.open(edition.NoteRecognisable)
	}
}

// weaklyBounded reports whether a promised t is above the recommended one.
func (a *auditor) weaklyBounded() bool {
	if a.manifest.Anonymity == nil {
		return false
	}
	for _, s := range a.manifest.Anonymity.Sensitive {
		if ruleOf(s).Key == "t" && s.Bound > tRecommended {
			return true
		}
	}
	return false
}

func (a *auditor) schoolCriteria(r *Report) {
	for _, g := range []grounds{{
		name: singlingOut, prefixes: []string{"undeclared", "schema", "threshold", "texts", "floors", "measures"},
		held: Conform,
		why:  "Aucune ligne ne porte une personne ; chaque cellule en réunit assez : les fichiers le prouvent.",
		bad:  "Une cellule est trop petite, ou un fichier n’est pas celui que le manifeste a signé.",
	}, {
		name: linkability, prefixes: []string{"schema", "texts", "period", "measures"}, held: Reserve,
		why: "Des tableaux qui se suivent se comparent : la différence de deux mois voisins doit rester au-dessus du " +
			"seuil, " +
			"ce que le registre des diffusions seul peut montrer.",
		bad: "Une colonne, une mesure ou une période n’est pas sur la liste approuvée.",
	}, {
		name: inference, prefixes: []string{"arithmetic", "measures"}, held: Reserve,
		why: "Une part proche de 0 ou de 100 % apprend quelque chose de tout un établissement : les tableaux de bord " +
			"la disent " +
			"« moins de » ou « plus de ».",
		bad: "Des cellules ne s’accordent pas entre elles.",
	}} {
		r.weigh(a.manifest.Kind, g)
	}
	r.open("L’édition des établissements est lue par les seuls tableaux de bord ; elle n’est pas diffusée telle " +
		"quelle.")
}

// criteria is the verdict on the publication: the only product that may be
// called anonymous, and only when everything holds.
func (p *publication) criteria(r *Report) {
	for _, g := range []grounds{{
		name: singlingOut,
		prefixes: []string{
			"rules", "status", "threshold", "subtraction", "identifiers", "schools.threshold", "schools.subtraction",
		},
		held: Conform,
		why: "Aucun chiffre ne repose sur un petit nombre de personnes, et aucun chiffre caché que les programmes lient " +
			"ne se retrouve par soustraction ; les autres sont comptés.",
		bad: "Un chiffre est trop fin ou se retrouve par soustraction.",
	}, {
		name: linkability, prefixes: []string{"identifiers", "external", "undeclared"}, held: Conform,
		why: "Des totaux arrondis, sans pseudonyme : rien ne relie deux chiffres à une même personne. " +
			"À revoir à chaque nouvelle diffusion.",
		bad: "Une page ou un fichier porte un identifiant, ou un lien vers l’extérieur.",
	}, {
		name:     inference,
		prefixes: []string{"rounding", "everybody", "schoolpages", "schools.rounding", "schools.measures", "words"},
		held:     Conform,
		why: "Pourcentages arrondis, jamais 0 ni 100 % d’un groupe de personnes, et pas d’indicateur sensible sur les " +
			"pages " +
			"d’établissement.",
		bad: "Un chiffre parle de tout un groupe, ou une page d’établissement porte ce qu’elle ne doit pas.",
	}} {
		r.weigh(publicationName, g)
	}
	r.open("À chaque nouvelle diffusion, comparer les populations publiées avec celles des précédentes : deux " +
		"populations " +
		"qui diffèrent de 1 à 10 personnes se trahissent.")
}
