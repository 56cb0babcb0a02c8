package edition

// Terms say on what conditions a product may be used. They stand on each page, in each
// data package and beside each table, and are told nowhere else.
type Terms struct {
	// Licence is its identifier among SPDX's, "" where nothing is licensed.
	Licence string
	// Use says in a sentence who may use the product, and how.
	Use string
	// Ban forbids to look for a person in it.
	Ban string
}

// Text is both sentences.
func (t Terms) Text() string { return t.Use + " " + t.Ban }

// PublicTerms are those of a publication, in French or, for "en", in English.
func PublicTerms(lang string) Terms {
	t := Terms{
		Licence: "etalab-2.0",
		Use:     "Licence Ouverte 2.0 (Etalab) : réutilisation libre, en citant la source et la période.",
		Ban:     banFrench,
	}
	if lang == "en" {
		t.Use = "Licence Ouverte 2.0 (Etalab): free to reuse, naming the source and the period."
		t.Ban = banEnglish
	}
	return t
}

// UnreleasedTerms are those of figures that nobody has released, in French or, for "en", in English.
func UnreleasedTerms(lang string) Terms {
	t := Terms{Use: "Aucune licence : ces chiffres ne sont pas diffusés.", Ban: banFrench}
	if lang == "en" {
		t.Use, t.Ban = "No licence: these figures are not released.", banEnglish
	}
	return t
}

// researchTerms are those of an edition: it is never published, and speaks French.
func researchTerms() Terms {
	return Terms{
		Use: "Aucune licence : données confiées aux seules personnes que désigne la convention, dans un " +
			"environnement sécurisé, pour la finalité de l’étude.",
		Ban: banFrench,
	}
}

// The ban follows from the law and not from the licence, which cannot add to it: whoever
// looks for a person processes personal data without a legal basis.
const (
	banFrench = "Chercher à reconnaître une personne dans ces données, seules ou rapprochées d’autres, est " +
		"interdit : ce serait traiter des données personnelles sans base légale (RGPD, art. 5 et 6). Qui croit " +
		"en reconnaître une n’en fait rien et prévient le responsable de traitement."
	banEnglish = "To look for a person in these data, alone or beside others, is forbidden: it would be processing " +
		"personal data without a legal basis (GDPR, art. 5 and 6). Whoever believes to have recognised someone makes " +
		"no use of it and tells the controller."
)
