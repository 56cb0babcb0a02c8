package anonymize

import (
	"cmp"
	"flag"
	"math"
	"math/rand/v2"
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
	noise := o.Research.Cells.Perturbation.Parameters()
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
			"nearest set %.2f", attacker.name, len(unnamed), sets, worst.persons, worst.schools, worst.nearest)
		if sets == 0 {
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
// a person of it, of being one drawn from its schools, and, for who knows the schools exactly
// and so finds the set, of being that of a person of the nearest set.
type guess struct {
	persons, schools, nearest float64
	sets                      int
}

// posterior weighs the sets of schools that a cluster can be of. One whose persons miss those
// of the cluster by more than the most noise, or with noise on the schools too by six standard
// deviations, is none.
func posterior(pages map[int32]*counted, c *counted, noise perturb.Parameters, exact bool) (g guess) {
	variance, far := noise.Variance, float64(noise.Maximum)
	if !exact {
		variance *= float64(1 + c.schools)
		far = 6 * math.Sqrt(variance)
	}
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
	nearest := math.Inf(1)
	eachSet(of, c, far, func(members []int, all int64) {
		distance, near := apart(of, members, c, far)
		if !near {
			return
		}
		w, largest := math.Exp(-distance/2/variance), 0.0
		total, g.sets = total+w, g.sets+1
		for _, s := range members {
			share := float64(of[s].persons[edition.PopAll]) / float64(all)
			byPersons[s], bySchools[s] = byPersons[s]+w*share, bySchools[s]+w/float64(len(members))
			largest = max(largest, share)
		}
		if exact && distance < nearest {
			nearest, g.nearest = distance, largest
		}
	})
	for s := range of {
		if total > 0 {
			g.persons, g.schools = max(g.persons, byPersons[s]/total), max(g.schools, bySchools[s]/total)
		}
	}
	return g
}

// mostSets is how many sets of schools are weighed of a cluster: where there are more, as
// many are drawn.
const mostSets = 500_000

// eachSet hands over the sets of as many schools as a cluster has, the largest first, whose
// persons are those of the cluster within far.
func eachSet(of []*counted, c *counted, far float64, each func(members []int, all int64)) {
	n, sets := int(c.schools), 1.0
	for i := range n {
		sets *= float64(len(of)-i) / float64(i+1)
	}
	whole, counts := c.persons[edition.PopAll]
	if sets > mostSets && far > 10 { // hardly any is ruled out
		d := rand.New(rand.NewPCG(uint64(n), 17))
		for range mostSets {
			members, all := d.Perm(len(of))[:n], int64(0)
			for _, s := range members {
				all += of[s].persons[edition.PopAll]
			}
			each(members, all)
		}
		return
	}
	var members []int
	var extend func(from int, all int64)
	extend = func(from int, all int64) {
		if len(members) == n {
			each(members, all)
			return
		}
		left := int64(n - len(members))
		for s := from; s < len(of); s++ {
			more := of[s].persons[edition.PopAll]
			if counts && float64(all+left*more) < float64(whole)-far { // those that follow have fewer still
				return
			}
			if counts && float64(all+more) > float64(whole)+far {
				continue
			}
			members = append(members, s)
			extend(s+1, all+more)
			members = members[:len(members)-1]
		}
	}
	extend(0, 0)
}

// apart is by how much the persons of some schools miss those of a cluster, squared and
// summed over every population that all of them count; near is false when one misses by far.
func apart(of []*counted, members []int, c *counted, far float64) (distance float64, near bool) {
	for population, persons := range c.persons {
		sum, all := int64(0), true
		for _, s := range members {
			n, shown := of[s].persons[population]
			sum, all = sum+n, all && shown
		}
		d := float64(sum - persons)
		if all && math.Abs(d) > far {
			return 0, false
		}
		if all {
			distance += d * d
		}
	}
	return distance, true
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
