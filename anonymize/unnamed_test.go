package anonymize

import (
	"cmp"
	"flag"
	"math"
	"slices"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
)

// counted are the persons of a school, or of a cluster, by population.
type counted struct {
	level   string
	schools int32
	persons map[string]int64
}

// counting notes the persons of a row.
func counting(of map[int32]*counted, r edition.SumRow) {
	c := of[r.Cluster]
	if c == nil {
		c = &counted{r.Group, r.Schools, map[string]int64{}}
		of[r.Cluster] = c
	}
	c.persons[r.Population] = max(c.persons[r.Population], r.Persons)
}

var unnamedRegion = flag.Int("unnamed-schools", 36, "schools of a region whose nameless clusters are attacked")

// Who holds the pages of the schools, or knows more of each than the national open data tell,
// does not say whose a cluster of a measure is that may never stand on a page. The attacker
// knows how many schools a cluster has, its level and the noise, and weighs every set of as
// many schools of the level by how well their persons add up to those of the cluster, in
// every population that both count; or takes the nearest set alone. The school is that of a
// person of the cluster, or one of its schools. One attacker has the noisy counts of the
// pages. The other has the exact ones of every school and population: the open data have
// those of none, but for each school and week its visits and who made them, and whatever is
// made of these is no more than that.
func TestUnnamedSchoolsAreNotMatched(t *testing.T) {
	g := draw(11, *unnamedRegion, 40)
	gone := map[int64]bool{} // of some schools most parents, of others few
	for i, m := range g.memberships {
		if i*7%10 < int(m.SchoolKey)*3%8 {
			gone[m.PersonKey] = true
		}
	}
	o := options(t, g.without(gone))
	floors := subject.Floors{Cell: 20, Staff: 11, School: 20, ClusterSchools: 3, UnnamedSchools: unnamedSchools}
	sums, times := cellsOf(t, o, floors, o.Research.Cells.Perturbation.Parameters())
	exact, _ := cellsOf(t, o, subject.Floors{Cell: 1, Staff: 1, School: 1, ClusterSchools: 1,
		UnnamedSchools: unnamedSchools}, perturb.Parameters{})
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
		if m, _ := edition.FindMeasure(r.Measure); m.Pages != edition.PagesNever && r.Grouping == "level" &&
			r.Schools == 1 {
			counting(known, r)
		}
	}
	if len(pages) < 12 || len(known) < len(pages) {
		t.Fatalf("%d schools have a page, and %d are known", len(pages), len(known))
	}
	for _, r := range sums {
		if m, _ := edition.FindMeasure(r.Measure); m.Pages != edition.PagesNever {
			continue
		}
		if r.Schools < 3 {
			t.Fatalf("%s %s %q: a cluster of %d schools", r.Measure, r.Grouping, r.Group, r.Schools)
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
	noise := float64(o.Research.Cells.Perturbation.Parameters().Variance)
	for _, attacker := range []struct {
		name     string
		of       map[int32]*counted
		variance func(schools int32) float64
	}{
		{"pages", pages, func(n int32) float64 { return noise * float64(1+n) }},
		{"more than the open data", known, func(int32) float64 { return noise }},
	} {
		worst, tried := guess{}, 0
		for cluster, c := range unnamed {
			found := posterior(attacker.of, c, attacker.variance(c.schools))
			tried += found.sets
			worst.persons, worst.schools = max(worst.persons, found.persons), max(worst.schools, found.schools)
			worst.nearest = max(worst.nearest, found.nearest)
			for how, best := range map[string]float64{"a person's school by likelihood": found.persons,
				"a school of it by likelihood": found.schools, "a person's school by the nearest set": found.nearest} {
				if best > 1.0/3+1e-9 {
					t.Errorf("%s: cluster %d of %q, %d schools: %s is told with %.2f", attacker.name, cluster, c.level,
						c.schools, how, best)
				}
			}
		}
		t.Logf("%s: %d clusters, %d sets: a person's school with at most %.2f, a school of it with %.2f, by the "+
			"nearest set %.2f", attacker.name, len(unnamed), tried, worst.persons, worst.schools, worst.nearest)
		if tried == 0 {
			t.Errorf("%s: no set of schools was weighed", attacker.name)
		}
	}
	for _, r := range times {
		if c, _ := edition.FindCurve(r.Curve); c.Pages == edition.PagesNever && r.Schools < 3 {
			t.Fatalf("%s %s: a cluster of %d schools", r.Curve, r.Group, r.Schools)
		}
	}
}

// guess is what an attacker makes of a cluster: the most that any school has of being that of
// a person of it, of being one drawn from its schools, and of being that of a person of the
// nearest set.
type guess struct {
	persons, schools, nearest float64
	sets                      int
}

// posterior weighs every set of schools that a cluster can be of. A set whose persons miss
// those of the cluster by more than six standard deviations is none.
func posterior(pages map[int32]*counted, c *counted, variance float64) (g guess) {
	var of []*counted
	for _, p := range pages {
		if p.level == c.level {
			of = append(of, p)
		}
	}
	slices.SortFunc(of, func(a, b *counted) int {
		return cmp.Compare(b.persons[edition.PopAll], a.persons[edition.PopAll])
	})
	byPersons, bySchools, total := make([]float64, len(of)), make([]float64, len(of)), 0.0
	far := 6 * math.Sqrt(variance)
	nearest := math.Inf(1)
	var members []int
	var weigh func(from int, all int64)
	weigh = func(from int, all int64) {
		if len(members) == int(c.schools) {
			w, distance := likelihood(of, members, c, variance)
			total, g.sets = total+w, g.sets+1
			largest := 0.0
			for _, s := range members {
				share := float64(of[s].persons[edition.PopAll]) / float64(all)
				byPersons[s], bySchools[s] = byPersons[s]+w*share, bySchools[s]+w/float64(len(members))
				largest = max(largest, share)
			}
			if distance < nearest {
				nearest, g.nearest = distance, largest
			}
			return
		}
		left := int64(int(c.schools) - len(members))
		for s := from; s < len(of); s++ {
			n := of[s].persons[edition.PopAll]
			if whole, counts := c.persons[edition.PopAll]; counts {
				if float64(all+left*n) < float64(whole)-far { // those that follow have fewer still
					return
				}
				if float64(all+n) > float64(whole)+far {
					continue
				}
			}
			members = append(members, s)
			weigh(s+1, all+n)
			members = members[:len(members)-1]
		}
	}
	weigh(0, 0)
	for s := range of {
		if total > 0 {
			g.persons, g.schools = max(g.persons, byPersons[s]/total), max(g.schools, bySchools[s]/total)
		}
	}
	return g
}

// likelihood is how well the persons of some schools add up to those of a cluster, in every
// population that all of them count, and by how much they miss.
func likelihood(of []*counted, members []int, c *counted, variance float64) (w, distance float64) {
	for population, persons := range c.persons {
		sum, all := int64(0), true
		for _, s := range members {
			n, shown := of[s].persons[population]
			sum, all = sum+n, all && shown
		}
		if all {
			d := float64(sum - persons)
			distance += d * d
		}
	}
	return math.Exp(-distance / 2 / variance), distance
}

// cellsOf are the cells of the research edition under some floors and noise.
func cellsOf(t *testing.T, o Options, floors subject.Floors, noise perturb.Parameters,
) ([]edition.SumRow, []edition.TimeRow) {
	t.Helper()
	so := o.subjectOptions(subject.Research, floors, o.Research.Cells)
	so.Perturbation = &noise
	b, err := subject.Open(t.Context(), so)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	sums, times, err := b.Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sums, times
}
