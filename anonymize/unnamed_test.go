package anonymize

import (
	"math"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
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

// Who holds the pages of the schools does not say whose a cluster of a measure is
// that may never stand on one. The attacker knows how many schools a cluster has, its
// level and the noise, and weighs every set of as many schools of the level by how
// well their persons add up to those of the cluster, in every population that both
// count. Of a set they guess the school that has the most of its persons.
func TestUnnamedSchoolsAreNotMatched(t *testing.T) {
	g := draw(11, 36, 40)
	gone := map[int64]bool{} // of some schools most parents, of others few
	for i, m := range g.memberships {
		if i*7%10 < int(m.SchoolKey)*3%8 {
			gone[m.PersonKey] = true
		}
	}
	o := options(t, g.without(gone))
	b, err := subject.Open(t.Context(), o.subjectOptions(subject.Research,
		subject.Floors{Cell: 20, Staff: 11, School: 20, ClusterSchools: 3, UnnamedSchools: unnamedSchools},
		o.Research.Cells))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	sums, times, err := b.Cells(t.Context())
	if err != nil {
		t.Fatal(err)
	}
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
	if len(pages) < 12 {
		t.Fatalf("%d schools have a page", len(pages))
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
	for cluster, c := range unnamed {
		best, guesses := posterior(pages, c)
		t.Logf("%s, %d schools, %d populations: %d sets, a person's school with %.2f", c.level, c.schools,
			len(c.persons), guesses, best)
		if best > 1.0/3+1e-9 {
			t.Errorf("cluster %d of %q: a person's school is told with %.2f", cluster, c.level, best)
		}
	}
	for _, r := range times {
		if c, _ := edition.FindCurve(r.Curve); c.Pages == edition.PagesNever && r.Schools < 3 {
			t.Fatalf("%s %s: a cluster of %d schools", r.Curve, r.Group, r.Schools)
		}
	}
}

// posterior is the most that any school has of being that of a person of the cluster,
// and how many sets of schools were weighed.
func posterior(pages map[int32]*counted, c *counted) (best float64, sets int) {
	var of []*counted
	for _, p := range pages {
		if p.level == c.level {
			of = append(of, p)
		}
	}
	mass, total := make([]float64, len(of)), 0.0
	var members []int
	var weigh func(from int)
	weigh = func(from int) {
		if len(members) == int(c.schools) {
			w, all := 1.0, int64(0)
			for population, persons := range c.persons {
				var sum int64
				for _, s := range members {
					n, shown := of[s].persons[population]
					if !shown { // no page counts it
						sum = persons
						break
					}
					sum += n
				}
				d := float64(sum - persons)
				w *= math.Exp(-d * d / 2 / (9 * float64(1+c.schools)))
			}
			for _, s := range members {
				all += of[s].persons[edition.PopAll]
			}
			total, sets = total+w, sets+1
			for _, s := range members {
				mass[s] += w * float64(of[s].persons[edition.PopAll]) / float64(all)
			}
			return
		}
		for s := from; s < len(of); s++ {
			members = append(members, s)
			weigh(s + 1)
			members = members[:len(members)-1]
		}
	}
	weigh(0)
	for _, m := range mass {
		best = math.Max(best, m/total)
	}
	return best, sets
}
