package national

import (
	"testing"

	"pgregory.net/rapid"
)

// Quintiles are those of the definition: schools of one IPS share a band, bands rise with
// the IPS, and a school stands in the band of the middle of its pupils among all pupils.
func TestQuintiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "schools")
		of, ranked := make([]position, n), make([]int, n)
		weighted := rapid.Bool().Draw(t, "weighted")
		for i := range of {
			ranked[i] = i
			of[i].tenths = int64(rapid.IntRange(600, 640).Draw(t, "ips"))
			if weighted {
				of[i].pupils = int64(rapid.IntRange(0, 900).Draw(t, "pupils"))
			}
		}
		quintiles(of, ranked)
		var total float64
		weight := func(p position) float64 { return float64(p.pupils) }
		for _, p := range of {
			total += weight(p)
		}
		if total == 0 {
			weight = func(position) float64 { return 1 }
			total = float64(n)
		}
		for i, p := range of {
			var below, same float64
			for _, q := range of {
				switch {
				case q.tenths < p.tenths:
					below += weight(q)
				case q.tenths == p.tenths:
					same += weight(q)
				}
			}
			middle := (below + same/2) / total
			if want := min(int(middle*5)+1, 5); p.band != want && middle*5 != float64(want-1) {
				t.Fatalf("school %d: band %d, want %d (middle %v)", i, p.band, want, middle)
			}
		}
	})
}

// The nearest year's IPS stands, an earlier one of two as near; enrolment by itself.
func TestPositions(t *testing.T) {
	e := &Edition{Schools: []School{{UAI: "a", Level: "college"}, {UAI: "b", Level: "college"}}, social: []social{
		{school: 0, year: 2020, tenths: 900, hasIPS: true, pupils: 100},
		{school: 0, year: 2022, tenths: 1100, hasIPS: true, pupils: 300},
		{school: 1, year: 2022, hasIPS: false, pupils: 50},
		{school: 1, year: 2024, tenths: 1000, hasIPS: true},
	}}
	for _, c := range []struct {
		year           int
		tenths, pupils int64
		from           int
	}{{2019, 900, 100, 2020}, {2021, 900, 100, 2020}, {2022, 1100, 300, 2022}, {2030, 1100, 300, 2022}} {
		p := e.positions(c.year)[0]
		if p.tenths != c.tenths || p.pupils != c.pupils || p.year != c.from {
			t.Errorf("%d: %+v, want IPS %d of %d and %d pupils", c.year, p, c.tenths, c.from, c.pupils)
		}
	}
	if p := e.positions(2022)[1]; p.tenths != 1000 || p.pupils != 50 || p.band == 0 {
		t.Errorf("a school without IPS in one year: %+v", p)
	}
}
