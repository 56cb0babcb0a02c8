package anonymize

import (
	"math"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/subject"
)

// who is a school as its page shows it.
type who struct {
	level   string
	persons int64
}

// Who holds the pages of the schools does not say whose a cluster of a measure is
// that may never stand on one. The attacker knows how many schools a cluster has, its
// level and the noise, and weighs every set of as many schools of the level by how
// well their persons add up to those of the cluster.
func TestUnnamedSchoolsAreNotMatched(t *testing.T) {
	o := options(t, draw(11, 18, 40))
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
	var pages []who
	named := map[id]bool{}
	for _, r := range sums {
		if m, _ := edition.FindMeasure(r.Measure); m.Pages == edition.PagesNever {
			continue
		}
		named[id{r.Grouping, r.Cluster}] = true
		if r.Grouping == "level" && r.Measure == "D3.connected" {
			pages = append(pages, who{r.Group, r.Persons})
		}
	}
	if len(pages) < 12 {
		t.Fatalf("%d schools have a page", len(pages))
	}
	attacked := 0
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
		if r.Grouping != "level" || r.Measure != "R3.no_email" {
			continue
		}
		attacked++
		if best := posterior(pages, r); best > 1.0/3+1e-9 {
			t.Errorf("%s %q: a school is the cluster's with %.2f", r.Measure, r.Group, best)
		}
	}
	if attacked < 3 {
		t.Errorf("%d clusters were attacked", attacked)
	}
	for _, r := range times {
		if c, _ := edition.FindCurve(r.Curve); c.Pages == edition.PagesNever && r.Schools < 3 {
			t.Fatalf("%s %s: a cluster of %d schools", r.Curve, r.Group, r.Schools)
		}
	}
}

// posterior is the most that any school has of being the one a cluster is taken for.
func posterior(pages []who, r edition.SumRow) float64 {
	var of []int64
	for _, p := range pages {
		if p.level == r.Group {
			of = append(of, p.persons)
		}
	}
	mass, total := make([]float64, len(of)), 0.0
	noise := 9 * float64(1+r.Schools)
	var members []int
	var weigh func(from int, persons int64)
	weigh = func(from int, persons int64) {
		if len(members) == int(r.Schools) {
			d := float64(persons - r.Persons)
			w := math.Exp(-d * d / 2 / noise)
			total += w
			for _, s := range members {
				mass[s] += w / float64(len(members))
			}
			return
		}
		for s := from; s < len(of); s++ {
			members = append(members, s)
			weigh(s+1, persons+of[s])
			members = members[:len(members)-1]
		}
	}
	weigh(0, 0)
	var best float64
	for _, m := range mass {
		best = math.Max(best, m/total)
	}
	return best
}
