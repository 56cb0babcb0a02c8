package edition

import (
	"regexp"
	"strings"
)

// The notes of a manifest: sentences on what was left out and why, as formats whose
// numbers count schools, contents or staff. A manifest has no others, so that nothing
// of a record can stand in one.
const (
	NoteNobody = "Aucune personne étudiée n’a d’établissement couvert pendant la période : " +
		"la table des personnes est vide."
	NoteWithheld = "La table des personnes de cette période est déjà diffusée dans une édition antérieure : " +
		"deux tables des mêmes personnes se comparent, celle-ci est donc vide."
	NoteUnnamed = "De ce qui ne peut se savoir d’un établissement, les familles que le manifeste nomme (« unnamed ») sont " +
		"déjà diffusées dans une édition antérieure : ce qui est arrivé depuis peut venir d’un seul établissement, celle-ci " +
		"n’en dit donc rien."
	NoteNoCalendar = "Aucun calendrier scolaire : toutes les semaines de la période comptent comme semaines de classe."
	NoteFewStaff   = "Délais de réponse aux messages : %d établissements sur %d sont laissés de côté, " +
		"moins de %d personnels y échangent des messages."
	NoteFewItems = "Visites après les contenus : moins de %d contenus ou de %d établissements, rien n’en est dit."
	// NoteRecognisable says which schools can be told from the cell tables.
	NoteRecognisable = "Une grappe des tables de cellules est souvent un seul établissement, " +
		"que ses effectifs publics font reconnaître. Seules les mesures qui ne peuvent figurer sur aucune page " +
		"d’établissement ont d’autres grappes, d’au moins trois établissements."
	// NoteCombined and NoteTwice stand in a combination of editions.
	NoteCombined = "Réunion des cellules de %d éditions de recherche, chacune faite sous sa propre clé. Leurs tables de " +
		"personnes restent à part, et ce qui dépend du rang d’une personne parmi toutes (F5) ne s’additionne pas."
	NoteTwice = "Une famille ou un parent que deux études comptent y est compté deux fois : sans lien entre leurs " +
		"clés, nul ne peut dire combien."
)

// The notes of a released table (package microdata). Each is a promise or a consequence of its policy.
const (
	NoteRowsArePersons = "the policy names no person column: each row is counted as one person"
	NoteCells          = "cell-level recoding: one column holds values of several levels"
	NoteNonMinimal     = "non-minimal: cells were raised at random above the lowest value that holds their class"
	// NoteAverageRisk is a format of the bound as strconv writes it.
	NoteAverageRisk = "average risk: at most %s"
)

// english are the notes in English, with the same numbers in the same order.
var english = map[string]string{
	NoteNobody: "No person of the study has a covered school in the period: the person table is empty.",
	NoteWithheld: "The person table of this period has left in an earlier edition: two tables of the same persons can be " +
		"compared, so this one is empty.",
	NoteUnnamed: "Of what must not be known of a school, the families that the manifest names (“unnamed”) have left in an " +
		"earlier edition: what arrived since may be of one school, so this one tells nothing of them.",
	NoteNoCalendar: "No school calendar: all weeks of the period count as school weeks.",
	NoteFewStaff:   "Time to answer messages: %d schools of %d are left out, fewer than %d members of staff exchange messages there.",
	NoteFewItems:   "Visits after contents: fewer than %d contents or %d schools, nothing is said of them.",
	NoteRecognisable: "A cluster of the cell tables is often one school, which its public numbers give away. Only the " +
		"measures that stand on no page of a school have other clusters, of at least three schools.",
	NoteCombined: "The cells of %d research editions, each made under a key of its own. Their person tables stay " +
		"apart, and what follows from the rank of a person among all (F5) does not add up.",
	NoteTwice: "A family or a parent whom two studies count is counted twice: without a link between their keys nobody " +
		"can say how many.",
}

// NoteIn is a note of a manifest in a language, fr or en; what is none of Notes stays as it is.
func NoteIn(lang, note string) string {
	if lang != "en" {
		return note
	}
	for _, known := range Notes {
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(known), "%d", "([0-9]+)") + "$"
		if m := regexp.MustCompile(pattern).FindStringSubmatch(note); m != nil {
			said := english[known]
			for _, n := range m[1:] {
				said = strings.Replace(said, "%d", n, 1)
			}
			return said
		}
	}
	return note
}

// Notes are all the notes there are, in no order.
var Notes = []string{NoteNobody, NoteWithheld, NoteUnnamed, NoteNoCalendar, NoteFewStaff, NoteFewItems, NoteRecognisable,
	NoteCombined, NoteTwice}
