package audit

import (
	"fmt"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

var attackNames = map[string]string{
	"singling out": "individualisation", "linkability": "corrélation", "inference": "inférence",
}

// attacksTitle is what each of these claims promises; linkages are promised one by one.
const attacksTitle = "Qui connaît une partie d’une personne n’apprend pas plus d’elle que d’une personne absente " +
	"de la table."

// linkages are the sources that the rows of an edition may be joined with, and what is not
// tried where they are not there.
var linkages = []struct{ source, title, absent string }{
	{"schools", "Qui lit aussi l’édition des établissements ne retrouve pas la ligne d’une personne.",
		"Cette corrélation n’a pas été essayée."},
	{"release", "Qui lit aussi la table des personnes d’une autre période n’y relie pas les lignes d’une personne.",
		"Aucune édition de recherche d’une autre période ne se trouvait à côté : rien n’a été essayé."},
	{"years", "Qui connaît une année scolaire d’une personne ne retrouve pas l’autre par la ligne qui réunit les deux.",
		"L’édition ne couvre qu’une année scolaire : il n’y a rien à relier."},
}

// leastAttacked is the number of persons, each a target and a control, from which an attack
// says something.
const leastAttacked = 1000

// attacks reports the attacks that twins of the person table stood inside the wall: one whose
// upper end is above its bound fails, and so does a table whose rows are persons' and that
// nobody attacked.
func (a *auditor) attacks() {
	an := a.manifest.Anonymity
	if an == nil || a.manifest.Population.Persons == 0 || an.Withheld != "" {
		return
	}
	if len(an.Attacks) == 0 {
		told, noise := a.manifest.Population.Persons, int64(a.manifest.Perturbation.Maximum)
		a.claim("attacks", attacksTitle, Attested, 0, an.Exchanged && told-noise < leastAttacked,
			fmt.Sprintf("Aucune attaque : %d personnes, à %d près, il en faut %d pour une table jumelle.",
				told, noise, leastAttacked))
		return
	}
	by := map[string][]edition.AttackResult{}
	for _, r := range an.Attacks {
		source := r.Source
		if !knownSource(source) {
			source = "" // where its numbers are called impossible
		}
		by[source] = append(by[source], r)
	}
	a.stood("attacks", attacksTitle, by[""])
	for _, l := range linkages {
		if rs := by[l.source]; len(rs) > 0 {
			a.stood("attacks."+l.source, l.title, rs)
			continue
		}
		a.claim("attacks."+l.source, l.title, Attested, 0, true, l.absent)
	}
}

// stood reports attacks of one kind.
func (a *auditor) stood(id, title string, attacks []edition.AttackResult) {
	var failed []string
	var numbers []Number
	for _, r := range attacks {
		name := attackName(r)
		numbers = append(numbers, Number{name, r.High})
		switch {
		case !possible(r):
			failed = append(failed, name+" : nombres impossibles")
		case r.Persons < leastAttacked:
			failed = append(failed, name+" : trop peu de personnes")
		case r.High > r.Bound:
			failed = append(failed, fmt.Sprintf("%s : %.3f [%.3f ; %.3f]", name, r.Risk, r.Low, r.High))
		}
	}
	if len(attacks) == 0 {
		a.claim(id, title, Attested, 0, false, "Les attaques de cette sorte manquent.")
		return
	}
	first := attacks[0]
	detail := fmt.Sprintf("%d attaques sur %d personnes, chacune cible et témoin dans %d tables jumelles ; est donnée "+
		"la borne haute du risque résiduel, promise sous %g.", len(attacks), first.Persons, first.Twins, first.Bound)
	if len(failed) > 0 {
		detail += " Au-dessus : " + strings.Join(failed, " ; ") + "."
	}
	a.claim(id, title, Attested, 0, len(failed) == 0, detail, numbers...)
}

// attackName says what is attacked, and by whom.
func attackName(r edition.AttackResult) string {
	return fmt.Sprintf("%s (%s)", strings.TrimSpace(attackNames[r.Attack]+" "+r.Secret), r.Attacker)
}

// attackBound is the most that a policy may promise.
const attackBound = 0.5

// possible reports whether the numbers of an attack can be those of one.
func possible(r edition.AttackResult) bool {
	share := func(x float64) bool { return x >= 0 && x <= 1 }
	return attackNames[r.Attack] != "" && r.Persons > 0 && r.Twins > 0 && knownSource(r.Source) &&
		share(r.Targeted) && share(r.Baseline) && r.Low <= r.High &&
		r.High <= 1 && r.Bound > 0 && r.Bound <= attackBound
}

func knownSource(source string) bool {
	for _, l := range linkages {
		if l.source == source {
			return true
		}
	}
	return source == ""
}
