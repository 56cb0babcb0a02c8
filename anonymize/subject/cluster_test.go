package subject

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/entscope/entscope/anonymize/edition"
)

// No count that can be written is below the floor, and no school is lost or
// twice, whenever there is a cluster at all.
func TestMerge(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		floor := rapid.Int64Range(1, 20).Draw(rt, "floor")
		width := rapid.IntRange(1, 3).Draw(rt, "width")
		n := rapid.IntRange(0, 12).Draw(rt, "schools")
		var atoms []atom
		total := make([]int64, width)
		var schools []int64
		for s := range n {
			counts := rapid.SliceOfN(rapid.Int64Range(0, 12), width, width).Draw(rt, "counts")
			for i, c := range counts {
				total[i] += c
			}
			schools = append(schools, int64(s))
			var keyed []distinct
			for _, c := range counts {
				keyed = append(keyed, distinct{c, uint32(s)})
			}
			atoms = append(atoms, one(int64(s), keyed))
		}
		possible := slices.ContainsFunc(total, func(n int64) bool { return n >= floor })
		clusters := merge(atoms, rule{least: floor})
		if (len(clusters) > 0) != possible {
			rt.Fatalf("%d clusters of totals %v, floor %d", len(clusters), total, floor)
		}
		var got []int64
		for _, c := range clusters {
			got = append(got, c.schools...)
			for i, n := range c.counts {
				if total[i] >= floor && n.n < floor {
					rt.Errorf("a cluster has %v, floor %d", c.counts, floor)
				}
			}
		}
		if slices.Sort(got); possible && !slices.Equal(got, schools) {
			rt.Errorf("schools %v of %v", got, schools)
		}
	})
}

// A pooled measure is of ten clusters or more wherever there are as many schools, so that it has an interval, and of
// fewer than twice twelve whatever their number; others are of as many as there are schools.
func TestPooledClusters(t *testing.T) {
	for _, schools := range []int{1, 9, 10, 23, 24, 25, 36, 119, 150, 400} {
		var atoms []atom
		var cells []cell
		for s := range int64(schools) {
			atoms = append(atoms, one(s, []distinct{{20, uint32(s)}}))
			if s%12 > 0 || schools < 24 { // in some schools nobody counts
				cells = append(cells, cell{school: s, tally: tally{SumRow: edition.SumRow{Persons: 20}}})
			}
		}
		c := clustering{groupings: []string{"all"}, grouping: "all", table: &table{},
			least: func(string) int64 { return 11 },
			named: naming{namer: newNamer(testKey(t), "sums", "all", 7), base: func(string) []atom { return atoms }}}
		n := len(c.clusters(cellKey{"", "L4.mon_07-09", edition.PopActive}, cells))
		if n < min(schools, 10) || n >= 2*edition.PooledClusters {
			t.Errorf("%d clusters of %d schools", n, schools)
		}
		if n := len(c.clusters(cellKey{"", "L4.07-09", edition.PopActive}, cells)); n != len(cells) {
			t.Errorf("not pooled: %d clusters of %d schools", n, len(cells))
		}
	}
}

// Whether a school has one person of a measure more than nobody, neither the identifier of its cluster says nor how
// many schools it has.
func TestNobodyIsNotSeen(t *testing.T) {
	base := []atom{{schools: []int64{1, 2, 3}, counts: []distinct{{90, 9}}}}
	b := noisy(t)
	c := clustering{groupings: []string{"all"}, grouping: "all", table: &table{}, noise: b.noise, school: 20,
		least: func(string) int64 { return 11 },
		named: naming{namer: newNamer(testKey(t), "sums", "all", 7), base: func(string) []atom { return base }}}
	for key := range uint32(300) {
		cells := []cell{{school: 1, tally: tally{SumRow: edition.SumRow{Persons: 30}}},
			{school: 2, tally: tally{SumRow: edition.SumRow{Persons: 30}}}} // at most 8 less
		k := cellKey{"", "L4.07-09", edition.PopActive}
		without := c.clusters(k, cells)
		last := tally{SumRow: edition.SumRow{Persons: 1}}
		last.keys[0] = key * 2654435761
		with := c.clusters(k, append(cells, cell{school: 3, tally: last}))
		if len(with) != 1 || len(without) != 1 || with[0].Cluster != without[0].Cluster {
			t.Fatalf("clusters %v with one person more in a school, %v without", with, without)
		}
		if with[0].Schools != 2 || without[0].Schools != 2 {
			t.Fatalf("%d schools with one person more in a third, %d without", with[0].Schools, without[0].Schools)
		}
	}
}

// The same set of schools has one identifier in a grouping, two sets have two.
func TestClusterNames(t *testing.T) {
	key := testKey(t)
	n := newNamer(key, "sums", "all", 7)
	if n.id("", []int64{1, 2}) != n.id("", []int64{2, 1}) {
		t.Error("the order of schools changes the identifier")
	}
	seen := map[int32]bool{}
	for s := range int64(2000) {
		id := n.id("", []int64{s})
		if seen[id] || id < 0 {
			t.Fatalf("identifier %d", id)
		}
		seen[id] = true
	}
	if newNamer(key, "sums", "level", 7).id("", []int64{1}) == n.id("", []int64{1}) ||
		newNamer(key, "weeks", "all", 7).id("", []int64{1}) == n.id("", []int64{1}) {
		t.Error("an identifier goes from one grouping or table to another")
	}
}

func TestCut(t *testing.T) {
	for n, want := range map[int][]int{3: {3}, 5: {5}, 6: {3, 3}, 8: {3, 5}, 10: {3, 3, 4}} {
		var sizes []int
		for _, run := range cut(make([]int64, n), 3) {
			sizes = append(sizes, len(run))
		}
		if !slices.Equal(sizes, want) {
			t.Errorf("%d schools: got %v, want %v", n, sizes, want)
		}
	}
}

// Slices cover every key once, in order, whatever the buckets.
func TestBucketRanges(t *testing.T) {
	for _, buckets := range []int{1, 2, 16, 256} {
		next := int64(-1 << 63)
		for i := range buckets {
			low, high := bucketRange((i+buckets/2)%buckets, buckets)
			if low != next || high < low {
				t.Fatalf("%d buckets: range %d to %d after %d", buckets, low, high, next)
			}
			parts := divide(low, high, 7, nil)
			for j, p := range parts {
				if j == 0 && p.low != low || j == 6 && p.high != high || j > 0 && p.low != parts[j-1].high+1 {
					t.Fatalf("parts %v", parts)
				}
			}
			next = high + 1
		}
		if next != -1<<63 {
			t.Errorf("%d buckets end at %d", buckets, next)
		}
	}
}

// A cluster whose schools may not be told apart has enough of them, and none with more of
// its persons than one in so many: that school would be the better guess.
func TestUnnamedClusters(t *testing.T) {
	for name, test := range map[string]struct {
		persons []int64
		noise   int64
		want    bool
	}{
		"three alike":              {[]int64{40, 40, 40}, 0, true},
		"three alike by noise":     {[]int64{40, 40, 40}, 8, false},
		"four alike by noise":      {[]int64{40, 40, 40, 40}, 8, true},
		"two":                      {[]int64{40, 40}, 0, false},
		"one has two in five":      {[]int64{40, 30, 30}, 0, false},
		"one has one in three":     {[]int64{40, 30, 30, 20}, 0, true},
		"one may have more by one": {[]int64{40, 30, 30, 27}, 8, false},
		"one has a third by noise": {[]int64{40, 30, 30, 28}, 8, true},
		"one has half":             {[]int64{90, 30, 30, 30}, 0, false},
		"too few persons":          {[]int64{4, 4, 4, 4}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := atom{counts: make([]distinct, 1)}
			for i, n := range test.persons {
				a.add(one(int64(i), []distinct{{n: n}}))
			}
			if got := (rule{least: 20, unnamed: 3, noise: test.noise}).allows(a, []bool{true}); got != test.want {
				t.Errorf("allowed: %v, want %v", got, test.want)
			}
		})
	}
}
