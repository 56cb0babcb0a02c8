package indicator

import (
	"testing"

	"github.com/entscope/entscope/analysis/query"
	"github.com/entscope/entscope/analysis/stats"
)

// One treated school among twelve carries the whole effect: no interval.
func TestFewTreatedClustersHaveNoInterval(t *testing.T) {
	for treated, want := range map[int]bool{1: false, stats.MinClusters - 1: false, stats.MinClusters: true} {
		arms := make([]aligned, 4)
		for i := range arms {
			for g := range 12 {
				num, den := float64(20+g*(i+1)), 40.0
				if i < 2 && g >= treated {
					num, den = 0, 0
				}
				arms[i].num, arms[i].den = append(arms[i].num, num), append(arms[i].den, den)
			}
		}
		if e := armRatio(arms); e.HasInterval() != want {
			t.Errorf("%d treated clusters: interval %v", treated, e.HasInterval())
		}
	}
}

// A band where nobody comes has no finite ratio, and neither has any band against one.
func TestNobodyHasNoRatio(t *testing.T) {
	s := strata{levels: []string{"lycee", "college"}, bands: []string{"1", "5"}}
	for i, visits := range []int64{0, 30, 40, 50} { // nobody of band 1 in a lycee comes; in a collège some do
		s.level, s.band = append(s.level, i%2), append(s.band, i/2)
		row := query.Sum{Persons: 60}
		row.Histogram[0], row.Histogram[3] = 60-visits, visits
		s.rows = append(s.rows, row)
	}
	lycee, low := query.Group{Grouping: "level", Value: "lycee"}, query.Group{Grouping: "ips_band", Value: "1"}
	f := fitting{with: came}
	if !f.finite(s, lycee) || !f.finite(s, low) {
		t.Error("a group where some come has a finite ratio")
	}
	s.rows[1].Histogram[0], s.rows[1].Histogram[3] = 60, 0
	if f.finite(s, low) {
		t.Error("band 1, where nobody comes, has a finite ratio")
	}
	s.rows[1], s.rows[3] = s.rows[3], s.rows[1] // now the reference level has them in band 5 alone
	s.rows[2].Histogram[0], s.rows[2].Histogram[3] = 0, 60
	s.rows[0] = s.rows[2]
	if f.odds = true; f.finite(s, lycee) {
		t.Error("odds of a level where everybody comes are finite")
	}
}
