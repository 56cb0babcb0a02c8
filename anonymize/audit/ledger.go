package audit

import (
	"encoding/json"

	"github.com/entscope/entscope/anonymize/audit/blank"
)

// Ledger is the legal record, as the controller states it. The audit prints it and takes
// no word of it for proved.
type Ledger struct {
	Controller         string `json:"controller"`
	DPO                string `json:"dpo"`
	Processors         string `json:"processors"`
	Purpose            string `json:"purpose"`
	LegalBasis         string `json:"legal_basis"`
	Compatibility      string `json:"compatibility"`
	DPIA               string `json:"dpia"`
	Convention         string `json:"convention"`
	Notice             string `json:"notice"`
	Objections         string `json:"objections"`
	KeyCustodians      string `json:"key_custodians"`
	RetentionRaw       string `json:"retention_raw"`
	Retention          string `json:"retention"`
	RetentionEditions  string `json:"retention_editions"`
	RetentionPublished string `json:"retention_published"`
	NextReview         string `json:"next_review"`
}

// Hash is the SHA-256 of the record, in hexadecimal: the manifest of a publication quotes it.
func (l Ledger) Hash() string {
	data, _ := json.Marshal(l) // texts alone
	return hash(data)
}

// LedgerLine is one line of the record: what it says in French and in English, with the
// articles of the GDPR that ask for it, and the controller's word.
type LedgerLine struct{ French, English, Value string }

// Lines are the lines of the record, in order.
func (l Ledger) Lines() []LedgerLine {
	return []LedgerLine{
		{"Responsable de traitement (RGPD, art. 13-1-a)", "Controller (GDPR, art. 13(1)(a))", l.Controller},
		{"Délégué à la protection des données (art. 13-1-b et 37)", "Data-protection officer (art. 13(1)(b) and 37)",
			l.DPO},
		{"Sous-traitants (art. 28)", "Processors (art. 28)", l.Processors},
		{"Finalité (art. 5-1-b)", "Purpose (art. 5(1)(b))", l.Purpose},
		{"Base légale (art. 6)", "Legal basis (art. 6)", l.LegalBasis},
		{"Compatibilité de la finalité (art. 5-1-b et 89)", "Compatibility of the purpose (art. 5(1)(b) and 89)",
			l.Compatibility},
		{"Analyse d’impact : référence et date (art. 35)", "Impact assessment: reference and date (art. 35)", l.DPIA},
		{"Destinataires et convention (art. 13-1-e)", "Recipients and agreement (art. 13(1)(e))", l.Convention},
		{"Information des personnes (art. 12 à 14)", "Information of persons (art. 12 to 14)", l.Notice},
		{"Opposition : comment, et ce qui s’ensuit (art. 21)", "Objection: how, and what follows (art. 21)",
			l.Objections},
		{"Dépositaires de la clé (art. 32)", "Custodians of the key (art. 32)", l.KeyCustodians},
		{"Conservation des journaux bruts (art. 5-1-e)", "Retention of raw logs (art. 5(1)(e))", l.RetentionRaw},
		{"Conservation de la zone restreinte", "Retention of the restricted zone", l.Retention},
		{"Conservation des éditions", "Retention of the editions", l.RetentionEditions},
		{"Durée de la publication", "Retention of the publication", l.RetentionPublished},
		{"Prochaine révision", "Next review", l.NextReview},
	}
}

// checkLedger: no line of the legal record says nothing.
func (p *publication) checkLedger(l Ledger) {
	var empty []string
	lines := l.Lines()
	for _, line := range lines {
		if blank.Line(line.Value) {
			empty = append(empty, line.French)
		}
	}
	p.claim("ledger", "Le registre juridique n’a aucune ligne vide ; ce qu’il dit est la parole du responsable.",
		int64(len(lines)), len(empty) == 0, outcome("Toutes sont remplies.", named("lignes vides", empty)),
		num("lignes", int64(len(lines))))
}
