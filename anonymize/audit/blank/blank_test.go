package blank

import "testing"

// TestLine: what shows nothing, or says that somebody will fill it in, is blank; an answer is none.
func TestLine(t *testing.T) {
	for _, text := range []string{
		"", "  ", "\t\n", "\u00a0", "\u200b", "\u2060", "\ufeff", "\u00ad", "\u200e\u202e", "\u200b \u2060", "\x00", "\u3164",
		"\uffa0", "\u115f", "\u034f", "\ufe0f", "\u2800", "\U000e0041", "\ue000", "\u0301", "\u2028",
		"???", "…", "--", "« »", ".", "0", "12", "12 000", "(0)", "0.", "٣", "¹", "1-1", "x", "-a-",
		"À compléter", "a completer", "A\u0300 comple\u0301ter", "À\u00a0compléter", "à rem\u200bplir", "[à renseigner]",
		"TODO", "TO\u200bDO", "ＴＯＤＯ", "To decide: who", "to fill in", "tbd", "N/A", "NA", "n.a.", "xxx", "<TODO>", "(à préciser)",
		"[à remplir]", "[nom]", "{{ dpo }}", "<nom et adresse>", "Académie de Z, [à compléter]", "[nom] - [adresse]",
		"**[À COMPLÉTER : nom]**",
	} {
		if !Line(text) {
			t.Errorf("%q says nothing", text)
		}
	}
	for _, text := range []string{
		"aucun", "none", "Aucune", "Sans objet", "Natacha Xu", "12 mois", "Todorov", "art. 6-1-e", "6-1-e", "À Compiègne",
		"2026-09", "09/2026", "DPIA 2025-14", "dpd@example.org", "<dpd@example.org>", "Le délégué <dpd@example.org>",
		"Académie de Z [rectorat]", "個人情報保護", "A\u0301nna", "À compter de 2026", "non", "N. Aubry", "Na Li",
	} {
		if Line(text) {
			t.Errorf("%q says something", text)
		}
	}
}
