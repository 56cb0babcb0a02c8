package draft

import (
	"fmt"
	"strings"
	"time"
)

// statement is one line of [legal]: what a study of entscope can say of itself, or
// nothing where only the controller knows.
type statement struct{ key, value, asks string }

// statements are the lines of [legal], for a study whose window ends on a day.
func statements(end time.Time) []statement {
	return []statement{
		{"controller", "", "who decides why and how, with an address"},
		{"dpo", "", "the data-protection officer, with an address"},
		{"processors", "", "whoever works on the controller's behalf, or \"aucun\""},
		{"purpose", "Étudier comment les familles se servent de l’espace numérique de travail", ""},
		{"legal_basis", "", "a letter of article 6 GDPR, and the text that founds it"},
		{"compatibility", "Recherche et statistique, sans mesure ni décision sur une personne (RGPD, art. 5-1-b et 89)",
			""},
		{"dpia", "", "reference and date; entscope audit --papers drafts one"},
		{"convention", "", "who receives the editions, or \"personne\""},
		{"notice", "", "how and when families were informed; entscope audit --papers drafts the notice"},
		{"objections", "", "to whom one objects, and what happens then"},
		{"key_custodians", "La personne qui a fait la clé (entscope key init)", ""},
		{"retention_raw", "12 mois", ""},
		{"retention", "12 mois", ""},
		{"retention_editions", "5 ans", ""},
		{"retention_published", "5 ans", ""},
		{"next_review", end.AddDate(1, 0, 0).Format("2006-01"), ""},
	}
}

// legal writes the lines that a publication cannot do without.
func (w *writer) legal(end time.Time) {
	w.line("[legal]  # printed in the audit; what is proposed here is to be confirmed")
	var empty []string
	for _, s := range statements(end) {
		if s.value == "" {
			empty = append(empty, s.key)
			w.line("%s = \"\"  # TO DECIDE: %s", s.key, s.asks)
			continue
		}
		w.line("%s = %q  # proposed", s.key, s.value)
	}
	w.decide = append(w.decide, fmt.Sprintf("[legal]: nothing is published before these are said: %s",
		strings.Join(empty, ", ")))
	w.line("")
}
