package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// leastPart is the floor of what noise may leave of a numerator or its complement.
const leastPart = 5

// Floors of the noise of a count, in persons², and of a magnitude, in its largest contribution.
const (
	leastVariance = 9
	leastStep     = 0.4
)

const noiseTitle = "Sous le bruit promis, aucun numérateur, aucun complément, aucune tranche et aucun pas d’une courbe ne " +
	"compte quelques personnes seules."

// checkNoise recounts what files show of the noise that the cells promise: no numerator, no complement, no bin
// and no step of a curve of a few alone. That the counts carry it they do not show: exact ones that are no smaller look
// the same.
func (a *auditor) checkNoise(ctx context.Context, _ *Product) error {
	noise := a.manifest.Perturbation
	if noise.Variance == 0 {
		a.open("Les cellules de l’édition « " + a.manifest.Kind + " » sont exactes : aucun bruit n’est promis.")
		a.claim("noise", noiseTitle, Proved, 0, true, "")
		return nil
	}
	cells, few := int64(0), int64(0)
	for _, table := range []string{edition.TableSums, edition.TableTimes, edition.TableSchoolMeasures} {
		if !a.has(table) {
			continue
		}
		args := []any{int64(noise.Least), int64(noise.Least)}
		if table == edition.TableSums { // its bins, too
			args = append(args, int64(noise.Least))
		}
		err := a.rows(ctx, table+"_parts", func(ints []int64, _ []string) { cells, few = cells+ints[0], few+ints[1] },
			args...)
		if err != nil {
			return err
		}
	}
	weak := noise.Least < leastPart || noise.Variance < leastVariance || noise.Step < leastStep || noise.Maximum < noise.Least-1
	a.claim("noise", noiseTitle, Proved,
		cells, few == 0 && !weak, outcome("Aucun.", differs(few == 0, "des cellules en ont"),
			differs(!weak, "le bruit promis est trop faible")),
		num("cellules", cells), num("en défaut", few), num("le moins qui reste", int64(noise.Least)))
	a.claim("noise.carried", "Chaque effectif et chaque somme porte le bruit promis.", Attested, 0, !weak,
		"Le manifeste le dit, et qui l’a signé l’atteste : des cellules sans bruit ne se distinguent pas dans les "+
			"fichiers.", num("bruit au plus", int64(noise.Maximum)))
	return nil
}

// place is a cluster of a grouping of a table.
type place struct {
	table, grouping string
	cluster         int64
}

// checkUnnamed holds what may never stand on a school page to clusters that name no school: not
// those of the measures that public pages show, and of three schools at least. Of these the files
// say no more than that: a row is written with the least of its rule where fewer schools have anybody, so that
// who wrote it attests them.
func (a *auditor) checkUnnamed(ctx context.Context, _ *Product) error {
	never := map[string]string{} // the families
	a.families = map[string]int64{}
	for _, m := range edition.Measures {
		if m.Pages == edition.PagesNever {
			never[m.Name], a.families[m.Family] = m.Family, 0
		}
	}
	for _, c := range edition.Curves {
		if c.Pages == edition.PagesNever {
			never[c.Name], a.families[c.Family] = c.Family, 0
		}
	}
	tried, small := int64(0), int64(0)
	hidden, shown := map[place]bool{}, map[place]bool{}
	for _, table := range []string{edition.TableSums, edition.TableTimes} {
		if !a.has(table) {
			continue
		}
		err := a.rows(ctx, table+"_clusters", func(ints []int64, texts []string) {
			at := place{table, texts[1], ints[0]}
			family, isNever := never[texts[0]]
			if !isNever {
				shown[at] = true
				return
			}
			tried++
			hidden[at] = true
			a.families[family]++
			if ints[1] < clusterLeast {
				small++
			}
		})
		if err != nil {
			return err
		}
	}
	a.checkElsewhere()
	if tried == 0 { // there is nothing of the kind, and no such promise
		return nil
	}
	shared := int64(0)
	for at := range hidden {
		if shown[at] {
			shared++
		}
	}
	a.claim("unnamed", "Ce qui ne va sur aucune page d’établissement est dans des grappes qui ne sont pas celles du "+
		"reste.", Proved, tried, shared == 0, faults(shared), num("mesures × grappes", tried),
		num("grappes communes", shared))
	a.claim("unnamed.schools", "Ce qui ne va sur aucune page d’établissement est réuni par trois établissements au "+
		"moins.", Attested, 0, small == 0,
		"Le manifeste le dit, et qui l’a signé l’atteste : le nombre d’établissements d’une ligne n’est jamais écrit "+
			"plus petit.", num("mesures × grappes", tried), num("de moins de trois établissements", small))
	return nil
}

// checkElsewhere holds an edition to tell nothing of the families that an earlier one tells, as its manifest says.
func (a *auditor) checkElsewhere() {
	if len(a.manifest.Unnamed) == 0 {
		return
	}
	rows, named, said := int64(0), true, []string{}
	for _, family := range slices.Sorted(maps.Keys(a.manifest.Unnamed)) {
		earlier := a.manifest.Unnamed[family]
		n, known := a.families[family]
		rows, named = rows+n, named && known && earlierEdition.MatchString(earlier)
		said = append(said, family+" "+earlier)
	}
	a.claim("unnamed.earlier", "Rien n’est écrit de ce qui ne va sur aucune page d’établissement et qu’une édition "+
		"antérieure dit déjà, comme le manifeste le dit.", Proved, int64(len(said)), rows == 0 && named,
		fmt.Sprintf("Les tables en ont %d lignes ; ce qui est dit ailleurs : %s.", rows, strings.Join(said, ", ")))
}
