package audit

import "github.com/entscope/entscope/anonymize/edition"

// costs says, of a table, what its protection costs, and what its intervals are compared with.
var costs = map[string]struct{ title, how string }{
	edition.TableSums: {"Ce que le bruit et les regroupements d’établissements coûtent en précision est dit.",
		"La largeur de chaque intervalle est rapportée à celle que donneraient toutes les personnes, par " +
			"établissement et sans bruit."},
	edition.TableParents: {"Ce que la généralisation des lignes coûte en précision est dit.",
		"La largeur de chaque intervalle est rapportée à celle que donneraient toutes les lignes, dans les mêmes " +
			"grappes."},
}

// cost prints beside the risk that protection leaves what it costs: how wide intervals are, on
// those that nothing would protect. The operator attests it.
func (a *auditor) cost() {
	for _, table := range sortedKeys(a.manifest.Widths) {
		w := a.manifest.Widths[table]
		c, known := costs[table]
		if !known {
			a.claim("cost", "Ce que la protection coûte est dit des tables que l’on connaît.", Attested, 0, false,
				"D’une autre.")
			continue
		}
		a.claim("cost."+table, c.title, Attested, 0, possibleWidths(w), outcome(c.how,
			differs(possibleWidths(w), "ces nombres sont impossibles")),
			num("chiffres comparés", w.Figures), num("sans intervalle après protection", w.Lost),
			Number{"rapport médian des largeurs", w.Median}, Number{"rapport moyen des largeurs", w.Mean},
			Number{"part des rapports d’au plus 1,2", w.Within})
	}
}

// possibleWidths reports whether the numbers can be those of a comparison: numbers of figures are the next of two
// digits, or of tens.
func possibleWidths(w edition.Widths) bool {
	lost := max(0, w.Lost-max(10, w.Lost/10))
	left := 1 - float64(lost)/float64(w.Figures)
	return w.Lost >= 0 && w.Lost <= w.Figures && w.Median >= 0 && w.Mean >= 0 && w.Within >= 0 && w.Within <= left+0.01
}
