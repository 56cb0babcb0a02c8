//go:build chain

package anonymize

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/perturb"
	"github.com/entscope/entscope/anonymize/release"
)

var changeRounds = flag.Int("change-rounds", 1,
	"regions of which two to four releases leave; some seventy persons leave, join or are late in each")

// Who holds two to four releases (the research edition, the schools edition and the pages
// made of it, each time) and knows everything but what one of those did who left, joined or
// was late between them takes, for each fact of that person, what the cells changed by
// beyond what the others account for, averaged over every set of persons that shows it. What is left is the
// noise: 95 times in 100 it leaves a count
// open to more than ± 4 persons, and an amount to more than what a person brings. The
// register lets no two releases leave of which one person of a school did something else.
func TestChangesStayHidden(t *testing.T) {
	var counts, amounts, parts []float64
	persons := 0
	for round := range *changeRounds {
		d := rand.New(rand.NewPCG(uint64(round), 16))
		g := draw(uint64(900+round), 4, 180)
		for i, p := range g.people {
			g.people[i].ReleaseKey = p.PersonKey & math.MaxInt64
		}
		two, one := g.active(d)
		books, o := register(t), options(t, g)
		leave(t, books, o, g)
		alone := set(one[:1])
		for _, near := range []*region{g.without(alone), g.late(alone)} {
			if err := admitted(t, books, o, candidate(t, books, o, near)); !errors.Is(err, release.ErrNear) {
				t.Errorf("one person alone did something else: got %v, want ErrNear", err)
			}
		}
		changed := set(append(two, one[:40]...)) // the next school changes by many, too
		persons += len(changed)
		releases := changing(g, changed, round%3)
		if round%2 == 1 { // others were late before, and left after
			_, untold := g.without(changed).active(d) // by whom no family elsewhere is told once those are gone
			others := set(slices.DeleteFunc(slices.Clone(one[40:]), func(p int64) bool {
				return !slices.Contains(untold, p)
			}))
			releases = []*region{releases[0], releases[0].late(others), releases[1].late(others),
				releases[1].without(others)}
		}
		books = register(t)
		for _, r := range releases {
			leave(t, books, o, r)
		}
		truth, noisy := views(t, editionsOf(t, o, releases))
		n, m, p := attackChanges(truth, noisy)
		counts, amounts, parts = append(counts, n...), append(amounts, m...), append(parts, p...)
	}
	t.Logf("%d persons: %d counts, 95 in 100 told to no better than ± %.1f persons; %d amounts, to ± %.1f of what "+
		"a person brings; %d of their parts, to ± %.1f", persons, len(counts), within(counts), len(amounts),
		within(amounts), len(parts), within(parts))
	if len(counts) < 100 {
		t.Errorf("%d counts were attacked", len(counts))
	}
	if len(amounts) < 100 {
		t.Errorf("%d amounts were attacked", len(amounts))
	}
	if len(parts) < 50 {
		t.Errorf("%d amounts were attacked by their parts", len(parts))
	}
	if within(parts) < 1 {
		t.Error("the parts of amounts tell them more closely than to ± what a person brings")
	}
	if within(counts) < 4 {
		t.Error("counts are told more closely than to ± 4 persons")
	}
	if within(amounts) < 1 {
		t.Error("amounts are told more closely than to ± what a person brings")
	}
}

// In other days the register compares no places: pupils come and go. Who holds the editions of a term before and
// after the one person of a school left, of days more each and of the whole year, and knows
// everything of everybody but what directory and registers say of that person, sees every cell with other noise: where
// that person was, and where not.
func TestOtherDaysTellNoLeaver(t *testing.T) {
	var counts []float64
	var same, cells [2]int // of cells that the leaver was not in, and was in
	for round := range *changeRounds {
		d := rand.New(rand.NewPCG(uint64(round), 21))
		window := []int{0, 1} // days more
		if *changeRounds > 1 {
			window = []int{0, 1, 2, 7 * 24}
		}
		g := draw(uint64(1700+round), 4, 60+25*len(window))
		for i, p := range g.people {
			g.people[i].ReleaseKey = p.PersonKey & math.MaxInt64
		}
		_, one := g.active(d)
		one = slices.Clip(one)
		books := register(t)
		rules := release.Rules{Small: 20, Schools: unnamedSchools, Most: 4}
		var editions []Options
		// A day more with nobody's record would change nobody: others come late.
		for i, days := range window {
			now := g.late(set(one[40 : 40+25*i]))
			if i >= len(window)/2 {
				now = now.without(set(one[:1]))
			}
			o := options(t, g)
			o.Study.End = o.Study.End.AddDate(0, 0, days)
			o.Zone = now.write(t)
			c := candidate(t, books, o, now)
			if _, err := books.Admit(c, rules); err != nil {
				t.Fatalf("%d days more: %v", days, err)
			}
			if _, err := books.Book(c, release.Verdict{}); err != nil {
				t.Fatal(err)
			}
			o.draw = c.Draw
			editions = append(editions, o)
		}
		truth, noisy := views(t, editions)
		n, _, _ := attackChanges(truth, noisy)
		counts = append(counts, n...)
		last, next := len(window)/2-1, len(window)/2
		for f, exact := range truth[last] {
			a, was := noisy[last][f]
			b, is := noisy[next][f]
			after, stays := truth[next][f]
			if !was || !is || !stays || f.grouping != "schools edition" || exact-after > 1 || after > exact {
				continue
			}
			cells[exact-after]++
			if a-exact == b-after {
				same[exact-after]++
			}
		}
	}
	shares := [2]float64{float64(same[0]) / float64(cells[0]), float64(same[1]) / float64(cells[1])}
	t.Logf("%d counts, 95 in 100 told to no better than ± %.1f persons; the noise stays in %.3f of %d cells without "+
		"the leaver, %.3f of %d with", len(counts), within(counts), shares[0], cells[0], shares[1], cells[1])
	if cells[0] < 400 {
		t.Errorf("%d cells without the leaver", cells[0])
	}
	if cells[1] < 40 {
		t.Errorf("%d cells with the leaver", cells[1])
	}
	if within(counts) < 1 {
		t.Error("counts are told more closely than to ± one person, which is all that one brings")
	}
	if shares[0] > 0.3 {
		t.Error("cells without the leaver keep their noise: those that change name the leaver's")
	}
}

// changing is a region before and after some persons of it left, joined or were late.
func changing(g *region, persons map[int64]bool, kind int) []*region {
	switch kind {
	case 0:
		return []*region{g, g.without(persons)}
	case 1:
		return []*region{g.without(persons), g}
	}
	return []*region{g, g.late(persons)}
}

// active are the parents of the first school who did something, in random order: those of
// two schools, and those of this one alone. By none of the latter is a family told to the register that is elsewhere,
// too: of one who leaves, relatives there would count as changed, a few of their school.
func (g *region) active(d *rand.Rand) (two, one []int64) {
	first := map[int64]int64{} // the smallest key of each family
	for _, p := range g.people {
		if least, there := first[p.FamilyKey]; !there || p.ReleaseKey < least {
			first[p.FamilyKey] = p.ReleaseKey
		}
	}
	family, elsewhere := map[int64]int64{}, map[int64]bool{} // of a person; that are in another school, too
	for _, p := range g.people {
		family[p.PersonKey] = p.FamilyKey
	}
	for _, m := range g.memberships {
		if m.SchoolKey != 100 {
			elsewhere[family[m.PersonKey]] = true
		}
	}
	tells := map[int64]bool{}
	for _, p := range g.people {
		tells[p.PersonKey] = first[p.FamilyKey] == p.ReleaseKey && elsewhere[p.FamilyKey]
	}
	came, schools := map[int64]bool{}, map[int64]int{}
	for _, e := range g.events {
		came[e.PersonKey] = true
	}
	for _, m := range g.memberships {
		schools[m.PersonKey]++
	}
	profile := map[int64]int8{}
	for _, p := range g.people {
		profile[p.PersonKey] = p.Profile
	}
	for _, m := range g.memberships {
		switch {
		case m.SchoolKey != 100, profile[m.PersonKey] != 3, !came[m.PersonKey]:
		case schools[m.PersonKey] == 2:
			two = append(two, m.PersonKey)
		case tells[m.PersonKey]:
		default:
			one = append(one, m.PersonKey)
		}
	}
	d.Shuffle(len(one), func(i, j int) { one[i], one[j] = one[j], one[i] })
	return two, one
}

func set(persons []int64) map[int64]bool {
	in := map[int64]bool{}
	for _, p := range persons {
		in[p] = true
	}
	return in
}

// candidate is the research edition of a region.
func candidate(t *testing.T, books *release.Register, o Options, g *region) release.Candidate {
	t.Helper()
	census, err := release.Take(t.Context(), g.write(t), o.window(), o.Engine)
	if err != nil {
		t.Fatal(err)
	}
	n := fmt.Sprint(len(books.Entries()))
	c := release.Candidate{Kind: edition.KindResearch, Name: "research-" + n, Study: "test", Made: n,
		Subject: o.Study.Subject,
		Start:   o.Study.Start.Format(time.DateOnly), End: o.Study.End.Format(time.DateOnly), Census: census}
	c.Draw = books.Draw(census, "")
	return c
}

// admitted asks whether an edition may leave.
func admitted(t *testing.T, books *release.Register, o Options, c release.Candidate) error {
	t.Helper()
	rules, err := o.rules(edition.KindResearch)
	if err != nil {
		t.Fatal(err)
	}
	_, err = books.Admit(c, rules)
	return err
}

// leave books an edition that may leave.
func leave(t *testing.T, books *release.Register, o Options, g *region) {
	t.Helper()
	c := candidate(t, books, o, g)
	if err := admitted(t, books, o, c); err != nil {
		t.Fatal(err)
	}
	if _, err := books.Book(c, release.Verdict{Persons: true}); err != nil {
		t.Fatal(err)
	}
}

// editionsOf are what editions of some regions are made from.
func editionsOf(t *testing.T, o Options, regions []*region) (editions []Options) {
	t.Helper()
	for _, g := range regions {
		o.Zone = g.write(t)
		editions = append(editions, o)
	}
	return editions
}

// views are the figures of some editions, exact and as they leave.
func views(t *testing.T, releases []Options) (truth, noisy []map[figure]int64) {
	t.Helper()
	cells := releases[0].Research.Cells.Perturbation.Parameters()
	for _, o := range releases {
		behaviours := behavioursOf(t, o, releaseFloors)
		exact, shown := released(t, o, behaviours, perturb.Parameters{}), released(t, o, behaviours, cells)
		maps.Copy(exact, releasedSchools(t, o, behaviours, perturb.Parameters{}))
		maps.Copy(shown, releasedSchools(t, o, behaviours, cells))
		if err := behaviours.Close(); err != nil {
			t.Fatal(err)
		}
		addByParts(exact, shown)
		truth, noisy = append(truth, exact), append(noisy, shown)
	}
	return truth, noisy
}

// byParts is the grouping of a figure that is taken from its parts, whose noise is less than that of the whole.
const byParts = "by parts of "

// addByParts adds to the figures of an edition those that follow from others: what measures add up to (edition.Sums),
// and what a school's months do.
func addByParts(exact, shown map[figure]int64) {
	months := map[figure][]figure{}
	for f := range exact {
		uai, period, isSchool := strings.Cut(f.group, " ")
		if m, _ := edition.FindMeasure(f.measure); f.grouping != "schools edition" || !isSchool ||
			period == "2025-T1" || f.what != "x" || m.Kind != edition.KindAmount {
			continue
		}
		of := f
		of.group = uai + " 2025-T1"
		months[of] = append(months[of], f)
	}
	wholes, what := months, map[string]string{edition.NumberX: "x", edition.NumberY: "y", edition.NumberPersons: "persons"}
	for of := range exact {
		for _, s := range edition.Sums {
			if s.Rest != nil || s.Fewer || of.measure != s.Total.Measure || of.population != s.Total.Population ||
				of.what != what[s.Total.Number] {
				continue
			}
			for _, p := range s.Parts {
				part := of
				part.measure, part.population, part.what = p.Measure, p.Population, what[p.Number]
				wholes[of] = append(wholes[of], part)
			}
		}
	}
	for of, parts := range wholes {
		var sum, noisy int64
		known := true
		for _, part := range parts {
			n, there := shown[part]
			known, sum, noisy = known && there, sum+exact[part], noisy+n
		}
		if known && sum == exact[of] {
			of.grouping = byParts + of.grouping
			exact[of], shown[of] = sum, noisy
		}
	}
}

// attackChanges gives by how far each fact is missed: counts in persons, amounts in what
// one of those who changed brings on average; and these again by their parts alone.
func attackChanges(truth, noisy []map[figure]int64) (counts, amounts, parts []float64) {
	half := len(truth) / 2
	type fact struct {
		measure, population, what string
		own                       int64
		byParts                   bool
	}
	type view struct{ exact, noise int64 }
	seen := map[fact]*[2]map[view]bool{} // before and after
	changed := map[fact]float64{}
	for f, before := range truth[half-1] {
		after, stays := truth[half][f]
		if !stays || after == before {
			continue
		}
		key := fact{f.measure, f.population, f.what, after - before, strings.HasPrefix(f.grouping, byParts)}
		if seen[key] == nil {
			seen[key] = &[2]map[view]bool{{}, {}}
		}
		for i := range truth {
			exact, there := truth[i][f]
			if n, shown := noisy[i][f]; there && shown {
				seen[key][i/half][view{exact, n - exact}] = true
			}
		}
		if f.what = "persons"; f.grouping == "page" {
			f.grouping = "schools edition"
		}
		f.grouping = strings.TrimPrefix(f.grouping, byParts)
		changed[key] = math.Max(math.Abs(float64(truth[half][f]-truth[half-1][f])), 1)
	}
	for key, sides := range seen {
		if len(sides[0]) == 0 || len(sides[1]) == 0 {
			continue
		}
		var mean [2]float64
		for side, views := range sides {
			for v := range views {
				mean[side] += float64(v.noise) / float64(len(views))
			}
		}
		miss := mean[1] - mean[0]
		brings := math.Abs(float64(key.own)) / changed[key]
		switch m, _ := edition.FindMeasure(key.measure); {
		case key.what == "persons" || m.Kind == edition.KindShare:
			counts = append(counts, math.Abs(miss))
		case key.byParts:
			parts = append(parts, math.Abs(miss)/brings)
		default:
			amounts = append(amounts, math.Abs(miss)/brings)
		}
	}
	return counts, amounts, parts
}

// within is the bound that 95 in 100 of some misses keep.
func within(misses []float64) float64 {
	sorted := slices.Sorted(slices.Values(misses))
	return sorted[len(sorted)*95/100]
}
