package aggregate

import (
	"math/rand/v2"
	"testing"

	"github.com/entscope/entscope/ingest"
)

// TestVisitsInAnyOrder makes the same visits of the same events, whatever their order:
// a gap of 1,800 s stays inside, one of 1,801 s does not.
func TestVisitsInAnyOrder(t *testing.T) {
	const s = 1000
	times := []int64{0, 1800 * s, 3600 * s, 5401 * s, 5402 * s, 90000 * s, 90000 * s, 7 * 86400 * s}
	cell := func(ms int64) SchoolCell {
		day := int32(20000 + ms/86_400_000)
		return SchoolCell{1, day - (day+3)%7, ingest.ProfileParent}
	}
	for seed := range uint64(200) {
		v := NewVisits(nil, 100)
		for _, i := range rand.New(rand.NewPCG(seed, 1)).Perm(len(times)) {
			v.add(7, visit{times[i], times[i], cell(times[i])})
		}
		v.add(8, visit{times[1], times[1], cell(times[1])})
		weeks := v.Weeks()
		if got := weeks[cell(0)]; got != (Weekly{Visits: 4, Users: 2}) {
			t.Fatalf("seed %d: first week %+v", seed, got)
		}
		if got := weeks[cell(7*86400*s)]; got != (Weekly{Visits: 1, Users: 1}) {
			t.Fatalf("seed %d: second week %+v", seed, got)
		}
		if v.kept != 5 {
			t.Fatalf("seed %d: %d visits kept", seed, v.kept)
		}
	}
}

// TestVisitsAreBounded says so when more visits come than fit.
func TestVisitsAreBounded(t *testing.T) {
	v := NewVisits(nil, 2)
	for i := range int64(5) {
		v.add(1, visit{i * 10_000_000, i * 10_000_000, SchoolCell{}})
	}
	if !v.Full || v.Weeks()[SchoolCell{}].Visits != 2 {
		t.Errorf("full %v, %+v", v.Full, v.Weeks())
	}
}
