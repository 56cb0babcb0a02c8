package audit

import (
	"context"

	"github.com/entscope/entscope/anonymize/edition"
)

// leastPart is the floor of what noise may leave of a numerator or its complement.
const leastPart = 5

// Floors of the noise of a count, in persons², and of a magnitude, in its largest contribution.
const (
	leastVariance = 9
	leastStep     = 0.4
)

const noiseTitle = "Sous le bruit promis, aucun numérateur, aucun complément et aucun pas d’une courbe ne compte quelques " +
	"personnes seules."

// checkNoise recounts what the noise of the cells promises: no numerator, no complement and no bin of a curve of a few
// alone.
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
		err := a.rows(ctx, table+"_parts", func(ints []int64, _ []string) { cells, few = cells+ints[0], few+ints[1] },
			int64(noise.Least), int64(noise.Least))
		if err != nil {
			return err
		}
	}
	weak := noise.Least < leastPart || noise.Variance < leastVariance || noise.Step < leastStep || noise.Maximum < noise.Least-1
	a.claim("noise", noiseTitle, Proved,
		cells, few == 0 && !weak, outcome("Aucun.", differs(few == 0, "des cellules en ont"),
			differs(!weak, "le bruit promis est trop faible")),
		num("cellules", cells), num("en défaut", few), num("le moins qui reste", int64(noise.Least)))
	return nil
}

// place is a cluster of a grouping of a table.
type place struct {
	table, grouping string
	cluster         int64
}

// checkUnnamed holds what may never stand on a school page to clusters that name no school:
// three at least, and not those of the measures that public pages show.
func (a *auditor) checkUnnamed(ctx context.Context, _ *Product) error {
	never := map[string]bool{}
	for _, m := range edition.Measures {
		never[m.Name] = m.Pages == edition.PagesNever
	}
	for _, c := range edition.Curves {
		never[c.Name] = c.Pages == edition.PagesNever
	}
	tried, small := int64(0), int64(0)
	hidden, shown := map[place]bool{}, map[place]bool{}
	for _, table := range []string{edition.TableSums, edition.TableTimes} {
		if !a.has(table) {
			continue
		}
		err := a.rows(ctx, table+"_clusters", func(ints []int64, texts []string) {
			at := place{table, texts[1], ints[0]}
			if !never[texts[0]] {
				shown[at] = true
				return
			}
			tried++
			hidden[at] = true
			if ints[1] < clusterLeast {
				small++
			}
		})
		if err != nil {
			return err
		}
	}
	if tried == 0 { // there is nothing of the kind, and no such promise
		return nil
	}
	shared := int64(0)
	for at := range hidden {
		if shown[at] {
			shared++
		}
	}
	a.claim("unnamed", "Ce qui ne va sur aucune page d’établissement est réuni par trois établissements au moins, "+
		"dans des grappes qui ne sont pas celles du reste.", Proved, tried, small+shared == 0, faults(small+shared),
		num("mesures × grappes", tried), num("de moins de trois établissements", small), num("grappes communes",
			shared))
	return nil
}
