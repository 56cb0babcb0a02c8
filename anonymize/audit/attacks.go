package audit

import (
	"fmt"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

var attackNames = map[string]string{
	"singling out": "individualisation", "linkability": "corrélation", "inference": "inférence",
}

// attacks reports the attacks that twins of the person table stood inside the wall: a
// risk above its bound fails, one whose upper end alone is above it is open, and a
// table whose rows are persons' and that nobody attacked fails.
func (a *auditor) attacks() {
	an := a.manifest.Anonymity
	if an == nil || a.manifest.Population.Persons == 0 || an.Withheld != "" {
		return
	}
	const title = "Qui connaît une partie d’une personne n’apprend pas plus d’elle " +
		"que d’une personne absente de la table."
	if len(an.Attacks) == 0 {
		a.claim("attacks", title, Attested, 0, an.Exchanged,
			"Aucune attaque : trop peu de personnes pour une table jumelle.")
		return
	}
	var failed, undecided []string
	var numbers []Number
	for _, r := range an.Attacks {
		name := strings.TrimSpace(fmt.Sprintf("%s %s (%s)", attackNames[r.Attack], r.Secret, r.Attacker))
		numbers = append(numbers, Number{name, r.High})
		switch {
		case !possible(r):
			failed = append(failed, name+" : nombres impossibles")
		case r.High <= r.Bound:
		case r.Low > r.Bound, r.Risk > r.Bound && r.High-r.Low <= r.Bound:
			failed = append(failed, fmt.Sprintf("%s : %.3f [%.3f ; %.3f]", name, r.Risk, r.Low, r.High))
		default:
			undecided = append(undecided, name)
		}
	}
	detail := fmt.Sprintf("%d attaques sur %d personnes, chacune son propre témoin ; "+
		"est donnée la borne haute du risque résiduel, promise sous %g.",
		len(an.Attacks), an.Attacks[0].Persons, an.Attacks[0].Bound)
	if len(undecided) > 0 {
		detail += " Trop peu de personnes pour conclure : " + strings.Join(undecided, ", ") + "."
	}
	if len(failed) > 0 {
		detail += " Au-dessus : " + strings.Join(failed, " ; ") + "."
	}
	a.claim("attacks", title, Attested, 0, len(failed) == 0, detail, numbers...)
}

// attackBound is the most that a policy may promise.
const attackBound = 0.5

// possible reports whether the numbers of an attack can be those of one.
func possible(r edition.AttackResult) bool {
	share := func(x float64) bool { return x >= 0 && x <= 1 }
	return attackNames[r.Attack] != "" && r.Persons > 0 && share(r.Targeted) && share(r.Baseline) && r.Low <= r.High &&
		r.High <= 1 && r.Bound > 0 && r.Bound <= attackBound
}
