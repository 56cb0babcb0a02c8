package audit

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
)

// cellCount is one value of one behaviour in one class.
type cellCount struct {
	class   int64
	band    string
	persons int64
}

// checkPersons recounts the person table: k, classes, suppression, and each
// bound on a behaviour. A row is one person.
func (a *auditor) checkPersons(ctx context.Context, p *Product) error {
	an := a.manifest.Anonymity
	if !a.has(edition.TableParents) {
		if an != nil {
			a.claim("k", "Chaque profil est partagé par au moins k personnes.", Proved, 0, false,
				"La table de personnes manque ou n’a pas les bonnes colonnes.")
		}
		return nil
	}
	if an == nil {
		a.claim("k", "Chaque profil est partagé par au moins k personnes.", Proved, 0, false,
			"Une table de personnes est là sans promesse.")
		return nil
	}
	var sizes []int64
	var persons int64
	err := a.rows(ctx, "class_sizes", func(ints []int64, _ []string) {
		sizes = append(sizes, ints[0])
		persons += ints[0]
	})
	if err != nil {
		return err
	}
	a.checkK(sizes, persons)
	if err := a.quasiLines(ctx, p); err != nil {
		return err
	}
	a.checkSuppression(persons)
	if err := a.checkClusters(ctx); err != nil {
		return err
	}
	counts := map[string][]cellCount{}
	err = a.rows(ctx, "class_values", func(ints []int64, texts []string) {
		counts[texts[0]] = append(counts[texts[0]], cellCount{ints[0], texts[1], ints[1]})
	})
	if err != nil {
		return err
	}
	a.checkSensitive(counts, persons, p)
	p.Attacks = attacks(counts)
	return nil
}

// checkClusters holds rows to what is so of every school of their cluster: with its sector a private school among public
// ones would be named.
func (a *auditor) checkClusters(ctx context.Context) error {
	clusters, several := int64(0), int64(0)
	err := a.rows(ctx, "parents_clusters", func(ints []int64, _ []string) {
		clusters++
		if slices.Max(ints) > 1 {
			several++
		}
	})
	if err != nil || clusters == 0 {
		return err
	}
	a.claim("common", "Les lignes d’une grappe disent toutes le même niveau, le même secteur et la même éducation "+
		"prioritaire : aucune n’y désigne un établissement.", Proved, clusters, several == 0,
		fmt.Sprintf("%d grappes en disent plusieurs.", several))
	return nil
}

// attacks says how often the best guess of a behaviour is right, without and
// with the profile of the person: the most frequent value of the table, then
// that of the class. It is the success of an attacker who knows the profile.
func attacks(counts map[string][]cellCount) []Attack {
	out := []Attack{}
	for _, name := range sortedKeys(counts) {
		var persons, right int64
		total, best := map[string]int64{}, map[int64]int64{}
		for _, c := range counts[name] {
			persons += c.persons
			total[c.band] += c.persons
			best[c.class] = max(best[c.class], c.persons)
		}
		most := int64(0)
		for _, n := range total {
			most = max(most, n)
		}
		for _, n := range best {
			right += n
		}
		out = append(out, Attack{Name: name, Without: round4(float64(most) / float64(persons)),
			With: round4(float64(right) / float64(persons))})
	}
	return out
}

func (a *auditor) checkK(sizes []int64, persons int64) {
	an := a.manifest.Anonymity
	var least, median int64
	if len(sizes) > 0 {
		least, median = sizes[0], sizes[len(sizes)/2]
	}
	ok := least >= an.K || len(sizes) == 0
	a.claim("k", fmt.Sprintf("Chaque profil de la table de personnes est partagé par au moins %d personnes.", an.K),
		Proved, persons, ok,
		fmt.Sprintf("Le plus petit profil en réunit %d, sur les neuf colonnes de profil.", least),
		num("k promis", an.K), num("k trouvé", least), num("médiane des profils", median), num("personnes", persons),
		Number{"risque moyen de reconnaissance", round4(float64(len(sizes)) / math.Max(float64(persons), 1))},
		Number{"risque le plus fort", round4(1 / math.Max(float64(least), 1))})
	// AchievedK is the least over all protected units; the rows of the file are accounts.
	announced, unit := an.AchievedK, an.AchievedK
	if k, ok := an.UnitsK["account"]; ok {
		announced, unit = k, k
	}
	for _, k := range an.UnitsK {
		unit = min(unit, k)
	}
	same := int64(len(sizes)) == an.Classes && (len(sizes) == 0 || least == announced) && unit == an.AchievedK
	a.claim("classes", "Le nombre de profils et le plus petit d’entre eux sont ceux que le manifeste annonce.", Proved,
		int64(len(sizes)), same,
		outcome("Mêmes nombres.", differs(same, "le manifeste annonce d’autres nombres")),
		num("profils trouvés", int64(len(sizes))), num("profils annoncés", an.Classes), num("plus petit annoncé",
			announced))
	complete := true
	for _, q := range an.QuasiIdentifiers {
		complete = complete && slices.Contains(quasi, q)
	}
	a.claim("quasi", "Les quasi-identifiants annoncés sont des colonnes de profil ; toutes les colonnes de profil "+
		"sont comptées dans k.", Proved, int64(len(an.QuasiIdentifiers)), complete,
		outcome("Les neuf colonnes sont comptées.", differs(complete,
			"un quasi-identifiant annoncé n’est pas une colonne de profil")),
		num("annoncés", int64(len(an.QuasiIdentifiers))), num("comptés", int64(len(quasi))))
}

func differs(same bool, text string) string {
	if same {
		return ""
	}
	return text
}

func (a *auditor) quasiLines(ctx context.Context, p *Product) error {
	values := map[string]int64{}
	if err := a.rows(ctx, "parents_texts", func(_ []int64, texts []string) { values[texts[0]]++ }); err != nil {
		return err
	}
	for _, q := range quasi {
		p.Quasi = append(p.Quasi, QuasiLine{Name: q, Level: a.manifest.Anonymity.Transformation[q], Values: values[q]})
	}
	return nil
}

// earlierEdition is the name of a research edition.
var earlierEdition = regexp.MustCompile(`^research-[A-Za-z0-9][A-Za-z0-9._-]{0,40}$`)

// checkSuppression confronts the share of persons left out with its limit. The rows are counted; the number of persons
// in scope is attested, and told with noise: the share is at least what it would be if noise had added all it may.
func (a *auditor) checkSuppression(persons int64) {
	an, total := a.manifest.Anonymity, a.manifest.Population.Persons
	out, most := total-persons, int64(a.manifest.Perturbation.Maximum)
	share := 0.0
	if out > most {
		share = float64(out-most) / float64(total-most)
	}
	if an.Withheld != "" {
		a.claim("suppressed", "La table des personnes est vide : ces personnes sont déjà dans une édition antérieure.",
			Proved, 1,
			persons == 0 && an.SuppressedPersons == 0 && earlierEdition.MatchString(an.Withheld),
			fmt.Sprintf("La table compte %d personnes ; l’édition antérieure est %s.", persons, an.Withheld))
		return
	}
	ok := out >= 0 && out == an.SuppressedPersons && share <= an.SuppressionLimit+tolerance
	a.claim("suppressed", "Les personnes retirées sont celles que le manifeste compte, et leur part est sous la "+
		"limite.", Attested, 0, ok,
		fmt.Sprintf("La table compte %d personnes, le manifeste en annonce %d dans le périmètre, à %d près, et %d "+
			"retirées.", persons, total, most, an.SuppressedPersons),
		num("retirées", an.SuppressedPersons), Number{"part retirée, au moins", math.Round(share*1e4) / 1e4}, Number{"limite",
			an.SuppressionLimit})
}

// checkSensitive recomputes each promised bound, with the released table as the
// reference distribution.
func (a *auditor) checkSensitive(counts map[string][]cellCount, persons int64, p *Product) {
	an := a.manifest.Anonymity
	slack := 0.0 // the largest share of persons left out
	if most := a.manifest.Population.Persons + int64(a.manifest.Perturbation.Maximum); most > 0 && persons <= most {
		slack = float64(most-persons) / float64(most)
	}
	if len(an.Sensitive) == 0 && persons == 0 {
		a.claim("sensitive", "Une borne est promise sur chaque comportement sensible.", Proved, 0, true,
			"La table de personnes est vide : il n’y a rien à borner.")
		return
	}
	if len(an.Sensitive) == 0 {
		a.claim("sensitive", "Une borne est promise sur chaque comportement sensible.", Proved, 0, false,
			"Le manifeste ne promet aucune borne.")
	}
	for i, s := range an.Sensitive {
		title := fmt.Sprintf("Le comportement « %s » est borné dans chaque profil (%s).", columnText(s.Name),
			modelText(s))
		id := fmt.Sprintf("sensitive.%d.%s.%s", i+1, s.Name, s.Model)
		cells, ok := counts[s.Name]
		if !ok && persons > 0 {
			a.claim(id, title, Proved, 0, false, "Cette colonne n’existe pas dans la table de personnes.")
			continue
		}
		found, known := achieved(s, spreadOf(cells))
		if !known {
			a.claim(id, title, Unverifiable, 0, false, "Ce modèle n’est pas de ceux que l’audit sait recompter.")
			continue
		}
		ok, proof, detail := judge(s, found, slack)
		p.Sensitive = append(p.Sensitive, SensitiveLine{Name: s.Name, Model: s.Model, Bound: limit(s),
			Announced: round4(s.Achieved), Found: round4(found), OK: ok})
		a.claim(id, title, proof, persons, ok, detail, Number{"borne", limit(s)}, Number{"trouvé", round4(found)},
			Number{"annoncé", round4(s.Achieved)})
	}
}
