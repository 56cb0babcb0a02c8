//go:build chain

package anonymize

import (
	"flag"
	"maps"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
)

// counted are the persons of a school, or of a cluster, by population.
type counted struct {
	id      int32
	level   string
	schools int32
	persons map[string]int64
}

// counting notes the persons of a row.
func counting(of map[int32]*counted, r edition.SumRow) {
	c := of[r.Cluster]
	if c == nil {
		c = &counted{r.Cluster, r.Group, r.Schools, map[string]int64{}}
		of[r.Cluster] = c
	}
	c.persons[r.Population] = max(c.persons[r.Population], r.Persons)
	c.schools = max(c.schools, r.Schools) // few persons of a school may leave as nobody
}

var unnamedRegion = flag.Int("unnamed-schools", 36, "schools of a region whose nameless clusters are attacked")

// Who holds the pages of the schools, or knows more of each than the national open data tell, does not say whose a
// cluster of a measure is that may never stand on a page. The attacker knows in how many schools of a cluster
// anybody is (an edition tells of those with School persons), its level and the noise, and weighs every set of as
// many schools of the level by how well their persons add up to those of the cluster, in every population that both
// count. The school is that of a person of the cluster, or one of its schools. Where the schools of a cluster are
// found, no rule of naming one of them, such as the largest of the nearest set, is right for more than a third of
// its persons. One attacker has the noisy counts of the pages. The other has the exact ones of every school, of the
// very measures: no open data say more of a school's persons.
func TestUnnamedSchoolsAreNotMatched(t *testing.T) {
	g := draw(11, *unnamedRegion, 40)
	gone := map[int64]bool{} // of some schools most parents, of others few
	for i, m := range g.memberships {
		if i*7%10 < int(m.SchoolKey)*3%8 {
			gone[m.PersonKey] = true
		}
	}
	o := options(t, g.without(gone))
	floors := subject.Floors{Cell: 20, Staff: 11, School: 1, ClusterSchools: 3, UnnamedSchools: unnamedSchools,
		Reported: leastReported}
	behaviours := behavioursOf(t, o, floors)
	defer behaviours.Close()
	sums, times := cellsAs(t, o, behaviours, floors, o.Research.Cells.Perturbation.Parameters())
	each := subject.Floors{Cell: 1, Staff: 1, School: 1, ClusterSchools: 1, UnnamedSchools: 1, Reported: leastReported}
	exact, _ := cellsOf(t, o, each, perturb.Parameters{}) // each school alone
	type id struct {
		grouping string
		cluster  int32
	}
	pages, unnamed := map[int32]*counted{}, map[int32]*counted{}
	named := map[id]bool{}
	for _, r := range sums {
		if m, _ := edition.FindMeasure(r.Measure); m.Pages == edition.PagesNever {
			continue
		}
		named[id{r.Grouping, r.Cluster}] = true
		if r.Grouping == "level" && r.Schools == 1 {
			counting(pages, r)
		}
	}
	known := map[int32]*counted{}
	for _, r := range exact {
		if m, _ := edition.FindMeasure(r.Measure); m.Pages == edition.PagesNever && r.Grouping == "level" &&
			r.Schools == 1 {
			counting(known, r)
		}
	}
	// A school of which a measure counts nobody is no cluster of its own: with one it has another identifier.
	maps.DeleteFunc(known, func(_ int32, c *counted) bool { return c.persons[edition.PopAll] == 0 })
	if len(pages) < 12 || len(known) < len(pages) {
		t.Fatalf("%d schools have a page, and %d are known", len(pages), len(known))
	}
	for _, r := range sums {
		if m, _ := edition.FindMeasure(r.Measure); m.Pages != edition.PagesNever {
			continue
		}
		if named[id{r.Grouping, r.Cluster}] {
			t.Errorf("%s %s: cluster %d is one of the measures that pages show", r.Measure, r.Grouping, r.Cluster)
		}
		if r.Grouping == "level" {
			counting(unnamed, r)
		}
	}
	if len(unnamed) < 3 {
		t.Errorf("%d clusters were attacked", len(unnamed))
	}
	noise := o.Research.Cells.Perturbation.Parameters()
	exactly, _ := cellsAs(t, o, behaviours, floors, perturb.Parameters{})
	truth := membersOf(exactly, known)
	if len(truth) < len(unnamed)/3 {
		t.Errorf("the schools of %d of %d clusters are known", len(truth), len(unnamed))
	}
	most := 0.0
	for cluster, share := range truth {
		if most = max(most, share); share > 1.0/3+1e-9 {
			t.Errorf("cluster %d: one school has %.2f of its persons: who names it is right as often", cluster, share)
		}
	}
	t.Logf("%d of %d clusters: whoever names one school, the largest of the nearest set or any, is right for %.2f of "+
		"the persons at most", len(truth), len(unnamed), most)
	for _, attacker := range []struct {
		name  string
		of    map[int32]*counted
		exact bool
	}{{"pages", pages, false}, {"more than the open data", known, true}} {
		worst, sets := guess{}, 0
		for cluster, c := range unnamed {
			found := posterior(attacker.of, c, noise, attacker.exact)
			sets += found.sets
			worst.persons, worst.schools = max(worst.persons, found.persons), max(worst.schools, found.schools)
			for how, best := range map[string]float64{"a person's school by likelihood": found.persons,
				"a school of it by likelihood": found.schools} {
				if !(best <= 1.0/3+1e-9) {
					t.Errorf("%s: cluster %d of %q, %d schools: %s is told with %.2f", attacker.name, cluster, c.level,
						c.schools, how, best)
				}
			}
		}
		t.Logf("%s: %d clusters, %d sets: a person's school with at most %.2f, a school of it with %.2f", attacker.name,
			len(unnamed), sets, worst.persons, worst.schools)
		if sets == 0 {
			t.Errorf("%s: no set of schools was weighed", attacker.name)
		}
	}
	// How many schools a row says is no less than its rule asks, whatever the cluster: it is no test of it. Of life
	// tables the clusters are nobody's page either.
	clear(named)
	ofPages := func(r edition.TimeRow) bool {
		c, _ := edition.FindCurve(r.Curve)
		return c.Pages != edition.PagesNever
	}
	apart := 0
	for _, r := range times {
		if ofPages(r) {
			named[id{r.Grouping, r.Cluster}] = true
		}
	}
	for _, r := range times {
		if ofPages(r) {
			continue
		}
		if apart++; named[id{r.Grouping, r.Cluster}] {
			t.Errorf("%s %s: cluster %d is one of the curves that pages show", r.Curve, r.Grouping, r.Cluster)
		}
	}
	if len(named) == 0 || apart == 0 {
		t.Errorf("%d clusters of curves of pages, %d rows of others: nothing was compared", len(named), apart)
	}
}

// membersOf gives, of clusters whose exact persons (sums) are those of one set of schools alone, the
// largest share that one school has of the persons of a population.
func membersOf(sums []edition.SumRow, known map[int32]*counted) map[int32]float64 {
	clusters := map[int32]*counted{}
	for _, r := range sums {
		if m, _ := edition.FindMeasure(r.Measure); m.Pages == edition.PagesNever && r.Grouping == "level" {
			counting(clusters, r)
		}
	}
	out := map[int32]float64{}
	for id, c := range clusters {
		if c.schools > mostSchools {
			continue
		}
		of, sets := ofLevel(known, c.level), 0
		eachSet(of, c, 0, func(members []int, _ int64) {
			if distance, near := apart(of, members, c, 0); !near || distance > 0 {
				return
			}
			sets++
			for _, s := range members {
				for population, persons := range c.persons {
					out[id] = max(out[id], float64(of[s].persons[population])/float64(persons))
				}
			}
		})
		if sets != 1 {
			delete(out, id)
		}
	}
	return out
}
