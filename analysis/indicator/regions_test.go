package indicator

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/anonymize/disclosure"
	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/linear"
)

var nations = flag.Uint64("nations", 2, "combinations of drawn regions that are attacked: of three each, and of "+
	"eight every eighth, which are two blocks")

// asked are the questions of combined regions: shares and rates, most of them on the pages of schools too.
var asked = []string{"L2", "A1", "D3", "R1"}

// territory is a region that is combined with others.
type territory struct {
	*region
	rows  []edition.SumRow
	exact []Result
	stood *Stood
}

// oneLycee is a region whose only lycée is too small for a page: the level is held back for it.
func oneLycee(seed uint64, schools int) *region {
	r := newRegion(seed, schools)
	for i := range r.schools {
		r.schools[i].level = []string{"ecole", "college"}[i%2]
	}
	r.schools[0].level, r.schools[0].persons = "lycee", 14
	r.schools[1].ep, r.schools[1].persons = "REP", 12+int(seed%7)
	r.schools[3].persons = 16
	return r.of(asked...)
}

// territories release what the policy lets them, each alone.
func territories(t *testing.T, policy disclosure.Policy, regions ...*region) (out []*territory) {
	t.Helper()
	for _, r := range regions {
		p := &territory{region: r, rows: r.sums()}
		p.exact = compute(t, commit(t, r.manifest("research"), func(w *edition.Writer) error {
			return edition.WriteTable(w, edition.TableSums, p.rows, nil)
		}), asked...)
		var err error
		if p.stood, err = Stand(context.Background(), p.exact, r.schoolsEdition(t, p.rows), policy, nil, nil); err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	return out
}

func nameOf(i int) string { return fmt.Sprint("region ", i) }

// pooled are the exact figures of territories together, of which each brings what it shows.
func pooled(t *testing.T, all []*territory, shown func(*territory) []Result) []Result {
	t.Helper()
	m := all[0].manifest("research")
	var rows []edition.SumRow
	first := int32(0)
	for i, p := range all {
		held := map[cellKey]bool{}
		for _, r := range shown(p) {
			if source := sourceOf(r); source != "" && r.Status == Suppressed {
				held[keyOf(source, r)] = true
			}
		}
		for _, row := range p.rows {
			if !held[cellKey{row.Measure, row.Population, row.Grouping, row.Group}] {
				row.Cluster += first
				rows = append(rows, row)
			}
		}
		first += int32(len(p.schools))
		m.Combined = append(m.Combined, edition.Part{Name: nameOf(i), Clusters: int32(len(p.schools))})
	}
	return compute(t, commit(t, m, func(w *edition.Writer) error {
		return edition.WriteTable(w, edition.TableSums, rows, nil)
	}), asked...)
}

// sourceOf is the measure that a figure of one measure is made of.
func sourceOf(r Result) string {
	ind, _ := question.Lookup(r.Indicator)
	if m, _ := ind.Measure(r.Measure); len(m.Sources) == 1 && m.Curve == "" {
		return m.Sources[0]
	}
	return ""
}

func keyOf(source string, r Result) cellKey {
	k := cellKey{source, r.Population, "all", ""}
	for k.grouping, k.group = range r.Group {
	}
	return k
}

// regionsOf are the releases of territories as Jointly takes them.
func regionsOf(all []*territory) (out []Region) {
	for i, p := range all {
		out = append(out, Region{nameOf(i), p.stood})
	}
	return out
}

// An outsider adds and subtracts all that is published: a number is what they look for, within what they know.
type outsider struct {
	index     map[string]int
	truth     []float64
	low, high []float64
	equations [][]linear.Entry // of a number: the coefficients of column i stand in columns[i]
	rows      int
}

func (o *outsider) number(name string, truth, low, high float64) int {
	i, known := o.index[name]
	if !known {
		i = len(o.truth)
		o.index[name] = i
		o.truth, o.equations = append(o.truth, truth), append(o.equations, nil)
		o.low, o.high = append(o.low, 0), append(o.high, math.Inf(1))
	}
	o.low[i], o.high[i] = math.Max(o.low[i], low), math.Min(o.high[i], high)
	return i
}

func (o *outsider) adds(total int, parts []int) {
	if len(parts) == 0 {
		return
	}
	o.equations[total] = append(o.equations[total], linear.Entry{Equation: o.rows, Coefficient: -1})
	for _, i := range parts {
		o.equations[i] = append(o.equations[i], linear.Entry{Equation: o.rows, Coefficient: 1})
	}
	o.rows++
}

// interval is what the outsider finds of a number.
func (o *outsider) interval(t *testing.T, i int) interval {
	ends := [2]float64{}
	for side, gain := range []float64{-1, 1} {
		columns := make([]linear.Column, len(o.truth))
		for j := range columns {
			columns[j] = linear.Column{Entries: o.equations[j], Low: math.Min(0, o.low[j]-o.truth[j]),
				High: math.Max(0, o.high[j]-o.truth[j])}
		}
		columns[i].Gain = gain
		var p linear.Program
		p.Begin(o.rows, columns)
		far, err := p.Maximise()
		if err != nil {
			t.Fatal(err)
		}
		ends[side] = o.truth[i] + gain*far
	}
	return interval{ends[0], ends[1]}
}

// Parts are laid beside a combination in blocks of four to seven, or all of them where they are fewer.
func TestBlocks(t *testing.T) {
	for n := range 40 {
		var all []Region
		for i := range n {
			all = append(all, Region{Name: nameOf(i)})
		}
		dealt := map[string]bool{}
		for _, block := range blocks(all) {
			if len(block) > 7 || n >= 4 && len(block) < 4 {
				t.Errorf("of %d, a block of %d", n, len(block))
			}
			for _, r := range block {
				dealt[r.Name] = true
			}
		}
		if len(dealt) != n {
			t.Errorf("%d of %d are in a block", len(dealt), n)
		}
	}
}

// open is how far the hidden numbers of one share stay open to an outsider, as far as the policy asks: of persons or of
// the part of them. nation is what the combination shows, nil for nothing.
func open(t *testing.T, all []*territory, nation, exact []Result, share question.Measure, population string, heads bool,
	policy disclosure.Policy, out map[string]interval) {
	t.Helper()
	source := share.Sources[0]
	o := &outsider{index: map[string]int{}}
	type secret struct {
		name  string
		i     int
		floor int64 // nobody outside doubts that it is below
	}
	var secrets []secret
	value := func(row edition.SumRow) float64 {
		if heads {
			return float64(row.Persons)
		}
		return float64(row.Numerator)
	}
	add := func(name string, r Result, truth float64, floor int64, units int) int {
		n, x := readCounts(r)
		if !heads {
			n = x
		}
		if r.Status == Published {
			return o.number(name, truth, n.low, n.high)
		}
		few := slices.ContainsFunc(r.Warnings, func(w Warning) bool { return w.Code == CodeTooFew })
		switch {
		case few:
			n.high = float64(floor - 1)
		case heads:
			n.low = float64(policy.Persons.Minimum)
		}
		i := o.number(name, truth, n.low, n.high)
		switch {
		case few:
			secrets = append(secrets, secret{name, i, floor})
		case !heads && int64(units) < policy.Magnitude.Units:
			secrets = append(secrets, secret{name, i, math.MaxInt64})
		}
		return i
	}
	of := func(r Result) bool {
		return sourceOf(r) == source && r.Measure == share.Name && r.Population == population
	}
	cells := map[string]map[int]int{} // of a cell, by territory
	for at, p := range all {
		truth, members := map[cellKey]float64{}, map[string][]edition.SumRow{}
		for _, row := range p.rows {
			if row.Measure == source && row.Population == population {
				truth[cellKey{source, population, row.Grouping, row.Group}] += value(row)
				members[row.Grouping+"="+row.Group] = append(members[row.Grouping+"="+row.Group], row)
			}
		}
		figures := map[string]int{}
		for _, r := range p.stood.Released.Results {
			if !of(r) || crossed(groupingOf(r)) || r.Status == NotMeasurable {
				continue
			}
			k := keyOf(source, r)
			name := k.grouping + "=" + k.group
			figures[name] = add(fmt.Sprint(at, " ", name), r, truth[k], policy.Persons.Minimum, len(members[name]))
			if cells[name] == nil {
				cells[name] = map[int]int{}
			}
			cells[name][at] = figures[name]
		}
		pages := map[string]Result{}
		for _, s := range p.stood.Released.Schools {
			for _, r := range s.Results {
				if of(r) && r.Group["month"] == "" {
					pages[s.UAI] = r
				}
			}
		}
		schools, without, persons := map[string][]int{}, map[string]float64{}, map[string]int64{}
		for _, row := range members["all="] {
			s := p.schools[row.Cluster]
			page, shown := pages[s.uai]
			own := 0
			if shown {
				own = add(fmt.Sprint(at, " ", s.uai), page, value(row), policy.Persons.School, math.MaxInt)
			}
			for _, name := range groupsOf(s) {
				if shown {
					schools[name] = append(schools[name], own)
				} else {
					without[name] += value(row)
					persons[name] += row.Persons
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(without)) { // of those without a page the rules know the sum
			rest := fmt.Sprint(at, " without a page ", name)
			i := o.number(rest, without[name], 0, math.Inf(1))
			if len(schools[name]) == 0 {
				continue // the group's figure is theirs, and has rules of its own
			}
			schools[name] = append(schools[name], i)
			if persons[name] < policy.Persons.School {
				secrets = append(secrets, secret{rest, i, math.MaxInt64})
			}
		}
		groups := map[string][]int{}
		for _, name := range slices.Sorted(maps.Keys(figures)) {
			o.adds(figures[name], schools[name])
			if grouping, _, _ := strings.Cut(name, "="); slices.Contains([]string{"level", "ips_band", "ep"}, grouping) {
				groups[grouping] = append(groups[grouping], figures[name])
			}
		}
		for _, grouping := range slices.Sorted(maps.Keys(groups)) {
			if whole := truth[cellKey{source, population, "all", ""}]; whole == sum(o.truth, groups[grouping]) {
				o.adds(figures["all="], groups[grouping])
			}
		}
	}
	for i, r := range nation {
		if !of(r) || crossed(groupingOf(r)) || r.Status != Published {
			continue
		}
		k := keyOf(source, r)
		var parts []int
		for at := range all {
			if j, there := cells[k.grouping+"="+k.group][at]; there && slices.Contains(exact[i].Parts, nameOf(at)) {
				parts = append(parts, j)
			}
		}
		o.adds(add("nation "+k.grouping+"="+k.group, r, sum(o.truth, parts), policy.Persons.Minimum, math.MaxInt), parts)
	}
	for _, s := range secrets {
		v := o.truth[s.i]
		room := math.Max(float64(policy.Secondary.IntervalCount), policy.Secondary.IntervalPercent/100*v)
		known := o.interval(t, s.i)
		out[fmt.Sprint(s.name, " ", source, " ", population, " persons ", heads)] = interval{
			math.Max(known.low, math.Max(0, v-room)), math.Min(known.high, math.Min(v+room, float64(s.floor-1)))}
	}
}

// groupsOf are the groups of the report that a school's page adds up to.
func groupsOf(s school) []string {
	return []string{"level=" + s.level, "ips_band=" + fmt.Sprint(s.band), "ep=" + s.ep, "all="}
}

func sum(of []float64, at []int) (total float64) {
	for _, i := range at {
		total += of[i]
	}
	return total
}

// allOpen is how far the hidden numbers of all shares stay open.
func allOpen(t *testing.T, all []*territory, nation, exact []Result, policy disclosure.Policy) map[string]interval {
	t.Helper()
	out := map[string]interval{}
	for _, id := range asked {
		ind, err := question.Lookup(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ind.Measures {
			if m.Kind != question.Share || len(m.Sources) != 1 || m.Curve != "" {
				continue
			}
			for _, population := range m.Populations {
				for _, persons := range []bool{true, false} {
					open(t, all, nation, exact, m, population, persons, policy, out)
				}
			}
		}
	}
	return out
}

// Who subtracts what territories published from what they publish together finds hidden numbers where the
// combination is protected alone, and none that the territories have not told themselves where it is protected jointly.
func TestNothingBySubtractionFromTheNation(t *testing.T) {
	alone := 0
	for seed := uint64(5); seed < 5+*nations; seed++ {
		policy := testPolicy(t)
		policy.Secondary.IntervalCount = 5 + 7*int64(seed%2) // roundings alone leave six, see TestReleaseBySubtraction
		regions := []*region{oneLycee(3*seed, 12), oneLycee(3*seed+1, 13), newRegion(3*seed+2, 12).of(asked...)}
		if seed%8 == 6 {
			for i := range uint64(5) {
				regions = append(regions, oneLycee(1000*seed+i, 6))
			}
		}
		all := territories(t, policy, regions...)
		before := allOpen(t, all, nil, nil, policy)

		exact := pooled(t, all, func(p *territory) []Result { // what each could show alone, without pages of schools
			shown, err := released(p.exact, policy)
			if err != nil {
				t.Fatal(err)
			}
			return shown
		})
		shown, err := released(exact, policy)
		if err != nil {
			t.Fatal(err)
		}
		alone += len(narrower(allOpen(t, all, shown, exact, policy), before))

		exact = pooled(t, all, func(p *territory) []Result { return p.stood.Released.Results })
		joint, err := Jointly(exact, policy, regionsOf(all))
		if err != nil {
			t.Fatal(err)
		}
		if names := narrower(allOpen(t, all, joint.Results, exact, policy), before); len(names) > 0 {
			t.Errorf("seed %d: found of the joint release: %q", seed, names)
		}
		published := 0
		for _, r := range joint.Results {
			check(t, r)
			if r.Status == Published {
				published++
			}
		}
		if published < len(joint.Results)/3 {
			t.Errorf("seed %d: %d of %d figures are published", seed, published, len(joint.Results))
		}
		t.Logf("seed %d: %d hidden numbers of %d regions; %d of %d figures published", seed, len(before), len(all),
			published, len(joint.Results))
	}
	if alone == 0 {
		t.Error("nothing is found of a combination that is protected alone: the test looks at nothing")
	}
	t.Logf("%d found where the nation is protected alone", alone)
}

// narrower are the numbers that stay less open than before.
func narrower(now, before map[string]interval) (out []string) {
	const tiny = 1e-6
	for name, was := range before {
		if now[name].low > was.low+tiny || now[name].high < was.high-tiny {
			out = append(out, fmt.Sprintf("%s: %v, was %v", name, now[name], was))
		}
	}
	slices.Sort(out)
	return out
}
