package audit

import (
	"context"
	"fmt"
	"strings"
)

// mostSets bounds the combinations of rows that are counted; more are not verified.
const mostSets = 50_000_000

// checkSets counts what the rows of a person have in common with those of others, where the
// manifest promises it: any m of them, and all together. Only the sealed map tells whose
// rows are whose.
func (a *tableAudit) checkSets(ctx context.Context) error {
	an := a.manifest.Anonymity
	if an.KnownRows <= 1 && !an.WholeProfile {
		return nil
	}
	known := fmt.Sprintf("Qui connaît %d lignes d’une personne la confond avec au moins %d.", an.KnownRows, an.K)
	const whole = "Chaque ensemble de toutes les lignes d’une personne est celui d’au moins k personnes."
	if a.sealed == nil {
		if an.KnownRows > 1 {
			a.claim("known_rows", known, Unverifiable, 0, true, rowsAlone)
		}
		if an.WholeProfile {
			a.claim("whole_profile", whole, Unverifiable, 0, true, rowsAlone)
		}
		return nil
	}
	sets, person := [][]int64{}, int64(-1)
	err := a.rows(ctx, "table_sets", func(ints []int64, _ []string) {
		if ints[0] != person {
			person, sets = ints[0], append(sets, nil)
		}
		sets[len(sets)-1] = append(sets[len(sets)-1], ints[1])
	})
	if err != nil {
		return err
	}
	if an.KnownRows > 1 {
		least, counted := int64(len(sets)), true
		for size := 1; size <= an.KnownRows && counted; size++ {
			var n int64
			n, counted = fewestShare(sets, size)
			least = min(least, n)
		}
		if !counted {
			a.claim("known_rows", known, Unverifiable, 0, true, "Trop de combinaisons de lignes pour les compter.")
		} else {
			a.claim("known_rows", known, Proved, a.records, least >= an.K,
				fmt.Sprintf("La combinaison la plus rare est "+
					"celle de %d personnes.", least), num("k promis", an.K), num("trouvé", least))
		}
	}
	if an.WholeProfile {
		alike := map[string]int64{}
		for _, set := range sets {
			alike[fmt.Sprint(set)]++
		}
		least := int64(len(sets))
		for _, n := range alike {
			least = min(least, n)
		}
		a.claim("whole_profile", whole, Proved, a.records, least >= an.K, fmt.Sprintf("Le plus rare est celui de %d "+
			"personnes.", least), num("k promis", an.K), num("trouvé", least))
	}
	return nil
}

// fewestShare is the least number of persons who have all of some classes, over each choice
// of so many that anybody has; false when there are too many choices.
func fewestShare(sets [][]int64, size int) (int64, bool) {
	have := map[string]int64{}
	choices := 0
	for _, set := range sets {
		pick := make([]int, size)
		for i := range pick {
			pick[i] = i
		}
		for size <= len(set) {
			if choices++; choices > mostSets {
				return 0, false
			}
			var key strings.Builder
			for _, i := range pick {
				fmt.Fprintf(&key, "%d,", set[i])
			}
			have[key.String()]++
			i := size - 1
			for i >= 0 && pick[i] == len(set)-size+i {
				i--
			}
			if i < 0 {
				break
			}
			pick[i]++
			for j := i + 1; j < size; j++ {
				pick[j] = pick[j-1] + 1
			}
		}
	}
	least := int64(len(sets))
	for _, n := range have {
		least = min(least, n)
	}
	return least, true
}
