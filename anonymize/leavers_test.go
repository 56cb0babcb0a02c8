//go:build chain

package anonymize

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/subject"
)

var leaverRounds = flag.Int("leaver-rounds", 0,
	"regions attacked by four releases; nine persons leave each, nine deliveries are late")

// figure is one number of an edition, and what it counts.
type figure struct {
	grouping, group, measure, population string
	cluster                              int32
	what                                 string // persons, or an x or y of a measure
}

// releasedSchools are the figures of the schools edition of a region, whose numerators and
// denominators stand there, and those of the pages made of it: of these the numerator is the
// published share or rate times the denominator, for an attacker who knows that.
func releasedSchools(t *testing.T, o Options, behaviours *subject.Builder, noise perturb.Parameters) map[figure]int64 {
	t.Helper()
	floors := releaseFloors
	floors.ClusterSchools = 1
	rows, err := as(t, o, behaviours, subject.Schools, floors, noise).SchoolMeasures(t.Context(), "2025-T1")
	if err != nil {
		t.Fatal(err)
	}
	out := map[figure]int64{}
	for _, r := range rows {
		edition := figure{"schools edition", r.UAI + " " + r.Period, r.Measure, r.Population, 0, "persons"}
		page := edition
		page.grouping = "page"
		out[edition] = r.Persons
		edition.what = "x"
		out[edition] = r.Numerator
		edition.what = "y"
		out[edition] = r.Denom
		page.what = "x"
		switch {
		case noise.Variance == 0: // what the page stands for
			out[page] = r.Numerator
		case r.Denom > 0:
			value := float64(r.Numerator) / float64(r.Denom)
			step := 0.01
			if value > 1 {
				step = math.Max(step, disclosure.Step(value, 2))
			}
			out[page] = int64(math.Round(disclosure.RoundNear(value, step) * float64(r.Denom)))
		}
	}
	return out
}

// releaseFloors are those of the releases that are attacked.
var releaseFloors = subject.Floors{Cell: 20, Staff: 11, School: 20, ClusterSchools: 3, UnnamedSchools: unnamedSchools,
	Reported: leastReported}

// exactAndNoisy are the figures of one release of a region, without and with noise.
func exactAndNoisy(t *testing.T, o Options, noise perturb.Parameters) (exact, noisy map[figure]int64) {
	t.Helper()
	behaviours := behavioursOf(t, o, releaseFloors)
	defer behaviours.Close()
	return released(t, o, behaviours, perturb.Parameters{}), released(t, o, behaviours, noise)
}

// figures are those of one release, without and with noise.
type figures struct{ exact, noisy map[figure]int64 }

// wholeFigures are those of the regions before anybody left them, which two attackers hold, by round.
var wholeFigures sync.Map

// leftBy is a region of a round, which persons leave, with its options and figures. Nobody changes it.
func leftBy(t *testing.T, round int, noise perturb.Parameters) (*region, Options, figures) {
	t.Helper()
	g := draw(uint64(100+round), 9, 40)
	o := options(t, g)
	if whole, made := wholeFigures.LoadAndDelete(round); made { // there is no third attacker
		return g, o, whole.(figures)
	}
	exact, noisy := exactAndNoisy(t, o, noise)
	wholeFigures.Store(round, figures{exact, noisy})
	return g, o, figures{exact, noisy}
}

// released are the figures of one release of a region. Without noise its clusters are those of the release with it.
func released(t *testing.T, o Options, behaviours *subject.Builder, noise perturb.Parameters) map[figure]int64 {
	t.Helper()
	floors := releaseFloors
	floors.Cell += int64(o.Research.Cells.Perturbation.Parameters().Maximum - noise.Maximum)
	sums, times := cellsAs(t, o, behaviours, floors, noise)
	out := map[figure]int64{}
	for _, r := range sums {
		f := figure{r.Grouping, r.Group, r.Measure, r.Population, r.Cluster, "persons"}
		out[f] = r.Persons
		f.what = "x"
		out[f] = r.Numerator
		f.what = "y"
		out[f] = r.Denom
	}
	for _, r := range times {
		f := figure{r.Grouping, r.Group, fmt.Sprint(r.Curve, " ", r.Bin), "curve", r.Cluster, "persons"}
		out[f] = r.Persons
		f.what = "x"
		out[f] = r.Events
		f.what = "y"
		out[f] = r.AtRisk
	}
	return out
}

// late is the region after twenty events of each of some persons arrived.
func (g *region) late(persons map[int64]bool) *region {
	next := *g
	next.events = slices.Clone(g.events)
	for _, e := range g.events {
		if persons[e.PersonKey] {
			shift := int64(3) // hours, within the day
			if e.LocalHour >= 20 {
				shift = -3
			}
			e.TsMs, e.LocalHour = e.TsMs+shift*3_600_000, e.LocalHour+int8(shift)
			next.events = append(next.events, e)
		}
	}
	return &next
}

// parentOf picks another parent of each school.
func (g *region) parentOf(d *rand.Rand, not map[int64]bool) map[int64]bool {
	of := map[int32][]int64{}
	profile := map[int64]int8{}
	for _, p := range g.people {
		profile[p.PersonKey] = p.Profile
	}
	for _, m := range g.memberships {
		if profile[m.PersonKey] == 3 && !not[m.PersonKey] {
			of[m.SchoolKey] = append(of[m.SchoolKey], m.PersonKey)
		}
	}
	picked := map[int64]bool{}
	for _, s := range slices.Sorted(maps.Keys(of)) {
		picked[of[s][d.IntN(len(of[s]))]] = true
	}
	return picked
}

// Who holds releases from before persons left and from after, two of each with late
// deliveries of others in the long version, and takes the best average of their differences, learns
// of no leaver more than perturb promises: of a count no more than to three
// persons, of a magnitude no more than one of the leaver's own contribution.
func TestLeaversStayHidden(t *testing.T) {
	p := perturb.Parameters{Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
	var counts, amounts, exact, narrow, figures int
	var countError, amountError float64
	for round := range max(*leaverRounds, 1) {
		d := rand.New(rand.NewPCG(uint64(round), 9))
		g, o, whole := leftBy(t, round, p)
		leavers := g.parentOf(d, nil)
		after, delivered := g.without(leavers), g.parentOf(d, leavers)
		releases := []*region{g, after}
		if *leaverRounds > 0 {
			releases = []*region{g, g.late(delivered), after, after.late(delivered)}
		}
		half := len(releases) / 2
		truth := make([]map[figure]int64, len(releases))
		noisy := make([]map[figure]int64, len(releases))
		truth[0], noisy[0] = whole.exact, whole.noisy
		for i, r := range releases[1:] {
			o.Zone = r.write(t)
			truth[i+1], noisy[i+1] = exactAndNoisy(t, o, p)
		}
		for f, n := range truth[0] {
			gone, stays := truth[half][f]
			if !stays || n == gone {
				continue // the leaver brings nothing to it
			}
			m, _ := edition.FindMeasure(f.measure)
			var before, then float64
			low, high := math.Inf(-1), math.Inf(1)
			views := 0
			for i := range half {
				a, okA := noisy[i][f]
				b, okB := noisy[i+half][f]
				lateA, lateB := truth[i][f]-truth[0][f], truth[i+half][f]-gone // granted to the attacker
				if okA && okB {
					before, then, views = before+float64(a-lateA), then+float64(b-lateB), views+1
					gap := float64(a - lateA - b + lateB)
					low, high = math.Max(low, gap-float64(2*p.Maximum)), math.Min(high, gap+float64(2*p.Maximum))
				}
			}
			if views == 0 {
				continue
			}
			figures++
			own := float64(n - gone)
			miss := (before-then)/float64(views) - own
			if f.what == "persons" || m.Kind == edition.KindShare {
				counts, countError = counts+1, countError+miss*miss
				if math.Abs(miss) < 0.5 {
					exact++
				}
				if high-low < 2*4 {
					narrow++
				}
			} else {
				amounts, amountError = amounts+1, amountError+math.Min(miss*miss/own/own, 100)
			}
		}
	}
	t.Logf("%d figures: counts told to %.2f persons (%d of %d exactly, %d to less than ± 4), magnitudes to %.2f of "+
		"the leaver's own", figures,
		math.Sqrt(countError/float64(counts)), exact, counts, narrow, math.Sqrt(amountError/float64(amounts)))
	if counts < 100 || amounts < 100 {
		t.Fatalf("%d counts and %d magnitudes were attacked", counts, amounts)
	}
	if math.Sqrt(countError/float64(counts)) < 3 {
		t.Error("counts are told to less than three persons")
	}
	if 4*exact > counts {
		t.Error("more than a quarter of the counts are told exactly")
	}
	if 100*narrow > counts {
		t.Error("the bounds of the noise leave less than ± 4 persons")
	}
	if math.Sqrt(amountError/float64(amounts)) < 1 {
		t.Error("magnitudes are told to less than the leaver's own contribution")
	}
}

// Who knows that one person alone left, and averages every set of persons that the
// leaver was of, over all groupings, is still off by more than what one person can
// bring to a count, and by more than the leaver's own contribution to a sum.
func TestGroupingsDoNotAverageTheNoiseAway(t *testing.T) {
	p := perturb.Parameters{Variance: 9, Maximum: 8, Least: 5, Step: 0.4}
	type fact struct {
		measure, population, what string
		own                       int64
	}
	type set struct {
		fact
		exact int64
	}
	var counts, amounts, sets int
	var countError, amountError float64
	for round := range max(*leaverRounds, 1) {
		g, o, whole := leftBy(t, round, p)
		leavers := g.parentOf(rand.New(rand.NewPCG(uint64(round), 5)), nil)
		alone := map[int64]bool{slices.Min(slices.Collect(maps.Keys(leavers))): true}
		truth, noisy := [2]map[figure]int64{whole.exact}, [2]map[figure]int64{whole.noisy}
		o.Zone = g.without(alone).write(t)
		truth[1], noisy[1] = exactAndNoisy(t, o, p)
		views := map[fact][]float64{}
		seen := map[set]bool{}
		for f, n := range truth[0] {
			gone, stays := truth[1][f]
			before, shown := noisy[0][f]
			after, shownAfter := noisy[1][f]
			key := fact{f.measure, f.population, f.what, n - gone}
			if !stays || !shown || !shownAfter || n == gone || seen[set{key, n}] {
				continue // the same set has the same noise, and tells nothing new
			}
			seen[set{key, n}] = true
			views[key] = append(views[key], float64(before-after))
		}
		for key, gaps := range views {
			var mean float64
			for _, gap := range gaps {
				mean += gap / float64(len(gaps))
			}
			sets += len(gaps)
			miss := mean - float64(key.own)
			if m, _ := edition.FindMeasure(key.measure); key.what == "persons" || m.Kind == edition.KindShare {
				counts, countError = counts+1, countError+miss*miss
			} else {
				amounts, amountError = amounts+1, amountError+math.Min(miss*miss/float64(key.own*key.own), 100)
			}
		}
	}
	t.Logf("%d facts of %.1f sets each: counts told to %.2f persons, magnitudes to %.2f of the leaver's own",
		counts+amounts, float64(sets)/float64(counts+amounts), math.Sqrt(countError/float64(counts)),
		math.Sqrt(amountError/float64(amounts)))
	if counts < 20 || amounts < 20 {
		t.Fatalf("%d counts and %d magnitudes were attacked", counts, amounts)
	}
	if math.Sqrt(countError/float64(counts)) < 1 {
		t.Error("counts are told to less than one person")
	}
	if math.Sqrt(amountError/float64(amounts)) < 1 {
		t.Error("magnitudes are told to less than the leaver's own contribution")
	}
}
