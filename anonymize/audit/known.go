package audit

import (
	"cmp"
	"math"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// KnownWeek is what an attacker knows of a school from a public count: the visits of its
// parents in a week and the distinct parents who made them.
type KnownWeek struct {
	School          string
	WeekDay         int32
	Visits, Persons int64
}

const (
	// leastWeeks is how many weeks two series must share to be compared.
	leastWeeks = 4
	// standsOut is how many times nearer than the next the nearest school must be to be
	// the attacker's answer.
	standsOut = 2
)

const knownTitle = "Les comptes publics des établissements n’en désignent aucun dans les groupes sans nom de l’édition."

// series is what is known of one school, or of a cluster of one school, by week.
type series map[int32][2]int64

// checkKnown plays an attacker who knows weekly counts of named schools: he looks for the
// school whose counts are nearest to those of each cluster that holds one school alone.
// A cluster is designated when that school stands out from all others.
func (a *auditor) checkKnown(r *Report, known []KnownWeek) {
	data := a.content[edition.TableWeeks+".parquet"]
	if len(known) == 0 || a.manifest.Kind != edition.KindResearch || !a.report.OK() {
		return
	}
	product := a.manifest.Kind
	rows, err := readRows[edition.WeekRow](data)
	if err != nil {
		r.claim(product, "known", knownTitle, Proved, 0, false, "La table weeks ne peut pas être lue.")
		return
	}
	clusters, schools := clusterSeries(rows), schoolSeries(known)
	var tried, designated int64
	for _, cluster := range clusters {
		best, second, some := nearest(cluster, schools)
		if !some {
			continue
		}
		tried++
		if best*standsOut <= second {
			designated++
		}
	}
	r.claim(product, "known", knownTitle, Proved, tried, designated == 0,
		"Un groupe est désigné quand l’établissement le plus proche l’est au moins deux fois plus que le suivant.",
		num("groupes d’un seul établissement essayés", tried), num("groupes désignés", designated),
		num("établissements connus", int64(len(schools))))
}

func clusterSeries(rows []edition.WeekRow) map[int32]series {
	parent, _ := vocabulary.Profiles().Number("parent")
	clusters := map[int32]series{}
	for _, row := range rows {
		if row.Schools != 1 || int(row.Profile) != parent || row.Service != -1 {
			continue
		}
		if clusters[row.Cluster] == nil {
			clusters[row.Cluster] = series{}
		}
		clusters[row.Cluster][row.WeekDay] = [2]int64{row.Visits, row.Persons}
	}
	return clusters
}

func schoolSeries(known []KnownWeek) map[string]series {
	schools := map[string]series{}
	for _, k := range known {
		if schools[k.School] == nil {
			schools[k.School] = series{}
		}
		schools[k.School][k.WeekDay] = [2]int64{k.Visits, k.Persons}
	}
	return schools
}

// nearest is the least and the second least distance of a cluster to a school; some is
// false where fewer than two schools can be compared.
func nearest(cluster series, schools map[string]series) (best, second float64, some bool) {
	var distances []float64
	for _, school := range schools {
		if d, ok := cluster.distance(school); ok {
			distances = append(distances, d)
		}
	}
	if len(distances) < 2 {
		return 0, 0, false
	}
	slices.SortFunc(distances, func(a, b float64) int { return cmp.Compare(a, b) })
	return distances[0], distances[1], true
}

// distance is the mean over common weeks of how many times, as a logarithm, two series
// differ in visits and in persons.
func (s series) distance(o series) (float64, bool) {
	var sum float64
	weeks := 0
	for week, mine := range s {
		theirs, ok := o[week]
		if !ok {
			continue
		}
		weeks++
		for i := range mine {
			sum += math.Abs(math.Log(float64(mine[i]+1) / float64(theirs[i]+1)))
		}
	}
	return sum / float64(max(weeks, 1)), weeks >= leastWeeks
}
