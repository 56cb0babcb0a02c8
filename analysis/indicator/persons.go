package indicator

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/stats"
	"github.com/entscope/entscope/anonymize/edition"
)

// schoolsOfCluster is the least number of schools in a cluster of the person
// table; the manifest may promise more.
const schoolsOfCluster = 3

// fromPersons counts a band of the person table. Its clusters are coarse
// (several schools of one stratum), and the rare profiles the anonymiser took
// out are missing: the bias is warned of.
func (c *computation) fromPersons(
	ctx context.Context, r Result, m question.Measure, population string, g query.Group,
) (Result, error) {
	if !c.read {
		var err error
		if c.bands, err = c.ed.Bands(ctx); err != nil {
			return r, err
		}
		c.read = true
	}
	hit, base := bandOf(m.Name), everybody
	if population == edition.PopActive {
		base = func(b query.Band) bool { return b.Visits != never && b.Visits != "" }
	}
	num, den := map[string]float64{}, map[string]float64{}
	k := &counts{cell: cellKey{bandSource(m.Name), population, g.Grouping, g.Value}, perHead: true}
	inGroup := false
	for _, b := range c.bands {
		if !inside(b, g) {
			continue
		}
		inGroup = true
		if !base(b) {
			continue
		}
		den[b.Cluster] += float64(b.Persons)
		k.y += b.Persons
		if hit(b) {
			num[b.Cluster] += float64(b.Persons)
			k.x += b.Persons
		}
	}
	switch {
	case !inGroup && len(c.bands) > 0:
		return r.unmeasured(CodeGeneral,
			"Non mesurable : l’anonymisation a réuni ce groupe avec d’autres dans la table des personnes."), nil
	case k.y == 0:
		return r.unmeasured(CodeZero, "Non mesurable : la table des personnes ne porte pas cette information."), nil
	}
	clusters := make([]string, 0, len(den))
	for name := range den {
		clusters = append(clusters, name)
	}
	slices.Sort(clusters)
	x, y := make([]float64, len(clusters)), make([]float64, len(clusters))
	for i, name := range clusters {
		x[i], y[i] = num[name], den[name]
		k.topUnit = math.Max(k.topUnit, y[i]/float64(k.y))
	}
	k.persons = k.y
	k.schools = int64(len(clusters)) * max(schoolsOfCluster, c.ed.Manifest.Thresholds.ClusterOf)
	r.N, r.counts = k.y, k
	r = r.estimated(stats.ClusterHeads(x, y, level), k.schools)
	if a := c.ed.Manifest.Anonymity; a != nil && a.SuppressedPersons > 0 && r.Status == Published {
		most := a.SuppressedPersons + int64(c.ed.Manifest.Perturbation.Maximum) // the number is told with noise
		total := most
		for _, b := range c.bands {
			total += b.Persons
		}
		share := math.Ceil(100 * float64(most) / float64(total))
		r.Warnings = append(r.Warnings, warning(CodePersonTable,
			"Calculé sans les profils rares : l’anonymisation a retiré au plus %.0f %% des personnes.", share))
	}
	return r, nil
}

const (
	never = "0-never"
	// classes is the prefix of the cells that add up to the persons of a group.
	classes = "parents.class_"
)

// bandSource names the cell of a measure of the person table: two measures of
// one band are one cell.
func bandSource(measure string) string {
	if measure == "never_share" {
		return classes + never
	}
	return "parents." + measure
}

// everybody are the persons of whom the table tells the visits: all, or none where they were left out.
func everybody(b query.Band) bool { return b.Visits != "" }

// bandOf reads the band off the name of a measure: "class_4-several-a-week" is
// the band "4-several a week".
func bandOf(measure string) func(query.Band) bool {
	if measure == "never_share" {
		return func(b query.Band) bool { return b.Visits == never }
	}
	band := strings.TrimPrefix(measure, "class_")
	return func(b query.Band) bool { return strings.ReplaceAll(b.Visits, " ", "-") == band }
}

// inside reports whether a row of the person table lies in a group.
func inside(b query.Band, g query.Group) bool {
	switch g.Grouping {
	case "all":
		return true
	case "level":
		return b.Level == g.Value
	case "ips_band":
		return b.IPSBand == g.Value
	case "ep":
		return b.EP == g.Value
	}
	return false
}
