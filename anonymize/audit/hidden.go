package audit

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/entscope/entscope/anonymize/edition"
)

// Hidden is one hidden share and what all that is published says of its numerator.
type Hidden struct {
	Figure string  `json:"figure"`
	Low    float64 `json:"low"`
	// High is null when nothing bounds it.
	High *float64 `json:"high"`
	// Wide says that the interval is at least as wide as the rules ask.
	Wide bool `json:"wide"`
}

// released is one number of persons of a release: a numerator of the report or of a page.
type released struct {
	of    figure // of a page: grouping uai
	r     result
	total total
	known bool // the edition holds it
}

// search is the puzzle of one measure and population: the report, the pages and the marks
// of similar schools together.
type search struct {
	rules   rules
	puzzle  *puzzle
	figures map[figure]released
	order   []figure
	// schools are the rows of the pages, whose level and band say what they are part of.
	schools map[string]edition.SchoolRow
	solved  map[string]span
}

// checkHidden tries every hidden share of persons: with all that is published, and by how
// much the groups fail to add up, its numerator must stay within an interval at least as
// wide as the rules ask.
func (p *publication) checkHidden(pages []schoolFile, rows []edition.SchoolRow) {
	totals, err := p.totals()
	if err != nil {
		p.claim("subtraction", subtractionTitle, 0, false, "Les tables de l’édition de recherche ne peuvent pas être "+
			"lues.")
		return
	}
	searches := p.searches(totals, pages, rows)
	for _, kind := range []struct {
		id, title string
		page      bool
	}{{"subtraction", subtractionTitle, false}, {"schools.subtraction", schoolSubtractionTitle, true}} {
		p.judgeHidden(kind.id, kind.title, kind.page, searches)
	}
}

func (p *publication) judgeHidden(id, title string, page bool, searches []*search) {
	var narrow, unsolved []string
	hidden, tried := int64(0), int64(0)
	for _, s := range searches {
		for _, of := range s.order {
			f := s.figures[of]
			if (of.grouping == "uai" || of.grouping == "similar") != page || f.r.Status != "suppressed" {
				continue
			}
			hidden++
			need, secret := s.need(f)
			if !secret {
				continue
			}
			tried++
			found, err := s.interval(of)
			if err != nil {
				unsolved = append(unsolved, f.r.String())
				continue
			}
			line := Hidden{Figure: f.r.String(), Low: math.Floor(found.low + 1e-6), Wide: found.low <= need.low+1e-6 &&
				found.high >= need.high-1e-6}
			if !math.IsInf(found.high, 1) {
				high := math.Ceil(found.high - 1e-6)
				line.High = &high
			}
			if !line.Wide {
				narrow = append(narrow, f.r.String())
			}
			p.report.Products[len(p.report.Products)-1].addHidden(line)
		}
	}
	if hidden == 0 {
		return // nothing is hidden: there is no such promise
	}
	p.claim(id, title, tried, len(narrow)+len(unsolved) == 0,
		outcome("L’intervalle de chacun, par programmation linéaire sur toutes les équations publiées, est assez "+
			"large.",
			named("retrouvés", narrow), named("sans solution", unsolved)),
		num("chiffres cachés", hidden), num("dont secrets, essayés", tried), num("retrouvés", int64(len(narrow))))
}

func (p *Product) addHidden(h Hidden) { p.Hidden = append(p.Hidden, h) }

// searches sorts the shares of a release by measure and population, and ties them.
func (p *publication) searches(totals totals, pages []schoolFile, rows []edition.SchoolRow) []*search {
	byKey := map[figure]*search{}
	at := func(of figure) *search {
		key := figure{measure: of.measure, population: of.population}
		if byKey[key] == nil {
			byKey[key] = &search{rules: p.rules, puzzle: newPuzzle(), figures: map[figure]released{},
				schools: map[string]edition.SchoolRow{}, solved: map[string]span{}}
		}
		return byKey[key]
	}
	for _, r := range p.results {
		of, one := r.figure()
		if r.Edition == edition.KindSchools || kindOf(r) != shareOfPersons || !one || of.grouping != "all" &&
			!contains(additive, of.grouping) {
			continue
		}
		t, ok := totals[of]
		at(of).add(released{of, r, t, ok})
	}
	for _, f := range schoolFigures(pages, rows, p.term()) {
		s := at(f.of)
		s.add(f.released)
		s.schools[f.of.group] = f.row
	}
	var out []*search
	for _, key := range sortedFigures(byKey) {
		s := byKey[key]
		s.tie()
		out = append(out, s)
	}
	return out
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

// schoolFigures are the shares of the term on the pages and the marks beside them.
func schoolFigures(pages []schoolFile, rows []edition.SchoolRow, term string) []onPage {
	type cell struct{ uai, measure, population string }
	index, of := map[cell]edition.SchoolRow{}, map[string]edition.SchoolRow{}
	sets := map[figure]total{}
	for _, r := range rows {
		of[r.UAI] = r
		if r.Period != term {
			continue
		}
		index[cell{r.UAI, r.Measure, r.Population}] = r
		key := figure{r.Measure, r.Population, "similar", r.Level + " " + r.IPSBand}
		sets[key] = sets[key].plus(total{r.Persons, r.Numerator, r.Denom, 1})
	}
	var out []onPage
	for _, f := range pages {
		for _, r := range f.Results {
			if r.Group["month"] != "" || kindOf(r) != shareOfPersons {
				continue
			}
			row, ok := index[cell{f.UAI, r.Indicator + "." + r.Measure, r.Population}]
			t := total{row.Persons, row.Numerator, row.Denom, 1}
			out = append(out, onPage{released{figure{r.Indicator + "." + r.Measure, r.Population, "uai", f.UAI}, r, t,
				ok}, of[f.UAI]})
		}
		for _, r := range f.Similar {
			key := figure{r.Indicator + "." + r.Measure, r.Population, "similar", of[f.UAI].Level + " " +
				of[f.UAI].IPSBand}
			if t, ok := sets[key]; kindOf(r) == shareOfPersons {
				out = append(out, onPage{released{key, r, t, ok}, of[f.UAI]})
			}
		}
	}
	return out
}

// add adds a figure, once, with what is published of it.
func (s *search) add(f released) {
	if _, there := s.figures[f.of]; there {
		return
	}
	x := span{0, math.Inf(1)}
	switch {
	case f.r.Status == "published":
		_, x = s.rules.known(f.r)
	case f.r.Status == "suppressed" && f.r.says("too_few"):
		x.high = float64(s.rules.floor(f.r) - 1)
	case f.r.Status == "suppressed", f.r.belowEdition():
	default:
		return // nobody is in it, and everybody is told so
	}
	s.figures[f.of] = f
	s.order = append(s.order, f.of)
	s.puzzle.number(f.of.String(), float64(f.total.numerator), x)
}

// says reports whether a result carries a warning.
func (r result) says(code string) bool {
	return slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasSuffix(w, "["+code+"]") })
}

func (f figure) String() string {
	return strings.Join([]string{f.measure, f.population, f.grouping, f.group}, "\x00")
}

// tie says what adds up: the groups of a grouping to the whole, the schools of a level, a
// band, a status and a set of similar ones to theirs.
func (s *search) tie() {
	parts := map[figure][]figure{}
	for _, of := range s.order {
		switch of.grouping {
		case "all", "similar":
		case "uai":
			row := s.schools[of.group]
			for grouping, group := range map[string]string{
				"level": row.Level, "ips_band": row.IPSBand, "ep": row.EP, "similar": row.Level + " " + row.IPSBand,
			} {
				whole := figure{of.measure, of.population, grouping, group}
				parts[whole] = append(parts[whole], of)
			}
		default:
			whole := figure{of.measure, of.population, "all", of.grouping} // the group names the partition
			parts[whole] = append(parts[whole], of)
		}
	}
	for _, key := range sortedFigures(parts) {
		whole := key
		if key.grouping == "all" {
			whole = key.whole()
		}
		total, there := s.puzzle.index[whole.String()]
		if !there {
			continue
		}
		slices.SortFunc(parts[key], func(a, b figure) int { return cmp.Compare(a.group, b.group) })
		var numbers []int
		for _, part := range parts[key] {
			numbers = append(numbers, s.puzzle.index[part.String()])
		}
		numbers = append(numbers, s.rest(key, whole, parts[key]))
		s.puzzle.adds(total, numbers)
	}
}

// rest is what the parts leave of the whole: persons whom no group counts, less those
// counted twice, and the noise of the cells. Of it an outsider knows no more than how many
// persons it can be; schools without such a figure are a number that nobody knows.
func (s *search) rest(key, whole figure, parts []figure) int {
	all := s.figures[whole].total
	persons, numerator := all.persons, all.numerator
	for _, part := range parts {
		persons, numerator = persons-s.figures[part].total.persons, numerator-s.figures[part].total.numerator
	}
	known := span{math.Min(0, float64(persons)), math.Max(0, float64(persons))}
	if parts[0].grouping == "uai" && all.schools != int64(len(parts)) {
		known.high = math.Inf(1)
	}
	of := figure{key.measure, key.population, "rest of " + key.grouping, key.group}
	return s.puzzle.number(of.String(), float64(numerator), known)
}

// need is between what the numerator of a hidden figure must remain possible, if it is
// secret by itself; what was hidden to protect another needs nothing.
func (s *search) need(f released) (span, bool) {
	h := s.rules.share(f.total, f.known, s.rules.floor(f.r))
	if schools := f.total.schools; !h.secret && f.of.grouping != "uai" && schools > 0 &&
		schools < s.rules.Magnitude.Units {
		v := float64(f.total.numerator)
		h.secret, h.low, h.high = true, math.Max(0, v-s.rules.around(v)), v+s.rules.around(v)
	}
	if !h.secret || !h.known {
		return span{}, false
	}
	return span{h.low, math.Min(h.high, math.Max(h.low, float64(f.total.denominator)))}, true
}

// interval is what an outsider can say of the numerator of a figure. Figures that stand in
// the same equations and of which the same is published have the same.
func (s *search) interval(of figure) (span, error) {
	i := s.puzzle.index[of.String()]
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
