package subject

import (
	"fmt"
	"maps"
	"math"
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
	b.join(of, b.together, slices.Sorted(maps.Keys(b.groups)), persons, 1, names, r)
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
	if asked < 30 { // 96 to 234 in 300 runs
		t.Errorf("%d schools were asked", asked)
	}
}

// TestRestIsNobodysByName: whatever grade levels leave of whichever schools, what is left of all, of the schools of each
// level, of each set, and of sets that a cluster of a grade joins, is fewer persons than a cell, or of enough schools of
// which none has too large a share.
func TestRestIsNobodysByName(t *testing.T) {
	key, asked := testKey(t), 0
	rapid.Check(t, func(t *rapid.T) {
		r := rule{unnamed: 3, noise: rapid.Int64Range(0, 8).Draw(t, "noise"), least: 28}
		everywhere, grades := map[int64][]distinct{}, map[string]map[int64][]distinct{}
		b := regionOf(key, rapid.Int64Range(6, 20).Draw(t, "schools"), func(s int64) school {
			for g := range 3 {
				n, grade := rapid.Int64Range(0, 60).Draw(t, "persons"), fmt.Sprint("grade ", g)
				if grades[grade] == nil {
					grades[grade] = map[int64][]distinct{}
				}
				grades[grade][s] = []distinct{{n: n}}
			}
			n := rapid.SampledFrom([]int64{0, 0, 5, 90}).Draw(t, "without a grade")
			for _, of := range grades {
				n += of[s][0].n
			}
			everywhere[s] = []distinct{{n: n}}
			return school{level: rapid.SampledFrom([]string{"college", "lycee"}).Draw(t, "level"), ep: "HEP", ips: 1}
		})
		of, names := counted{"R3.no_email", "all_accounts"}, newNamer(b.o.Key, "sums", "all", 1)
		b.join(of, b.together, []string{"all", "level"}, everywhere, 1, names, r)
		b.tell(of, "grade", grades, b.unnamed(names, "grade", of), r)
		j := b.joined[of]
		inside := func(set, whole []int64) bool {
			return !slices.ContainsFunc(set, func(s int64) bool { return !slices.Contains(whole, s) })
		}
		check := func(name string, whole []int64, part bool) {
			rest, told := crowd{}, 0
			for _, s := range whole {
				left := everywhere[s][0].n
				for grade, persons := range grades {
					for _, cluster := range j.of[groupKey{"grade", cellKey{group: grade}}] {
						if slices.Contains(cluster.schools, s) && (part || inside(cluster.schools, whole)) {
							left, told = left-persons[s][0].n, told+1
						}
					}
				}
				rest = rest.with(left)
			}
			if asked += min(told, 1); told > 0 && rest.persons >= 28 && (rest.schools < 3 || 3*rest.largest > rest.persons-r.noise) {
				t.Errorf("%s %v: the rest is %+v", name, whole, rest)
			}
		}
		var region []int64
		levels := map[string][]int64{}
		for s, x := range b.schools {
			region, levels[x.level] = append(region, s), append(levels[x.level], s)
		}
		check("all", region, true)
		for level, schools := range levels {
			check(level, schools, true)
		}
		for _, set := range j.sets {
			check("set", set.schools, false)
		}
		for grade := range grades {
			for _, cluster := range j.of[groupKey{"grade", cellKey{group: grade}}] {
				check("cluster", cluster.schools, false)
			}
		}
	})
	t.Logf("%d rests were asked", asked)
	if asked < 100 {
		t.Errorf("%d rests were asked", asked)
	}
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
			r, everywhere := rule{unnamed: 3, least: 20}, map[int64]int64{}
			var parts []part
			for _, group := range slices.Sorted(maps.Keys(test.groups)) {
				of := test.groups[group]
				maps.Copy(everywhere, of)
				if schools := slices.Sorted(maps.Keys(of)); group != "other" && r.hides(crowdOf(of)) {
					parts = append(parts, part{group, schools, of})
				}
			}
			all := wholeOf(slices.Sorted(maps.Keys(everywhere)), parts, places(parts), false)
			var got []string
			for i, told := range withhold(parts, []whole{all}, everywhere, r) {
				if told {
					got = append(got, parts[i].group)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("leave: %v, want %v", got, test.want)
			}
		})
	}
}

// TestPartsExposeNoSchool: what a measure of some of the accounts leaves of those of a set is of several schools.
func TestPartsExposeNoSchool(t *testing.T) {
	r := rule{unnamed: 3, least: 28, noise: 8}
	all := map[int64]int64{1: 100, 2: 110, 3: 120, 4: 130, 5: 140}
	for name, test := range map[string]struct {
		part    map[int64]int64
		exposes bool
	}{
		"nearly all":                    {map[int64]int64{1: 98, 2: 105, 3: 118, 4: 126, 5: 137}, false},
		"a third of each":               {map[int64]int64{1: 33, 2: 37, 3: 40, 4: 43, 5: 47}, false},
		"no account of one":             {map[int64]int64{1: 98, 2: 105, 3: 118, 4: 126}, true},
		"three accounts of one":         {map[int64]int64{1: 98, 2: 105, 3: 118, 4: 126, 5: 3}, true},
		"a third of all but one's":      {map[int64]int64{1: 33, 2: 37, 3: 40, 4: 43}, true},
		"of one much is left":           {map[int64]int64{1: 98, 2: 105, 3: 118, 4: 126, 5: 90}, true},
		"no account of four":            {map[int64]int64{1: 98}, false},
		"hardly any account, of nobody": {map[int64]int64{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := r.exposes([]int64{1, 2, 3, 4, 5}, all, test.part); got != test.exposes {
				t.Errorf("exposes a school: %v", got)
			}
		})
	}
}

// TestMeasuresOfAFactShareSets: the sets of a measure are whole sets of the one of the same fact before it.
func TestMeasuresOfAFactShareSets(t *testing.T) {
	key, shared := testKey(t), 0
	rapid.Check(t, func(t *rapid.T) {
		r := rule{unnamed: 3, noise: 8, least: 28}
		some, fewer := map[int64][]distinct{}, map[int64][]distinct{}
		b := regionOf(key, rapid.Int64Range(20, 60).Draw(t, "schools"), func(s int64) school {
			n := rapid.Int64Range(100, 400).Draw(t, "persons")
			some[s] = []distinct{{n: n}}
			fewer[s] = []distinct{{n: rapid.Int64Range(n/4, n).Draw(t, "of them")}}
			return school{level: rapid.SampledFrom([]string{"college", "lycee"}).Draw(t, "level"), ep: "HEP", ips: 1}
		})
		names := newNamer(b.o.Key, "sums", "all", 1)
		first, second := counted{"N6.together", "published_grades"}, counted{"N6.together", "seen_grades"}
		facts := map[string][]atom{}
		b.joinFact(facts, first, []string{"all"}, some, names, r)
		b.joinFact(facts, second, []string{"all"}, fewer, names, r)
		of := map[int64]int{}
		for i, set := range b.joined[second].sets {
			for _, s := range set.schools {
				of[s] = i
			}
		}
		for _, set := range b.joined[first].sets {
			if len(of) == 0 {
				continue
			}
			shared++
			for _, s := range set.schools {
				if of[s] != of[set.schools[0]] {
					t.Errorf("schools of the set %v are in two sets of %v", set.schools, b.joined[second].sets)
				}
			}
		}
	})
	if shared < 100 {
		t.Errorf("%d sets were asked", shared)
	}
}
