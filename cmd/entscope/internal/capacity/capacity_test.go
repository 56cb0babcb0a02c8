package capacity_test

import (
	"math"
	"testing"

	"github.com/entscope/entscope/cmd/entscope/internal/capacity"
)

var machine = capacity.Machine{Cores: 8, MemoryGiB: 64, Hours: 8}

func needs(t *testing.T, s capacity.Study) map[string]capacity.Need {
	t.Helper()
	list, err := capacity.Of(s, machine)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]capacity.Need{}
	for _, n := range list {
		of[n.Engine] = n
	}
	return of
}

// Ten times a study needs about ten times as much, and never less of anything.
func TestNeedsGrow(t *testing.T) {
	for _, parents := range []int64{1, 2_000, 40_000, 1_000_000, 16_000_000} {
		small, large := needs(t, capacity.Study{Parents: parents}), needs(t, capacity.Study{Parents: 10 * parents})
		for _, engine := range capacity.Engines {
			a, b := small[engine], large[engine]
			for name, q := range map[string][2]float64{"memory": {a.MemoryGiB, b.MemoryGiB}, "here": {a.HereHours, b.HereHours},
				"cluster": {a.ClusterHours, b.ClusterHours}, "disk": {a.DiskGiB, b.DiskGiB}, "hours": {a.Hours, b.Hours}} {
				if q[0] < 0 || q[1] < q[0] || q[1] > 15*q[0] && parents > 40_000 {
					t.Errorf("%s, %d parents: %s %g, of ten times as many %g", engine, parents, name, q[0], q[1])
				}
			}
		}
	}
}

// What a machine serves fits it, and a little more does not.
func TestMostFits(t *testing.T) {
	const each = 50
	for engine, n := range needs(t, capacity.Study{Parents: 1000, Events: 1000 * each}) {
		fits := func(parents int64) bool {
			m := needs(t, capacity.Study{Parents: parents, Events: parents * each})[engine]
			return m.MemoryGiB <= machine.MemoryGiB && m.Hours <= machine.Hours
		}
		if !fits(n.Most) {
			t.Errorf("%s: %d parents do not fit", engine, n.Most)
		}
		if fits(n.Most + n.Most/100) {
			t.Errorf("%s: more than %d parents fit", engine, n.Most)
		}
	}
}

// A cluster costs more processor time than one machine.
func TestClusterCostsMore(t *testing.T) {
	of := needs(t, capacity.Study{Parents: 100_000})
	if here, there := of["embedded"], of["trino"]; there.ClusterHours+there.HereHours <= here.HereHours {
		t.Errorf("%g hours of a cluster, %g of one machine", there.ClusterHours+there.HereHours, here.HereHours)
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		s capacity.Study
		m capacity.Machine
	}{
		"nobody":       {capacity.Study{}, machine},
		"less than 0":  {capacity.Study{Parents: 1, Events: -1}, machine},
		"no core":      {capacity.Study{Parents: 1}, capacity.Machine{MemoryGiB: 1, Hours: 1}},
		"no memory":    {capacity.Study{Parents: 1}, capacity.Machine{Cores: 1, Hours: 1}},
		"no time":      {capacity.Study{Parents: 1}, capacity.Machine{Cores: 1, MemoryGiB: 1}},
		"no number":    {capacity.Study{Parents: 1}, capacity.Machine{Cores: 1, MemoryGiB: math.NaN(), Hours: 1}},
		"endless time": {capacity.Study{Parents: 1}, capacity.Machine{Cores: 1, MemoryGiB: 1, Hours: math.Inf(1)}},
	} {
		if _, err := capacity.Of(c.s, c.m); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
