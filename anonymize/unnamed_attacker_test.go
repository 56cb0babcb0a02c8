//go:build chain

package anonymize

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
)

// guess is what an attacker makes of a cluster: the most that any school has of being that of
// a person of it, and of being one drawn from its schools.
type guess struct {
	persons, schools float64
	sets             int
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
