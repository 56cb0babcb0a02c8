package audit

import (
	"context"
	"fmt"
	"math"

	"github.com/entscope/entscope/anonymize/edition"
)

// TablePopulation are the rows of the population against which a table promises something, at
// the levels of the table: whose row each is, and the texts of each quasi-identifier.
type TablePopulation struct {
	Persons []int64
	Texts   map[string][]string
}

// checkAmong counts what the table tells those who hold the population: how many of its
// persons each profile may be, and how large a part of them is in the table.
func (a *tableAudit) checkAmong(ctx context.Context, population *TablePopulation) error {
	an := a.manifest.Anonymity.Among
	if an == nil {
		return nil
	}
	mapTitle := fmt.Sprintf("Chaque profil est celui d’au moins %d personnes de la population.", an.KMap)
	presenceTitle := fmt.Sprintf("Dans chaque profil de la population, la part de ceux qui sont dans la table est d’au "+
		"moins %s et d’au plus %s.", comma(an.DeltaMin, 3), comma(an.DeltaMax, 3))
	if population == nil {
		const absent = "La population n’est pas là ; la politique qui la nomme (--policy) le permet."
		if an.KMap > 0 {
			a.claim("k_map", mapTitle, Unverifiable, 0, true, absent)
		}
		if an.DeltaMax > 0 {
			a.claim("presence", presenceTitle, Unverifiable, 0, true, absent)
		}
		return nil
	}
	least, low, high := int64(math.MaxInt64), 1.0, 0.0
	err := a.rows(ctx, "table_population", func(ints []int64, _ []string) {
		here, there := ints[0], ints[1]
		if here > 0 {
			least = min(least, there)
		}
		if there > 0 {
			share := float64(here) / float64(there)
			low, high = min(low, share), max(high, share)
		}
	})
	if err != nil {
		return err
	}
	a.judgeAmong(an, least, [2]float64{low, high}, mapTitle, presenceTitle)
	persons := map[int64]bool{}
	for _, person := range population.Persons {
		persons[person] = true
	}
	a.claim("population", "Le manifeste compte les personnes de la population comme l’audit.", Proved,
		int64(len(population.Persons)), int64(len(persons)) == an.Persons,
		fmt.Sprintf("%d personnes.", len(persons)), num("annoncé", an.Persons), num("trouvé", int64(len(persons))))
	return nil
}

// judgeAmong holds what was counted to what is promised and announced.
func (a *tableAudit) judgeAmong(an *edition.AmongClaim, least int64, share [2]float64, mapTitle, presenceTitle string) {
	if an.KMap > 0 {
		a.claim("k_map", mapTitle, Proved, a.records, a.records == 0 || least >= an.KMap && least == an.AchievedKMap,
			fmt.Sprintf("Le profil le plus rare est celui de %d personnes de la population.", least),
			num("promis", an.KMap), num("annoncé", an.AchievedKMap), num("trouvé", least))
	}
	if an.DeltaMax == 0 {
		return
	}
	if !a.counted {
		a.claim("presence", presenceTitle, Unverifiable, 0, true, rowsAlone)
		return
	}
	same := math.Abs(share[0]-an.AchievedDeltaMin) <= tolerance && math.Abs(share[1]-an.AchievedDeltaMax) <= tolerance
	a.claim("presence", presenceTitle, Proved, a.records,
		same && share[0] >= an.DeltaMin-tolerance && share[1] <= an.DeltaMax+tolerance,
		fmt.Sprintf("La part est d’au moins %s et d’au plus %s.", comma(share[0], 4), comma(share[1], 4)),
		Number{"trouvé", round4(share[0])}, Number{"trouvé", round4(share[1])})
}
