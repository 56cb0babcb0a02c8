package audit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// Of each figure two numbers are told or hidden.
const (
	numeratorOf = "numerator"
	personsOf   = "persons"
)

// released is one figure of a release: of the report or of a page.
type released struct {
	of            figure // of a page: grouping uai; of a month there: uai month, and « UAI month »
	r             result
	total         total
	known         bool // the edition holds it
	heads, silent bool // see drawn
	modelled      bool
	rate          bool
}

// share reports whether it is a share of distinct persons.
func (f released) share() bool { return f.heads || kindOf(f.r) == shareOfPersons }

// search is the puzzle of one measure and population: the report, the pages, their months
// and the marks of similar schools together. The bands of the person table are one measure.
type search struct {
	rules   rules
	told    bool // what is published is known
	puzzle  *puzzle
	figures map[figure]released
	order   []figure
	// schools are the rows of the pages, whose level and band say what they are part of.
	schools map[string]edition.SchoolRow
	solved  map[string]span
	// months are those of the pages: what a school lacks of them nobody is told.
	months int
}

const bandPrefix = "L1.class_"

// searches sorts the figures of a release by measure and population, and ties them. What is
// published of them enters, or, untold, no more than that they are hidden.
func (p *publication) searches(
	totals totals, pages []schoolFile, rows []edition.SchoolRow, told bool,
) []*search {
	byKey := map[figure]*search{}
	months := monthsOf(rows, p.term())
	at := func(of figure) *search {
		key := programmeOf(of)
		if byKey[key] == nil {
			byKey[key] = &search{rules: p.rules, told: told, puzzle: newPuzzle(), figures: map[figure]released{},
				schools: map[string]edition.SchoolRow{}, solved: map[string]span{}, months: months}
		}
		return byKey[key]
	}
	for _, r := range p.results {
		d, adds := p.drawn(r)
		if r.Edition == edition.KindSchools || !adds {
			continue
		}
		t, ok := totals[d.total]
		at(d.of).add(released{d.of, r, t, ok, d.heads, d.silent, d.modelled, d.rate})
	}
	for _, f := range schoolFigures(pages, rows, p.term()) {
		recipe, known := p.recipes[f.r.Indicator+"."+f.r.Measure]
		f.rate = known && recipe.rate()
		s := at(f.of)
		s.add(f.released)
		if f.of.grouping == "uai" {
			s.schools[f.of.group] = f.row
		}
	}
	var out []*search
	for _, key := range sortedFigures(byKey) {
		s := byKey[key]
		s.tie()
		out = append(out, s)
	}
	narrowAcross(byKey, p.recipes)
	return out
}

// addsUp reports whether a figure is the quotient of two sums over persons: a share of
// persons, or a measure of the approved list.
func addsUp(r result) bool {
	if kindOf(r) == shareOfPersons {
		return true
	}
	_, listed := edition.FindMeasure(r.Indicator + "." + r.Measure)
	return listed
}

// monthsOf counts the months of the pages.
func monthsOf(rows []edition.SchoolRow, term string) int {
	months := map[string]bool{}
	for _, r := range rows {
		if r.Period != term {
			months[r.Period] = true
		}
	}
	return len(months)
}

// term is the period of the schools edition, "" when it was not given.
func (p *publication) term() string {
	if m := p.folderOf(edition.KindSchools); m != nil {
		return m.Term
	}
	return ""
}

// onPage is a figure of a page with the school it is of; a mark of similar schools has
// the level and the band of its set.
type onPage struct {
	released
	row edition.SchoolRow
}

// schoolFigures are the figures of the pages, of the term and of its months, and the marks
// beside them.
func schoolFigures(pages []schoolFile, rows []edition.SchoolRow, term string) []onPage {
	type cell struct{ uai, period, measure, population string }
	index, of := map[cell]edition.SchoolRow{}, map[string]edition.SchoolRow{}
	sets := map[figure]total{}
	for _, r := range rows {
		of[r.UAI] = r
		index[cell{r.UAI, r.Period, r.Measure, r.Population}] = r
		if r.Period != term {
			continue
		}
		key := figure{r.Measure, r.Population, "similar", r.Level + " " + r.IPSBand}
		sets[key] = sets[key].plus(ofSchool(r))
	}
	var out []onPage
	for _, f := range pages {
		for _, r := range f.Results {
			if !addsUp(r) {
				continue
			}
			figure := figure{r.Indicator + "." + r.Measure, r.Population, "uai", f.UAI}
			period := term
			if month := r.Group["month"]; month != "" {
				period, figure.grouping, figure.group = month, "uai month", f.UAI+" "+month
			}
			row, ok := index[cell{f.UAI, period, figure.measure, r.Population}]
			out = append(out, onPage{released{of: figure, r: r, total: ofSchool(row), known: ok}, of[f.UAI]})
		}
		for _, r := range f.Similar {
			key := figure{r.Indicator + "." + r.Measure, r.Population, "similar", of[f.UAI].Level + " " +
				of[f.UAI].IPSBand}
			if t, ok := sets[key]; addsUp(r) {
				out = append(out, onPage{released{of: key, r: r, total: t, known: ok}, of[f.UAI]})
			}
		}
	}
	return out
}

// add adds a figure with what is published of its numbers: each figure once, which several that
// are drawn from its cell may tell of.
func (s *search) add(f released) {
	n, x := span{0, math.Inf(1)}, span{0, math.Inf(1)}
	switch floor := float64(s.rules.floor(f.r)); {
	case f.r.Status == "published" && s.told:
		n, x = s.rules.told(f)
	case f.r.Status == "suppressed" && f.r.says("too_few_schools"): // whatever its persons are
	case f.r.Status == "suppressed" && f.r.says("too_few"):
		n.high = floor - 1
		if f.share() {
			x.high = floor - 1
		}
	case f.r.Status == "suppressed" || f.r.Status == "published":
		n.low = floor // or it would be said to have too few
	case f.r.belowEdition():
	default:
		return // nobody is in it, and everybody is told so
	}
	switch before, there := s.figures[f.of]; {
	case !there:
		s.figures[f.of] = f
		s.order = append(s.order, f.of)
	case before.silent:
		s.figures[f.of] = f
	}
	s.puzzle.number(f.of.number(numeratorOf), float64(f.total.numerator), x)
	if aboutPersons(f.r) {
		s.puzzle.number(f.of.number(personsOf), float64(f.total.persons), n)
	}
}

// told is what a published figure tells of its persons and of its numerator.
func (rule rules) told(f released) (n, x span) {
	half := float64(rule.half())
	n, x = span{math.Max(0, float64(f.r.N)-half), float64(f.r.N) + half}, span{0, math.Inf(1)}
	switch {
	case f.silent:
		return n, x
	case f.share():
		return rule.known(f.r, rule.whole(f), f.modelled)
	}
	y, from := float64(f.total.denominator), origin[f.of.measure]
	low, high, step := 0.0, 0.0, 0.0
	switch {
	case f.r.Estimate != nil:
		step = rule.amountStep(f.r, f.rate)
		low, high = *f.r.Estimate-step/2+from, *f.r.Estimate+step/2+from
		if truth := float64(f.total.numerator) / y; math.Abs(truth-from-*f.r.Estimate) >
			rule.allowance(f.r, f.total, truth-from) {
			return n, x // it is another quotient: what it tells of this numerator nobody can say
		}
	case f.r.Low != nil && f.r.High != nil:
		low, high = *f.r.Low, *f.r.High
	default:
		return n, x
	}
	if f.rate || step == 0 || high > 1+step || step < 0.01 {
		return n, span{math.Max(0, low*y), high * y}
	}
	// A whole percent is that of two counts rounded to the base.
	return n, span{math.Max(0, low*(y-half)-half), high*(y+half) + half}
}

// amountStep is the step that a figure other than a share of persons was published with, as
// an outsider can tell who takes its denominator for known.
func (rule rules) amountStep(of result, rate bool) float64 {
	e := math.Abs(*of.Estimate)
	if !rule.follows(of) || of.Low == nil || of.High == nil {
		return rule.unit(e)
	}
	if e < 1 && !rate {
		if step := rule.stepOf(of); step == 0.01 {
			return step
		}
	}
	least := shareSteps[0]
	if e > 0 {
		least = math.Max(least, math.Pow(10, math.Floor(math.Log10(e)+1e-12)-float64(rule.Rounding.NoisyDigits)+1))
	}
	width := *of.High - *of.Low
	for step := math.Pow(10, math.Floor(math.Log10(width/10)+1e-9)); step > least; step /= 10 {
		if whole := func(x float64) bool { return math.Abs(x/step-math.Round(x/step)) < 1e-6 }; whole(*of.Estimate) &&
			whole(*of.Low) && whole(*of.High) {
			return step
		}
	}
	return least
}

// says reports whether a result carries a warning.
func (r result) says(code string) bool {
	return slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasSuffix(w, "["+code+"]") })
}

func (f figure) String() string {
	return strings.Join([]string{f.measure, f.population, f.grouping, f.group}, "\x00")
}

// number names one of the numbers of a figure.
func (f figure) number(which string) string { return f.String() + "\x00" + which }

// need is between what a number of a hidden figure must remain possible, if it is secret by
// itself; what was hidden to protect another needs nothing.
func (s *search) need(f released, number string) (span, bool) {
	floor := s.rules.floor(f.r)
	around := func(v float64) span { return span{math.Max(0, v-s.rules.around(v)), v + s.rules.around(v)} }
	if number == personsOf {
		if !f.known || !aboutPersons(f.r) || f.total.persons >= floor {
			return span{}, false
		}
		need := around(float64(f.total.persons))
		return span{need.low, math.Min(need.high, math.Max(need.low, float64(floor-1)))}, true
	}
	units := f.total.schools
	// What is not told of a cross follows from the pages of its few schools: that they are few is no secret.
	few := f.of.grouping != "uai" && f.of.grouping != "uai month" && units > 0 && units < s.rules.Magnitude.Units &&
		!f.r.says("too_few_schools")
	if !f.share() {
		v := float64(f.total.numerator)
		return around(v), f.known && (f.total.persons < floor || few || f.total.carried(s.rules))
	}
	h := s.rules.share(f.total, f.known, floor)
	if !h.secret && few {
		need := around(float64(f.total.numerator))
		h.secret, h.low, h.high = true, need.low, need.high
	}
	if !h.secret || !h.known {
		return span{}, false
	}
	return span{h.low, math.Min(h.high, math.Max(h.low, float64(f.total.denominator)))}, true
}

// interval is what an outsider can say of a number of a figure. Numbers that stand in the
// same equations and of which the same is published have the same.
func (s *search) interval(of figure, number string) (span, error) {
	i := s.puzzle.index[of.number(number)]
	key := fmt.Sprint(s.puzzle.low[i], s.puzzle.high[i])
	for e, equation := range s.puzzle.equations {
		if equation.total == i || slices.Contains(equation.parts, i) {
			key += fmt.Sprint(" ", e, equation.total == i)
		}
	}
	if found, ok := s.solved[key]; ok {
		return found, nil
	}
	found, err := s.puzzle.interval(i)
	if err == nil {
		s.solved[key] = found
	}
	return found, err
}
