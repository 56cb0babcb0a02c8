package subject

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// followed are the schools that rows tell alone or with one other, by the null space of all rows as they are.
func followed(rows [][]int64, persons map[int64]int64, least int64) map[int64]bool {
	at, schools := map[int64]int{}, []int64(nil)
	for _, row := range rows {
		for _, s := range row {
			if _, ok := at[s]; !ok && 4*persons[s] >= least {
				at[s], schools = len(schools), append(schools, s)
			}
		}
	}
	n := len(schools)
	if n == 0 {
		return nil
	}
	m := mat.NewDense(max(len(rows), n), n, nil)
	for i, row := range rows {
		for _, s := range row {
			if j, ok := at[s]; ok {
				m.Set(i, j, 1)
			}
		}
	}
	var svd mat.SVD
	svd.Factorize(m, mat.SVDFullV)
	var v mat.Dense
	svd.VTo(&v)
	rank, told := svd.Rank(1e-9), map[int64]bool{}
	product := func(i, k int) (sum float64) {
		for j := rank; j < n; j++ {
			sum += v.At(i, j) * v.At(k, j)
		}
		return sum
	}
	for i, s := range schools {
		x := product(i, i)
		follows := x < 1e-9
		for k := range schools {
			y, xy := product(k, k), product(i, k)
			follows = follows || k != i && y > 1e-9 && math.Abs(xy*xy-x*y) < 1e-9
		}
		if follows && persons[s] >= least {
			told[s] = true
		}
	}
	return told
}

// TestAloneIsTheNullSpace of all rows: layers, classes and sets left out change nothing.
func TestAloneIsTheNullSpace(t *testing.T) {
	drawn, found := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		const least = 28
		persons := map[int64]int64{}
		var sets [][]int64
		parts := make([][]int64, rapid.IntRange(0, 6).Draw(t, "parts"))
		alike := rapid.IntRange(1, 1<<len(parts)).Draw(t, "alike") // of so many kinds at most
		for range rapid.IntRange(1, 24).Draw(t, "sets") {
			var set []int64
			for range rapid.IntRange(1, 5).Draw(t, "schools") {
				s := int64(len(persons))
				persons[s] = rapid.SampledFrom([]int64{2, 7, 27, 28, 100}).Draw(t, "persons")
				kind := rapid.IntRange(0, alike-1).Draw(t, "kind")
				for i := range parts {
					if kind>>i&1 == 1 {
						parts[i] = append(parts[i], s)
					}
				}
				set = append(set, s)
			}
			sets = append(sets, set)
		}
		got, want := alone(sets, parts, persons, least), followed(append(slices.Clone(sets), parts...), persons, least)
		for s := range persons {
			if got[s] != want[s] {
				t.Errorf("school %d: told is %t, by all rows %t; sets %v, parts %v", s, got[s], want[s], sets, parts)
			}
		}
		drawn, found = drawn+1, found+min(1, len(want))
	})
	if found < drawn/10 || found == drawn {
		t.Errorf("of %d draws %d tell a school", drawn, found)
	}
}

// largeRegion is that of a large académie, with the persons of each school.
func largeRegion(b *testing.B, most int64) (*Builder, map[int64][]distinct) {
	rng := rand.New(rand.NewPCG(1, 10))
	of := regionOf(testKey(b), 4000, func(int64) school {
		return school{level: []string{"ecole", "ecole", "ecole", "college", "lycee"}[rng.IntN(5)],
			ep: []string{"HEP", "HEP", "HEP", "HEP", "REP", "REP+"}[rng.IntN(6)], ips: rng.Int64N(5) + 1}
	})
	persons := map[int64][]distinct{}
	for s := range int64(4000) {
		persons[s] = []distinct{{n: rng.Int64N(most + 1)}}
	}
	return of, persons
}

// BenchmarkJoin joins the schools of one measure of a large académie: of many persons a school, of some, of hardly any.
func BenchmarkJoin(b *testing.B) {
	for _, most := range []int64{400, 40, 2} {
		b.Run(fmt.Sprintf("schools=4000/most=%d", most), func(b *testing.B) {
			of, persons := largeRegion(b, most)
			names := newNamer(of.o.Key, "sums", "all", 1)
			by := slices.Sorted(maps.Keys(of.groups))
			for b.Loop() {
				of.join(counted{}, of.together, by, persons, 1, names, rule{unnamed: 3, noise: 8, least: 28})
			}
		})
	}
}

// BenchmarkTell finds what may be told of the grade levels of a large académie: five in each school.
func BenchmarkTell(b *testing.B) {
	of, persons := largeRegion(b, 400)
	names, r := newNamer(of.o.Key, "sums", "all", 1), rule{unnamed: 3, noise: 8, least: 28}
	of.join(counted{}, of.together, slices.Sorted(maps.Keys(of.groups)), persons, 1, names, r)
	grades := map[string]map[int64][]distinct{}
	for s, d := range persons {
		for g := range int64(5) {
			grade := fmt.Sprint(of.schools[s].level, " ", g)
			if grades[grade] == nil {
				grades[grade] = map[int64][]distinct{}
			}
			grades[grade][s] = []distinct{{n: d[0].n / 5}}
		}
	}
	for b.Loop() {
		of.tell(counted{}, "grade", grades, of.unnamed(names, "grade", counted{}), r)
	}
	told := 0
	for at, clusters := range of.joined[counted{}].of {
		if at.grouping == "grade" {
			told += len(clusters)
		}
	}
	b.ReportMetric(float64(told), "clusters")
}
