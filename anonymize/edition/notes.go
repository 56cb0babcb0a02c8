package edition

// The notes of a manifest: sentences on what was left out and why, as formats whose
// numbers count schools, contents or staff. A manifest has no others, so that nothing
// of a record can stand in one.
const (
	NoteNobody = "Aucune personne étudiée n’a d’établissement couvert pendant la période : " +
		"la table des personnes est vide."
	NoteWithheld = "La table des personnes de cette période est déjà diffusée dans une édition antérieure : " +
		"deux tables des mêmes personnes se comparent, celle-ci est donc vide."
	NoteNoCalendar = "Aucun calendrier scolaire : toutes les semaines de la période comptent comme semaines de classe."
	NoteFewStaff   = "Délais de réponse aux messages : %d établissements sur %d sont laissés de côté, " +
		"moins de %d personnels y échangent des messages."
	NoteFewItems = "Visites après les contenus : moins de %d contenus ou de %d établissements, rien n’en est dit."
	// NoteRecognisable says which schools can be told from the cell tables.
	NoteRecognisable = "Une grappe des tables de cellules est souvent un seul établissement, " +
		"que ses effectifs publics font reconnaître. Seules les mesures qui ne peuvent figurer sur aucune page " +
		"d’établissement ont d’autres grappes, d’au moins trois établissements."
)

// Notes are all the notes there are, in no order.
var Notes = []string{NoteNobody, NoteWithheld, NoteNoCalendar, NoteFewStaff, NoteFewItems, NoteRecognisable}
