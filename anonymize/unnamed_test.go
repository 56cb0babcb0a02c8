package anonymize

import (
	"cmp"
	"flag"
	"maps"
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

// Who holds the pages of the schools, or knows more of each than the national open data tell,
// does not say whose a cluster of a measure is that may never stand on a page. The attacker
// knows in how many schools of a cluster anybody is (an edition tells of those with School persons), its level and the
// noise, and weighs every set of as
// many schools of the level by how well their persons add up to those of the cluster, in
// every population that both count. The school is that of a person of the cluster, or one of
// its schools. Where the schools of a cluster are found, no rule of naming one of them, such as
// the largest of the nearest set, is right for more than a third of its persons. One attacker has the noisy
// counts of the
// pages. The other has the exact ones of every school, of the very measures: no open data say
// more of a school's persons.
func TestUnnamedSchoolsAreNotMatched(t *testing.T) {
	g := draw(11, *unnamedRegion, 40)
	gone := map[int64]bool{} // of some schools most parents, of others few
	for i, m := range g.memberships {
		if i*7%10 < int(m.SchoolKey)*3%8 {
			gone[m.PersonKey] = true
		}
	}
	o := options(t, g.without(gone))
	floors := subject.Floors{Cell: 20, Staff: 11, School: 1, ClusterSchools: 3, UnnamedSchools: unnamedSchools, Reported: leastReported}
	sums, times := cellsOf(t, o, floors, o.Research.Cells.Perturbation.Parameters())
	exact, _ := cellsOf(t, o, subject.Floors{Cell: 1, Staff: 1, School: 1, ClusterSchools: 1, UnnamedSchools: 1, Reported: leastReported},
		perturb.Parameters{}) // each school alone
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
	truth := membersOf(t, o, floors, known)
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
	for _, r := range times {
		if c, _ := edition.FindCurve(r.Curve); c.Pages == edition.PagesNever && r.Schools < 3 {
			t.Fatalf("%s %s: a cluster of %d schools", r.Curve, r.Group, r.Schools)
		}
	}
}

// guess is what an attacker makes of a cluster: the most that any school has of being that of
// a person of it, and of being one drawn from its schools.
type guess struct {
	persons, schools float64
	sets             int
}

// membersOf gives, of clusters whose exact persons are those of one set of schools alone, the
// largest share that one school has of the persons of a population.
func membersOf(t *testing.T, o Options, floors subject.Floors, known map[int32]*counted) map[int32]float64 {
	t.Helper()
	sums, _ := cellsOf(t, o, floors, perturb.Parameters{})
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

// ofLevel are the schools of a level, those of most accounts first.
func ofLevel(schools map[int32]*counted, level string) (of []*counted) {
	for _, p := range schools {
		if p.level == level {
			of = append(of, p)
		}
	}
	slices.SortFunc(of, func(a, b *counted) int {
		return cmp.Or(cmp.Compare(b.persons[edition.PopAll], a.persons[edition.PopAll]), cmp.Compare(a.id, b.id))
	})
	return of
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
	of := ofLevel(pages, c.level)
	if exact && c.schools > mostSchools {
		return alone(of, c, noise)
	}
	byPersons, bySchools, total := make([]float64, len(of)), make([]float64, len(of)), 0.0
	eachSet(of, c, far, func(members []int, all int64) {
		distance, near := apart(of, members, c, far)
		if !near || all == 0 { // of schools that show no account nobody can say whose a person is
			return
		}
		w := math.Exp(-distance / 2 / variance)
		total, g.sets = total+w, g.sets+1
		for _, s := range members {
			share := float64(of[s].persons[edition.PopAll]) / float64(all)
			byPersons[s], bySchools[s] = byPersons[s]+w*share, bySchools[s]+w/float64(len(members))
		}
	})
	for s := range of {
		if total > 0 {
			g.persons, g.schools = max(g.persons, byPersons[s]/total), max(g.schools, bySchools[s]/total)
		}
	}
	return g
}

// mostSets is how many sets of schools are weighed of a cluster by who knows nothing exactly:
// where there are more, as many are drawn. mostSchools is of how many schools a cluster is that
// whoever knows them exactly looks for, set by set: of more, by one population at a time.
const (
	mostSets    = 500_000
	mostSchools = 7
)

// eachSet hands over the sets of as many schools as a cluster has whose persons are those of the
// cluster within far: each once, as the lower and the upper half of its schools, of which the
// upper halves are sorted by their persons.
func eachSet(of []*counted, c *counted, far float64, each func(members []int, all int64)) {
	n, sets := int(c.schools), 1.0
	for i := range n {
		sets *= float64(len(of)-i) / float64(i+1)
	}
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
	population := c.population()
	whole := float64(c.persons[population])
	upper := halves(of, n-n/2, population)
	slices.SortFunc(upper, func(a, b half) int { return cmp.Compare(a.persons, b.persons) })
	for _, lower := range halves(of, n/2, population) {
		from, _ := slices.BinarySearchFunc(upper, whole-far-float64(lower.persons), func(h half, least float64) int {
			return cmp.Compare(float64(h.persons), least)
		})
		for _, h := range upper[from:] {
			if float64(h.persons+lower.persons) > whole+far {
				break
			}
			if n/2 == 0 || lower.members[n/2-1] < h.members[0] {
				members, all := slices.Concat(lower.members, h.members), int64(0)
				for _, s := range members {
					all += of[s].persons[edition.PopAll]
				}
				each(members, all)
			}
		}
	}
}

// half is some schools and their persons of one population.
type half struct {
	members []int
	persons int64
}

// halves are all sets of n schools, in the order of their numbers.
func halves(of []*counted, n int, population string) (out []half) {
	var members []int
	var extend func(from int, persons int64)
	extend = func(from int, persons int64) {
		if len(members) == n {
			out = append(out, half{slices.Clone(members), persons})
			return
		}
		for s := from; s < len(of); s++ {
			members = append(members, s)
			extend(s+1, persons+of[s].persons[population])
			members = members[:len(members)-1]
		}
	}
	extend(0, 0)
	return out
}

// population is that of which a cluster has most persons: all accounts, where they count.
func (c *counted) population() (best string) {
	for _, p := range slices.Sorted(maps.Keys(c.persons)) {
		if best == "" || c.persons[p] > c.persons[best] {
			best = p
		}
	}
	return best
}

// alone weighs the sets of a cluster of many schools by one population at a time: how many sets
// have each sum, and how many of them hold a school, is counted school by school.
func alone(of []*counted, c *counted, noise perturb.Parameters) (g guess) {
	for population, persons := range c.persons {
		var sizes []int
		for _, s := range of {
			if n := int(s.persons[population]); n > 0 {
				sizes = append(sizes, n)
			}
		}
		n, most := int(c.schools), int(persons)+noise.Maximum
		counts := waysTo(sizes, -1, n, most)[n]
		total := 0.0
		weight := func(sum int) float64 {
			d := float64(sum) - float64(persons)
			if math.Abs(d) > float64(noise.Maximum) {
				return 0
			}
			return math.Exp(-d * d / 2 / noise.Variance)
		}
		for sum, ways := range counts {
			total += weight(sum) * ways
			if weight(sum) > 0 {
				g.sets += int(math.Min(ways, 1e6))
			}
		}
		for s, size := range sizes {
			byPersons, bySchools := 0.0, 0.0
			for rest, ways := range waysTo(sizes, s, n-1, most-size)[n-1] {
				w := weight(rest+size) * ways / total
				byPersons, bySchools = byPersons+w*float64(size)/float64(rest+size), bySchools+w/float64(n)
			}
			if total > 0 {
				g.persons, g.schools = max(g.persons, byPersons), max(g.schools, bySchools)
			}
		}
	}
	return g
}

// waysTo counts the sets of k numbers but one with each sum, for k up to n.
func waysTo(numbers []int, but, n, most int) [][]float64 {
	ways := make([][]float64, n+1)
	for k := range ways {
		ways[k] = make([]float64, max(most, 0)+1)
	}
	ways[0][0] = 1
	for i, x := range numbers {
		if i == but {
			continue
		}
		for k := n; k > 0; k-- {
			for sum := most; sum >= x; sum-- {
				ways[k][sum] += ways[k-1][sum-x]
			}
		}
	}
	return ways
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
	return slices.Collect(sums.All()), times
}
