package report

import "fmt"

// sentences say how well the inputs fit together: of everybody, of those studied, and
// of what is no feed.
func (f Facts) sentences(l lang) []string {
	var out []string
	for _, j := range f.Joins {
		if j.Profile != "" && j.Profile != f.Subject {
			continue
		}
		who := map[string]string{
			"accounts":  l.T("Listes de comptes", "Lists of accounts"),
			"links":     l.T("Liens entre enfants et responsables", "Links between children and guardians"),
			"registers": l.T("Registres", "Registers"),
		}[j.Input]
		switch {
		case j.Input == "feed" && j.Profile == "":
			who = fmt.Sprintf(l.T("Source « %s »", "Feed %q"), j.Feed)
		case j.Input == "feed" && j.Profile == "parent":
			who = fmt.Sprintf(l.T("Source « %s », parents", "Feed %q, parents"), j.Feed)
		case j.Input == "feed":
			who = fmt.Sprintf(l.T("Source « %s », élèves", "Feed %q, pupils"), j.Feed)
		}
		share := l.T("trop peu pour une part", "too few for a share")
		switch {
		case j.Percent == 100:
			share = l.T("tous connus de l’annuaire", "all known to the directory")
		case j.Percent >= 0:
			share = fmt.Sprintf(
				l.T("au moins %d %% connus de l’annuaire", "at least %d%% known to the directory"), j.Percent)
		}
		out = append(out, who+l.Colon()+share)
	}
	return out
}
