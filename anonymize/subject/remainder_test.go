package subject

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/pseudonym"
)

// regionOf is a region of schools with the groups that they are in, under a key.
func regionOf(key *pseudonym.StudyKey, schools int64, draw func(id int64) school) *Builder {
	b := &Builder{schools: map[int64]school{}, joined: map[counted]joined{},
		groups: map[string]map[int64]string{"all": {}, "level": {}, "ep": {}, "ips_band": {}, "stratum": {}}}
	b.o.Key = key
	order := []int64{}
	for s := range schools {
		x := draw(s)
		b.schools[s], order = x, append(order, s)
		b.groups["all"][s], b.groups["level"][s], b.groups["ep"][s] = "all", x.level, x.ep
		b.groups["ips_band"][s] = fmt.Sprint(x.ips)
		b.groups["stratum"][s] = fmt.Sprint(x.level, " ", x.ips)
	}
	for _, c := range b.stratified(order, 3) {
		b.together = append(b.together, atom{schools: c})
	}
	return b
}

// setsOfRegion draws a region of schools, and gives the sets of schools that a measure is told of: in all groupings.
func setsOfRegion(t *rapid.T, key *pseudonym.StudyKey) (b *Builder, of counted, r rule, sets [][]int64) {
	r = rule{unnamed: 3, noise: 8, least: 28}
	persons := map[int64][]distinct{}
	most := rapid.SampledFrom([]int64{40, 400}).Draw(t, "most")
	b = regionOf(key, rapid.Int64Range(3, 40).Draw(t, "schools"), func(s int64) school {
		x := school{level: rapid.SampledFrom([]string{"ecole", "college", "lycee"}).Draw(t, "level"),
			ep:  rapid.SampledFrom([]string{"HEP", "HEP", "HEP", "REP", "REP+"}).Draw(t, "ep"),
			ips: rapid.Int64Range(1, 5).Draw(t, "band")}
		if rapid.IntRange(0, 9).Draw(t, "here") > 0 {
			persons[s] = []distinct{{n: rapid.Int64Range(0, most).Draw(t, "persons")}}
		}
		return x
	})
	names := newNamer(b.o.Key, "sums", "all", 1)
	b.join(of, slices.Sorted(maps.Keys(b.groups)), persons, 1, names, r)
	for grouping := range b.groups {
		groups := map[string]bool{}
		for _, g := range b.groups[grouping] {
			groups[g] = true
		}
		at := b.unnamed(names, grouping, of)
		for g := range groups {
			in := map[int64][]distinct{}
			for s, d := range persons {
				if b.groups[grouping][s] == g {
					in[s] = d
				}
			}
			for _, a := range at.clusters(g, in, 1, r) {
				sets = append(sets, a.schools)
			}
		}
	}
	return b, of, r, sets
}

// TestSetsTellNoSchool: no sum of rows, each as often as one likes, is of one school alone or of two: by the null space
// of all rows of all groupings.
func TestSetsTellNoSchool(t *testing.T) {
	asked, key := 0, testKey(t)
	rapid.Check(t, func(t *rapid.T) {
		b, of, r, sets := setsOfRegion(t, key)
		if len(sets) == 0 {
			return
		}
		n, persons := len(b.schools), b.joined[of].everywhere
		m := mat.NewDense(max(len(sets), n), n, nil)
		for i, set := range sets {
			for _, s := range set {
				if persons[s] >= 7 { // a quarter of a cell
					m.Set(i, int(s), 1)
				}
			}
		}
		var svd mat.SVD
		if !svd.Factorize(m, mat.SVDFullV) {
			t.Fatal("no singular values")
		}
		var v mat.Dense
		svd.VTo(&v)
		rank := svd.Rank(1e-9)
		free := func(s int64) []float64 { return mat.Row(nil, int(s), &v)[rank:] }
		dot := func(x, y []float64) (sum float64) {
			for i := range x {
				sum += x[i] * y[i]
			}
			return sum
		}
		for s := range int64(n) {
			if persons[s] < r.least {
				continue
			}
			asked++
			x := free(s)
			if dot(x, x) < 1e-9 {
				t.Errorf("school %d of %d persons follows from %v", s, persons[s], sets)
			}
			for u := range int64(n) {
				if persons[u] < 7 {
					continue
				}
				y := free(u)
				if d := dot(x, y); u != s && dot(y, y) > 1e-9 && math.Abs(d*d-dot(x, x)*dot(y, y)) < 1e-9 {
					t.Errorf("schools %d and %d of %d and %d persons follow from %v", s, u, persons[s], persons[u], sets)
				}
			}
		}
	})
	if asked < 100 {
		t.Errorf("%d schools were asked", asked)
	}
}

// TestRestIsNobodysByName: whatever grade levels leave of whichever schools, what is left of all and of the schools of
// each level is fewer persons than a cell, or of enough schools of which none has too large a share.
func TestRestIsNobodysByName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rule{unnamed: 3, noise: rapid.Int64Range(0, 8).Draw(t, "noise"), least: 28}
		levelOf := func(school int64) string { return fmt.Sprint(school % 3) }
		groups, told := map[string]map[int64]int64{}, map[string]bool{}
		for g := range rapid.IntRange(1, 7).Draw(t, "groups") {
			name := fmt.Sprint(g)
			groups[name] = map[int64]int64{}
			for range rapid.IntRange(1, 6).Draw(t, "schools") {
				school := rapid.Int64Range(0, 11).Draw(t, "school")
				groups[name][school] = rapid.Int64Range(0, 60).Draw(t, "persons")
			}
			told[name] = r.hides(crowdOf(groups[name]))
		}
		ungrouped := map[int64]int64{rapid.Int64Range(0, 11).Draw(t, "school"): rapid.Int64Range(0, 40).Draw(t, "persons")}
		before := maps.Clone(told)
		withhold(groups, ungrouped, told, levelOf, r)
		if !slices.Contains(slices.Collect(maps.Values(told)), true) {
			return // nothing is told of which this would be the rest
		}
		for level := range 4 { // the last is all of them
			rest := map[int64]int64{}
			for s, n := range ungrouped {
				rest[s] += n
			}
			for group, schools := range groups {
				for s, n := range schools {
					if !told[group] {
						rest[s] += n
					}
				}
			}
			persons, largest, schools := int64(0), int64(0), 0
			for s, n := range rest {
				if level < 3 && levelOf(s) != fmt.Sprint(level) {
					continue
				}
				if persons, largest = persons+n, max(largest, n); n > 0 {
					schools++
				}
			}
			if persons >= 28 && (schools < 3 || 3*largest > persons-r.noise) {
				t.Errorf("level %d: the rest is %d persons of %d schools, %d of one", level, persons, schools, largest)
			}
		}
		for group, is := range told {
			if is && !before[group] {
				t.Errorf("%s is told", group)
			}
		}
	})
}

// TestWithholdTakesTheSmallest, and no more than is needed.
func TestWithholdTakesTheSmallest(t *testing.T) {
	school := int64(0)
	persons := func(n ...int64) map[int64]int64 {
		of := map[int64]int64{}
		for _, m := range n {
			school++
			of[school] = m
		}
		return of
	}
	for name, test := range map[string]struct {
		groups map[string]map[int64]int64
		want   []string
	}{
		"all are clusters": {map[string]map[int64]int64{"6e": persons(40, 40, 40), "5e": persons(30, 30, 30)},
			[]string{"5e", "6e"}},
		"one school beside": {map[string]map[int64]int64{"6e": persons(40, 41, 42, 43), "5e": persons(30, 30, 30),
			"other": persons(28)}, []string{"6e"}},
		"three schools beside": {map[string]map[int64]int64{"6e": persons(40, 41, 42, 43), "5e": persons(30, 30, 30),
			"other": persons(25, 25, 25)}, []string{"5e", "6e"}},
		"fewer than a cell beside": {map[string]map[int64]int64{"6e": persons(40, 41, 42, 43), "5e": persons(30, 30, 30),
			"other": persons(19)}, []string{"5e", "6e"}},
		"a large school": {map[string]map[int64]int64{"6e": persons(40, 41, 42, 43), "5e": persons(30, 30, 30),
			"other": persons(400)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r, told := rule{unnamed: 3, least: 20}, map[string]bool{}
			for group, of := range test.groups {
				told[group] = group != "other" && r.hides(crowdOf(of))
			}
			withhold(test.groups, nil, told, func(int64) string { return "college" }, r)
			var got []string
			for group, is := range told {
				if is {
					got = append(got, group)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("leave: %v, want %v", got, test.want)
			}
		})
	}
}

// TestSetsWithoutGaps: a set of which one school or two are told nothing of is not told, in any grouping; one of which
// three are, or none, is.
func TestSetsWithoutGaps(t *testing.T) {
	whole, gap, gaps := atom{schools: []int64{1, 2, 3}}, atom{schools: []int64{4, 5, 6, 7}}, atom{schools: []int64{8, 9, 10, 11}}
	level := groupKey{"level", cellKey{group: "college"}}
	j := joined{sets: []atom{whole, gap, gaps}, of: map[groupKey][]atom{level: {gap, whole}}}
	told := map[int64]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 8: true}
	got := j.withoutGaps(told, 3)
	if want := []atom{whole, gaps}; !reflect.DeepEqual(got.sets, want) {
		t.Errorf("the sets %v are told, want %v", got.sets, want)
	}
	if want := []atom{whole}; !reflect.DeepEqual(got.of[level], want) {
		t.Errorf("of collèges %v are told, want %v", got.of[level], want)
	}
}
